import { useSyncExternalStore } from "react";

/** What this window looks like. Kept on this device, outside the vault: the unlock screen needs it before anything is open. */
export interface Preferences {
  language: Language;
  theme: ThemeChoice;
  /** Text size in percent, 90 to 150. */
  textSize: number;
  /** Whether single-letter shortcuts act. */
  letterKeys: boolean;
  /** Whether movement is shown; `system` follows the computer. */
  motion: "system" | "none";
}

export type Language = "en" | "fr";
export type ThemeChoice = "light" | "dark" | "auto";

export const TEXT_SIZES = [90, 100, 110, 125, 150] as const;
const KEY = "aidpost.preferences";

function defaults(): Preferences {
  const language: Language = navigator.language.toLowerCase().startsWith("fr") ? "fr" : "en";
  return { language, theme: "auto", textSize: 100, letterKeys: true, motion: "system" };
}

/** Reads stored preferences; whatever is missing or out of bounds falls back to its default. */
export function readPreferences(text: string | null): Preferences {
  const base = defaults();
  const stored = parse(text);
  return {
    language: stored.language === "en" || stored.language === "fr" ? stored.language : base.language,
    theme: stored.theme === "light" || stored.theme === "dark" ? stored.theme : "auto",
    textSize: boundSize(stored.textSize),
    letterKeys: stored.letterKeys !== false,
    motion: stored.motion === "none" ? "none" : "system",
  };
}

function boundSize(value: unknown): number {
  return typeof value === "number" && value >= 90 && value <= 150 ? value : 100;
}

function parse(text: string | null): Record<string, unknown> {
  if (!text) return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {}; // Damaged preferences are not worth a message: the defaults are shown and can be set again.
  }
}

let current: Preferences | null = null;
const hearers = new Set<() => void>();

/** The preferences now. */
export function preferences(): Preferences {
  current ??= readPreferences(localStorage.getItem(KEY));
  return current;
}

/** Changes some preferences, keeps them and tells whoever shows them. */
export function setPreferences(change: Partial<Preferences>): void {
  current = { ...preferences(), ...change };
  localStorage.setItem(KEY, JSON.stringify(current));
  for (const hear of hearers) hear();
}

/** Forgets what was read, so that the next look reads again. For tests. */
export function forgetPreferences(): void {
  current = null;
  for (const hear of hearers) hear();
}

/** The preferences, followed. */
export function usePreferences(): Preferences {
  return useSyncExternalStore((hear) => {
    hearers.add(hear);
    return () => hearers.delete(hear);
  }, preferences);
}
