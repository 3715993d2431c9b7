// Fails when the scripts of the first screen weigh more than 350 kB compressed: the entry, one language, the frame and Today, with all they import.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const LIMIT = 350_000;
const ASSETS = new URL("../dist/assets/", import.meta.url);
const entry = /src="\.\/assets\/([^"]+\.js)"/.exec(readFileSync(new URL("../dist/index.html", import.meta.url), "utf8"))?.[1];
if (!entry) throw new Error("dist/index.html names no script; run npm run build first");

const first = [entry, ...readdirSync(ASSETS).filter((name) => /^(today|fr)-.*\.js$/.test(name))];
const seen = new Set();
let total = 0;
while (first.length > 0) {
  const name = first.pop();
  if (seen.has(name)) continue;
  seen.add(name);
  const text = readFileSync(new URL(name, ASSETS), "utf8");
  total += gzipSync(text).length;
  // Static imports only: what is imported on demand waits until it is wanted.
  for (const found of text.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) first.push(found[1]);
}
console.log(`first screen: ${Math.round(total / 1000)} kB compressed in ${seen.size} files (limit ${LIMIT / 1000} kB)`);
if (total > LIMIT) process.exitCode = 1;
