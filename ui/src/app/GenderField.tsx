import { useLingui } from "@lingui/react/macro";
import { Select } from "@mantine/core";
import type { Gender } from "../bindings/Gender";
import { genderWord } from "../words/patient";

const GENDERS: Gender[] = ["female", "male", "other"];

/** Administrative gender, with "not recorded" as an answer of its own. */
export function GenderField({ value, onChange }: { value: Gender | null; onChange: (value: Gender | null) => void }) {
  const { t } = useLingui();
  return (
    <Select
      label={t`Gender (optional)`}
      data={[{ value: "", label: t`Not recorded` }, ...GENDERS.map((gender) => ({ value: gender, label: genderWord(gender) ?? "" }))]}
      value={value ?? ""}
      onChange={(picked) => onChange(GENDERS.find((gender) => gender === picked) ?? null)}
    />
  );
}
