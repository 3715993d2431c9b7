import { defineConfig } from "vitest/config";
import { macroWords } from "./tools/macro";

export default defineConfig({
  plugins: [macroWords()],
  // Relative addresses, so that the page works under tauri:// as under a plain file server.
  base: "./",
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    // A preload helper would need an inline style or script on some engines; the files are on this disk anyway.
    modulePreload: false,
    reportCompressedSize: true,
  },
  server: { port: 5173, strictPort: true },
  test: {
    environment: "jsdom",
    setupFiles: ["./src/testing/setup.ts"],
    css: { modules: { classNameStrategy: "non-scoped" } },
    testTimeout: 20_000,
    maxWorkers: 2,
  },
});
