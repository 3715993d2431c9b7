// Fills empty translations of src/words/fr.po from a JSON object { "English message": "French message" }.
// Usage: node tools/french.mjs words.json. Prints what still lacks French.
import { readFileSync, writeFileSync } from "node:fs";
import { formatter } from "@lingui/format-po";

const PATH = "src/words/fr.po";
const words = process.argv[2] ? JSON.parse(readFileSync(process.argv[2], "utf8")) : {};
const po = formatter({ lineNumbers: false });
const context = { locale: "fr", sourceLocale: "en", filename: PATH };
const catalogue = await po.parse(readFileSync(PATH, "utf8"), context);
const missing = [];
for (const entry of Object.values(catalogue)) {
  const given = words[entry.message];
  if (given) entry.translation = given;
  if (!entry.translation) missing.push(entry.message);
}
writeFileSync(PATH, await po.serialize(catalogue, { ...context, existing: readFileSync(PATH, "utf8") }));
console.log(JSON.stringify(missing, null, 1));
