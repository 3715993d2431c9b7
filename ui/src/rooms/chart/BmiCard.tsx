import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconArrowUpRight, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { SummaryView } from "../../bindings/SummaryView";
import { Card } from "../../parts/Card";
import { formatNumber } from "../../parts/NumberText";
import { Stack } from "../../parts/Page";
import { loinc, ReachSwitch, SeriesLine, SeriesTable, VitalTiles, type Reach } from "../vitals";

interface Props {
  view: SummaryView;
  onMeasure: () => void;
  onVitals: () => void;
}

const TILES = [loinc.BMI, loinc.WEIGHT, loinc.PRESSURE, loinc.GLUCOSE];

/** Body mass index over time with the newest values above it; computed from weight and height, never typed. */
export function BmiCard({ view, onMeasure, onVitals }: Props) {
  const { t } = useLingui();
  const [reach, setReach] = useState<Reach>("2y");
  const [table, setTable] = useState(false);
  // Limits of the World Health Organization, 2000.
  const levels = [
    { value: 30, label: t`Obesity from 30`, tone: "crit" as const },
    { value: 25, label: t`Overweight from 25`, tone: "warn" as const },
    { value: 18.5, label: t`Underweight below 18.5`, tone: "warn" as const },
  ];
  return (
    <Card
      title={<Trans>Body mass index</Trans>}
      note={view.height_cm === null ? <Trans>Height not recorded</Trans> : `${formatNumber(view.height_cm)} cm`}
      actions={
        <>
          {view.bmi ? <ReachSwitch value={reach} onChange={setReach} /> : null}
          <Button variant="default" leftSection={<IconPlus size="1.1rem" aria-hidden />} onClick={onMeasure}>
            <Trans>Measure</Trans>
          </Button>
        </>
      }
    >
      <Stack>
        <VitalTiles codes={TILES} tiles={view.vitals} />
        {view.bmi && view.bmi.points.length > 0 ? (
          table ? (
            <SeriesTable series={view.bmi} />
          ) : (
            <SeriesLine series={view.bmi} reach={reach} levels={levels} band={false} height={190} />
          )
        ) : (
          <p className="secondary">
            <Trans>Not recorded: weight and height give the index.</Trans>
          </p>
        )}
        <div style={{ display: "flex", justifyContent: "flex-end", gap: "0.25rem" }}>
          {view.bmi && view.bmi.points.length > 0 ? (
            <Button variant="subtle" size="compact-xs" onClick={() => setTable(!table)} aria-pressed={table}>
              {table ? <Trans>Show as chart</Trans> : <Trans>Show as table</Trans>}
            </Button>
          ) : null}
          <Button variant="subtle" size="compact-xs" leftSection={<IconArrowUpRight size="0.9rem" aria-hidden />} onClick={onVitals}>
            <Trans>All vital signs</Trans>
          </Button>
        </div>
      </Stack>
    </Card>
  );
}
