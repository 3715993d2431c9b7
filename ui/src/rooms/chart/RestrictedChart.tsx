import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Modal, Select, Textarea } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import type { GlassView } from "../../bindings/GlassView";
import { useAsk, useTell } from "../../app/queries";
import { Banner } from "../../parts/Banner";
import { Card } from "../../parts/Card";
import { DataState, Failed } from "../../parts/DataState";
import { FieldError, Fields, FormButtons } from "../../parts/fields";
import { Page } from "../../parts/Page";
import { allowedNames } from "../../words/patient";

/** What the program asks for at least; the same figure is checked there. */
const REASON_LETTERS = 10;

/** In the place of a chart that is closed to whoever is at work. */
export function RestrictedChart({ patient }: { patient: string }) {
  const glass = useAsk("access.glass", { patient }, { forget: true });
  return (
    <DataState query={glass} rows={3}>
      {(view) => <Closed patient={patient} view={view} />}
    </DataState>
  );
}

function Closed({ patient, view }: { patient: string; view: GlassView }) {
  const { t } = useLingui();
  const [asking, setAsking] = useState(false);
  const who = allowedNames(view);
  return (
    <Page narrow title={view.name}>
      <Card title={<Trans>This chart is restricted</Trans>}>
        <Fields>
          <p>
            <IconLock size="1.125rem" style={{ verticalAlign: "-0.2em" }} aria-hidden /> {who ? <Trans>It is open to: {who}. Ask one of them, or the patient.</Trans> : <Trans>It is open to the patient alone.</Trans>}
          </p>
          <p className="secondary">
            <Trans>In an emergency it opens at once, also without a network. Your name, the time and your reason are written into its access log, which the patient can read. That entry cannot be left out or taken back.</Trans>
          </p>
          {view.may_break ? (
            <FormButtons>
              <Button color="red" onClick={() => setAsking(true)}>
                <Trans>Open in an emergency</Trans>
              </Button>
            </FormButtons>
          ) : (
            <p>
              <Trans>Your role does not open restricted charts.</Trans>
            </p>
          )}
        </Fields>
      </Card>
      <Modal opened={asking} onClose={() => setAsking(false)} title={t`Open the chart of ${view.name} in an emergency?`} closeButtonProps={{ "aria-label": t`Close` }}>
        {asking ? <Break patient={patient} onDone={() => setAsking(false)} /> : null}
      </Modal>
    </Page>
  );
}

function Break({ patient, onDone }: { patient: string; onDone: () => void }) {
  const { t } = useLingui();
  const queries = useQueryClient();
  const open = useTell("access.break_glass");
  const [reason, setReason] = useState("");
  const [minutes, setMinutes] = useState("60");
  const [tried, setTried] = useState(false);
  const short = reason.trim().length < REASON_LETTERS;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (short) return;
    open.mutate({ patient, reason: reason.trim(), minutes: Number(minutes) }, { onSuccess: () => (onDone(), void queries.invalidateQueries()) });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Fields>
        <Banner tone="warn" title={t`Only when waiting would harm the patient.`}>
          <Trans>The entry is sent before anything else as soon as there is a network.</Trans>
        </Banner>
        <Textarea label={t`Why it cannot wait`} required data-autofocus maxLength={500} value={reason} onChange={(event) => setReason(event.currentTarget.value)} error={tried && short ? <FieldError>{t`Write a sentence that the patient will understand.`}</FieldError> : undefined} />
        <Select label={t`For how long`} value={minutes} onChange={(value) => value && setMinutes(value)} allowDeselect={false} data={["15", "60", "240"].map((value) => ({ value, label: Number(value) < 60 ? t`${value} minutes` : Number(value) === 60 ? t`1 hour` : t`4 hours` }))} />
        {open.error ? <Failed problem={open.error} /> : null}
        <FormButtons>
          <Button variant="default" onClick={onDone}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" color="red" loading={open.isPending}>
            <Trans>Write it down and open</Trans>
          </Button>
        </FormButtons>
      </Fields>
    </form>
  );
}
