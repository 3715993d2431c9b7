import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { CheckResult } from "../bindings/CheckResult";
import type { CheckStatus } from "../bindings/CheckStatus";
import type { InputType } from "../bindings/InputType";
import type { Tone } from "../parts/Chip";

/** How a check's outcome is said and coloured. The stored code is never printed. Never green: nothing unusual is not "healthy". */
export interface CheckFace {
  tone: Tone;
  short: MessageDescriptor;
}

/** The short words of an outcome. */
export function checkFace(check: { status: CheckStatus; result: CheckResult | null; inability?: string | null }): CheckFace {
  if (check.status === "insufficient_quality") return { tone: "neutral", short: msg`Not usable, record again` };
  if (check.status === "no_reference" && check.inability) return { tone: "neutral", short: msg`Could not be done` };
  if (check.status === "no_reference") return { tone: "neutral", short: msg`Nothing to compare with` };
  if (check.result === "stroke_detected") return { tone: "crit", short: msg`Signs that need urgent help` };
  return { tone: "neutral", short: msg`Nothing unusual measured` };
}

const INPUTS: Record<InputType, MessageDescriptor> = { voice: msg`Voice`, balance: msg`Balance` };

/** "Voice" or "Balance". */
export function inputWord(input: InputType): MessageDescriptor {
  return INPUTS[input];
}

/** Confidence as a word: would a repeat give the same? (detect, "Confidence"). */
export function confidenceWord(value: number): MessageDescriptor {
  if (value < 0.6) return msg`uncertain, repeat the test`;
  if (value <= 0.8) return msg`fair`;
  if (value <= 0.95) return msg`good`;
  return msg`very good`;
}
