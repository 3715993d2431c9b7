import { Trans, useLingui } from "@lingui/react/macro";
import { Button, NativeSelect } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { KeptChart } from "../../bindings/KeptChart";
import type { RetentionView } from "../../bindings/RetentionView";
import type { WaitingChart } from "../../bindings/WaitingChart";
import { keyOf, useAsk, useTell } from "../../app/queries";
import { Card } from "../../parts/Card";
import { Chip } from "../../parts/Chip";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { CopyText } from "../../parts/CopyText";
import { DataState, Failed } from "../../parts/DataState";
import { DateText } from "../../parts/DateText";
import { Fields } from "../../parts/fields";
import css from "./Settings.module.css";

/** Charts of people who left: who keeps them, which wait to be handed over, and which this person keeps until their day. */
export function CustodianCard() {
  const view = useAsk("retention.view", {});
  if (!view.error && !view.data?.may_name && !view.data?.kept.length) return null;
  return (
    <Card title={<Trans>Charts of people who left</Trans>}>
      <DataState query={view} rows={3}>
        {(retention) => <Body view={retention} />}
      </DataState>
    </Card>
  );
}

/** Answers of the program replace what is shown. */
function useKeep() {
  const queries = useQueryClient();
  return (view: RetentionView) => queries.setQueryData(keyOf("retention.view", {}), view);
}

function Body({ view }: { view: RetentionView }) {
  const { t } = useLingui();
  return (
    <Fields>
      <p>
        <Trans>When somebody’s account has ended and the law makes the clinic keep their chart, one person alone keeps it, under a number in the place of the name. On everybody else’s computers it is deleted.</Trans>
      </p>
      {view.may_name ? <Name view={view} /> : null}
      {view.waiting.length > 0 ? (
        <ul className={css.providers} aria-label={t`Charts to hand over`}>
          {view.waiting.map((chart) => (
            <Waiting key={chart.chart} chart={chart} custodian={view.custodian_name} />
          ))}
        </ul>
      ) : null}
      {view.kept.length > 0 ? (
        <ul className={css.providers} aria-label={t`Charts that you keep`}>
          {view.kept.map((chart) => (
            <Kept key={chart.chart} chart={chart} custodian={view.custodian_name} />
          ))}
        </ul>
      ) : null}
    </Fields>
  );
}

function Name({ view }: { view: RetentionView }) {
  const { t } = useLingui();
  const keep = useKeep();
  const set = useTell("retention.set_custodian");
  const data = [{ value: "", label: t`Nobody` }, ...view.choices.map(({ user, name }) => ({ value: user, label: name }))];
  return (
    <>
      <NativeSelect label={t`Custodian of the clinic`} description={t`Charts that were handed over stay with whoever has them, until they hand them on.`} data={data} value={view.custodian ?? ""} disabled={set.isPending} onChange={(event) => set.mutate({ user: event.currentTarget.value || null }, { onSuccess: keep })} />
      {set.error ? <Failed problem={set.error} /> : null}
    </>
  );
}

function Waiting({ chart, custodian }: { chart: WaitingChart; custodian: string | null }) {
  const { t } = useLingui();
  const [asking, setAsking] = useState(false);
  return (
    <li>
      <div className={css.grow}>
        <strong>{chart.name}</strong>
        <div className="secondary">
          <Trans>Their account has ended. The chart still lies with the care team.</Trans>
        </div>
      </div>
      <Button variant="default" size="compact-md" aria-label={t`Hand over the chart of ${chart.name}`} onClick={() => setAsking(true)}>
        <Trans>Hand over</Trans>
      </Button>
      <HandOver id={chart.chart} title={t`Hand over the chart of ${chart.name}?`} custodian={custodian} opened={asking} onClose={() => setAsking(false)} />
    </li>
  );
}

