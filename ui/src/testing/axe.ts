import axe from "axe-core";
import { expect } from "vitest";

// Contrast needs drawn pixels, which jsdom has not: it is held by roles.test.ts and by the check in a real browser. What is left does not
// depend on light or dark.
const OPTIONS: axe.RunOptions = { rules: { "color-contrast": { enabled: false }, region: { enabled: true } } };

/** Fails when axe finds anything on what is shown now. */
export async function expectAccessible(): Promise<void> {
  const { violations } = await axe.run(document.body, OPTIONS);
  expect(violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 160)}`))).toEqual([]);
}
