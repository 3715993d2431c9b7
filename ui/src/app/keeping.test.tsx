import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { renderPart } from "../testing/render";
import { keepBeforeLock } from "./keeping";
import { loadPreferences, preferences, setPreferences } from "./preferences";
import { MemoryHost } from "../host/memory";

test("before a lock everything is kept, also when one thing cannot be, and the program is told", async () => {
  const { host } = renderPart(<p>Page</p>, { answers: { "session.drafts_kept": {} } });
  expect(screen.getByText("Page")).toBeVisible();
  const kept: string[] = [];
  const stops = [
    keepBeforeLock(() => Promise.reject(new Error("the disk is full"))),
    keepBeforeLock(async () => {
      await Promise.resolve();
      kept.push("a note");
    }),
  ];
  keepBeforeLock(async () => void kept.push("an editor that was left"))();
  host.tell({ kind: "locking" });
  await waitFor(() => expect(host.inputsOf("session.drafts_kept")).toHaveLength(1));
  expect(kept).toEqual(["a note"]);
  stops.forEach((stop) => stop());
});

test("the look of the window comes from the program and goes back to it", async () => {
  const look = { language: "fr", theme: "dark", text_size: 125, letter_keys: false, less_motion: true };
  const host = new MemoryHost({ "look.get": look, "look.set": (kept) => kept });
  await loadPreferences(host);
  renderPart(<p>Page</p>);
  expect(preferences()).toEqual({ language: "fr", theme: "dark", textSize: 125, letterKeys: false, motion: "none" });
  setPreferences({ theme: "light", motion: "system" });
  expect(host.inputsOf("look.set")).toEqual([{ ...look, theme: "light", less_motion: false }]);
  expect(localStorage).toHaveLength(0);
});

test("a window whose look cannot be read opens all the same", async () => {
  await loadPreferences(new MemoryHost());
  expect(preferences().textSize).toBe(100);
});
