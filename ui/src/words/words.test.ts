// @vitest-environment node
import { readFileSync } from "node:fs";
import { getCatalogs } from "@lingui/cli/api";
import { getConfig } from "@lingui/conf";
import { beforeAll, describe, expect, test } from "vitest";
import { messages as compiledEnglish } from "./en";
import { messages as compiledFrench } from "./fr";

interface Entry {
  message?: string;
  translation?: string;
}
type Catalogue = Record<string, Entry>;

let collected: Catalogue;
let english: Catalogue;
let french: Catalogue;

beforeAll(async () => {
  const config = getConfig({ configPath: "lingui.config.ts" });
  const [catalogue] = await getCatalogs(config);
  if (!catalogue) throw new Error("no catalogue is configured");
  collected = (await catalogue.collect()) as Catalogue;
  english = (await catalogue.read("en")) as Catalogue;
  french = (await catalogue.read("fr")) as Catalogue;
}, 60_000);

const text = (entry: Entry | undefined) => entry?.translation || entry?.message || "";

describe("catalogues", () => {
  test("hold every sentence of the code and nothing else (else: npm run words)", () => {
    expect(Object.keys(english).sort()).toEqual(Object.keys(collected).sort());
    expect(Object.keys(french).sort()).toEqual(Object.keys(collected).sort());
  });

  test("have French for every sentence", () => {
    const missing = Object.values(french).filter((entry) => !entry.translation);
    expect(missing.map((entry) => entry.message)).toEqual([]);
  });

  test("are compiled as they stand (else: npm run words)", () => {
    expect(Object.keys(compiledEnglish).sort()).toEqual(Object.keys(english).sort());
    expect(Object.keys(compiledFrench).sort()).toEqual(Object.keys(french).sort());
  });

  test("French keeps the places for values and tags", () => {
    const places = (sentence: string) => [...new Set(sentence.match(/(?<!(?:one|other) )\{\w+(?=[,}])|<\/?\d+\/?>/g) ?? [])].sort();
    const wrong = Object.values(french).filter((entry) => entry.translation && places(entry.translation).join() !== places(entry.message ?? "").join());
    expect(wrong.map((entry) => entry.message)).toEqual([]);
  });
});

/** Claims that no sentence may make (detect, "Words"). */
const FORBIDDEN_ENGLISH = [/diagnos/i, /\bno stroke\b(?! check)/i, /\byou have\b/i, /\bA\.?I\.?\b/, /stroke (was |is )?detected/i, /rules? out a stroke/i, /all clear/i, /\byou are (healthy|fine|safe)/i];
const FORBIDDEN_FRENCH = [/diagnos/i, /\b(pas|aucun|sans) d?[’']?\s?AVC\b/i, /\bvous avez\b/i, /\bI\.?A\.?\b/, /AVC (a été |est )?détecté/i, /exclut un AVC/i, /\bvous êtes (en bonne santé|sain)/i];
/** The same words where they deny the claim. */
const ALLOWED = [/not a diagnosis/gi, /does not rule out a stroke/gi, /pas un diagnostic/gi, /n[’']exclut pas un AVC/gi];

function claims(sentence: string, forbidden: RegExp[]): boolean {
  const rest = ALLOWED.reduce((left, allowed) => left.replace(allowed, ""), sentence);
  return forbidden.some((pattern) => pattern.test(rest));
}

describe("claims", () => {
  test("no English sentence makes one", () => {
    expect(Object.values(english).map(text).filter((sentence) => claims(sentence, FORBIDDEN_ENGLISH))).toEqual([]);
  });

  test("no French sentence makes one", () => {
    expect(Object.values(french).map(text).filter((sentence) => claims(sentence, FORBIDDEN_FRENCH))).toEqual([]);
  });

  test("the check itself sees a claim and lets its denial pass", () => {
    expect(claims("You have had a stroke", FORBIDDEN_ENGLISH)).toBe(true);
    expect(claims("AI diagnosis", FORBIDDEN_ENGLISH)).toBe(true);
    expect(claims("Screening aid, not a diagnosis.", FORBIDDEN_ENGLISH)).toBe(false);
    expect(claims("Vous avez fait un AVC", FORBIDDEN_FRENCH)).toBe(true);
    expect(claims("Aide au dépistage, pas un diagnostic.", FORBIDDEN_FRENCH)).toBe(false);
  });
});

test("no colour is written outside of the roles", () => {
  const css = readFileSync("src/app/base.css", "utf8").replace(/@media print \{[\s\S]*$/, "");
  expect(css.match(/#[0-9a-f]{3,8}\b/gi)).toBeNull();
});
