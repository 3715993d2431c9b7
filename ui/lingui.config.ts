import { defineConfig } from "@lingui/cli";
import { formatter } from "@lingui/format-po";

/** English is written in the code; French lives in `src/words/fr.po`. `npm run words` refreshes both and compiles them. */
export default defineConfig({
  locales: ["en", "fr"],
  sourceLocale: "en",
  catalogs: [{ path: "src/words/{locale}", include: ["src"], exclude: ["src/bindings/**", "**/*.test.ts", "**/*.test.tsx"] }],
  compileNamespace: "ts",
  format: formatter({ lineNumbers: false }),
});
