// Draws every screen of the built page in a real browser, over answers made up here, and checks each with axe (contrast too).
// Usage: node tools/look/look.mjs [folder for pictures] [beginning of a screen's name]. Needs Chromium (CHROMIUM, else the one on the path;
// CHROMIUM_FLAGS goes to it) and `npm run build` before.
import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import { mkdirSync, readFileSync } from "node:fs";
import { extname, join, normalize } from "node:path";
import { chromium } from "playwright-core";
import { bytesOf, chartScreens, spectrogram } from "./chart-screens.mjs";
import { screens } from "./screens.mjs";

const DIST = new URL("../../dist/", import.meta.url).pathname;
const OUT = process.argv[2] ?? "look";
const ONLY = process.argv[3];
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm", ".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml" };
// The policy of the desktop window, with our own origin in place of its bridge.
const CSP =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; form-action 'none'; base-uri 'none'; object-src 'none'";

const answers = { now: {} };
const server = createServer((request, response) => {
  const path = new URL(request.url, "http://here").pathname;
  if (path === "/events") return response.writeHead(200, { "content-type": "text/event-stream" }).write(": here\n\n");
  if (path.startsWith("/ask/")) return answer(path.slice(5), request, response);
  if (path === "/bytes/checks.spectrogram") return body(request, () => response.writeHead(200, { "content-type": "application/octet-stream" }).end(spectrogram()));
  if (path === "/bytes/records.file" || path === "/bytes/records.thumbnail") return body(request, (input) => response.writeHead(200, { "content-type": "application/octet-stream" }).end(bytesOf(input)));
  const file = normalize(join(DIST, path === "/" ? "index.html" : path));
  if (!file.startsWith(DIST)) return response.writeHead(404).end();
  try {
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream", "content-security-policy": CSP }).end(readFileSync(file));
  } catch {
    response.writeHead(404).end();
  }
});

function body(request, then) {
  let text = "";
  request.on("data", (part) => (text += part));
  request.on("end", () => then(JSON.parse(text || "null")));
}

function answer(name, request, response) {
  body(request, (input) => {
    const given = answers.now[name];
    const value = typeof given === "function" ? given(input) : given;
    const known = value !== undefined;
    const refused = value?.refused ?? (known ? null : { code: "unknown_request", detail: name, retry: false });
    response.writeHead(refused ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(refused ?? value));
  });
}

await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const base = `http://127.0.0.1:${server.address().port}/`;
mkdirSync(OUT, { recursive: true });
const axe = readFileSync(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const flags = process.env.CHROMIUM_FLAGS?.split(" ") ?? [];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? onPath("chromium"), args: flags });
let faults = 0;

/** Where a program is, as the shell finds it. */
function onPath(program) {
  return execFileSync("which", [program], { encoding: "utf8" }).trim();
}

async function draw(screen, theme, width, height, language = "en") {
  const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: 1, locale: language, bypassCSP: false });
  const page = await context.newPage();
  const said = [];
  // A screen that shows a refusal is refused something.
  const expected = (text) => screen.refused && text.includes("404 (Not Found)");
  page.on("console", (message) => message.type() === "error" && !expected(message.text()) && said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  const settings = { ...screen.answers["settings.get"], theme, language };
  const look = { language, theme, text_size: 100, letter_keys: true, less_motion: false };
  answers.now = { ...screen.answers, "settings.get": settings, "look.get": look, "look.set": look };
  await page.goto(`${base}#${screen.at ?? "/"}`);
  await page.waitForTimeout(700);
  if (screen.then) await screen.then(page);
  await page.waitForTimeout(screen.wait ?? 250);
  const name = `${screen.name}-${theme}-${width}${language === "en" ? "" : `-${language}`}`;
  await page.screenshot({ path: join(OUT, `${name}.png`) });
  // What the printer gets, where there is a sheet for it.
  if (theme === "light" && width === 1440 && (await page.locator("[data-print-sheet]").count()) > 0) await page.pdf({ path: join(OUT, `${name}.pdf`), format: "A4" });
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  // Through the protocol, so that the page's policy does not stand in the way.
  const session = await context.newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: axe });
  const found = await session.send("Runtime.evaluate", {
    expression: "axe.run(document, { resultTypes: ['violations'] }).then((r) => JSON.stringify(r.violations.flatMap((v) => v.nodes.map((n) => v.id + ': ' + n.html.slice(0, 140) + ' ' + (n.any[0]?.message ?? '').slice(0,140)))))",
    awaitPromise: true,
    returnByValue: true,
  });
  const violations = JSON.parse(found.result.value);
  for (const line of [...said.map((one) => `console: ${one}`), ...violations, ...(overflow ? ["the page scrolls sideways"] : [])]) {
    faults += 1;
    console.log(`${name}  ${line}`);
  }
  await context.close();
}

for (const screen of [...screens, ...chartScreens].filter((one) => !ONLY || one.name.startsWith(ONLY))) {
  await draw(screen, "light", 1440, 900);
  await draw(screen, "dark", 1440, 900);
  await draw(screen, "light", 1024, 768);
  await draw(screen, "light", 900, 700);
  await draw(screen, "dark", 1600, 1000);
  if (screen.french !== false) await draw(screen, "light", 1440, 900, "fr");
}
await browser.close();
server.close();
server.closeAllConnections();
console.log(faults === 0 ? "nothing found" : `${faults} findings`);
process.exitCode = faults === 0 ? 0 : 1;
