import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import type { Point } from "../../bindings/Point";
import type { Series } from "../../bindings/Series";
import { DateText } from "../../parts/DateText";
import { formatNumber } from "../../parts/NumberText";
import { digitsOf, levelFace, unitText } from "./signs";
import css from "./Vitals.module.css";

interface Props {
  series: Series;
  /** Takes a value back as entered in error; absent where values are computed. */
  onWithdraw?: (point: Point) => void;
}

/** The same numbers as the line, newest first, with who entered them. */
export function SeriesTable({ series, onWithdraw }: Props) {
  const { t } = useLingui();
  const newest = [...series.points].reverse();
  return (
    <div className={css.scroll} tabIndex={0} role="group" aria-label={t`Values`}>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col"><Trans>When</Trans></th>
            <th scope="col" className="right"><Trans>Value</Trans></th>
            <th scope="col"><Trans>Level</Trans></th>
            <th scope="col"><Trans>Entered by</Trans></th>
            {onWithdraw ? <th scope="col"><span className="sr-only"><Trans>Action</Trans></span></th> : null}
          </tr>
        </thead>
        <tbody>
          {newest.map((point) => (
            <tr key={point.id}>
              <td><DateText at={point.at} /></td>
              <td className="right nowrap">{valueText(series, point)} <span className="unit">{unitText(series.unit)}</span></td>
              <td><LevelWord point={point} /></td>
              <td>{point.by ?? <span className="secondary"><Trans>Not recorded</Trans></span>}</td>
              {onWithdraw ? (
                <td className="right">
                  <Button variant="subtle" size="compact-xs" onClick={() => onWithdraw(point)} aria-label={t`Withdraw ${valueText(series, point)} ${unitText(series.unit)}`}>
                    <Trans>Withdraw</Trans>
                  </Button>
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** "148/92" or "74.1". */
export function valueText(series: Pick<Series, "code">, point: Pick<Point, "value" | "second">): string {
  const digits = digitsOf(series.code);
  const value = formatNumber(point.value, digits);
  return point.second === null ? value : `${value}/${formatNumber(point.second, digits)}`;
}

function LevelWord({ point }: { point: Point }) {
  const { i18n } = useLingui();
  const face = levelFace(point.level);
  if (face) return <strong style={{ color: `var(--${face.tone})` }}>{i18n._(face.word)}</strong>;
  return point.level === "normal" ? <Trans>Usual</Trans> : <span className="secondary"><Trans>Not rated</Trans></span>;
}
