import { Trans, useLingui } from "@lingui/react/macro";
import { NativeSelect } from "@mantine/core";
import { useState } from "react";
import type { TrendView } from "../../bindings/TrendView";
import { useAsk } from "../../app/queries";
import { Card } from "../../parts/Card";
import { Failed } from "../../parts/DataState";
import css from "./Checks.module.css";
import { taskWord } from "./check-words";
import { OwnTrend } from "./OwnTrend";
import { LONGEST_DAYS } from "./trend-data";

/** How the main measures of a person went over the months. Nothing is shown before anything was measured. */
export function Trends({ patient }: { patient: string }) {
  const trends = useAsk("checks.trends", { patient });
  if (trends.error) return <Failed problem={trends.error} onRetry={() => void trends.refetch()} />;
  if (!trends.data || trends.data.length === 0) return null;
  return <Shown trends={trends.data} />;
}

function Shown({ trends }: { trends: readonly TrendView[] }) {
  const { t, i18n } = useLingui();
  const tasks = [...new Set(trends.map((trend) => trend.task))];
  const [chosen, setChosen] = useState<string | null>(null);
  const task = chosen !== null && tasks.includes(chosen) ? chosen : (tasks[0] ?? "");
  const name = (value: string) => {
    const word = taskWord(value);
    return typeof word === "string" ? word : i18n._(word);
  };
  return (
    <Card title={<Trans>Over the months</Trans>} note={<Trans>against the person's own earlier recordings</Trans>}>
      <NativeSelect label={t`Which task`} data={tasks.map((value) => ({ value, label: name(value) }))} value={task} onChange={(event) => setChosen(event.currentTarget.value)} style={{ maxWidth: "22rem" }} />
      <div className={css.trends}>
        {trends
          .filter((trend) => trend.task === task)
          .map((trend) => (
            <OwnTrend key={trend.measure} trend={trend} />
          ))}
      </div>
      <p className="secondary" style={{ marginTop: "0.75rem" }}>
        <Trans>
          Band: two deviations either side of the own mean of earlier recordings with the same kind of device, from three on. A value outside it is a difference, not a finding. Square: signs; ring: another result
          than before; open: not judged; cross: nothing measured; dotted: another kind of device. No line is drawn over more than {LONGEST_DAYS} days.
        </Trans>
      </p>
    </Card>
  );
}
