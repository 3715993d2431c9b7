import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { CheckRow } from "../../bindings/CheckRow";

const TASKS: Record<string, MessageDescriptor> = {
  vowel: msg`Sustained vowel`,
  stance_eyes_open: msg`Standing, eyes open`,
  stance_eyes_closed: msg`Standing, eyes closed`,
};

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
};

/** The name of a gate; one this version does not know keeps its code. */
export function gateWord(code: string): MessageDescriptor | string {
  return GATES[code] ?? code;
}

/** How a measure is written. Shares are shown in per cent. */
export interface MeasureWords {
  name: MessageDescriptor;
  digits: number;
  /** Shown times 100 with a per cent sign. */
  share?: true;
}

const MEASURES: Record<string, MeasureWords> = {
  f0_mean: { name: msg`Pitch, mean`, digits: 1 },
  f0_median: { name: msg`Pitch, median`, digits: 1 },
  f0_sd: { name: msg`Pitch, standard deviation`, digits: 2 },
  f0_sd_semitones: { name: msg`Pitch, standard deviation in semitones`, digits: 2 },
  f0_cv: { name: msg`Pitch, variation`, digits: 2, share: true },
  f0_p05: { name: msg`Pitch, 5th percentile`, digits: 1 },
  f0_p95: { name: msg`Pitch, 95th percentile`, digits: 1 },
  mean_period: { name: msg`Mean period`, digits: 5 },
  jitter_local: { name: msg`Jitter, local`, digits: 2, share: true },
  jitter_absolute: { name: msg`Jitter, absolute`, digits: 6 },
  jitter_rap: { name: msg`Jitter, three periods (RAP)`, digits: 2, share: true },
  jitter_ppq5: { name: msg`Jitter, five periods (PPQ5)`, digits: 2, share: true },
  jitter_ddp: { name: msg`Jitter, DDP`, digits: 2, share: true },
  shimmer_local: { name: msg`Shimmer, local`, digits: 2, share: true },
  shimmer_local_db: { name: msg`Shimmer, local in decibels`, digits: 2 },
  shimmer_apq3: { name: msg`Shimmer, three periods (APQ3)`, digits: 2, share: true },
  shimmer_apq5: { name: msg`Shimmer, five periods (APQ5)`, digits: 2, share: true },
  shimmer_apq11: { name: msg`Shimmer, eleven periods (APQ11)`, digits: 2, share: true },
  shimmer_dda: { name: msg`Shimmer, DDA`, digits: 2, share: true },
  hnr: { name: msg`Harmonics to noise (HNR)`, digits: 1 },
  cpps: { name: msg`Cepstral peak (CPPS)`, digits: 1 },
  intensity_mean: { name: msg`Loudness, mean`, digits: 1 },
  intensity_sd: { name: msg`Loudness, standard deviation`, digits: 1 },
  intensity_min: { name: msg`Loudness, lowest`, digits: 1 },
  intensity_max: { name: msg`Loudness, highest`, digits: 1 },
  phonation_time: { name: msg`Phonation time`, digits: 1 },
  voiced_fraction: { name: msg`Voiced share`, digits: 0, share: true },
  voice_breaks: { name: msg`Voice breaks`, digits: 0 },
  degree_voice_breaks: { name: msg`Share of voice breaks`, digits: 1, share: true },
  ellipse_area: { name: msg`Sway area (95 % ellipse)`, digits: 2 },
  ellipse_major: { name: msg`Ellipse, long half-axis`, digits: 2 },
  ellipse_minor: { name: msg`Ellipse, short half-axis`, digits: 2 },
  ellipse_angle: { name: msg`Ellipse, direction`, digits: 0 },
  circle_area: { name: msg`Sway area (95 % circle)`, digits: 2 },
  path_length: { name: msg`Path length`, digits: 1 },
  mean_velocity: { name: msg`Sway velocity`, digits: 2 },
  mean_velocity_ml: { name: msg`Sway velocity, sideways`, digits: 2 },
  mean_velocity_ap: { name: msg`Sway velocity, forward`, digits: 2 },
  rms_distance: { name: msg`Distance from the middle, RMS`, digits: 2 },
  rms_ml: { name: msg`Distance sideways, RMS`, digits: 2 },
  rms_ap: { name: msg`Distance forward, RMS`, digits: 2 },
  mean_distance: { name: msg`Distance from the middle, mean`, digits: 2 },
  mean_distance_ml: { name: msg`Distance sideways, mean`, digits: 2 },
  mean_distance_ap: { name: msg`Distance forward, mean`, digits: 2 },
  range_ml: { name: msg`Range sideways`, digits: 2 },
  range_ap: { name: msg`Range forward`, digits: 2 },
  sway_area_rate: { name: msg`Area swept per second`, digits: 2 },
  mean_frequency: { name: msg`Sway frequency`, digits: 2 },
  mean_frequency_ml: { name: msg`Sway frequency, sideways`, digits: 2 },
  mean_frequency_ap: { name: msg`Sway frequency, forward`, digits: 2 },
  romberg_area: { name: msg`Romberg quotient of area`, digits: 2 },
  romberg_velocity: { name: msg`Romberg quotient of velocity`, digits: 2 },
};

/** Words and digits of a measure by its id; null for one this version does not know. */
export function measureWords(name: string): MeasureWords | null {
  return MEASURES[name] ?? null;
}

const ABSENT: Record<string, MessageDescriptor> = {
  no_voice: msg`no voice was heard`,
  too_few_periods: msg`too few periods`,
  sample_rate_below_16k: msg`needs 16 kHz or more`,
  too_short: msg`too short`,
  no_movement: msg`no movement`,
  other_eyes_condition_missing: msg`needs both eyes open and eyes closed`,
  pitch_doubt: msg`the pitch could not be fixed`,
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

const UNITS: Record<string, string> = { cm2: "cm²", "cm2/s": "cm²/s", deg: "°", semitone: "st" };

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