function HandOver({ id, title, custodian, opened, onClose }: { id: string; title: string; custodian: string | null; opened: boolean; onClose: () => void }) {
  const keep = useKeep();
  const hand = useTell("retention.hand_over");
  const close = () => (hand.reset(), onClose());
  return (
    <ConfirmDialog opened={opened} onClose={close} title={title} confirm={<Trans>Hand over</Trans>} danger busy={hand.isPending} onConfirm={() => hand.mutate({ chart: id }, { onSuccess: (view) => (keep(view), onClose()) })}>
      <ul className="points">
        <li>{custodian ? <Trans>From then on {custodian} alone can open it: nobody else, you neither, unless that is you.</Trans> : <Trans>No custodian is named yet.</Trans>}</li>
        <li>
          <Trans>A number takes the place of the name, and the contacts go. What stands in texts and documents stays as it is.</Trans>
        </li>
        <li>
          <Trans>Other computers delete it when they hear of it. Whoever kept a copy keeps it.</Trans>
        </li>
      </ul>
      {hand.error ? <Failed problem={hand.error} /> : null}
    </ConfirmDialog>
  );
}

function Kept({ chart, custodian }: { chart: KeptChart; custodian: string | null }) {
  const { t } = useLingui();
  const [asking, setAsking] = useState<"end" | "move" | null>(null);
  const name = chart.pseudonym;
  const close = () => setAsking(null);
  return (
    <li>
      <div className={css.grow}>
        <strong className="mono">{name}</strong>{" "}
        {chart.ended ? (
          <Chip tone="info">
            <Trans>destroyed</Trans>
          </Chip>
        ) : chart.due ? (
          <Chip tone="warn">
            <Trans>its time is over</Trans>
          </Chip>
        ) : null}
        <div className="secondary">
          <Trans>
            to be kept until <DateText at={chart.until} inline />
          </Trans>
        </div>
        {chart.ended ? <Certificate id={chart.chart} /> : null}
      </div>
      {chart.moves ? (
        <Button variant="default" size="compact-md" aria-label={t`Hand on ${name}`} onClick={() => setAsking("move")}>
          <Trans>Hand on</Trans>
        </Button>
      ) : null}
      {chart.due ? (
        <Button variant="default" size="compact-md" aria-label={t`Destroy ${name}`} onClick={() => setAsking("end")}>
          <Trans>Destroy</Trans>
        </Button>
      ) : null}
      <HandOver id={chart.chart} title={t`Hand on ${name}?`} custodian={custodian} opened={asking === "move"} onClose={close} />
      <Destroy id={chart.chart} name={name} opened={asking === "end"} onClose={close} />
    </li>
  );
}

function Destroy({ id, name, opened, onClose }: { id: string; name: string; opened: boolean; onClose: () => void }) {
  const { t } = useLingui();
  const keep = useKeep();
  const destroy = useTell("retention.destroy");
  const close = () => (destroy.reset(), onClose());
  return (
    <ConfirmDialog opened={opened} onClose={close} title={t`Destroy ${name} for ever?`} confirm={<Trans>Destroy</Trans>} danger typed={t`DELETE`} busy={destroy.isPending} onConfirm={() => destroy.mutate({ chart: id }, { onSuccess: (view) => (keep(view), onClose()) })}>
      <p>
        <Trans>Its keys, entries and files are deleted here and on your other computers. Nobody can bring them back. What lies encrypted in a database stays there until its operator deletes it. A signed certificate says so.</Trans>
      </p>
      {destroy.error ? <Failed problem={destroy.error} /> : null}
    </ConfirmDialog>
  );
}

function Certificate({ id }: { id: string }) {
  const { t } = useLingui();
  const certificate = useTell("retention.certificate");
  if (certificate.data) return <CopyText text={certificate.data.text} label={t`Certificate of erasure`} fileName="aidpost-erasure.json" />;
  return (
    <>
      <Button variant="default" size="compact-md" loading={certificate.isPending} onClick={() => certificate.mutate({ chart: id })}>
        <Trans>Show the certificate</Trans>
      </Button>
      {certificate.error ? <Failed problem={certificate.error} /> : null}
    </>
  );
}
