import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Severity } from "../../bindings/Severity";

const SEVERITY: Record<Severity, MessageDescriptor> = { mild: msg`Mild`, moderate: msg`Moderate`, severe: msg`Severe` };

/** How bad a reaction was. */
export const severityWord = (severity: Severity): MessageDescriptor => SEVERITY[severity];
