import type { MessageDescriptor } from "@lingui/core";
import { msg, plural } from "@lingui/core/macro";
import {
  IconAlertTriangle,
  IconCloudCheck,
  IconCloudDownload,
  IconCloudOff,
  IconCloudUp,
  IconDeviceDesktop,
  IconPlayerPause,
  IconPlugConnected,
  type Icon,
} from "@tabler/icons-react";
import type { FirstSyncView } from "../bindings/FirstSyncView";
import type { SyncView } from "../bindings/SyncView";
import type { Tone } from "../parts/Chip";
import { locale, span } from "../words/dates";

/** How the state of sending is shown: colour, icon and words together. */
export interface SyncFace {
  tone: Tone;
  icon: Icon;
  words: MessageDescriptor;
  /** Share done, 0 to 1, while a round is under way and its size is known. */
  progress?: number;
}

/** Changes and files that have not left this device. */
export function unsent(state: SyncView): number {
  return state.to_send + state.files_to_send;
}

function waitingWords(count: number): MessageDescriptor {
  return msg`${plural(count, { one: "# change waiting", other: "# changes waiting" })}`;
}

/** The face of a state. Pure: the pill, the status line and the sync centre all say the same. */
export function syncFace(state: SyncView, startOfRound = 0): SyncFace {
  const waiting = unsent(state);
  if (state.first && (state.phase === "pulling" || state.phase === "pushing")) return firstFace(state.first);
  switch (state.phase) {
    case "no_remote":
      return { tone: "neutral", icon: IconDeviceDesktop, words: msg`Only on this device` };
    case "offline":
      return { tone: "warn", icon: IconCloudOff, words: waiting ? offlineWords(waiting) : msg`Offline · all sent` };
    case "connecting":
      return { tone: "neutral", icon: IconPlugConnected, words: waiting ? waitingWords(waiting) : msg`Connecting` };
    case "pulling":
      return { tone: "info", icon: IconCloudUp, words: state.to_fetch ? fetchWords(state.to_fetch) : msg`Fetching changes` };
    case "pushing":
      return pushingFace(waiting, startOfRound);
    case "paused":
      return { tone: "warn", icon: IconPlayerPause, words: waiting ? pausedWords(waiting) : msg`Paused` };
    case "blocked":
      return { tone: "crit", icon: IconAlertTriangle, words: msg`Sync needs attention` };
    case "live":
      return waiting
        ? { tone: "info", icon: IconCloudUp, words: waitingWords(waiting) }
        : { tone: "ok", icon: IconCloudCheck, words: msg`Synced` };
  }
}

function firstFace(first: FirstSyncView): SyncFace {
  const progress = first.total > 0 ? first.done / first.total : undefined;
  return { tone: "info", icon: IconCloudDownload, words: firstWords(first), progress };
}

/** Much is fetched, as on a new device: how far it is, and how long it will take. */
export function firstWords(first: FirstSyncView): MessageDescriptor {
  const done = first.done.toLocaleString(locale());
  const total = first.total.toLocaleString(locale());
  if (first.left_ms === null) return msg`Fetching the record: ${done} of ${total}`;
  const left = span(first.left_ms);
  return msg`Fetching the record: ${done} of ${total}, ${left} left`;
}

function offlineWords(count: number): MessageDescriptor {
  return msg`Offline · ${plural(count, { one: "# change waiting", other: "# changes waiting" })}`;
}

function pausedWords(count: number): MessageDescriptor {
  return msg`Paused · ${plural(count, { one: "# change waiting", other: "# changes waiting" })}`;
}

function fetchWords(count: number): MessageDescriptor {
  return msg`${plural(count, { one: "Fetching # change", other: "Fetching # changes" })}`;
}

function pushingFace(waiting: number, startOfRound: number): SyncFace {
  const total = Math.max(startOfRound, waiting);
  const done = total - waiting;
  return {
    tone: "info",
    icon: IconCloudUp,
    words: total > 0 ? msg`Syncing ${done} of ${total}` : msg`Syncing`,
    progress: total > 0 ? done / total : undefined,
  };
}
