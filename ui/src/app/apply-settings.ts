import type { SettingsView } from "../bindings/SettingsView";
import { preferences, setPreferences, type Preferences } from "./preferences";

/** Makes the window look as this person's settings say; nothing happens when it already does. */
export function applySettings(settings: SettingsView): void {
  const wanted: Partial<Preferences> = {
    language: settings.language === "fr" ? "fr" : "en",
    theme: settings.theme === "light" || settings.theme === "dark" ? settings.theme : "auto",
    textSize: Math.min(150, Math.max(90, settings.text_size)),
    letterKeys: settings.single_keys,
  };
  const now = preferences();
  const differs = (Object.keys(wanted) as (keyof Preferences)[]).some((key) => wanted[key] !== now[key]);
  if (differs) setPreferences(wanted);
}
