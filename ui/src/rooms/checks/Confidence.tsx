import { Trans, useLingui } from "@lingui/react/macro";
import { formatNumber } from "../../parts/NumberText";
import { confidenceWord } from "../../words/checks";
import css from "./Checks.module.css";

/** Below this a repeat may well give another result (detect, "Confidence"). */
const UNCERTAIN = 0.6;

/** Would a repeat give the same result? A word first, the number beside it: never a share of anything else. */
export function Confidence({ value }: { value: number | null }) {
  const { i18n, t } = useLingui();
  if (value === null) {
    return (
      <p className="secondary">
        <Trans>Confidence: none, because nothing was compared</Trans>
      </p>
    );
  }
  const word = i18n._(confidenceWord(value));
  return (
    <div className={css.conf}>
      <div className={css.confHead}>
        <span className="dense">
          <Trans>Would a repeat give the same result?</Trans>
        </span>
        <span className="dense numbers nowrap">
          <strong>{word}</strong> · {formatNumber(value, 2)}
        </span>
      </div>
      <div className={css.confTrack} role="img" aria-label={t`Confidence that a repeat gives the same result: ${word}, ${formatNumber(value, 2)} of 1`}>
        <span className={css.confFill} style={{ inlineSize: `${Math.round(value * 100)}%` }} />
        <span className={css.confTick} style={{ insetInlineStart: `${UNCERTAIN * 100}%` }} />
      </div>
      <p className="secondary">
        <Trans>Left of the mark ({formatNumber(UNCERTAIN, 2)}): uncertain, repeat the test</Trans>
      </p>
    </div>
  );
}
