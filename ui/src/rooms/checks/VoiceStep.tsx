import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Checkbox, SegmentedControl } from "@mantine/core";
import { IconMicrophone, IconPlayerStopFilled } from "@tabler/icons-react";
import { useCallback, useEffect, useRef, useState, type RefObject } from "react";
import type { CheckDraft } from "../../bindings/CheckDraft";
import { useAsk, useTell } from "../../app/queries";
import { useHost } from "../../host/HostContext";
import { Failed, Waiting } from "../../parts/DataState";
import { minutesSeconds } from "../../parts/Waveform";
import css from "./Checks.module.css";
import { DeviceField } from "./DeviceField";
import { FileStep } from "./FileStep";
import { LevelMeter, useLevel } from "./LevelMeter";
import { READING_SYLLABLES, READING_TEXT, VOICE_TASKS, type VoiceTask } from "./voice-tasks";

interface Props {
  patient: string;
  onDraft: (draft: CheckDraft) => void;
}

/** A voice task from the microphone of this computer, or from a file. */
export function VoiceStep({ patient, onDraft }: Props) {
  const { t, i18n } = useLingui();
  const microphone = useAsk("checks.microphone", {});
  const [task, setTask] = useState<VoiceTask>("vowel");
  const words = VOICE_TASKS[task];
  const [recording, setRecording] = useState(false);
  const start = useTell("checks.start_recording");
  const [device, setDevice] = useState("unknown");
  const [isOurText, setOurText] = useState(false);
  const syllables = task === "reading" ? (READING_SYLLABLES[i18n.locale] ?? null) : null;
  const begin = () => start.mutate({ patient, task, device, syllables }, { onSuccess: () => setRecording(true) });
  if (microphone.isPending) return <Waiting />;
  if (recording) return <Recording task={task} onDraft={onDraft} onEnd={() => setRecording(false)} />;
  const name = microphone.data?.name ?? null;
  return (
    <div className={css.rows}>
      <div className={css.steps}>
        <SegmentedControl
          aria-label={t`Which task`}
          value={task}
          onChange={(value) => setTask(value as VoiceTask)}
          data={(Object.keys(VOICE_TASKS) as VoiceTask[]).map((value) => ({ value, label: i18n._(VOICE_TASKS[value].name) }))}
        />
        <p className={css.big}>{i18n._(words.told)}</p>
        {task === "reading" ? <p className={css.text_to_read}>{i18n._(READING_TEXT)}</p> : null}
        <p className="secondary">
          <Trans>Quiet room, microphone a hand's breadth from the mouth. The first second stays silent: it measures the room.</Trans>
        </p>
        <DeviceField value={device} onChange={setDevice} />
        {name ? (
          <>
            <Button size="md" leftSection={<IconMicrophone size="1.2rem" aria-hidden />} onClick={begin} loading={start.isPending} data-autofocus>
              <Trans>Start recording</Trans>
            </Button>
            <p className="secondary">
              <Trans>Microphone: {name}</Trans>
            </p>
          </>
        ) : (
          <p className="secondary" role="status">
            <Trans>No microphone was found. Plug one in, or choose a recording made elsewhere.</Trans>
          </p>
        )}
      </div>
      {microphone.error ? <Failed problem={microphone.error} /> : null}
      {start.error ? <Failed problem={start.error} onRetry={begin} /> : null}
      {task === "reading" ? <Checkbox label={t`The recording in the file is of the text above`} checked={isOurText} onChange={(event) => setOurText(event.currentTarget.checked)} /> : null}
      <FileStep patient={patient} task={task} accept=".wav,.flac,.mp3,.ogg,.m4a,audio/*" given={{ device, syllables: isOurText ? syllables : null }} onDraft={onDraft}>
        <Trans>Or drop a recording of it here: WAV, FLAC, MP3, OGG or M4A.</Trans>
      </FileStep>
    </div>
  );
}

function Recording({ task, onDraft, onEnd }: { task: VoiceTask; onDraft: (draft: CheckDraft) => void; onEnd: () => void }) {
  const { t, i18n } = useLingui();
  const words = VOICE_TASKS[task];
  const heard = useLevel();
  const stop = useTell("checks.stop_recording");
  const stopped = useRef(false);
  const { mutate } = stop;
  const finish = useCallback(() => {
    if (stopped.current) return;
    stopped.current = true;
    mutate({}, { onSuccess: onDraft });
  }, [mutate, onDraft]);
  const seconds = heard?.seconds ?? 0;
  useEffect(() => {
    if (seconds >= words.longest + 1) finish();
  }, [seconds, words.longest, finish]);
  useStopOnLeave(stopped);
  if (stop.error) return <Failed problem={stop.error} onRetry={onEnd} />;
  const quiet = seconds < 1;
  return (
    <div className={css.steps}>
      <p className={css.big} aria-live="polite">
        {quiet ? <Trans>Silence, please</Trans> : i18n._(words.now)}
      </p>
      {task === "reading" ? <p className={css.text_to_read}>{i18n._(READING_TEXT)}</p> : null}
      <p className={css.timer} role="timer" aria-label={t`${Math.floor(seconds)} seconds recorded`}>
        {minutesSeconds(Math.floor(seconds))}
      </p>
      <LevelMeter heard={heard} />
      <Button size="md" variant="default" leftSection={<IconPlayerStopFilled size="1.1rem" aria-hidden />} onClick={finish} loading={stop.isPending} data-autofocus>
        <Trans>Stop and look at the result</Trans>
      </Button>
      <p className="secondary">
        <Trans>Stops by itself after {words.longest} seconds of voice.</Trans>
      </p>
    </div>
  );
}

/** Leaving in the middle must not leave the microphone on; what was heard until then is thrown away. */
function useStopOnLeave(stopped: RefObject<boolean>) {
  const host = useHost();
  const shown = useRef(false);
  useEffect(() => {
    shown.current = true;
    return () => {
      shown.current = false;
      // Not at once: a development build mounts twice, and the second mount is the same recording.
      setTimeout(() => {
        if (shown.current || stopped.current) return;
        stopped.current = true;
        void host.ask("checks.stop_recording", {}).then((draft) => host.ask("checks.discard", { draft: draft.draft })).catch(() => undefined);
      }, 0);
    };
  }, [host, stopped]);
}
