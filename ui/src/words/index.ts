import { i18n } from "@lingui/core";
import type { Language } from "../app/preferences";

/** Loads one language's compiled catalogue and makes it the language of the window. */
export async function speak(language: Language): Promise<void> {
  const { messages } = language === "fr" ? await import("./fr") : await import("./en");
  i18n.load(language, messages);
  i18n.activate(language);
  document.documentElement.lang = language;
}

export { i18n };
