import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { VOICE_TASKS } from "./voice-tasks";

const VOICE = Object.keys(VOICE_TASKS);

/** Why a task could not be done; the names are those of reports. */
export const INABILITIES: Record<string, MessageDescriptor> = {
  cannot_speak: msg`Cannot speak`,
  cannot_stand: msg`Cannot stand`,
  needs_support: msg`Stands only with support`,
  step: msg`Had to take a step`,
  unsafe: msg`It would not be safe`,
  other: msg`Another reason`,
};

/** The reasons that fit a task: nobody steps out of a vowel. */
export function reasonsOf(task: string): string[] {
  return VOICE.includes(task) ? ["cannot_speak", "unsafe", "other"] : ["cannot_stand", "needs_support", "step", "unsafe", "other"];
}
