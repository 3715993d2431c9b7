import { Trans, useLingui } from "@lingui/react/macro";
import { formatNumber } from "../../parts/NumberText";
import css from "./Checks.module.css";
import { stretchesOf, type SpectrogramData } from "./spectrogram-data";

/** The spectrogram in numbers: per stretch of time the strongest frequency and the level of each kilohertz. */
export function SpectrogramTable({ data }: { data: SpectrogramData }) {
  const { t } = useLingui();
  const rows = stretchesOf(data);
  const level = (value: number | null) => (value === null ? t`below −40` : formatNumber(value));
  return (
    <details>
      <summary>
        <Trans>Spectrogram as a table</Trans>
      </summary>
      <div className={css.tableWrap} tabIndex={0} role="group" aria-label={t`Spectrogram as a table`}>
        <table className="plain numbers">
          <thead>
            <tr>
              <th scope="col"><Trans>From, s</Trans></th>
              <th scope="col"><Trans>to, s</Trans></th>
              <th scope="col"><Trans>Strongest, Hz</Trans></th>
              {rows[0]?.levels.map((_, band) => (
                <th key={band} scope="col">{t`${band}–${band + 1} kHz, dB`}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.from}>
                <td>{formatNumber(row.from, 2)}</td>
                <td>{formatNumber(row.to, 2)}</td>
                <td>{row.strongest === null ? t`silence` : formatNumber(row.strongest)}</td>
                {row.levels.map((value, band) => (
                  <td key={band}>{level(value)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
