import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Level } from "../../bindings/Level";
import { loinc } from "./loinc";

/** A unit one may type in, and how it becomes the unit that is kept (UCUM). */
export interface TypedUnit {
  label: string;
  toKept: (value: number) => number;
}

/** One sign that can be entered: its codes, units, and the range beyond which one is asked to look again. */
export interface Sign {
  code: string;
  name: MessageDescriptor;
  ucum: string;
  units: readonly [TypedUnit, ...TypedUnit[]];
  /** Usual range of adults at rest, in the kept unit; the program rates with the same numbers. */
  usual: readonly [number, number] | null;
  /** Values that hardly any living person has: more likely a slip of the keyboard. */
  likely: readonly [number, number];
}

const as = (label: string): TypedUnit => ({ label, toKept: (value) => value });
const round = (digits: number) => (value: number) => Number(value.toFixed(digits));

/** Milligrams per decilitre in one millimole per litre of glucose (molar mass 180.16 g/mol). */
const GLUCOSE = 18.016;

/** The signs in the order in which they are entered. */
export const SIGNS: readonly Sign[] = [
  { code: loinc.SYSTOLIC, name: msg`Blood pressure, upper`, ucum: "mm[Hg]", units: [as("mmHg")], usual: [100, 139], likely: [70, 240] },
  { code: loinc.DIASTOLIC, name: msg`Blood pressure, lower`, ucum: "mm[Hg]", units: [as("mmHg")], usual: [60, 89], likely: [35, 140] },
  { code: loinc.HEART_RATE, name: msg`Heart rate`, ucum: "/min", units: [as("/min")], usual: [51, 90], likely: [35, 180] },
  { code: loinc.SPO2, name: msg`Oxygen saturation`, ucum: "%", units: [as("%")], usual: [96, 100], likely: [80, 100] },
  { code: loinc.RESPIRATION, name: msg`Breathing rate`, ucum: "/min", units: [as("/min")], usual: [12, 20], likely: [6, 40] },
  {
    code: loinc.TEMPERATURE,
    name: msg`Temperature`,
    ucum: "Cel",
    units: [as("°C"), { label: "°F", toKept: (value) => round(1)(((value - 32) * 5) / 9) }],
    usual: [36.1, 38],
    likely: [34, 42],
  },
  {
    code: loinc.GLUCOSE,
    name: msg`Glucose`,
    ucum: "mg/dL",
    units: [as("mg/dL"), { label: "mmol/L", toKept: (value) => round(0)(value * GLUCOSE) }],
    usual: [70, 140],
    likely: [40, 600],
  },
  { code: loinc.WEIGHT, name: msg`Weight`, ucum: "kg", units: [as("kg"), { label: "lb", toKept: (value) => round(1)(value * 0.45359237) }], usual: null, likely: [2, 250] },
  { code: loinc.HEIGHT, name: msg`Height`, ucum: "cm", units: [as("cm"), { label: "in", toKept: (value) => round(1)(value * 2.54) }], usual: null, likely: [45, 215] },
];

const NAMES: Record<string, MessageDescriptor> = {
  [loinc.PRESSURE]: msg`Blood pressure`,
  [loinc.BMI]: msg`Body mass index`,
  ...Object.fromEntries(SIGNS.map((sign) => [sign.code, sign.name])),
};

/** The name of a sign by its LOINC code; an unknown one keeps its code. */
export function signWord(code: string): MessageDescriptor | string {
  return NAMES[code] ?? code;
}

const UNITS: Record<string, string> = { "mm[Hg]": "mmHg", Cel: "°C", "kg/m2": "kg/m²" };

/** A UCUM unit as people write it. */
export function unitText(ucum: string): string {
  return UNITS[ucum] ?? ucum;
}

const DIGITS: Record<string, number> = { [loinc.TEMPERATURE]: 1, [loinc.WEIGHT]: 1, [loinc.BMI]: 1 };

/** Digits after the decimal mark in which a sign is shown. */
export function digitsOf(code: string): number {
  return DIGITS[code] ?? 0;
}

/** How a level is said and coloured; "normal" and "unrated" need no word. */
export interface LevelFace {
  tone: "warn" | "crit";
  word: MessageDescriptor;
}

const LEVELS: Partial<Record<Level, LevelFace>> = {
  low: { tone: "warn", word: msg`Low` },
  high: { tone: "warn", word: msg`High` },
  critical_low: { tone: "crit", word: msg`Dangerously low` },
  critical_high: { tone: "crit", word: msg`Dangerously high` },
};

/** The face of a level, or null where there is nothing to say. */
export function levelFace(level: Level): LevelFace | null {
  return LEVELS[level] ?? null;
}

/** Reads a number as people type it: a comma is a decimal mark. Null when it is none. */
export function typedNumber(text: string): number | null {
  const plain = text.trim().replace(",", ".");
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : null;
}

/** What to look at again before saving; never a reason not to save. */
export function doubt(sign: Sign, value: number): "unlikely" | "low" | "high" | null {
  if (value < sign.likely[0] || value > sign.likely[1]) return "unlikely";
  if (!sign.usual) return null;
  if (value < sign.usual[0]) return "low";
  return value > sign.usual[1] ? "high" : null;
}
