import { Plural, useLingui } from "@lingui/react/macro";
import { Textarea } from "@mantine/core";
import type { Problem } from "../host/problem";
import { useState } from "react";
import { Failed } from "../parts/DataState";
import { FieldError } from "../parts/fields";
import { PictureTextButton } from "./PictureTextButton";

/** Letters and digits of a whole kit, after its label: 53 bytes in base32. */
const LETTERS = 85;

/** True when as many letters are there as a kit has; whether they are right, the program says. */
export function isWholeKit(typed: string): boolean {
  return typed.replace(/^\s*KIT1\s*:/i, "").replace(/[\s-]/g, "").length === LETTERS;
}

/** The text with its label, which people leave out when they type the groups from the sheet. */
export function kitText(typed: string): string {
  const bare = typed.trim();
  return /^KIT1\s*:/i.test(bare) ? bare : `KIT1:${bare}`;
}

interface Props {
  value: string;
  onChange: (text: string) => void;
  tried: boolean;
}

/** The recovery kit, typed from its sheet or read from a picture of it. */
export function KitField({ value, onChange, tried }: Props) {
  const { t } = useLingui();
  const [problem, setProblem] = useState<Problem | null>(null);
  const missing = LETTERS - value.replace(/^\s*KIT1\s*:/i, "").replace(/[\s-]/g, "").length;
  return (
    <div>
      <Textarea
        label={t`Recovery kit`}
        description={t`The letters of your sheet, in the order of their numbers. Spaces and capitals do not matter.`}
        required
        autosize
        minRows={3}
        spellCheck={false}
        autoComplete="off"
        classNames={{ input: "mono" }}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={tried && !isWholeKit(value) ? <FieldError>{missing > 0 ? <Plural value={missing} one="# letter is still missing." other="# letters are still missing." /> : t`These are too many letters.`}</FieldError> : undefined}
      />
      <PictureTextButton begins="KIT1:" onText={onChange} onProblem={setProblem} />
      {problem ? <Failed problem={problem} /> : null}
    </div>
  );
}
