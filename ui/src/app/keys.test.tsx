import { screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { renderPart } from "../testing/render";
import { findShortcut, useShortcuts, type Shortcut } from "./keys";
import { setPreferences } from "./preferences";

const shortcut = (keys: string, run = () => {}): Shortcut => ({ keys, label: keys, group: "g", run });

function Screen({ shortcuts }: { shortcuts: Shortcut[] }) {
  useShortcuts(shortcuts);
  return <input aria-label="field" />;
}

test("a single letter acts unless a field has the focus or letters are turned off", async () => {
  const run = vi.fn();
  const { user } = renderPart(<Screen shortcuts={[shortcut("n", run)]} />);
  await user.keyboard("n");
  expect(run).toHaveBeenCalledTimes(1);
  await user.click(screen.getByLabelText("field"));
  await user.keyboard("n");
  expect(run).toHaveBeenCalledTimes(1);
  screen.getByLabelText("field").blur();
  setPreferences({ letterKeys: false });
  await user.keyboard("n");
  expect(run).toHaveBeenCalledTimes(1);
});

test("Ctrl and function keys act everywhere", async () => {
  const run = vi.fn();
  const { user } = renderPart(<Screen shortcuts={[shortcut("Ctrl+k", run), shortcut("F6", run)]} />);
  await user.click(screen.getByLabelText("field"));
  await user.keyboard("{Control>}k{/Control}");
  await user.keyboard("{F6}");
  expect(run).toHaveBeenCalledTimes(2);
});

test("two keys after each other are one shortcut, and the second alone is its own", async () => {
  const go = vi.fn();
  const patients = vi.fn();
  const { user } = renderPart(<Screen shortcuts={[shortcut("g p", go), shortcut("p", patients)]} />);
  await user.keyboard("gp");
  expect(go).toHaveBeenCalledTimes(1);
  expect(patients).not.toHaveBeenCalled();
  await user.keyboard("p");
  expect(patients).toHaveBeenCalledTimes(1);
});

test("the screen that was opened last wins", () => {
  const first = shortcut("n");
  const second = shortcut("n");
  expect(findShortcut([first, second], null, "n")).toBe(second);
  expect(findShortcut([first], null, "g")).toBeNull();
  expect(findShortcut([shortcut("g t")], null, "g")).toBe("wait");
});
