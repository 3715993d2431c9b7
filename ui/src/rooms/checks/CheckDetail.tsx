import { Trans, useLingui } from "@lingui/react/macro";
import { IconCpu } from "@tabler/icons-react";
import type { CheckView } from "../../bindings/CheckView";
import type { PictureView } from "../../bindings/PictureView";
import { Banner } from "../../parts/Banner";
import { Card } from "../../parts/Card";
import { Chip } from "../../parts/Chip";
import { DateText } from "../../parts/DateText";
import { inputWord } from "../../words/checks";
import css from "./Checks.module.css";
import { taskWord, verdictWord } from "./check-words";
import { Confidence } from "./Confidence";
import { deviceWord } from "./devices";
import { MeasuresTable } from "./MeasuresTable";
import { Pictures } from "./Pictures";
import { QualityList } from "./QualityList";
import { AidFooter, ResultChip, ResultWords } from "./ResultWords";
import { Said } from "./Said";
import { ScoreTable } from "./ScoreTable";

interface Props {
  view: CheckView;
  picture: PictureView | undefined;
  emergencyNumber: string;
}

/** A check in full: the words first, then what was heard or seen, then what the words rest on. */
export function CheckDetail({ view, picture, emergencyNumber }: Props) {
  const { row } = view;
  return (
    <div className={css.rows}>
      <Card title={<ResultTitle view={view} />} actions={row.inability ? undefined : <ModelChip view={view} />}>
        <div className={css.rows}>
          <ResultChip row={row} />
          <ResultWords row={row} quality={view.quality} emergencyNumber={emergencyNumber} />
          {row.status === "completed" && view.only_supports ? <OnlySupports /> : null}
          {row.status === "completed" ? <Confidence value={row.confidence} /> : null}
          {view.review ? <Review view={view} /> : null}
          {view.notes ? <p className="secondary">{view.notes}</p> : null}
          {view.device ? <Device device={view.device} /> : null}
          <AidFooter />
        </div>
      </Card>
      {picture ? <Pictures view={view} picture={picture} /> : null}
      {row.inability ? null : <Rests view={view} />}
    </div>
  );
}

/** What the words rest on. */
function Rests({ view }: { view: CheckView }) {
  return (
    <div className={css.split}>
      <Card title={<Trans>Measures</Trans>} padded={false}>
        {view.measures.length > 0 ? <MeasuresTable measures={view.measures} /> : <p className="secondary" style={{ padding: "0.75rem 1rem" }}><Trans>Nothing was measured.</Trans></p>}
      </Card>
      <div className={css.rows}>
        <Card title={<Trans>Quality of the recording</Trans>} note={<Said word={verdictWord(view.quality_verdict)} />}>
          <QualityList checks={view.quality} />
        </Card>
        {view.score ? (
          <Card title={<Trans>How the points add up</Trans>}>
            <ScoreTable score={view.score} />
          </Card>
        ) : null}
      </div>
    </div>
  );
}

function Device({ device }: { device: string }) {
  return (
    <p className="secondary">
      <Trans>
        Recorded with: <Said word={deviceWord(device)} />
      </Trans>
    </p>
  );
}

function ResultTitle({ view }: { view: CheckView }) {
  return (
    <>
      <Said word={inputWord(view.row.input_type)} /> · <Said word={taskWord(view.row.task)} /> · <DateText at={view.row.detected_at} />
    </>
  );
}

/** What judged it: a model's opinion never looks like a person's. */
export function ModelChip({ view }: { view: CheckView }) {
  const { t } = useLingui();
  return (
    <Chip tone="device" icon={IconCpu} title={t`Measured and compared by the program, not by a person`}>
      {view.row.model_version}
    </Chip>
  );
}

/** A vowel or a text supports and never decides: said wherever one stands alone. */
export function OnlySupports() {
  return (
    <Banner tone="info" title={<Trans>This cannot decide alone.</Trans>}>
      <Trans>A vowel or a text alone reaches at most 3 of the 4 points that count as signs. It supports an examination and never replaces one.</Trans>
    </Banner>
  );
}

function Review({ view }: { view: CheckView }) {
  return (
    <p>
      <strong>
        <Trans>Reviewed by {view.row.reviewed_by ?? "?"}</Trans>
      </strong>{" "}
      · <DateText at={view.row.reviewed_at} />: {view.review}
    </p>
  );
}
