import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import {
  IconAddressBook,
  IconAlertTriangle,
  IconFileText,
  IconHeartRateMonitor,
  IconHistory,
  IconPill,
  IconReportMedical,
  IconUser,
  type Icon,
} from "@tabler/icons-react";
import type { IntakeState } from "../../bindings/IntakeState";
import type { Tone } from "../../parts/Chip";

/** How a kind of entry is headed in the preview. */
export interface KindFace {
  heading: MessageDescriptor;
  icon: Icon;
}

const KINDS: Record<string, KindFace> = {
  patient: { heading: msg`Front page`, icon: IconUser },
  allergy: { heading: msg`Allergies`, icon: IconAlertTriangle },
  condition: { heading: msg`Conditions`, icon: IconReportMedical },
  history: { heading: msg`History`, icon: IconHistory },
  medication: { heading: msg`Medications`, icon: IconPill },
  observation: { heading: msg`Values`, icon: IconHeartRateMonitor },
  record: { heading: msg`Records`, icon: IconFileText },
  contact: { heading: msg`Contacts`, icon: IconAddressBook },
};

/** The order in which kinds are shown: what is dangerous first. */
export const KIND_ORDER = ["patient", "allergy", "condition", "medication", "history", "observation", "record", "contact"];

/** The face of a kind; one this version does not know is shown as other entries. */
export function kindFace(kind: string): KindFace {
  return KINDS[kind] ?? { heading: msg`Other entries`, icon: IconFileText };
}

/** The face of a state. */
export const STATES: Record<IntakeState, { tone: Tone; words: MessageDescriptor }> = {
  new: { tone: "info", words: msg`New` },
  same: { tone: "neutral", words: msg`Already here` },
  different: { tone: "warn", words: msg`Differs` },
};
