import { Trans, useLingui } from "@lingui/react/macro";
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import type { QualityView } from "../../bindings/QualityView";
import { formatNumber } from "../../parts/NumberText";
import css from "./Checks.module.css";
import { gateWord, qualityAdvice } from "./check-words";
import { Said } from "./Said";

const ORDER: Record<string, number> = { reject: 0, warn: 1, accept: 2 };

/** Every gate with its value and limit; those that failed first, each with what to do. */
export function QualityList({ checks }: { checks: readonly QualityView[] }) {
  const sorted = [...checks].sort((a, b) => (ORDER[a.verdict] ?? 3) - (ORDER[b.verdict] ?? 3));
  return (
    <ul className={css.quality}>
      {sorted.map((check) => (
        <li key={check.code} className={css.qualityRow}>
          <Mark verdict={check.verdict} />
          <span>
            <Said word={gateWord(check.code)} /> <Value check={check} />
            {check.verdict === "accept" ? null : <Advice code={check.code} />}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Mark({ verdict }: { verdict: string }) {
  const { t } = useLingui();
  if (verdict === "accept") return <IconCircleCheck size="1rem" color="var(--ok)" role="img" aria-label={t`good`} />;
  if (verdict === "warn") return <IconAlertTriangle size="1rem" color="var(--warn)" role="img" aria-label={t`with doubts`} />;
  return <IconCircleX size="1rem" color="var(--crit)" role="img" aria-label={t`not usable`} />;
}

/** Gates without a unit measure a share. */
function Value({ check }: { check: QualityView }) {
  if (check.value === null) return null;
  const share = check.unit === "";
  const text = (value: number) => (share ? `${formatNumber(value * 100, value > 0 && value < 0.01 ? 3 : 0)} %` : `${formatNumber(value, value >= 1000 ? 0 : 1)} ${check.unit}`);
  return (
    <span className="secondary numbers">
      {text(check.value)}
      {check.limit === null ? null : (
        <>
          {" "}
          <Trans>(limit {text(check.limit)})</Trans>
        </>
      )}
    </span>
  );
}

function Advice({ code }: { code: string }) {
  const advice = qualityAdvice(code);
  return advice ? (
    <span style={{ display: "block" }} className="dense">
      <Said word={advice} />
    </span>
  ) : null;
}
