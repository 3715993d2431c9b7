import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Modal, Radio, SegmentedControl, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Asked } from "../../bindings/Asked";
import type { BannerView } from "../../bindings/BannerView";
import type { Severity } from "../../bindings/Severity";
import { useTell } from "../../app/queries";
import { Failed } from "../../parts/DataState";
import { Fields, FieldError, FormButtons } from "../../parts/fields";
import { onSubmitKey } from "../../parts/submit-key";
import { severityWord } from "./chart-words";
import { EntryList } from "./EntryList";
import css from "./EntryList.module.css";

interface Props {
  opened: boolean;
  banner: BannerView;
  onClose: () => void;
}

/** The answer about allergies: none known, some, or not known. Each is recorded with who asked and when. */
export function AllergiesDialog({ opened, banner, onClose }: Props) {
  const { t } = useLingui();
  return (
    <Modal opened={opened} onClose={onClose} title={t`Allergies`} size="lg" closeButtonProps={{ "aria-label": t`Close` }}>
      {opened ? <Content banner={banner} onClose={onClose} /> : null}
    </Modal>
  );
}

function Content({ banner, onClose }: Omit<Props, "opened">) {
  const { t, i18n } = useLingui();
  const entries = banner.allergies.map((one) => ({
    id: one.id,
    title: one.substance,
    detail: [one.severity ? i18n._(severityWord(one.severity)) : t`severity not recorded`, one.reaction ?? t`reaction not recorded`, one.confirmed ? t`confirmed` : t`not confirmed`].join(" · "),
  }));
  const [answer, setAnswer] = useState<Asked | null>(banner.allergies.length > 0 ? "some" : null);
  return (
    <Fields>
      {entries.length > 0 ? <EntryList patient={banner.id} entries={entries} empty={null} label={t`Recorded allergies`} /> : <Answer value={answer} onChange={setAnswer} />}
      {answer === "some" ? <Add patient={banner.id} /> : null}
      {entries.length === 0 && answer !== "some" ? <Record patient={banner.id} answer={answer} onClose={onClose} /> : null}
      {answer === "some" ? (
        <FormButtons>
          <Button variant="default" onClick={onClose}>
            <Trans>Done</Trans>
          </Button>
        </FormButtons>
      ) : null}
    </Fields>
  );
}

function Answer({ value, onChange }: { value: Asked | null; onChange: (answer: Asked) => void }) {
  const { t } = useLingui();
  return (
    <Radio.Group label={t`“Are you allergic to any medicine, food or material?”`} value={value ?? ""} onChange={(answer) => onChange(answer as Asked)}>
      <div style={{ display: "flex", flexDirection: "column", gap: "0.5rem", marginTop: "0.375rem" }}>
        <Radio value="none_known" label={t`No known allergies`} />
        <Radio value="some" label={t`Yes: record which`} />
        <Radio value="unknown" label={t`Asked, but the answer is not known`} />
      </div>
    </Radio.Group>
  );
}

function Record({ patient, answer, onClose }: { patient: string; answer: Asked | null; onClose: () => void }) {
  const asked = useTell("patients.asked_about_allergies");
  return (
    <>
      {asked.error ? <Failed problem={asked.error} /> : null}
      <FormButtons>
        <Button variant="default" onClick={onClose}>
          <Trans>Cancel</Trans>
        </Button>
        <Button disabled={answer === null} loading={asked.isPending} onClick={() => answer && asked.mutate({ patient, answer }, { onSuccess: onClose })}>
          <Trans>Record the answer</Trans>
        </Button>
      </FormButtons>
    </>
  );
}

const SEVERITIES: Severity[] = ["severe", "moderate", "mild"];

function Add({ patient }: { patient: string }) {
  const { t, i18n } = useLingui();
  const add = useTell("patients.add_allergy");
  const [substance, setSubstance] = useState("");
  const [reaction, setReaction] = useState("");
  const [severity, setSeverity] = useState<Severity | "">("");
  const [tried, setTried] = useState(false);
  const submit = () => {
    setTried(true);
    if (!substance.trim()) return;
    const clear = () => {
      setSubstance("");
      setReaction("");
      setSeverity("");
      setTried(false);
    };
    add.mutate({ patient, substance: substance.trim(), reaction: reaction.trim() || null, severity: severity || null }, { onSuccess: clear });
  };
  return (
    <div className={css.add} onKeyDown={onSubmitKey(submit)} role="group" aria-label={t`Add an allergy`}>
      <TextInput
        label={t`Substance`}
        placeholder={t`Penicillin`}
        value={substance}
        onChange={(event) => setSubstance(event.currentTarget.value)}
        error={tried && !substance.trim() ? <FieldError>{t`Write what the person is allergic to.`}</FieldError> : undefined}
      />
      <TextInput label={t`Reaction`} placeholder={t`anaphylaxis, rash, swelling`} value={reaction} onChange={(event) => setReaction(event.currentTarget.value)} />
      <div>
        <span className="label">{t`How bad`}</span>
        <div>
          <SegmentedControl
            aria-label={t`How bad`}
            value={severity}
            onChange={(value) => setSeverity(value as Severity | "")}
            data={[...SEVERITIES.map((one) => ({ value: one, label: i18n._(severityWord(one)) })), { value: "", label: t`Not known` }]}
          />
        </div>
      </div>
      {add.error ? <Failed problem={add.error} /> : null}
      <FormButtons>
        <Button onClick={submit} loading={add.isPending}>
          <Trans>Add the allergy</Trans>
        </Button>
      </FormButtons>
    </div>
  );
}
