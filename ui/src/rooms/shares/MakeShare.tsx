import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Checkbox, Modal, NativeSelect, NumberInput, TextInput } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useState } from "react";
import type { MakeShare } from "../../bindings/MakeShare";
import type { ShareChoice } from "../../bindings/ShareChoice";
import type { ShareView } from "../../bindings/ShareView";
import { useAsk, useTell } from "../../app/queries";
import { DataState, Failed } from "../../parts/DataState";
import { ErrorSummary, Fields, FormButtons } from "../../parts/fields";
import { onSubmitKey } from "../../parts/submit-key";
import { day } from "../../words/dates";
import { Anywhere, useLinkHost } from "./Anywhere";
import { clinicalWords } from "./clinical";
import { DESK_MINUTES, KEEP_MINUTES, useMinutesWord } from "./limits";
import { PartChoices, ShareChoices } from "./ShareChoices";
import { Promises } from "./Promises";
import css from "./Shares.module.css";

/** Longest label; the standard bounds it, and it is read before anything is opened. */
const LABEL_MAX = 80;

/** At the desk: the file itself, for minutes. Keep sharing: asked for each time, until taken back. */
type Preset = "desk" | "keep";

interface Props {
  opened: boolean;
  patient: string;
  /** A record that is chosen from the start. */
  record: string | null;
  onClose: () => void;
  onMade: (share: ShareView) => void;
}

/** Makes a share: what, for how long, with what label; and says what that can and cannot promise. */
export function MakeShareDialog({ opened, patient, record, onClose, onMade }: Props) {
  const { t } = useLingui();
  const choices = useAsk("shares.choices", { patient }, { enabled: opened });
  return (
    <Modal opened={opened} onClose={onClose} title={t`Share records`} size="xl" closeButtonProps={{ "aria-label": t`Close` }}>
      {opened ? <DataState query={choices} isEmpty={() => false}>{(list) => <Form patient={patient} record={record} choices={list} onClose={onClose} onMade={onMade} />}</DataState> : null}
    </Modal>
  );
}

interface Limits {
  minutes: number | null;
  uses: number | null;
}

const PRESETS: Record<Preset, Limits> = { desk: { minutes: 15, uses: 3 }, keep: { minutes: null, uses: null } };

function Form({ patient, record, choices, onClose, onMade }: Omit<Props, "opened"> & { choices: readonly ShareChoice[] }) {
  const { t } = useLingui();
  const make = useTell("shares.make");
  const today = day(new Date());
  const [records, setRecords] = useState<string[]>(record ? [record] : []);
  const [kinds, setKinds] = useState<string[]>(record ? [] : ["allergies", "conditions", "medications"]);
  const [preset, setPreset] = useState<Preset>("desk");
  const [limits, setLimits] = useState<Limits>(PRESETS.desk);
  const [label, setLabel] = useState(() => t`Health records, ${today}`);
  const [withCode, setWithCode] = useState(false);
  const [passcode, setPasscode] = useState("");
  const host = useLinkHost();
  const [anywhere, setAnywhere] = useState(false);
  const [tried, setTried] = useState(false);
  const facts = choices.filter((one) => one.kind === "record").map((one) => one.title);
  const telling = clinicalWords(label, facts);
  const errors = [
    ...(records.length + kinds.length === 0 ? [t`Choose at least one record or part.`] : []),
    ...(label.trim() === "" ? [t`The label is empty.`] : []),
    ...(withCode && passcode.trim().length < 4 ? [t`A passcode needs at least four characters.`] : []),
  ];
  const choosePreset = (next: Preset) => {
    setPreset(next);
    setLimits(PRESETS[next]);
    if (next === "desk") setWithCode(false);
  };
  const submit = () => {
    setTried(true);
    if (errors.length > 0) return;
    const input: MakeShare = {
      patient,
      choices: records,
      kinds,
      label: label.trim(),
      minutes: limits.minutes,
      max_uses: limits.uses,
      passcode: withCode ? passcode.trim() : null,
      direct: preset === "desk",
      anywhere: anywhere && host !== null,
    };
    make.mutate(input, { onSuccess: onMade });
  };
  return (
    <div onKeyDown={onSubmitKey(submit)}>
      <Fields>
        {tried ? <ErrorSummary errors={errors} /> : null}
        <div className={css.presets} role="radiogroup" aria-label={t`How it is shared`}>
          <PresetCard name="desk" chosen={preset} onChoose={choosePreset} title={t`At the desk`} detail={t`The person beside you scans the code now. 15 minutes, 3 openings.`} />
          <PresetCard name="keep" chosen={preset} onChoose={choosePreset} title={t`Keep sharing`} detail={t`Open until you take it back. A passcode can be asked for.`} />
        </div>
        <PartChoices choices={choices} chosen={kinds} onChange={setKinds} />
        <ShareChoices choices={choices.filter((one) => one.kind === "record")} chosen={records} onChange={setRecords} />
        <TextInput
          label={t`Label`}
          description={t`Seen by whoever holds the code, before anything is opened. No clinical detail here.`}
          maxLength={LABEL_MAX}
          value={label}
          onChange={(event) => setLabel(event.currentTarget.value)}
        />
        {telling.length > 0 ? (
          <p className="dense" role="status" style={{ color: "var(--warn)" }}>
            <IconAlertTriangle size="0.95rem" aria-hidden /> <Trans>“{telling.join(", ")}” stands in a record. A label is not protected: choose words that tell nothing about health.</Trans>
          </p>
        ) : null}
        <Anywhere host={host} checked={anywhere} onChange={setAnywhere} />
        <LimitFields preset={preset} limits={limits} onChange={setLimits} />
        {preset === "keep" ? (
          <Checkbox checked={withCode} onChange={(event) => setWithCode(event.currentTarget.checked)} label={t`Ask for a passcode`} />
        ) : null}
        {withCode ? <Passcode value={passcode} onChange={setPasscode} local={!anywhere} /> : null}
        <Promises direct={preset === "desk"} anywhere={anywhere} />
        {make.error ? <Failed problem={make.error} onRetry={submit} /> : null}
        <FormButtons>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button onClick={submit} loading={make.isPending}>
            <Trans>Make the code</Trans>
          </Button>
        </FormButtons>
      </Fields>
    </div>
  );
}

