import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { CheckRow } from "../../bindings/CheckRow";

const TASKS: Record<string, MessageDescriptor> = {
  vowel: msg`Sustained vowel`,
  ddk_pataka: msg`Syllables “pa-ta-ka”`,
  reading: msg`Reading aloud`,
  stance_eyes_open: msg`Standing, eyes open`,
  stance_eyes_closed: msg`Standing, eyes closed`,
};

/** All tasks, in the order of a session. */
export const TASK_NAMES: readonly string[] = Object.keys(TASKS);

/** What was asked of the person; a task this version does not know keeps its id. */
export function taskWord(task: string): MessageDescriptor | string {
  return TASKS[task] ?? task;
}

const QUALITY: Record<string, MessageDescriptor> = {
  readable: msg`The recording could not be read. Record again.`,
  length: msg`The recording is longer than a test. Record a single test.`,
  sample_rate: msg`The recording has a low sampling rate. Voice quality measures are left out.`,
  clipping: msg`Too loud: hold the microphone a hand's breadth further away.`,
  level: msg`Too quiet: come closer to the microphone.`,
  snr: msg`Too noisy here. Find a quieter place.`,
  hum: msg`Electric hum in the recording.`,
  dropout: msg`The microphone stopped for a moment.`,
  voiced_time: msg`Hold the “aaah” a little longer.`,
  voiced_fraction: msg`Mostly no voice was heard. In a quiet place this may be a sign in itself: repeat once.`,
  pitch_doubt: msg`The pitch could not be fixed; measures that rest on it carry a doubt.`,
  cop_time_base: msg`The balance signal has too few samples per second.`,
  cop_gaps: msg`Part of the balance signal is missing.`,
  cop_range: msg`Check the units of this file: centimetres are expected.`,
  stance_jump: msg`A step was detected. Start again, or choose “Could not do it”.`,
  duration: msg`Stand for a full minute, so that the result can be compared with other people.`,
  syllables: msg`Too few syllables: keep going until the recording stops.`,
  syllable_time: msg`Too short: keep going until the recording stops.`,
  speech_time: msg`Too little speech: read the whole text aloud.`,
  accel_time_base: msg`The accelerometer gives too few samples per second.`,
  gravity: msg`Check the units of this file: metres per second squared are expected, 9.81 at rest.`,
  vertical_peak: msg`A step or a jolt was detected. Start again, or choose “Could not do it”.`,
};

/** What a failed or doubtful gate means and what to do, by its code. */
export function qualityAdvice(code: string): MessageDescriptor | null {
  return QUALITY[code] ?? null;
}

const GATES: Record<string, MessageDescriptor> = {
  readable: msg`Readable`,
  length: msg`Length of the file`,
  sample_rate: msg`Sampling rate`,
  clipping: msg`Overdriven share`,
  level: msg`Peak level`,
  snr: msg`Voice over room noise`,
  hum: msg`Electric hum`,
  dropout: msg`Lost share`,
  voiced_time: msg`Seconds of voice`,
  voiced_fraction: msg`Voiced share`,
  pitch_doubt: msg`Two pitch methods differ by`,
  cop_time_base: msg`Samples per second`,
  cop_gaps: msg`Missing share`,
  cop_range: msg`Largest range`,
  stance_jump: msg`Largest move in 0.1 s`,
  duration: msg`Length of the stance`,
  syllables: msg`Syllables`,
  syllable_time: msg`Seconds of syllables`,
  speech_time: msg`Seconds of speech`,
  accel_time_base: msg`Samples per second`,
  gravity: msg`Gravity measured`,
  vertical_peak: msg`Largest jolt`,
};

/** The name of a gate; one this version does not know keeps its code. */
export function gateWord(code: string): MessageDescriptor | string {
  return GATES[code] ?? code;
}

const ABSENT: Record<string, MessageDescriptor> = {
  no_voice: msg`no voice was heard`,
  too_few_periods: msg`too few periods`,
  sample_rate_below_16k: msg`needs 16 kHz or more`,
  too_short: msg`too short`,
  no_movement: msg`no movement`,
  other_eyes_condition_missing: msg`needs both eyes open and eyes closed`,
  pitch_doubt: msg`the pitch could not be fixed`,
  too_few_syllables: msg`too few syllables`,
  text_unknown: msg`the text is not known`,
  no_pauses: msg`no pauses`,
};

/** Why there is no value. */
export function absentWord(code: string): MessageDescriptor | string {
  return ABSENT[code] ?? code;
}

const BLOCKS: Record<string, MessageDescriptor> = {
  A: msg`Articulation (syllables)`,
  B: msg`Timing (reading)`,
  C: msg`Voice quality (vowel)`,
  ellipse_area_eyes_open: msg`Sway area, eyes open`,
  mean_velocity_eyes_open: msg`Sway velocity, eyes open`,
  ellipse_area_eyes_closed: msg`Sway area, eyes closed`,
  mean_velocity_eyes_closed: msg`Sway velocity, eyes closed`,
};

/** The name of one contribution to a score. */
export function blockWord(name: string): MessageDescriptor | string {
  return BLOCKS[name] ?? name;
}

const BASES: Record<string, MessageDescriptor> = {
  norm: msg`other people`,
  norm_provisional: msg`few other people, provisional`,
  baseline: msg`own earlier recordings`,
};

/** What a deviation was measured against. */
export function basisWord(basis: string): MessageDescriptor | string {
  return BASES[basis] ?? basis;
}

const VERDICTS: Record<string, MessageDescriptor> = { accept: msg`good`, warn: msg`usable with doubts`, reject: msg`not usable` };

/** How good the recording was, as one word. */
export function verdictWord(verdict: string): MessageDescriptor | string {
  return VERDICTS[verdict] ?? verdict;
}

const UNITS: Record<string, string> = { cm2: "cm²", "cm2/s": "cm²/s", deg: "°", semitone: "st", "syll/s": "/s", "m/s2": "m/s²", "m/s3": "m/s³", "m2/s4": "m²/s⁴", "m2/s5": "m²/s⁵" };

/** A unit as people write it. */
export function unitText(unit: string): string {
  return UNITS[unit] ?? unit;
}

/** True when the check found signs: the one case in which the emergency text comes first. */
export function hasSigns(row: Pick<CheckRow, "status" | "result">): boolean {
  return row.status === "completed" && row.result === "stroke_detected";
}

/** True when nothing was decided, because the recording was not good enough or nothing fits to compare with. */
export function isUndecided(row: Pick<CheckRow, "status" | "result">): boolean {
  return row.status !== "completed" || row.result === null;
}

/** Circumstances that explain a deviation: asked, kept with the check, never counted. */
export const CIRCUMSTANCES: readonly MessageDescriptor[] = [
  msg`tired`,
  msg`a cold or a hoarse throat`,
  msg`alcohol`,
  msg`sedatives or sleeping pills`,
  msg`denture not in place`,
  msg`hearing loss`,
  msg`other language`,
  msg`neuropathy in the feet`,
  msg`dizziness`,
];
