import { Trans, useLingui } from "@lingui/react/macro";
import { Radio, Select } from "@mantine/core";
import { useState } from "react";
import type { IntakeView } from "../../bindings/IntakeView";
import type { PatientRow } from "../../bindings/PatientRow";
import { Card } from "../../parts/Card";
import { calendarDay } from "../../words/dates";
import { patientLine } from "../../words/patient";
import { PatientPicker } from "../PatientPicker";
import { useAsk } from "../queries";
import css from "./Intake.module.css";

export interface TargetValue {
  /** Null for a new chart. */
  chart: string | null;
  /** False until a person has said so where charts of the same person may exist. */
  chosen: boolean;
}

interface Props {
  intake: IntakeView;
  value: TargetValue;
  /** The chart was given by where this was begun. */
  fixed: boolean;
  busy: boolean;
  onChange: (value: TargetValue) => void;
  onPerson: (index: number) => void;
}

const NEW = "new";

/** Whose entries these are, and into which chart they go. Where a chart may already exist, a person must say so. */
export function Target({ intake, value, fixed, busy, onChange, onPerson }: Props) {
  const { t } = useLingui();
  const [other, setOther] = useState<PatientRow[]>([]);
  const pickOther = (row: PatientRow) => {
    setOther([row]);
    onChange({ chart: row.id, chosen: true });
  };
  const charts = [...intake.matches, ...other.filter((row) => intake.matches.every((match) => match.id !== row.id))];
  return (
    <Card title={<Trans>Whose is it?</Trans>}>
      <div className={css.target}>
        {intake.patients.length > 1 ? (
          <Select
            label={t`Person in the file`}
            data={intake.patients.map((one) => ({ value: String(one.index), label: one.date_of_birth ? `${one.name} · ${calendarDay(one.date_of_birth)}` : one.name }))}
            value={String(intake.chosen)}
            disabled={busy}
            onChange={(index) => index !== null && onPerson(Number(index))}
          />
        ) : (
          <PersonLine intake={intake} />
        )}
        {fixed ? (
          <FixedChart chart={value.chart} />
        ) : (
          <>
            <Radio.Group label={t`Chart`} value={value.chosen ? (value.chart ?? NEW) : ""} onChange={(picked) => onChange({ chart: picked === NEW ? null : picked, chosen: true })}>
              <div className={css.charts}>
                {charts.map((row) => (
                  <Radio key={row.id} value={row.id} disabled={busy} label={row.name} description={patientLine(row)} />
                ))}
                <Radio value={NEW} disabled={busy} label={t`A new chart`} description={charts.length > 0 ? t`Only if none of these is the same person` : undefined} />
              </div>
            </Radio.Group>
            <PatientPicker label={t`Another chart`} value={null} onChange={(row) => row && pickOther(row)} />
          </>
        )}
      </div>
    </Card>
  );
}

function PersonLine({ intake }: { intake: IntakeView }) {
  const person = intake.patients[0];
  return (
    <div>
      <p className="label">
        <Trans>Person in the file</Trans>
      </p>
      <p>{person ? [person.name, person.date_of_birth ? calendarDay(person.date_of_birth) : null].filter(Boolean).join(" · ") : <Trans>The file names nobody.</Trans>}</p>
    </div>
  );
}

function FixedChart({ chart }: { chart: string | null }) {
  const banner = useAsk("patients.banner", { patient: chart ?? "" }, { enabled: chart !== null });
  return (
    <div>
      <p className="label">
        <Trans>Chart</Trans>
      </p>
      <p>{banner.data?.name ?? ""}</p>
      {banner.data ? <p className="secondary">{patientLine(banner.data)}</p> : null}
    </div>
  );
}
