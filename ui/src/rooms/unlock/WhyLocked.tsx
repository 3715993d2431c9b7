import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { useLingui } from "@lingui/react/macro";
import type { LockReason } from "../../bindings/LockReason";
import { Banner } from "../../parts/Banner";

/** What happened, and what became of what was being written. Who locked it by hand knows; an end from elsewhere has its own words. */
const WORDS: Partial<Record<LockReason, [MessageDescriptor, MessageDescriptor]>> = {
  idle: [msg`Locked because nobody was at it.`, msg`What you were writing is kept as a draft. The settings say how long it waits.`],
  open_too_long: [msg`Locked after twelve hours.`, msg`A record stays open for a working day at most. What you were writing is kept as a draft.`],
  sleep: [msg`Locked when the computer went to sleep.`, msg`What you were writing is kept as a draft.`],
  desktop: [msg`Locked together with the computer.`, msg`What you were writing is kept as a draft.`],
};

/** Why the record is locked. */
export function WhyLocked({ reason }: { reason: LockReason }) {
  const { i18n } = useLingui();
  const words = WORDS[reason];
  if (!words) return null;
  return (
    <Banner tone="info" title={i18n._(words[0])}>
      {i18n._(words[1])}
    </Banner>
  );
}
