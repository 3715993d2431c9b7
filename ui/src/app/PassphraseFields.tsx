import { Trans, useLingui } from "@lingui/react/macro";
import { Button, PasswordInput } from "@mantine/core";
import { IconDice5 } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Judgement } from "../bindings/Judgement";
import { useHost } from "../host/HostContext";
import { FieldError } from "../parts/fields";
import css from "./PassphraseFields.module.css";

const JUDGE_AFTER_MS = 150;

const REASONS: Record<string, MessageDescriptor> = {
  too_short: msg`At least 12 characters are needed. Several unrelated words are easiest to remember.`,
  too_long: msg`At most 256 characters can be used.`,
  personal: msg`This can be guessed from names that others know. Add unrelated words.`,
  guessable: msg`This can be guessed. Use more words that have nothing to do with each other.`,
};

const STRENGTHS: MessageDescriptor[] = [msg`Guessed at once`, msg`Very weak`, msg`Weak`, msg`Strong`, msg`Very strong`];

/** Judges what is typed. Kept out of the query store on purpose: a passphrase must not stay in memory as a key. */
function useJudgement(passphrase: string, context: string): Judgement | null {
  const host = useHost();
  const [judgement, setJudgement] = useState<Judgement | null>(null);
  useEffect(() => {
    if (passphrase === "") return setJudgement(null);
    let stale = false;
    const timer = setTimeout(() => {
      const names = context.split("\n").filter(Boolean);
      host.ask("passphrase.judge", { passphrase, context: names }).then(
        (answer) => stale || setJudgement(answer),
        // Without a judgement the form still goes through: the program judges again when the vault is made.
        () => stale || setJudgement(null),
      );
    }, JUDGE_AFTER_MS);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [host, passphrase, context]);
  return judgement;
}

export interface PassphraseValue {
  passphrase: string;
  repeated: string;
}

interface Props {
  value: PassphraseValue;
  onChange: (value: PassphraseValue) => void;
  /** Names the passphrase should not be made of. */
  context: readonly string[];
  /** It takes the place of another one. */
  replaces?: boolean;
  /** Shown once a submit was tried. */
  tried: boolean;
}

/** True when the two entries agree and are not empty. */
export function agree(value: PassphraseValue): boolean {
  return value.passphrase !== "" && value.passphrase === value.repeated;
}

/** A new passphrase, twice, with live strength and a suggestion of six words. */
export function PassphraseFields({ value, onChange, context, replaces, tried }: Props) {
  const { i18n, t } = useLingui();
  const host = useHost();
  const [visible, setVisible] = useState(false);
  const judgement = useJudgement(value.passphrase, context.join("\n"));
  const suggest = async () => {
    const { passphrase } = await host.ask("passphrase.suggest", {});
    setVisible(true);
    onChange({ passphrase, repeated: "" });
  };
  const reason = judgement?.reason ? REASONS[judgement.reason] : undefined;
  return (
    <>
      <div>
        <PasswordInput
          label={replaces ? t`New passphrase` : t`Passphrase`}
          description={t`It opens your records on this computer. Nobody can look it up for you.`}
          required
          autoComplete="new-password"
          visible={visible}
          onVisibilityChange={setVisible}
          visibilityToggleButtonProps={{ "aria-label": t`Show or hide the passphrase` }}
          value={value.passphrase}
          onChange={(event) => onChange({ ...value, passphrase: event.currentTarget.value })}
          error={tried && value.passphrase === "" ? <FieldError>{t`Choose a passphrase.`}</FieldError> : undefined}
        />
        {judgement ? <Strength judgement={judgement} /> : null}
        {reason ? <p className="secondary">{i18n._(reason)}</p> : null}
        <Button variant="subtle" size="compact-sm" mt="xs" leftSection={<IconDice5 size="1rem" aria-hidden />} onClick={() => void suggest()}>
          <Trans>Suggest six words</Trans>
        </Button>
      </div>
      <PasswordInput
        label={t`The same again`}
        required
        autoComplete="new-password"
        visibilityToggleButtonProps={{ "aria-label": t`Show or hide the repeated passphrase` }}
        value={value.repeated}
        onChange={(event) => onChange({ ...value, repeated: event.currentTarget.value })}
        error={tried && !agree(value) && value.passphrase !== "" ? <FieldError>{t`The two entries differ.`}</FieldError> : undefined}
      />
    </>
  );
}

function Strength({ judgement }: { judgement: Judgement }) {
  const { i18n, t } = useLingui();
  const word = STRENGTHS[judgement.score] ?? STRENGTHS[0];
  return (
    <div className={css.strength} role="status">
      <span className={css.bars} data-ok={judgement.ok} aria-hidden>
        {[1, 2, 3, 4].map((bar) => (
          <span key={bar} className={bar <= judgement.score ? css.full : css.empty} />
        ))}
      </span>
      <span className="secondary">
        <span className="sr-only">{t`Strength`}: </span>
        {word ? i18n._(word) : null}
      </span>
    </div>
  );
}
