import { describe, expect, test } from "vitest";
import { asProblem, Problem } from "../host/problem";
import { encodeHeader } from "../host/encode";
import { synced } from "../testing/world";
import { byFirstLetters } from "./first-letters";
import { leftBeforeLock, showsCountdown } from "./idle";
import { neighbour, rememberList } from "./patient-list";
import { fromLook } from "./preferences";
import { isStale, settled } from "./queries";

describe("refresh", () => {
  test("an answer is stale when one of its collections changed, or when it names none", () => {
    expect(isStale(["patients"], ["patients", "medications"])).toBe(true);
    expect(isStale(["patients"], ["medications"])).toBe(false);
    expect(isStale(["*"], ["medications"])).toBe(true);
    expect(isStale(["patients"], ["*"])).toBe(true);
    expect(isStale(undefined, ["patients"])).toBe(false);
  });
  test("rows are looked at again when a round ends, not at its every step", () => {
    const pushing = { ...synced, phase: "pushing" as const, to_send: 5 };
    expect(settled(pushing, { ...pushing, to_send: 4 })).toBe(false);
    expect(settled(pushing, synced)).toBe(true);
    expect(settled(synced, { ...synced, conflicts: 1 })).toBe(true);
  });
});

describe("idle lock", () => {
  test("counts from the last touch and never below zero", () => {
    expect(leftBeforeLock(0, 60_000, 5)).toBe(4 * 60_000);
    expect(leftBeforeLock(0, 10 * 60_000, 5)).toBe(0);
  });
  test("the countdown shows in the last ten minutes, or the last three quarters of a short time", () => {
    expect(showsCountdown(10 * 60_000, 15)).toBe(true);
    expect(showsCountdown(12 * 60_000, 15)).toBe(false);
    expect(showsCountdown(4.9 * 60_000, 5)).toBe(false);
    expect(showsCountdown(3 * 60_000, 5)).toBe(true);
  });
});

test("commands are found by part, by first letters and without accents", () => {
  expect(byFirstLetters("sync", "Sync centre")).toBe(true);
  expect(byFirstLetters("sc", "Sync centre")).toBe(true);
  expect(byFirstLetters("reglages", "Réglages")).toBe(true);
  expect(byFirstLetters("xy", "Sync centre")).toBe(false);
});

test("neighbours follow the list a chart was opened from", () => {
  rememberList(["a", "b", "c"]);
  expect(neighbour("b", 1)).toBe("c");
  expect(neighbour("b", -1)).toBe("a");
  expect(neighbour("c", 1)).toBeNull();
  expect(neighbour("x", 1)).toBeNull();
});

test("a foreign look falls back to its defaults", () => {
  const look = { language: null, theme: "pink", text_size: 900, letter_keys: true, less_motion: false };
  expect(fromLook(look)).toMatchObject({ theme: "auto", textSize: 100, letterKeys: true, motion: "system" });
  expect(fromLook({ ...look, language: "fr", theme: "dark", less_motion: true })).toMatchObject({ language: "fr", theme: "dark", motion: "none" });
});

describe("problems", () => {
  test("whatever is thrown becomes a problem with a code", () => {
    expect(asProblem({ code: "not_found", detail: null, retry: false })).toMatchObject({ code: "not_found", retry: false });
    expect(asProblem(new Error("x"))).toMatchObject({ code: "unexpected", detail: "x" });
    const problem = new Problem({ code: "locked", detail: null, retry: false });
    expect(asProblem(problem)).toBe(problem);
  });
  test("file names of any script travel in a header", () => {
    const header = encodeHeader({ file_name: "Rapport d’été 日本.json" });
    expect(header).toMatch(/^[A-Za-z0-9+/=]+$/);
    const bytes = Uint8Array.from(atob(header), (letter) => letter.charCodeAt(0));
    expect(JSON.parse(new TextDecoder().decode(bytes))).toEqual({ file_name: "Rapport d’été 日本.json" });
  });
});
