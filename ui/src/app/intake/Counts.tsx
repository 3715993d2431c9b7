import { Trans, useLingui } from "@lingui/react/macro";
import type { IntakeView } from "../../bindings/IntakeView";
import { Card } from "../../parts/Card";
import { StatStrip, StatTile } from "../../parts/StatTile";

/** The four numbers of a dry run: new, already here, different, kept in the original only. */
export function Counts({ intake }: { intake: IntakeView }) {
  const { t } = useLingui();
  const count = (state: string) => intake.items.filter((item) => item.state === state).length;
  const kept = intake.types.reduce((sum, type) => sum + type.kept, 0);
  const different = count("different");
  return (
    <Card title={<Trans>What would change</Trans>} note={intake.source}>
      <StatStrip>
        <StatTile label={t`New`} value={count("new")} note={t`not in the chart yet`} />
        <StatTile label={t`Already here`} value={count("same")} note={t`the same, left alone`} />
        <StatTile label={t`Different`} value={different} tone={different > 0 ? "warn" : undefined} note={t`here, with other content`} />
        <StatTile label={t`Kept as original`} value={kept} note={t`readable in the file only`} />
      </StatStrip>
    </Card>
  );
}
