import axe from "axe-core";
import { act } from "@testing-library/react";
import { expect } from "vitest";
import { setPreferences } from "../app/preferences";

// Contrast needs drawn pixels, which jsdom has not: it is held by roles.test.ts and by the check in a real browser.
const OPTIONS: axe.RunOptions = { rules: { "color-contrast": { enabled: false }, region: { enabled: true } } };

async function violations(): Promise<string[]> {
  const result = await axe.run(document.body, OPTIONS);
  return result.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 160)}`));
}

/** Fails when axe finds anything on what is shown now, in the light or in the dark theme. */
export async function expectAccessible(): Promise<void> {
  for (const theme of ["light", "dark"] as const) {
    act(() => setPreferences({ theme }));
    expect(await violations(), `axe, ${theme}`).toEqual([]);
  }
}
