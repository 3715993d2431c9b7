import { Trans } from "@lingui/react/macro";
import type { ScoreView } from "../../bindings/ScoreView";
import { formatNumber } from "../../parts/NumberText";
import { basisWord, blockWord } from "./check-words";
import { Said } from "./Said";

/** How the points add up, so that a reader can redo the sum. */
export function ScoreTable({ score }: { score: ScoreView }) {
  return (
    <>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col"><Trans>Part</Trans></th>
            <th scope="col"><Trans>Compared with</Trans></th>
            <th scope="col" className="right"><Trans>Distance</Trans></th>
            <th scope="col" className="right"><Trans>Points</Trans></th>
          </tr>
        </thead>
        <tbody>
          {score.parts.map((part) => (
            <tr key={part.name}>
              <td><Said word={blockWord(part.name)} /></td>
              <td><Said word={basisWord(part.basis)} /></td>
              <td className="right nowrap">{formatNumber(part.z, 2)} SD</td>
              <td className="right">{formatNumber(part.points, 2)}</td>
            </tr>
          ))}
          <tr>
            <td colSpan={3}>
              <strong><Trans>Sum</Trans></strong> <span className="secondary"><Trans>(counts as signs from {formatNumber(score.threshold, 2)})</Trans></span>
            </td>
            <td className="right"><strong>{formatNumber(score.total, 2)}</strong></td>
          </tr>
        </tbody>
      </table>
      {score.healthy_share === null ? null : (
        <p className="secondary" style={{ marginTop: "0.5rem" }}>
          <Trans>Of 100 people of the reference without known illness, about {formatNumber(Math.round(score.healthy_share * 100))} score at least as high.</Trans>
        </p>
      )}
    </>
  );
}
