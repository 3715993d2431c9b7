import type { MessageDescriptor } from "@lingui/core";
import { useLingui } from "@lingui/react/macro";

/** A word of a catalogue, or an id this version has no word for, as it is. */
export function Said({ word }: { word: MessageDescriptor | string }) {
  const { i18n } = useLingui();
  return <>{typeof word === "string" ? word : i18n._(word)}</>;
}
