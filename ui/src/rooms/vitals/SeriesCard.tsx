import { useLingui } from "@lingui/react/macro";
import type { Series } from "../../bindings/Series";
import { formatNumber } from "../../parts/NumberText";
import { SeriesChart, type NamedLevel } from "../../parts/SeriesChart";
import { day } from "../../words/dates";
import { within, type Reach } from "./ranges";
import { digitsOf, levelFace, signWord, unitText } from "./signs";

interface Props {
  series: Series;
  reach: Reach;
  levels?: readonly NamedLevel[];
  /** Without it only the named levels are drawn. */
  band?: boolean;
  height?: number;
}

/** One sign as a line: direction, size and since when are said in its label. */
export function SeriesLine({ series, reach, levels, band = true, height }: Props) {
  const { t, i18n } = useLingui();
  const points = within(series.points, reach, new Date());
  const word = signWord(series.code);
  const name = typeof word === "string" ? word : i18n._(word);
  if (points.length === 0) return <p className="secondary">{t`No value in this time. Choose “All” to see older ones.`}</p>;
  const first = points[0];
  const last = points.at(-1);
  const digits = digitsOf(series.code);
  const unit = unitText(series.unit);
  const summary =
    first && last && points.length > 1
      ? t`${name}: from ${formatNumber(first.value, digits)} on ${day(new Date(first.at))} to ${formatNumber(last.value, digits)} ${unit} on ${day(new Date(last.at))}, ${points.length} values.`
      : t`${name}: ${formatNumber(last?.value ?? 0, digits)} ${unit} on ${day(new Date(last?.at ?? 0))}, one value.`;
  return (
    <SeriesChart
      points={points.map((point) => ({ at: new Date(point.at).getTime(), value: point.value, second: point.second, tone: levelFace(point.level)?.tone ?? null }))}
      band={band && series.low !== null && series.high !== null ? { low: series.low, high: series.high } : null}
      levels={levels}
      digits={digits}
      summary={summary}
      height={height}
      names={[t`Upper`, t`Lower`]}
    />
  );
}
