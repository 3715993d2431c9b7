import { Trans } from "@lingui/react/macro";
import { IconClock } from "@tabler/icons-react";
import { Chip } from "../parts/Chip";
import { useAsk } from "./queries";

/** What has not left this device yet. Where no remote is set nothing is on its way: the top bar says so once, not every row again. */
export function WaitingChip({ waiting }: { waiting: boolean }) {
  const sync = useAsk("sync.state", {});
  if (!waiting || sync.data?.phase === "no_remote") return null;
  return (
    <Chip tone="warn" icon={IconClock}>
      <Trans>Waiting to send</Trans>
    </Chip>
  );
}
