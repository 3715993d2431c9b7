// Opens the link host's page in Chromium, as a person would. The first argument is the folder of the window's packages (playwright-core,
// axe-core); a question is one JSON object on standard input, what was seen one on standard output. CHROMIUM and CHROMIUM_FLAGS as in
// ui/tools/look.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.argv[2], "package.json"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const { address, steps, language, scheme, width, map, picture } = JSON.parse(readFileSync(0, "utf8"));

const flags = process.env.CHROMIUM_FLAGS?.split(" ") ?? (process.getuid?.() === 0 ? ["--no-sandbox"] : []);
const program = process.env.CHROMIUM ?? execFileSync("which", ["chromium"], { encoding: "utf8" }).trim();
const browser = await chromium.launch({ executablePath: program, args: [...flags, ...(map ? [`--host-resolver-rules=MAP ${map} 127.0.0.1`] : [])] });
try {
  const context = await browser.newContext({ locale: language, colorScheme: scheme, viewport: { width, height: 900 }, acceptDownloads: true });
  const page = await context.newPage();
  const requests = [];
  const errors = [];
  page.on("request", (request) => requests.push({ method: request.method(), url: request.url(), body: request.postData() }));
  // The browser itself writes down every refused request; the host's refusals are part of a story.
  const refused = /status of (401|404) /;
  page.on("console", (message) => message.type() === "error" && !refused.test(message.text()) && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.goto(address);
  await page.locator("h1").waitFor();
  const screens = [await look(page, requests, errors)];
  for (const step of steps) {
    if (step.fill) await page.getByLabel(step.fill, { exact: true }).fill(step.with);
    if (step.press) await page.keyboard.press(step.press);
    if (step.type) await page.keyboard.type(step.type);
    if (step.click) await page.getByRole("button", { name: step.click }).click();
    if (step.save) {
      const [saved] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: step.save }).first().click()]);
      screens.push({ saved: readFileSync(await saved.path()).toString("base64"), name: saved.suggestedFilename() });
      continue;
    }
    if (step.sees) {
      await page.getByText(step.sees).first().waitFor();
      screens.push(await look(page, requests, errors));
    }
  }
  if (picture) await page.screenshot({ path: picture, fullPage: true });
  process.stdout.write(JSON.stringify(screens));
} finally {
  await browser.close();
}

/** Words that one catalogue has and the other lacks, or with other values in them. */
async function lacking() {
  const { catalogues } = await import("/view/words.js");
  const flat = (words, at = "") => Object.entries(words).flatMap(([key, word]) => (typeof word === "string" ? [`${at}${key} ${(word.match(/\{\w+\}/g) ?? []).sort()}`] : flat(word, `${at}${key}.`)));
  const [en, fr] = [flat(catalogues.en), flat(catalogues.fr)];
  return [...en.filter((word) => !fr.includes(word)), ...fr.filter((word) => !en.includes(word))];
}

/** What a person sees, what a screen reader is told, and what left the page so far. */
async function look(page, requests, errors) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run({ resultTypes: ["violations"] }));
  return {
    text: await page.locator("main").innerText(),
    title: await page.title(),
    lang: await page.locator("html").getAttribute("lang"),
    focused: await page.evaluate(() => document.activeElement?.id || document.activeElement?.tagName),
    wide: await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth),
    scripts: await page.evaluate(() => document.querySelectorAll("main script, main iframe, main b").length),
    address: page.url(),
    lacking: await page.evaluate(lacking),
    faults: violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).join(", ")}`),
    requests: [...requests],
    errors: [...errors],
  };
}
