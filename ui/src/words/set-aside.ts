import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

const REASONS: Record<string, MessageDescriptor> = {
  form: msg`Its form is not what it claims to be.`,
  size: msg`It is too large.`,
  "too-large": msg`It is too large.`,
  elsewhere: msg`It was put in a place that is not its own.`,
  signature: msg`Its signature does not hold: it may have been altered.`,
  seal: msg`Its seal does not open: it may have been altered.`,
  "not-allowed": msg`Its author may not write this.`,
  "foreign-key": msg`It was sealed with a key that nobody signed for.`,
  "out-of-time": msg`Its time does not fit.`,
  "after-removal": msg`A device wrote it after it was removed.`,
  expired: msg`The certificate of whoever wrote it had ended.`,
  forked: msg`Two entries of its device have one number: there is a copy of that device.`,
  frozen: msg`There is a copy of its device: nothing of that device is taken in.`,
  "chain-broken": msg`It does not follow the entry before it.`,
  identity: msg`It is a second one of something of which there is one.`,
  taken: msg`Its e-mail address or mobile number belongs to another account. Choose another one under Security.`,
  newer: msg`A newer Aidpost wrote it. Update this one; it is tried again then.`,
  future: msg`Its time lies more than a year ahead: the clock of whoever wrote it is wrong.`,
  digest: msg`It is not what its device's journal speaks of: it may have been altered.`,
  crowded: msg`Too much waits for something that has not come yet.`,
};

/** Why a document was set aside; a reason without words of its own gets the general ones. */
export function setAsideReason(code: string): MessageDescriptor {
  return REASONS[code] ?? msg`It could not be read or trusted.`;
}
