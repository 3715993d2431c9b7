import { Trans, useLingui } from "@lingui/react/macro";
import { useComputedColorScheme } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { useHost } from "../../host/HostContext";
import { asProblem, type Problem } from "../../host/problem";
import { Failed, Waiting } from "../../parts/DataState";
import { Measured } from "../../parts/Measured";
import { formatNumber } from "../../parts/NumberText";
import { ticks } from "../../parts/scale";
import css from "./Checks.module.css";
import { colourAt } from "./colour-scale";
import { RANGE_DB, readSpectrogram, type SpectrogramData } from "./spectrogram-data";
import { SpectrogramTable } from "./SpectrogramTable";
import { AXIS, TimeAxis, across } from "./VoicePicture";

const HEIGHT = 200;
const TOP = 6;

interface Props {
  /** A check, or a recording that is not in the chart yet. */
  id: string;
  /** Drawn for paper, whatever the window looks like. */
  paper?: boolean;
}

/** Where the energy of the recording lies over time, asked for as bytes and drawn here. */
export function Spectrogram({ id, paper }: Props) {
  const host = useHost();
  const query = useQuery<Uint8Array, Problem>({
    queryKey: [["@device"], "checks.spectrogram", id],
    queryFn: () => host.bytes("checks.spectrogram", { id }).catch((thrown: unknown) => Promise.reject(asProblem(thrown))),
  });
  const data = useMemo(() => (query.data ? readSpectrogram(query.data) : null), [query.data]);
  if (query.error) return <Failed problem={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <Waiting />;
  if (!data || data.columns === 0)
    return (
      <p className="secondary">
        <Trans>The recording is too short for a spectrogram.</Trans>
      </p>
    );
  return <Drawn data={data} paper={paper ?? false} />;
}

function Drawn({ data, paper }: { data: SpectrogramData; paper: boolean }) {
  const { t } = useLingui();
  const scheme = useComputedColorScheme("light");
  const light = paper || scheme === "light";
  const label = t`Spectrogram of ${formatNumber(data.seconds, 1)} seconds from 0 to ${formatNumber(data.top)} Hz. The table below says the same in numbers.`;
  return (
    <>
      <Measured height={HEIGHT + 30}>
        {(width) => (
          <div className={css.spectrogram} role="img" aria-label={label}>
            <Cells data={data} light={light} width={width - AXIS.left - AXIS.right} />
            <svg width={width} height={HEIGHT + 30} className={css.over} aria-hidden>
              <Hertz top={data.top} />
              <TimeAxis seconds={data.seconds} width={width} y={HEIGHT + 24} />
              <line x1={across(0, 1, width)} x2={across(1, 1, width)} y1={TOP + HEIGHT} y2={TOP + HEIGHT} className={css.axis} />
            </svg>
          </div>
        )}
      </Measured>
      <Legend light={light} />
      {paper ? null : <SpectrogramTable data={data} />}
    </>
  );
}

function Cells({ data, light, width }: { data: SpectrogramData; light: boolean; width: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    const image = context.createImageData(data.columns, data.rows);
    const palette = Array.from({ length: 256 }, (_, steps) => colourAt(1 - (steps * data.step) / RANGE_DB, light));
    for (let column = 0; column < data.columns; column += 1)
      for (let row = 0; row < data.rows; row += 1) {
        // The lowest frequency comes first in a column, and the top of a picture first on a screen.
        const at = ((data.rows - 1 - row) * data.columns + column) * 4;
        image.data.set([...(palette[data.cells[column * data.rows + row] ?? 255] ?? [0, 0, 0]), 255], at);
      }
    context.putImageData(image, 0, 0);
  }, [data, light]);
  return <canvas ref={canvas} width={data.columns} height={data.rows} className={css.cells} style={{ left: AXIS.left, top: TOP, width: Math.max(1, width), height: HEIGHT }} />;
}

function Hertz({ top }: { top: number }) {
  const y = (hertz: number) => TOP + (1 - hertz / top) * HEIGHT;
  return (
    <>
      {ticks(0, top, 5).map((hertz) => (
        <text key={hertz} x={AXIS.left - 6} y={Math.max(TOP + 9, y(hertz) + 4)} textAnchor="end" className={css.text}>
          {hertz === 0 ? "0 Hz" : formatNumber(hertz)}
        </text>
      ))}
    </>
  );
}

/** What the colours mean, in decibels below the loudest place. */
function Legend({ light }: { light: boolean }) {
  const stops = Array.from({ length: 9 }, (_, n) => `rgb(${colourAt(n / 8, light).join(" ")})`);
  return (
    <div className={`${css.legend} secondary numbers`}>
      <span>{`−${formatNumber(RANGE_DB)} dB`}</span>
      <span className={css.legendBar} style={{ background: `linear-gradient(to right, ${stops.join(", ")})` }} aria-hidden />
      <span>
        <Trans>0 dB: the loudest</Trans>
      </span>
    </div>
  );
}
