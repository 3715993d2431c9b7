import { Trans, useLingui } from "@lingui/react/macro";
import type { TrendView } from "../../bindings/TrendView";
import { day } from "../../words/dates";
import { checkFace } from "../../words/checks";
import css from "./Checks.module.css";
import { deviceWord } from "./devices";
import { Said } from "./Said";

/** A trend in numbers, newest first. */
export function TrendTable({ trend, text }: { trend: TrendView; text: (value: number) => string }) {
  const { t } = useLingui();
  return (
    <div className={css.tableWrap} tabIndex={0} role="group" aria-label={t`Trend as a table`}>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col"><Trans>Date</Trans></th>
            <th scope="col" className="right"><Trans>Value</Trans></th>
            <th scope="col"><Trans>Own band</Trans></th>
            <th scope="col"><Trans>Recorded with</Trans></th>
            <th scope="col"><Trans>Result</Trans></th>
          </tr>
        </thead>
        <tbody>
          {trend.points.toReversed().map((point) => (
            <tr key={point.id}>
              <td className="nowrap">{day(new Date(point.at))}</td>
              <td className="right numbers">{point.value === null ? <span className="secondary"><Trans>Not measured</Trans></span> : text(point.value)}</td>
              <td className="nowrap numbers">{point.own ? `${text(point.own.low)}–${text(point.own.high)}` : <span className="secondary"><Trans>None yet</Trans></span>}</td>
              <td><Said word={deviceWord(point.device)} /></td>
              <td>
                <Said word={checkFace(point).short} />
                {point.changed ? <strong> · <Trans>changed</Trans></strong> : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
