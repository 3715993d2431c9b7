import { Trans } from "@lingui/react/macro";
import type { CheckView } from "../../bindings/CheckView";
import type { PictureView } from "../../bindings/PictureView";
import { Card } from "../../parts/Card";
import css from "./Checks.module.css";
import { IntervalPlot } from "./IntervalPlot";
import { Spectrogram } from "./Spectrogram";
import { SpeechPicture } from "./SpeechPicture";
import { Stabilogram, SwayInTime } from "./StancePicture";
import { VoicePicture } from "./VoicePicture";

interface Props {
  view: CheckView;
  picture: PictureView;
}

/** What was heard or seen, each picture with its numbers behind it. */
export function Pictures({ view, picture }: Props) {
  const voice = view.row.input_type === "voice";
  return (
    <>
      <Card title={<PictureTitle view={view} />} note={voice ? shade(view.row.task) : <Trans>both axes at one scale, ellipse holds 95 %</Trans>}>
        <Plot view={view} picture={picture} />
      </Card>
      {voice ? (
        <Card title={<Trans>Spectrogram</Trans>} note={<Trans>Gaussian window of 5 ms</Trans>}>
          <Spectrogram id={view.row.id} />
        </Card>
      ) : null}
    </>
  );
}

/** The same for paper: no cards, nothing to open. */
export function PaperPictures({ view, picture }: Props) {
  return (
    <>
      <h2>
        <PictureTitle view={view} />
      </h2>
      <Plot view={view} picture={picture} />
      {view.row.input_type === "voice" ? (
        <>
          <h2>
            <Trans>Spectrogram</Trans>
          </h2>
          <Spectrogram id={view.row.id} paper />
        </>
      ) : null}
    </>
  );
}

function Plot({ view, picture }: Props) {
  if (view.row.input_type !== "voice")
    return (
      <div className={css.stance}>
        <Stabilogram picture={picture} />
        <div>
          <SwayInTime picture={picture} />
        </div>
      </div>
    );
  if (view.row.task === "ddk_pataka")
    return (
      <>
        <SpeechPicture picture={picture} kind="syllables" />
        <IntervalPlot onsets={picture.onsets} seconds={picture.duration_s} />
      </>
    );
  if (view.row.task === "reading") return <SpeechPicture picture={picture} kind="reading" />;
  return <VoicePicture picture={picture} />;
}

function PictureTitle({ view: { row } }: { view: CheckView }) {
  if (row.input_type !== "voice") return <Trans>Sway</Trans>;
  if (row.task === "ddk_pataka") return <Trans>Recording and syllables</Trans>;
  if (row.task === "reading") return <Trans>Speech and pauses</Trans>;
  return <Trans>Recording and pitch</Trans>;
}

function shade(task: string) {
  return task === "reading" ? <Trans>shaded: speech</Trans> : <Trans>shaded: the stretch that was analysed</Trans>;
}
