import { Trans, useLingui } from "@lingui/react/macro";
import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import type { CheckDraft } from "../../bindings/CheckDraft";
import { Banner } from "../../parts/Banner";
import css from "./Checks.module.css";
import { FileStep } from "./FileStep";

type Eyes = "stance_eyes_open" | "stance_eyes_closed";

/** Quiet standing on a force plate, read from its table. */
export function BalanceStep({ patient, onDraft }: { patient: string; onDraft: (draft: CheckDraft) => void }) {
  const { t } = useLingui();
  const [task, setTask] = useState<Eyes>("stance_eyes_open");
  return (
    <div className={css.rows}>
      <Banner tone="warn" title={<Trans>Safety first.</Trans>}>
        <Trans>Someone stands within reach, a chair behind. Stop at any step or swaying that frightens.</Trans>
      </Banner>
      <div className={css.steps}>
        <SegmentedControl
          aria-label={t`Which stance`}
          value={task}
          onChange={(value) => setTask(value as Eyes)}
          data={[
            { value: "stance_eyes_open", label: t`Eyes open` },
            { value: "stance_eyes_closed", label: t`Eyes closed` },
          ]}
        />
        <p className={css.big}>
          {task === "stance_eyes_open" ? <Trans>Stand still and look at a mark on the wall for one minute.</Trans> : <Trans>Stand still with your eyes closed for one minute.</Trans>}
        </p>
        <p className="secondary">
          <Trans>Barefoot, heels 10 cm apart, feet turned 20° out, arms down. Five seconds to settle, then 60 seconds on the plate.</Trans>
        </p>
      </div>
      <FileStep patient={patient} task={task} accept=".csv,text/csv,.txt" onDraft={onDraft}>
        <Trans>Drop the plate's CSV file here: one row per sample with time, sideways and forward position, each column with its unit (time_s, ml_cm, ap_cm).</Trans>
      </FileStep>
    </div>
  );
}
