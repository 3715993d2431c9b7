import { transformAsync } from "@babel/core";
import macro from "@lingui/babel-plugin-lingui-macro";
import type { Plugin } from "vite";

const USES_MACRO = /@lingui\/(core|react)\/macro/;

/** Turns the word macros (`t`, `Trans`, `msg`, `plural`) into catalogue ids; types and JSX are left to the bundler. */
export function macroWords(): Plugin {
  return {
    name: "aidpost-words",
    enforce: "pre",
    async transform(code, id) {
      if (id.includes("node_modules") || !/\.tsx?$/.test(id) || !USES_MACRO.test(code)) return null;
      const out = await transformAsync(code, {
        filename: id,
        babelrc: false,
        configFile: false,
        sourceMaps: true,
        parserOpts: { plugins: ["typescript", "jsx"] },
        plugins: [macro],
      });
      return out?.code ? { code: out.code, map: out.map } : null;
    },
  };
}
