import { defineConfig } from "vitest/config";
import { macroWords } from "./tools/macro.ts";

export default defineConfig({
  plugins: [macroWords()],
  // Relative addresses, so that the page works under tauri:// as under a plain file server.
  base: "./",
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    // A preload helper would need an inline style or script on some engines; the files are on this disk anyway.
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: {
      // Mantine marks files for a server-side split that does not exist here.
      onwarn: (warning, tell) => warning.code !== "MODULE_LEVEL_DIRECTIVE" && tell(warning),
    },
  },
  server: { port: 5173, strictPort: true },
  test: {
    environment: "jsdom",
    setupFiles: ["./src/testing/setup.ts"],
    css: { modules: { classNameStrategy: "non-scoped" } },
    testTimeout: 60_000,
    maxWorkers: 2,
    // Pictures of the whole window are drawn by tools/look, not here.
    include: ["src/**/*.test.{ts,tsx}"],
  },
});
