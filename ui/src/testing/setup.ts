import "@testing-library/jest-dom/vitest";
import { i18n } from "@lingui/core";
import { notifications } from "@mantine/notifications";
import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeEach, vi } from "vitest";
import { forgetPreferences, setPreferences } from "../app/preferences";

// Rooms are loaded when first shown, which takes its time where several things are built at once.
configure({ asyncUtilTimeout: 30_000 });

if (typeof window !== "undefined") furnish();

beforeEach(() => {
  // English stands in the code itself; the catalogues have tests of their own.
  i18n.loadAndActivate({ locale: "en", messages: {} });
  if (typeof window === "undefined") return;
  forgetPreferences();
  setPreferences({ language: "en", theme: "light" });
});

afterEach(() => {
  cleanup();
  notifications.clean();
});

function furnish() {
  // What jsdom lacks and Mantine asks for.
  Object.defineProperty(window, "matchMedia", {
    writable: true,
    value: (query: string) => ({
      // Who asks for less motion gets none: a dialog that is on its way out is in no test's way.
      matches: query.includes("prefers-reduced-motion"),
      media: query,
      onchange: null,
      addEventListener: () => {},
      removeEventListener: () => {},
      addListener: () => {},
      removeListener: () => {},
      dispatchEvent: () => false,
    }),
  });
  window.ResizeObserver = class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
  Object.defineProperty(File.prototype, "arrayBuffer", { value: readBytes });
  Object.defineProperty(File.prototype, "text", { value: readText });
  Object.defineProperty(document, "fonts", { value: { addEventListener: () => {}, removeEventListener: () => {} } });
  // Nothing is laid out here; a long list needs to believe in a window of some size.
  Object.defineProperty(HTMLElement.prototype, "clientHeight", { configurable: true, get: () => 600 });
  Object.defineProperty(HTMLElement.prototype, "clientWidth", { configurable: true, get: () => 800 });
  Element.prototype.scrollIntoView = () => {};
  Element.prototype.scrollTo = () => {};
  URL.createObjectURL = vi.fn(() => "blob:test");
  URL.revokeObjectURL = vi.fn();
}

function readBytes(this: File): Promise<ArrayBuffer> {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result as ArrayBuffer);
    reader.onerror = () => failed(reader.error);
    reader.readAsArrayBuffer(this);
  });
}

async function readText(this: File): Promise<string> {
  return new TextDecoder().decode(await readBytes.call(this));
}
