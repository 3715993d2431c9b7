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
  window.getComputedStyle = rememberStyles(window.getComputedStyle.bind(window));
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

/**
 * jsdom matches every rule anew whenever the style of an element is asked for, and axe and the queries by role ask thousands of times between
 * two changes of the page: that was four tenths of all these tests' time. An answer holds until anything changes.
 */
function rememberStyles(ask: typeof window.getComputedStyle): typeof window.getComputedStyle {
  let known = new WeakMap<Element, CSSStyleDeclaration>();
  const forget = () => {
    known = new WeakMap();
  };
  const changes = new MutationObserver(forget);
  changes.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  return (element, pseudo) => {
    if (changes.takeRecords().length > 0) forget();
    if (pseudo) return ask(element, pseudo);
    const style = known.get(element) ?? ask(element);
    known.set(element, style);
    return style;
  };
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
