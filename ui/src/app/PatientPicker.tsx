import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState, type ReactNode } from "react";
import type { PatientRow } from "../bindings/PatientRow";
import { patientLine } from "../words/patient";
import css from "./PatientPicker.module.css";
import { useAsk } from "./queries";

interface Props {
  label: ReactNode;
  value: PatientRow | null;
  onChange: (value: PatientRow | null) => void;
}

/** Finds one chart by typing. */
export function PatientPicker({ label, value, onChange }: Props) {
  const { t } = useLingui();
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text.trim(), 120);
  const searching = value === null && asked.length >= 2;
  const found = useAsk("patients.find", { text: asked, offset: 0, limit: 5, archived: false, saved: false }, { enabled: searching, keepPrevious: true });
  if (value) {
    return (
      <div className={css.chosen}>
        <div>
          <p className="label">{label}</p>
          <p>{value.name}</p>
          <p className="secondary">{patientLine(value)}</p>
        </div>
        <Button variant="default" size="xs" onClick={() => onChange(null)}>
          <Trans>Another</Trans>
        </Button>
      </div>
    );
  }
  const rows = searching ? (found.data?.rows ?? []) : [];
  return (
    <div>
      <TextInput label={label} placeholder={t`Part of a name, number or phone`} value={text} onChange={(event) => setText(event.currentTarget.value)} />
      {rows.length > 0 ? (
        <ul className={css.found}>
          {rows.map((row) => (
            <li key={row.id}>
              <button
                type="button"
                className={css.row}
                onClick={() => {
                  onChange(row);
                  setText("");
                }}
              >
                <span>{row.name}</span>
                <span className="secondary">{patientLine(row)}</span>
              </button>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
