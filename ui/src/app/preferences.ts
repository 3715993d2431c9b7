import { useSyncExternalStore } from "react";
import type { LookView } from "../bindings/LookView";
import type { Host } from "../host/host";

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

function defaults(): Preferences {
  const language: Language = navigator.language.toLowerCase().startsWith("fr") ? "fr" : "en";
  return { language, theme: "auto", textSize: 100, letterKeys: true, motion: "system" };
}

/** The preferences that the program keeps; whatever is missing or out of bounds falls back to its default. */
export function fromLook(look: LookView): Preferences {
  const base = defaults();
  return {
    language: look.language === "en" || look.language === "fr" ? look.language : base.language,
    theme: look.theme === "light" || look.theme === "dark" ? look.theme : "auto",
    textSize: look.text_size >= 90 && look.text_size <= 150 ? look.text_size : 100,
    letterKeys: look.letter_keys,
    motion: look.less_motion ? "none" : "system",
  };
}

function toLook({ language, theme, textSize, letterKeys, motion }: Preferences): LookView {
  return { language, theme, text_size: textSize, letter_keys: letterKeys, less_motion: motion === "none" };
}

let current: Preferences | null = null;
let keeper: ((look: LookView) => Promise<unknown>) | null = null;
const hearers = new Set<() => void>();

/** The preferences now. */
export function preferences(): Preferences {
  current ??= defaults();
  return current;
}

/** Changes some preferences, keeps them and tells whoever shows them. */
export function setPreferences(change: Partial<Preferences>): void {
  current = { ...preferences(), ...change };
  // What could not be kept holds until the window is closed, which is all that is lost.
  keeper?.(toLook(current)).catch((thrown: unknown) => console.warn("The look of the window was not kept", thrown));
  for (const hear of hearers) hear();
}

/** Reads what the program keeps, and lets it keep what is changed from now on. The web view itself keeps nothing. */
export async function loadPreferences(host: Host): Promise<void> {
  keeper = (look) => host.ask("look.set", look);
  try {
    current = fromLook(await host.ask("look.get", {}));
  } catch (thrown) {
    // A window without its look is better than none.
    console.warn("The look of the window could not be read", thrown);
  }
  for (const hear of hearers) hear();
}

/** Forgets everything, as in a new window. For tests. */
export function forgetPreferences(): void {
  current = null;
  keeper = null;
  for (const hear of hearers) hear();
}

/** The preferences, followed. */
export function usePreferences(): Preferences {
  return useSyncExternalStore((hear) => {
    hearers.add(hear);
    return () => hearers.delete(hear);
  }, preferences);
}
