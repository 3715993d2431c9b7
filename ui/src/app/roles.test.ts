import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const css = readFileSync("src/app/roles.css", "utf8");

function rolesOf(theme: "light" | "dark"): Record<string, string> {
  const block = css.split(`[data-mantine-color-scheme="${theme}"] {`)[1]?.split("}")[0] ?? "";
  return Object.fromEntries([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map((found) => [found[1], found[2]]));
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast as WCAG 2 defines it, from 1 to 21. */
function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const PAIRS: [string, string][] = [
  ...["bg", "surface", "surface-2"].flatMap((ground) => ["ink", "ink-2", "ink-3", "accent"].map((text): [string, string] => [text, ground])),
  ...["crit", "warn", "ok", "info", "device"].flatMap((tone): [string, string][] => [
    [tone, `${tone}-soft`],
    [tone, "surface"],
    [tone, "surface-2"],
  ]),
  ["accent-strong", "accent-soft"],
  ["on-accent", "accent"],
  ["on-crit", "crit-fill"],
  ["on-crit", "crit-fill-strong"],
  ["nav-ink", "nav"],
  ["nav-ink-strong", "nav-selected"],
  ["nav-ink-strong", "nav-badge"],
];

test.each(["light", "dark"] as const)("text on its surface is at least 4.5 to 1 in the %s theme", (theme) => {
  const roles = rolesOf(theme);
  const weak = PAIRS.filter(([text, ground]) => contrast(roles[text] ?? "#000000", roles[ground] ?? "#000000") < 4.5);
  expect(weak).toEqual([]);
});
