import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useState } from "react";
import type { DeletionView } from "../../bindings/DeletionView";
import { useAsk, useTell } from "../../app/queries";
import { useMe } from "../../app/session";
import { Banner } from "../../parts/Banner";
import { Card } from "../../parts/Card";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { DataState, Failed } from "../../parts/DataState";
import { DateText } from "../../parts/DateText";
import { Fields } from "../../parts/fields";
import { ConfirmWish } from "./ConfirmWish";
import { EraseDialog } from "./EraseDialog";
import css from "./Security.module.css";
import { useKeepWish } from "./wish";

/** Leaving: asked for, confirmed, thirty days to think again, and the end. */
export function DeletionCard() {
  const view = useAsk("deletion.view", {});
  const [clearing, setClearing] = useState(false);
  return (
    <Card
      title={<Trans>Leave and delete</Trans>}
      actions={
        <Button variant="default" size="compact-md" onClick={() => setClearing(true)}>
          <Trans>Delete from this computer only</Trans>
        </Button>
      }
    >
      <DataState query={view} rows={3}>
        {(wish) => (
          <Fields>
            <Stays wish={wish} />
            <Standing wish={wish} />
          </Fields>
        )}
      </DataState>
      <EraseDialog opened={clearing} wholeAccount={false} onClose={() => setClearing(false)} />
    </Card>
  );
}

/** What leaving cannot take away. */
function Stays({ wish }: { wish: DeletionView }) {
  const years = wish.retention_years;
  if (wish.alone) {
    return (
      <p>
        <Trans>Thirty days after you confirm it, this record can be destroyed: first its keys, then the rest. If you sync, its encrypted copies stay in the database, and your kit with the database card would still open them: destroy both sheets, and have the database deleted. Copies that others made before stay with them.</Trans>
      </p>
    );
  }
  return (
    <>
      <p>
        <Trans>Thirty days after you confirm it, an administrator removes you, and your devices clear themselves as soon as they hear of it.</Trans>
      </p>
      <dl className={css.facts}>
        <dt>
          <Trans>Entries in charts stay</Trans>
        </dt>
        <dd>
          {years === null ? (
            <Trans>The period that the law asks for is not set. An administrator sets it under Settings.</Trans>
          ) : (
            <Trans>{years} years, as the law asks of the clinic</Trans>
          )}
        </dd>
        <dt>
          <Trans>Signatures and journal stay</Trans>
        </dt>
        <dd>
          <Trans>Without them nobody could verify what you wrote</Trans>
        </dd>
        <dt>
          <Trans>Copies made before stay</Trans>
        </dt>
        <dd>
          <Trans>With whoever read or copied them; nobody can take those back</Trans>
        </dd>
      </dl>
    </>
  );
}

function Standing({ wish }: { wish: DeletionView }) {
  if (wish.stage === "requested") return <ConfirmWish wish={wish} />;
  if (wish.stage === "confirmed") return <Running wish={wish} />;
  if (wish.stage === "due") return <Due wish={wish} />;
  return <Begin alone={wish.alone} />;
}

function Begin({ alone }: { alone: boolean }) {
  const { t } = useLingui();
  const me = useMe();
  const keep = useKeepWish();
  const request = useTell("deletion.request");
  const [asking, setAsking] = useState(false);
  if (!alone && me.role === "super_admin") {
    return (
      <p className="secondary">
        <Trans>You are head of this clinic, and nobody here can remove you: that takes the clinic's printed key. You can clear this computer.</Trans>
      </p>
    );
  }
  return (
    <div>
      <Button variant="default" color="red" onClick={() => setAsking(true)}>
        {alone ? <Trans>Delete my record</Trans> : <Trans>Delete my account</Trans>}
      </Button>
      <ConfirmDialog opened={asking} onClose={() => setAsking(false)} title={alone ? t`Ask for your record to be deleted?` : t`Ask for your account to be deleted?`} confirm={<Trans>Ask for it</Trans>} danger busy={request.isPending} onConfirm={() => request.mutate({}, { onSuccess: (view) => (keep(view), setAsking(false)) })}>
        <Trans>Nothing happens yet: you confirm it in a second step, and then have thirty days to take it back.</Trans>
        {request.error ? <Failed problem={request.error} /> : null}
      </ConfirmDialog>
    </div>
  );
}

/** Takes the wish back, in one go. */
export function Withdraw() {
  const keep = useKeepWish();
  const withdraw = useTell("deletion.withdraw");
  return (
    <>
      <Button size="compact-md" variant="default" loading={withdraw.isPending} onClick={() => withdraw.mutate({}, { onSuccess: keep })}>
        <Trans>Take it back</Trans>
      </Button>
      {withdraw.error ? <Failed problem={withdraw.error} /> : null}
    </>
  );
}

function Running({ wish }: { wish: DeletionView }) {
  return (
    <p>
      <Trans>
        Confirmed. Until <DateText at={wish.ends_at} inline /> everything goes on as before, and you can take it back above.
      </Trans>
    </p>
  );
}

function Due({ wish }: { wish: DeletionView }) {
  const { t } = useLingui();
  const [ending, setEnding] = useState(false);
  if (!wish.alone) {
    return (
      <p>
        <Trans>The thirty days are over. An administrator can remove you now; this computer then clears itself and leaves you a certificate.</Trans>
      </p>
    );
  }
  return (
    <>
      <Banner tone="warn" title={t`The thirty days are over.`}>
        <Trans>Save the certificate, then end the record. Until you do, nothing is destroyed.</Trans>
      </Banner>
      <div>
        <Button color="red" onClick={() => setEnding(true)}>
          <Trans>End the record</Trans>
        </Button>
      </div>
      <EraseDialog opened={ending} wholeAccount onClose={() => setEnding(false)} />
    </>
  );
}
