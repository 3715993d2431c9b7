import { useLingui } from "@lingui/react/macro";
import { Textarea } from "@mantine/core";
import { useState } from "react";
import type { Problem } from "../host/problem";
import { Failed } from "../parts/DataState";
import { FieldError } from "../parts/fields";
import { PictureTextButton } from "./PictureTextButton";

/** Letters and digits after the label: 36 bytes in base32. */
const LETTERS = 58;

/** True when as many letters are there as the key of a clinic has; whether they are right, the program says. */
export function isRootKit(typed: string): boolean {
  const bare = typed.replace(/[\s-]/g, "").toUpperCase();
  return bare.startsWith("ROOT1:") && bare.length === LETTERS + 6;
}

interface Props {
  value: string;
  onChange: (text: string) => void;
  tried: boolean;
}

/** The key of the clinic, typed from its sheet or read from a picture of it. It is used once and kept nowhere. */
export function RootKitField({ value, onChange, tried }: Props) {
  const { t } = useLingui();
  const [problem, setProblem] = useState<Problem | null>(null);
  return (
    <div>
      <Textarea
        label={t`Key of the clinic`}
        description={t`The text that begins with ROOT1: on the sheet that was printed when the record was made. It is used once here and not kept.`}
        required
        autosize
        minRows={2}
        spellCheck={false}
        autoComplete="off"
        classNames={{ input: "mono" }}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={tried && !isRootKit(value) ? <FieldError>{t`This is not the whole text. It begins with ROOT1: and has 58 letters and digits after that.`}</FieldError> : undefined}
      />
      <PictureTextButton begins="ROOT1:" onText={onChange} onProblem={setProblem} />
      {problem ? <Failed problem={problem} /> : null}
    </div>
  );
}
