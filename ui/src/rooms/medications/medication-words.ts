import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { MedicationSource } from "../../bindings/MedicationSource";
import type { MedicationStatus } from "../../bindings/MedicationStatus";

const STATUS: Record<MedicationStatus, MessageDescriptor> = {
  active: msg`In use`,
  completed: msg`Completed`,
  stopped: msg`Stopped`,
  on_hold: msg`Paused`,
  unknown: msg`Use not known`,
};

/** Whether a medicine is in use, in words. */
export const statusWord = (status: MedicationStatus): MessageDescriptor => STATUS[status];

const SOURCE: Record<MedicationSource, MessageDescriptor> = { prescribed: msg`Prescribed`, taken: msg`Taken, as told` };

/** Whether it was ordered or reported. */
export const sourceWord = (source: MedicationSource): MessageDescriptor => SOURCE[source];
