import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useState } from "react";
import { Chip } from "../parts/Chip";
import { useAsk } from "./queries";
import { useVisit } from "./visit";
import { VisitWaiting } from "./VisitWaiting";
import { WrongEntry } from "./WrongEntries";

interface Props {
  /** The visit that showed who is there. */
  shown: string | null;
  onShown: (visit: string) => void;
}

/** Linked accounts, each of which stands in for the code. Nothing where there is none. */
export function StepUpOutside({ shown, onShown }: Props) {
  const { t } = useLingui();
  const accounts = useAsk("oidc.accounts", {});
  const visit = useVisit("step_up", onShown);
  const [going, setGoing] = useState("");
  const usable = new Map(accounts.data?.flatMap(({ provider, name }) => (provider && name ? [[provider, name] as const] : [])));
  if (shown)
    return (
      <div role="status">
        <Chip tone="ok">
          <Trans>Proved with {going}</Trans>
        </Chip>
      </div>
    );
  if (visit.address) return <VisitWaiting name={going} address={visit.address} onGiveUp={visit.giveUp} />;
  return (
    <>
      <WrongEntry problem={visit.problem} left={0} />
      {[...usable].map(([provider, name]) => (
        <Button
          key={provider}
          variant="default"
          loading={visit.beginning && going === name}
          onClick={() => {
            setGoing(name);
            visit.start(provider);
          }}
          data-mantine-stop-propagation="true"
        >
          {t`Prove it with ${name}`}
        </Button>
      ))}
    </>
  );
}
