import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconPrinter } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { CheckView } from "../../bindings/CheckView";
import type { PictureView } from "../../bindings/PictureView";
import { PrintSheet } from "../../app/PrintSheet";
import { useMe } from "../../app/session";
import { exactly } from "../../words/dates";
import css from "./Checks.module.css";
import { taskWord } from "./check-words";
import { Confidence } from "./Confidence";
import { OnlySupports } from "./CheckDetail";
import { deviceWord } from "./devices";
import { MeasuresTable } from "./MeasuresTable";
import { PaperPictures } from "./Pictures";
import { QualityList } from "./QualityList";
import { AidFooter, ResultChip, ResultWords } from "./ResultWords";
import { Said } from "./Said";
import { ScoreTable } from "./ScoreTable";

interface Props {
  view: CheckView;
  picture: PictureView | undefined;
  emergencyNumber: string;
}

/** Prints one check, or saves it as PDF from the same dialog. The sheet exists only for the printer. */
export function PrintCheck(props: Props) {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    if (!printing) return;
    const done = () => setPrinting(false);
    window.addEventListener("afterprint", done);
    window.print();
    return () => window.removeEventListener("afterprint", done);
  }, [printing]);
  return (
    <>
      <Button variant="default" leftSection={<IconPrinter size="1.1rem" aria-hidden />} onClick={() => setPrinting(true)}>
        <Trans>Print or save as PDF</Trans>
      </Button>
      {printing ? <CheckSheet {...props} /> : null}
    </>
  );
}

/** The same careful words as on the screen, with everything that was measured: paper has nothing to open. */
function CheckSheet({ view, picture, emergencyNumber }: Props) {
  const me = useMe();
  const { row } = view;
  return (
    <PrintSheet title={<Trans>Stroke check: {row.patient_name}</Trans>} me={me}>
      <div className={css.sheet} data-mantine-color-scheme="light">
        <Facts view={view} />
        <ResultChip row={row} />
        <ResultWords row={row} quality={view.quality} emergencyNumber={emergencyNumber} />
        {row.status === "completed" && view.only_supports ? <OnlySupports /> : null}
        {row.status === "completed" ? <Confidence value={row.confidence} /> : null}
        {view.notes ? <p>{view.notes}</p> : null}
        <p>
          {row.reviewed_at ? (
            <Trans>
              Reviewed by {row.reviewed_by ?? "?"} on {exactly(new Date(row.reviewed_at))}: {view.review}
            </Trans>
          ) : (
            <Trans>No clinician has reviewed this check.</Trans>
          )}
        </p>
        <AidFooter />
        {picture ? <PaperPictures view={view} picture={picture} /> : null}
        {row.inability ? null : <Rests view={view} />}
      </div>
    </PrintSheet>
  );
}

function Rests({ view }: { view: CheckView }) {
  return (
    <>
      <h2><Trans>Measures</Trans></h2>
      {view.measures.length > 0 ? <MeasuresTable measures={view.measures} everything /> : <p><Trans>Nothing was measured.</Trans></p>}
      <h2><Trans>Quality of the recording</Trans></h2>
      <QualityList checks={view.quality} />
      {view.score ? (
        <>
          <h2><Trans>How the points add up</Trans></h2>
          <ScoreTable score={view.score} />
        </>
        ) : null}
    </>
  );
}

function Facts({ view }: { view: CheckView }) {
  const { t } = useLingui();
  return (
    <p>
      <Said word={taskWord(view.row.task)} /> · {exactly(new Date(view.row.detected_at))} · {view.row.model_version}
      {view.device ? <> · <Said word={deviceWord(view.device)} /></> : null}
      {view.performed_by ? <> · {t`Led by ${view.performed_by}`}</> : null}
    </p>
  );
}
