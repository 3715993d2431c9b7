import { Trans, useLingui } from "@lingui/react/macro";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { PatientRow } from "../../bindings/PatientRow";
import { WaitingChip } from "../../app/WaitingChip";
import { Avatar } from "../../parts/Avatar";
import { Chip } from "../../parts/Chip";
import { DateText } from "../../parts/DateText";
import { Highlight } from "../../parts/Highlight";
import { age, calendarDay, calendarOf } from "../../words/dates";
import { genderWord } from "../../words/patient";
import css from "./Patients.module.css";

/** One patient of the list: who, how old, the numbers, what is dangerous, what still waits. */
export function PatientLine({ row, text }: { row: PatientRow; text: string }) {
  const { t } = useLingui();
  const years = row.date_of_birth ? age(row.date_of_birth, calendarOf(new Date())) : null;
  return (
    <div className={css.line}>
      <Avatar name={row.name} />
      <span className={css.who}>
        <span className={css.name}>
          <Highlight text={row.name} part={text} />
        </span>
        <span className="secondary ellipsis">
          {years ? <strong>{years}</strong> : <Trans>Age not recorded</Trans>}
          {row.date_of_birth ? ` · ${calendarDay(row.date_of_birth)}` : ""} · {genderWord(row.gender) ?? t`Gender not recorded`}
        </span>
      </span>
      <span className={`${css.number} secondary numbers`}>{row.patient_number ? <Highlight text={row.patient_number} part={text} /> : null}</span>
      <span className={`${css.phone} secondary numbers`}>{row.phone ? <Highlight text={row.phone} part={text} /> : null}</span>
      <span className={css.marks}>
        {row.severe_allergies.length > 0 ? (
          <Chip tone="crit" icon={IconAlertTriangle} title={t`Severe allergy: ${row.severe_allergies.join(", ")}`}>
            {row.severe_allergies.join(", ")}
          </Chip>
        ) : null}
        <WaitingChip waiting={row.waiting} />
      </span>
      <span className={`${css.changed} secondary`}>
        <DateText at={row.updated_at} />
      </span>
    </div>
  );
}
