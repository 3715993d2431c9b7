import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Modal, NativeSelect, TextInput } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useState } from "react";
import type { VitalEntry } from "../../bindings/VitalEntry";
import { useTell } from "../../app/queries";
import { Failed } from "../../parts/DataState";
import { ErrorSummary, FieldError, Fields, FormButtons } from "../../parts/fields";
import { formatNumber } from "../../parts/NumberText";
import { onSubmitKey } from "../../parts/submit-key";
import { loinc } from "./loinc";
import { SIGNS, digitsOf, doubt, typedNumber, unitText, type Sign } from "./signs";
import css from "./Vitals.module.css";

interface Props {
  opened: boolean;
  patient: string;
  onClose: () => void;
}

/** Values measured together. Unusual ones are pointed out and can be saved all the same. */
export function MeasureDialog({ opened, patient, onClose }: Props) {
  const { t } = useLingui();
  return (
    <Modal opened={opened} onClose={onClose} title={t`Measure`} size="xl" closeButtonProps={{ "aria-label": t`Close` }}>
      {opened ? <Form patient={patient} onClose={onClose} /> : null}
    </Modal>
  );
}

/** What is typed for one sign. */
interface Typed {
  text: string;
  unit: number;
}

const NOTHING: Typed = { text: "", unit: 0 };

/** The value in the unit that is kept; null while nothing readable is typed. */
function keptValue(sign: Sign, typed: Typed): number | null {
  const value = typedNumber(typed.text);
  return value === null ? null : (sign.units[typed.unit] ?? sign.units[0]).toKept(value);
}

/** "2026-03-13T10:30" for the field, in this computer's time zone. */
function localMinute(at: Date): string {
  const moved = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return moved.toISOString().slice(0, 16);
}

function Form({ patient, onClose }: Omit<Props, "opened">) {
  const { t, i18n } = useLingui();
  const add = useTell("vitals.add");
  const [typed, setTyped] = useState<Record<string, Typed>>({});
  const [at, setAt] = useState(() => localMinute(new Date()));
  const [tried, setTried] = useState(false);
  const of = (sign: Sign) => typed[sign.code] ?? NOTHING;
  const filled = SIGNS.filter((sign) => of(sign).text.trim() !== "");
  const unreadable = filled.filter((sign) => keptValue(sign, of(sign)) === null);
  const pressures = filled.filter((sign) => sign.code === loinc.SYSTOLIC || sign.code === loinc.DIASTOLIC).length;
  const errors = [
    ...unreadable.map((sign) => t`${i18n._(sign.name)} is not a number.`),
    ...(pressures === 1 ? [t`A blood pressure needs both numbers.`] : []),
    ...(filled.length === 0 ? [t`Nothing is entered yet.`] : []),
  ];
  const submit = () => {
    setTried(true);
    if (errors.length > 0) return;
    const entries: VitalEntry[] = filled.map((sign) => ({ code: sign.code, value: keptValue(sign, of(sign)) as number, unit: sign.ucum }));
    add.mutate({ patient, observed_at: at ? new Date(at).toISOString() : null, entries }, { onSuccess: onClose });
  };
  return (
    <div onKeyDown={onSubmitKey(submit)}>
      <Fields>
        {tried ? <ErrorSummary errors={errors} /> : null}
        <div className={css.grid}>
          {SIGNS.map((sign, index) => (
            <SignField key={sign.code} sign={sign} typed={of(sign)} first={index === 0} onChange={(value) => setTyped({ ...typed, [sign.code]: value })} />
          ))}
          <TextInput type="datetime-local" label={t`Measured at`} value={at} max={localMinute(new Date())} onChange={(event) => setAt(event.currentTarget.value)} />
        </div>
        <BodyMassIndex weight={keptOf(typed, loinc.WEIGHT)} height={keptOf(typed, loinc.HEIGHT)} />
        {add.error ? <Failed problem={add.error} /> : null}
        {add.error?.code === "value_not_possible" ? <p className="secondary">{add.error.detail}</p> : null}
        <FormButtons>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button onClick={submit} loading={add.isPending}>
            <Trans>Save</Trans>
          </Button>
        </FormButtons>
      </Fields>
    </div>
  );
}

function keptOf(typed: Record<string, Typed>, code: string): number | null {
  const sign = SIGNS.find((one) => one.code === code);
  return sign ? keptValue(sign, typed[code] ?? NOTHING) : null;
}

function SignField({ sign, typed, first, onChange }: { sign: Sign; typed: Typed; first: boolean; onChange: (typed: Typed) => void }) {
  const { t, i18n } = useLingui();
  const value = keptValue(sign, typed);
  const name = i18n._(sign.name);
  const unreadable = typed.text.trim() !== "" && value === null;
  return (
    <div>
      <div className={css.typed}>
        <TextInput
          label={name}
          inputMode="decimal"
          autoComplete="off"
          data-autofocus={first || undefined}
          value={typed.text}
          onChange={(event) => onChange({ ...typed, text: event.currentTarget.value })}
          error={unreadable}
          rightSection={sign.units.length === 1 ? <span className="unit">{sign.units[0].label}</span> : undefined}
          rightSectionWidth={sign.units.length === 1 ? 56 : undefined}
        />
        {sign.units.length > 1 ? (
          <NativeSelect
            size="sm"
            className={css.unit}
            aria-label={t`Unit of ${name}`}
            value={String(typed.unit)}
            onChange={(event) => onChange({ ...typed, unit: Number(event.currentTarget.value) })}
            data={sign.units.map((unit, at) => ({ value: String(at), label: unit.label }))}
          />
        ) : null}
      </div>
      {unreadable ? <FieldError>{t`This is not a number.`}</FieldError> : null}
      {value === null ? null : <Doubt sign={sign} value={value} />}
    </div>
  );
}

function Doubt({ sign, value }: { sign: Sign; value: number }) {
  const kind = doubt(sign, value);
  if (!kind) return null;
  const text = `${formatNumber(value, digitsOf(sign.code))} ${unitText(sign.ucum)}`;
  return (
    <span className={css.warn} role="status">
      <IconAlertTriangle size="0.875rem" aria-hidden />
      {kind === "unlikely" ? <Trans>{text} is very unusual: check it, then save.</Trans> : null}
      {kind === "low" ? <Trans>Lower than usual</Trans> : null}
      {kind === "high" ? <Trans>Higher than usual</Trans> : null}
    </span>
  );
}

function BodyMassIndex({ weight, height }: { weight: number | null; height: number | null }) {
  if (!weight || !height) return null;
  const metres = height / 100;
  return (
    <p className="secondary">
      <Trans>Body mass index from these: {formatNumber(weight / (metres * metres), 1)} kg/m²</Trans>
    </p>
  );
}
