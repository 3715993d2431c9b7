import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { AccessOutcome } from "../../bindings/AccessOutcome";
import type { AccessPlace } from "../../bindings/AccessPlace";
import type { ShareState } from "../../bindings/ShareState";
import type { Tone } from "../../parts/Chip";

/** How a state is said and coloured. */
export interface StateFace {
  tone: Tone;
  word: MessageDescriptor;
}

const STATES: Record<ShareState, StateFace> = {
  active: { tone: "info", word: msg`Open` },
  paused: { tone: "warn", word: msg`Paused` },
  revoked: { tone: "neutral", word: msg`Revoked` },
  expired: { tone: "neutral", word: msg`Ended` },
  used_up: { tone: "neutral", word: msg`Used up` },
};

/** The face of a share's state. */
export const stateFace = (state: ShareState): StateFace => STATES[state];

const OUTCOMES: Record<AccessOutcome, StateFace> = {
  granted: { tone: "info", word: msg`Opened` },
  wrong_passcode: { tone: "warn", word: msg`Wrong passcode` },
  expired: { tone: "neutral", word: msg`Refused: ended` },
  revoked: { tone: "neutral", word: msg`Refused: revoked` },
  used_up: { tone: "neutral", word: msg`Refused: used up` },
};

/** What came of an attempt to open a share. */
export const outcomeFace = (outcome: AccessOutcome): StateFace => OUTCOMES[outcome];

const PLACES: Record<AccessPlace, MessageDescriptor> = {
  this_device: msg`from this computer`,
  link_host: msg`from the link host`,
  file: msg`from a file`,
  offline_scan: msg`scanned without a network`,
  emergency: msg`in an emergency`,
};

/** Where a share was served from. */
export const placeWord = (place: AccessPlace): MessageDescriptor => PLACES[place];

const KINDS: Record<string, MessageDescriptor> = { allergies: msg`Allergies`, conditions: msg`Conditions`, medications: msg`Medicines`, vitals: msg`Vital signs` };

/** A part of the front page that can be shared. */
export const kindWord = (kind: string): MessageDescriptor | string => KINDS[kind] ?? kind;

const REACH: Record<string, MessageDescriptor> = {
  loopback: msg`Only programs on this computer can reach it: the computer is not on a network.`,
  lan: msg`Devices on the same local network can reach it, while Aidpost is open and unlocked here.`,
  host: msg`Can be reached from anywhere through the link host.`,
};

/** From where a share can be opened. */
export const reachWord = (reachable: string): MessageDescriptor | string => REACH[reachable] ?? reachable;

const FAULTS: Record<string, MessageDescriptor> = {
  signature: msg`was altered: the signature does not fit.`,
  unknown_author: msg`is signed by somebody whose certificate is not here.`,
  expired: msg`was signed outside the time for which its author was certified.`,
  not_signed: msg`is not what was signed for this place.`,
  not_allowed: msg`was signed by somebody who might not.`,
  shown_otherwise: msg`shows something else than what was signed.`,
};

/** Why an entry of the access log does not hold; the date stands before it. */
export const faultWord = (why: string): MessageDescriptor => FAULTS[why] ?? msg`does not hold.`;
