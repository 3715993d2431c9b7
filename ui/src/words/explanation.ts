import type { MessageDescriptor } from "@lingui/core";

/** What a person reads about a problem: what happened, and what to do next. */
export interface Explanation {
  what: MessageDescriptor;
  next: MessageDescriptor;
}

/** Puts the two sentences together. */
export const say = (what: MessageDescriptor, next: MessageDescriptor): Explanation => ({ what, next });
