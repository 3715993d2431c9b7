import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

/** What may record a voice, in the order in which it is offered; the names are those of reports. */
export const VOICE_DEVICES: Record<string, MessageDescriptor> = {
  "computer-headset": msg`Headset on a computer`,
  "computer-builtin": msg`Built into a computer`,
  "phone-headset": msg`Headset on a telephone`,
  "phone-builtin": msg`Built into a telephone`,
  "stand-microphone": msg`Microphone on a stand or table`,
  unknown: msg`Not known`,
};

const OTHERS: Record<string, MessageDescriptor> = {
  "force-plate": msg`Force plate`,
  "balance-board": msg`Balance board`,
  "trunk-accelerometer": msg`Accelerometer at the small of the back`,
};

/** What recorded a check; one this version does not know keeps its id. */
export function deviceWord(device: string): MessageDescriptor | string {
  return VOICE_DEVICES[device] ?? OTHERS[device] ?? device;
}