interface PresetProps {
  name: Preset;
  chosen: Preset;
  onChoose: (preset: Preset) => void;
  title: string;
  detail: string;
}

function PresetCard({ name, chosen, onChoose, title, detail }: PresetProps) {
  return (
    <label className={css.preset}>
      <input type="radio" name="preset" checked={chosen === name} onChange={() => onChoose(name)} aria-label={title} aria-describedby={`preset-${name}`} data-autofocus={name === "desk" || undefined} />
      <span>
        <strong>{title}</strong>
        <span className="secondary" id={`preset-${name}`}>
          {detail}
        </span>
      </span>
    </label>
  );
}

function LimitFields({ preset, limits, onChange }: { preset: Preset; limits: Limits; onChange: (limits: Limits) => void }) {
  const { t } = useLingui();
  const words = useMinutesWord();
  const options = preset === "desk" ? DESK_MINUTES : KEEP_MINUTES;
  return (
    <div className={css.pair}>
      <NativeSelect
        label={t`How long`}
        value={String(limits.minutes)}
        onChange={(event) => onChange({ ...limits, minutes: event.currentTarget.value === "null" ? null : Number(event.currentTarget.value) })}
        data={options.map((minutes) => ({ value: String(minutes), label: words(minutes) }))}
      />
      <NumberInput
        label={t`How many openings`}
        placeholder={t`without limit`}
        min={1}
        max={1000}
        allowDecimal={false}
        value={limits.uses ?? ""}
        onChange={(value) => onChange({ ...limits, uses: typeof value === "number" && value >= 1 ? value : null })}
        hideControls
      />
    </div>
  );
}

function Passcode({ value, onChange, local }: { value: string; onChange: (value: string) => void; local: boolean }) {
  const { t } = useLingui();
  return (
    <>
      <TextInput label={t`Passcode`} description={t`Tell it by another way than the code: by voice, not in the same message. Five wrong tries close the share.`} autoComplete="off" value={value} onChange={(event) => onChange(event.currentTarget.value)} />
      {local ? <p className="dense" style={{ color: "var(--warn)" }}>
        <IconAlertTriangle size="0.95rem" aria-hidden /> <Trans>Served from this computer, the passcode and the reader's name travel over the local network unprotected (plain HTTP). The records themselves stay encrypted. On a network you do not trust, share at the desk instead.</Trans>
      </p> : null}
    </>
  );
}
