import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay, IconRefresh } from "@tabler/icons-react";
import type { SyncView } from "../../bindings/SyncView";
import { useAsk, useTell } from "../../app/queries";
import { say } from "../../app/say";
import { DataState, Failed } from "../../parts/DataState";
import { Columns, Page, Stack } from "../../parts/Page";
import { Backups } from "./Backups";
import { Conflicts } from "./Conflicts";
import { Decided } from "./Decided";
import { Devices } from "./Devices";
import { Doctor } from "./Doctor";
import { LateEntries } from "./LateEntries";
import { Quarantine } from "./Quarantine";
import { Remote } from "./Remote";
import { State } from "./State";
import { Verify } from "./Verify";

/** Where every change of this device is, what waits for a person, and what to do when it does not flow. */
export function SyncRoom() {
  const sync = useAsk("sync.state", {});
  return (
    <Page title={<Trans>Sync centre</Trans>} note={<Trans>What has left this device, what waits, and why.</Trans>} actions={sync.data && sync.data.phase !== "no_remote" ? <Actions state={sync.data} /> : null}>
      <DataState query={sync} rows={6}>
        {(state) => (
          <Columns>
            <Stack>
              <State state={state} />
              <Conflicts />
              <Decided />
              <LateEntries />
              <Quarantine />
            </Stack>
            <Stack>
              <Remote state={state} />
              <Backups />
              <Doctor />
              {state.phase !== "no_remote" ? <Verify /> : null}
              <Devices />
            </Stack>
          </Columns>
        )}
      </DataState>
    </Page>
  );
}

function Actions({ state }: { state: SyncView }) {
  const { t } = useLingui();
  const now = useTell("sync.now");
  const pause = useTell("sync.pause");
  const resume = useTell("sync.resume");
  const problem = now.error ?? pause.error ?? resume.error;
  return (
    <>
      {problem ? <Failed problem={problem} /> : null}
      {state.phase === "paused" ? (
        <Button variant="default" leftSection={<IconPlayerPlay size="1.1rem" aria-hidden />} loading={resume.isPending} onClick={() => resume.mutate({})}>
          <Trans>Go on</Trans>
        </Button>
      ) : (
        <Button variant="default" leftSection={<IconPlayerPause size="1.1rem" aria-hidden />} loading={pause.isPending} onClick={() => pause.mutate({})}>
          <Trans>Pause</Trans>
        </Button>
      )}
      <Button
        leftSection={<IconRefresh size="1.1rem" aria-hidden />}
        loading={now.isPending}
        disabled={state.phase === "paused"}
        onClick={() => now.mutate({}, { onSuccess: (after) => after.to_send === 0 && say(t`Everything has been sent.`) })}
      >
        <Trans>Sync now</Trans>
      </Button>
    </>
  );
}
