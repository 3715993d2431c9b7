import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import type { RecoveryView } from "../../bindings/RecoveryView";
import { keyOf, useAsk, useTell } from "../../app/queries";
import { Banner } from "../../parts/Banner";
import { Card } from "../../parts/Card";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { Failed } from "../../parts/DataState";
import { DateText } from "../../parts/DateText";
import { Fields } from "../../parts/fields";

/** Whether the clinic can recover this account: off until the person says so, and said for as long as it is on. */
export function RecoveryCard() {
  const { t } = useLingui();
  const recovery = useAsk("recovery.view", {});
  const set = useTell("recovery.set");
  const [asking, setAsking] = useState(false);
  const queries = useQueryClient();
  const view = recovery.data;
  if (!view || (!view.offered && !view.since)) return null;
  const on = view.since !== null;
  const shown = (next: RecoveryView) => {
    queries.setQueryData(keyOf("recovery.view", {}), next);
    setAsking(false);
  };
  return (
    <Card
      title={<Trans>Recovery by the clinic</Trans>}
      actions={
        <Button variant="default" size="compact-md" onClick={() => setAsking(true)}>
          {on ? <Trans>Take back</Trans> : <Trans>Allow it</Trans>}
        </Button>
      }
    >
      {view.since ? (
        <Banner tone="warn" title={t`The clinic can recover your account.`}>
          <Trans>
            You allowed it <DateText at={view.since} inline />. You can take that back at any time.
          </Trans>
        </Banner>
      ) : (
        <p>
          <Trans>Off. If you lose your passphrase, your kit and your devices, what only you could read stays closed. You can allow the clinic to bring you back.</Trans>
        </p>
      )}
      <ConfirmDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={on ? t`Take the permission back?` : t`Let the clinic recover your account?`}
        confirm={on ? <Trans>Take back</Trans> : <Trans>Allow it</Trans>}
        busy={set.isPending}
        onConfirm={() => set.mutate({ on: !on }, { onSuccess: shown })}
      >
        <Fields>{on ? <Off /> : <On />}{set.error ? <Failed problem={set.error} /> : null}</Fields>
      </ConfirmDialog>
    </Card>
  );
}

function On() {
  return (
    <ul className="points">
      <li>
        <Trans>Whoever holds the printed key of the clinic can then open everything that you can read, also without you. Allow it only if you trust them with that.</Trans>
      </li>
      <li>
        <Trans>If they use it, you get new keys, a new passphrase and a new kit, and all of your devices are told.</Trans>
      </li>
      <li>
        <Trans>For as long as it is on, this page and the head of every chart say so.</Trans>
      </li>
    </ul>
  );
}

function Off() {
  return (
    <ul className="points">
      <li>
        <Trans>The clinic does not bring you back any more.</Trans>
      </li>
      <li>
        <Trans>What its key could open until now, it can still open for whoever has a copy of the database. Make new keys and a new kit to end that too.</Trans>
      </li>
    </ul>
  );
}
