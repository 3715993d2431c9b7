import { Trans, useLingui } from "@lingui/react/macro";
import { TextInput } from "@mantine/core";

interface Props {
  value: string;
  onChange: (code: string) => void;
}

/** The code of the second factor, on a computer that several people use. It says what it is good for, and what not. */
export function CodeField({ value, onChange }: Props) {
  const { t } = useLingui();
  return (
    <div>
      <TextInput
        label={t`Code`}
        description={t`The six digits that your app shows now, or one of your backup codes.`}
        autoFocus
        autoComplete="one-time-code"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={32}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <p className="secondary" style={{ marginTop: "0.5rem" }}>
        <Trans>Several people use this computer, so it asks for both. The code stops somebody who watched you type your passphrase. It does not protect a copied disk: that is what the passphrase is for.</Trans>
      </p>
    </div>
  );
}
