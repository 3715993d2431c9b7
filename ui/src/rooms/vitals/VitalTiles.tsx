import { useLingui } from "@lingui/react/macro";
import { IconAlertTriangle, IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import type { VitalTile } from "../../bindings/VitalTile";
import { DateText } from "../../parts/DateText";
import { formatNumber } from "../../parts/NumberText";
import { StatTile, type Trend } from "../../parts/StatTile";
import { day } from "../../words/dates";
import { digitsOf, levelFace, signWord, unitText } from "./signs";
import css from "./Vitals.module.css";

interface StripProps {
  /** Codes in the order shown; one without a value says "Not recorded". */
  codes: readonly string[];
  tiles: readonly VitalTile[];
  chosen?: string;
  onChoose?: (code: string) => void;
}

/** The newest value of each sign with its direction, size and since when. */
export function VitalTiles({ codes, tiles, chosen, onChoose }: StripProps) {
  return (
    <div className={css.strip}>
      {codes.map((code) => {
        const tile = <Tile code={code} tile={tiles.find((one) => one.code === code)} />;
        return onChoose ? (
          <button key={code} type="button" className={css.tile} aria-pressed={chosen === code} onClick={() => onChoose(code)}>
            {tile}
          </button>
        ) : (
          <div key={code} className={css.cell}>
            {tile}
          </div>
        );
      })}
    </div>
  );
}

function Tile({ code, tile }: { code: string; tile: VitalTile | undefined }) {
  const { t, i18n } = useLingui();
  const trend = useTrend(tile);
  const word = signWord(code);
  const name = typeof word === "string" ? word : i18n._(word);
  if (!tile) return <StatTile label={name} value={<span style={{ fontWeight: 450, fontSize: "0.875rem" }}>{t`Not recorded`}</span>} note={<>&nbsp;</>} />;
  const digits = digitsOf(code);
  const value = tile.second === null ? formatNumber(tile.value, digits) : `${formatNumber(tile.value, digits)}/${formatNumber(tile.second, digits)}`;
  const face = levelFace(tile.level);
  const note = face ? <LevelNote tile={tile} /> : <DateText at={tile.observed_at} />;
  return <StatTile label={name} value={value} unit={unitText(tile.unit)} trend={face ? undefined : trend} note={note} />;
}

function useTrend(tile: VitalTile | undefined): Trend | undefined {
  const { t } = useLingui();
  if (!tile || tile.delta === null || tile.delta_since === null) return undefined;
  const digits = digitsOf(tile.code);
  const size = Number(tile.delta.toFixed(digits));
  const since = t`since ${day(new Date(tile.delta_since))}`;
  if (size === 0) return { direction: "same", size: t`no change`, since };
  return { direction: size > 0 ? "up" : "down", size: formatNumber(Math.abs(size), digits), since };
}

function LevelNote({ tile }: { tile: VitalTile }) {
  const { i18n } = useLingui();
  const face = levelFace(tile.level);
  if (!face) return null;
  const Icon = face.tone === "crit" ? IconAlertTriangle : tile.level === "low" ? IconArrowDown : IconArrowUp;
  return (
    <span className={css.note}>
      <span className={css.level} style={{ color: `var(--${face.tone})` }}>
        <Icon size="0.875rem" aria-hidden /> {i18n._(face.word)}
      </span>
      <DateText at={tile.observed_at} />
    </span>
  );
}
