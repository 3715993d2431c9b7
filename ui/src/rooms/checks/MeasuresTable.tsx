import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useState } from "react";
import type { MeasureView } from "../../bindings/MeasureView";
import { formatNumber } from "../../parts/NumberText";
import css from "./Checks.module.css";
import { absentWord, unitText } from "./check-words";
import { measureWords } from "./measure-words";
import { BAND, stripPosition, usualRange } from "./norm";
import { Said } from "./Said";

/** Everything that was measured. Measures with a reference first; the rest on request. */
export function MeasuresTable({ measures, everything = false }: { measures: readonly MeasureView[]; everything?: boolean }) {
  const { t } = useLingui();
  const compared = measures.filter((one) => one.z !== null);
  const others = measures.filter((one) => one.z === null);
  const [all, setAll] = useState(everything || compared.length === 0);
  const shown = all ? [...compared, ...others] : compared;
  return (
    <>
      <div className={css.tableWrap} tabIndex={0} role="group" aria-label={t`Measures`}>
        <table className="plain">
          <thead>
            <tr>
              <th scope="col"><Trans context="noun">Measure</Trans></th>
              <th scope="col" className="right"><Trans>Value</Trans></th>
              <th scope="col"><Trans>Usual range</Trans></th>
              <th scope="col"><Trans>Against the reference</Trans></th>
            </tr>
          </thead>
          <tbody>
            {shown.map((measure) => (
              <MeasureRow key={measure.name} measure={measure} />
            ))}
          </tbody>
        </table>
      </div>
      {!everything && compared.length > 0 && others.length > 0 ? (
        <Button variant="subtle" size="compact-sm" onClick={() => setAll(!all)} aria-expanded={all} mt="xs">
          {all ? <Trans>Only compared measures</Trans> : <Trans>All {measures.length} measures</Trans>}
        </Button>
      ) : null}
    </>
  );
}

function MeasureRow({ measure }: { measure: MeasureView }) {
  const words = measureWords(measure.name);
  const range = usualRange(measure);
  const text = (value: number) => `${formatNumber(words?.share ? value * 100 : value, words?.digits ?? 2)}`;
  const unit = words?.share ? "%" : unitText(measure.unit);
  return (
    <tr>
      <th scope="row" style={{ color: "inherit", fontWeight: 450, fontSize: "0.84375rem" }}>{words ? <Said word={words.name} /> : measure.name}</th>
      <td className="right nowrap">
        {measure.value === null ? (
          <span className="secondary">{measure.absent ? <Said word={absentWord(measure.absent)} /> : <Trans>Not measured</Trans>}</span>
        ) : (
          <>
            {text(measure.value)} <span className="unit">{unit}</span>
          </>
        )}
      </td>
      <td className="nowrap">{range ? `${text(range[0])}–${text(range[1])}` : <span className="secondary"><Trans>No norm</Trans></span>}</td>
      <td>{measure.z === null ? null : <Strip z={measure.z} />}</td>
    </tr>
  );
}

/** The usual range as a band, this value as a mark; right is the side of concern. */
function Strip({ z }: { z: number }) {
  const { t } = useLingui();
  const where = z > 2 ? t`outside the usual range, on the side of concern` : z < -2 ? t`outside the usual range, on the good side` : t`within the usual range`;
  return (
    <span className={css.qualityRow}>
      <span className={css.strip} role="img" aria-label={t`${formatNumber(z, 1)} standard deviations: ${where}`}>
        <span className={css.stripBand} style={{ insetInlineStart: `${BAND.from * 100}%`, inlineSize: `${(BAND.to - BAND.from) * 100}%` }} />
        <span className={css.stripMark} style={{ insetInlineStart: `${stripPosition(z) * 100}%` }} />
      </span>
      <span className="secondary numbers nowrap" aria-hidden>
        {z > 0 ? "+" : ""}
        {formatNumber(z, 1)} SD
      </span>
    </span>
  );
}
