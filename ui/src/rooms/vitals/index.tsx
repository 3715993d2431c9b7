import { Trans, useLingui } from "@lingui/react/macro";
import { Button, SegmentedControl } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import type { Point } from "../../bindings/Point";
import type { Series } from "../../bindings/Series";
import type { VitalsView } from "../../bindings/VitalsView";
import { useAsk, useTell } from "../../app/queries";
import { Card } from "../../parts/Card";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { DataState, Empty, Failed } from "../../parts/DataState";
import { Stack } from "../../parts/Page";
import { day } from "../../words/dates";
import { loinc } from "./loinc";
import { within, type Reach } from "./ranges";
import { ReachSwitch } from "./ReachSwitch";
import { SeriesLine } from "./SeriesCard";
import { SeriesTable, valueText } from "./SeriesTable";
import { SIGNS, signWord, unitText } from "./signs";
import { VitalTiles } from "./VitalTiles";
import css from "./Vitals.module.css";

export { loinc } from "./loinc";
export { MeasureDialog } from "./MeasureDialog";
export { ReachSwitch } from "./ReachSwitch";
export { SeriesLine } from "./SeriesCard";
export { SeriesTable } from "./SeriesTable";
export { VitalTiles } from "./VitalTiles";
export type { Reach } from "./ranges";

/** Pressure as one sign, its two numbers left out, the computed index after the weight. */
const SHOWN = [loinc.PRESSURE, ...SIGNS.map((sign) => sign.code).filter((code) => code !== loinc.SYSTOLIC && code !== loinc.DIASTOLIC), loinc.BMI];

/** Vital signs: newest values, and one of them over time. */
export function VitalsRoom({ patient, onMeasure }: { patient: string; onMeasure: () => void }) {
  const view = useAsk("vitals.view", { patient });
  const measure = (
    <Button variant="default" leftSection={<IconPlus size="1.1rem" aria-hidden />} onClick={onMeasure}>
      <Trans>Measure</Trans>
    </Button>
  );
  return (
    <DataState
      query={view}
      isEmpty={(data) => data.tiles.length === 0}
      empty={
        <Card>
          <Empty action={measure}>
            <Trans>No vital sign is recorded yet.</Trans>
          </Empty>
        </Card>
      }
    >
      {(data) => <Signs view={data} measure={measure} />}
    </DataState>
  );
}

function Signs({ view, measure }: { view: VitalsView; measure: ReactNode }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const code = chosen ?? view.series.find((one) => one.code === loinc.PRESSURE)?.code ?? view.series[0]?.code ?? loinc.PRESSURE;
  const series = view.series.find((one) => one.code === code);
  return (
    <Stack>
      <Card title={<Trans>Newest values</Trans>} actions={measure}>
        <VitalTiles codes={SHOWN} tiles={view.tiles} chosen={code} onChoose={setChosen} />
      </Card>
      <TrendCard key={code} code={code} series={series} />
    </Stack>
  );
}

function TrendCard({ code, series }: { code: string; series: Series | undefined }) {
  const { t, i18n } = useLingui();
  const [reach, setReach] = useState<Reach>("2y");
  const [shape, setShape] = useState("graph");
  const [withdrawing, setWithdrawing] = useState<Point | null>(null);
  const word = signWord(code);
  const name = typeof word === "string" ? word : i18n._(word);
  // The index is computed from height and weight: the way to correct it is to correct those.
  const computed = code === loinc.BMI;
  const shown = series ? { ...series, points: within(series.points, reach, new Date()) } : undefined;
  return (
    <Card
      title={name}
      note={series ? unitText(series.unit) : undefined}
      actions={
        <div className={css.tools}>
          <ReachSwitch value={reach} onChange={setReach} />
          <SegmentedControl
            size="xs"
            aria-label={t`Graph or table`}
            value={shape}
            onChange={setShape}
            data={[
              { value: "graph", label: t`Graph` },
              { value: "table", label: t`Table` },
            ]}
          />
        </div>
      }
    >
      {!series || !shown ? (
        <p className="secondary">
          <Trans>Not recorded</Trans>
        </p>
      ) : shape === "graph" ? (
        <SeriesLine series={series} reach={reach} height={240} />
      ) : (
        <SeriesTable series={shown} onWithdraw={computed ? undefined : setWithdrawing} />
      )}
      {series ? <WithdrawDialog series={series} point={withdrawing} name={name} onClose={() => setWithdrawing(null)} /> : null}
    </Card>
  );
}

function WithdrawDialog({ series, point, name, onClose }: { series: Series; point: Point | null; name: string; onClose: () => void }) {
  const { t } = useLingui();
  const withdraw = useTell("vitals.withdraw");
  const value = point ? `${valueText(series, point)} ${unitText(series.unit)}` : "";
  const when = point ? day(new Date(point.at)) : "";
  return (
    <ConfirmDialog
      opened={point !== null}
      onClose={onClose}
      title={t`Withdraw ${name} ${value} of ${when}?`}
      confirm={<Trans>Withdraw the value</Trans>}
      danger
      busy={withdraw.isPending}
      onConfirm={() => point && withdraw.mutate({ id: point.id }, { onSuccess: onClose })}
    >
      <p>
        {series.code === loinc.PRESSURE ? (
          <Trans>Both numbers leave the list and the trend as entered in error. The history keeps them, with your name.</Trans>
        ) : (
          <Trans>It leaves the list and the trend as entered in error. The history keeps it, with your name.</Trans>
        )}
      </p>
      {withdraw.error ? <Failed problem={withdraw.error} /> : null}
    </ConfirmDialog>
  );
}
