import { i18n } from "@lingui/core";
import { expect, test } from "vitest";
import type { SyncView } from "../bindings/SyncView";
import { synced } from "../testing/world";
import { syncFace } from "./sync-face";

const words = (state: Partial<SyncView>, round = 0) => i18n._(syncFace({ ...synced, ...state }, round).words);

test("every state says truthfully where the changes are", () => {
  expect(words({})).toBe("Synced");
  expect(words({ to_send: 1 })).toBe("1 change waiting");
  expect(words({ phase: "offline", to_send: 6 })).toBe("Offline · 6 changes waiting");
  expect(words({ phase: "offline", to_send: 4, files_to_send: 2 })).toBe("Offline · 6 changes waiting");
  expect(words({ phase: "offline" })).toBe("Offline · all sent");
  expect(words({ phase: "pushing", to_send: 7 }, 11)).toBe("Syncing 4 of 11");
  expect(words({ phase: "pulling", to_fetch: 3 })).toBe("Fetching 3 changes");
  expect(words({ phase: "paused", to_send: 2 })).toBe("Paused · 2 changes waiting");
  expect(words({ phase: "blocked", problem: "remote.login" })).toBe("Sync needs attention");
  expect(words({ phase: "no_remote", remote: null })).toBe("Only on this device");
});

test("while much is fetched it is said how far it is, and how long it will take", () => {
  const first = { done: 4_200, total: 18_000, left_ms: null, usable: false };
  expect(words({ phase: "pulling", to_fetch: 13_800, first })).toBe("Fetching the record: 4,200 of 18,000");
  expect(words({ phase: "pushing", to_send: 2, first: { ...first, left_ms: 170_000 } })).toBe("Fetching the record: 4,200 of 18,000, 3 min left");
  expect(syncFace({ ...synced, phase: "pulling", first }).progress).toBeCloseTo(0.233, 3);
  expect(words({ phase: "offline", first })).toBe("Offline · all sent");
});

test("ok is said only when nothing waits", () => {
  expect(syncFace({ ...synced, to_send: 1 }).tone).not.toBe("ok");
  expect(syncFace({ ...synced, files_to_send: 1 }).tone).not.toBe("ok");
  expect(syncFace(synced).tone).toBe("ok");
});
