import { createContext, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { preferences } from "./preferences";

/** One shortcut: which keys, what it does, and the sentence that `?` shows. */
export interface Shortcut {
  /**
   * `"n"`, `"Ctrl+k"`, `"g t"` (one after the other), `"?"`, `"["`. Letters are lower case; Ctrl also means Cmd on a Mac.
   */
  keys: string;
  /** What it does, already in the person's language. */
  label: string;
  /** Heading under which `?` lists it. */
  group: string;
  run: () => void;
}

interface Keyboard {
  register: (shortcuts: readonly Shortcut[]) => () => void;
  all: () => Shortcut[];
}

const KeyboardContext = createContext<Keyboard | null>(null);
const SEQUENCE_MS = 1200;

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

function isInDialog(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[role="dialog"],[role="menu"],[role="listbox"]') !== null;
}

/** The name of what was pressed, in the form `Shortcut.keys` uses. */
export function pressed(event: KeyboardEvent): string {
  const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return event.ctrlKey || event.metaKey ? `Ctrl+${name}` : name;
}

/** True for keys that would be text in a field and may be turned off as a whole (WCAG 2.1.4). */
export function isLetterKey(keys: string): boolean {
  return !keys.startsWith("Ctrl+") && !/^F\d+$/.test(keys);
}

/** Finds the shortcut for `name` after `before` (the first key of a sequence, or null), the latest registered first. */
export function findShortcut(list: readonly Shortcut[], before: string | null, name: string): Shortcut | "wait" | null {
  const wanted = before ? `${before} ${name}` : name;
  for (let at = list.length - 1; at >= 0; at -= 1) {
    if (list[at]?.keys === wanted) return list[at] ?? null;
  }
  return !before && list.some((one) => one.keys.startsWith(`${name} `)) ? "wait" : null;
}

/** Hears the keyboard of the whole window and runs what the screens have registered. */
export function KeyboardProvider({ children }: { children: ReactNode }) {
  const list = useRef<Shortcut[]>([]);
  const before = useRef<{ name: string; at: number } | null>(null);

  const keyboard = useMemo<Keyboard>(
    () => ({
      register(shortcuts) {
        list.current = [...list.current, ...shortcuts];
        return () => {
          list.current = list.current.filter((one) => !shortcuts.includes(one));
        };
      },
      all: () => list.current,
    }),
    [],
  );

  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey) return;
      const name = pressed(event);
      const letter = isLetterKey(name);
      if (letter && (isTyping(event.target) || isInDialog(event.target) || !preferences().letterKeys)) return;
      const last = before.current && event.timeStamp - before.current.at < SEQUENCE_MS ? before.current.name : null;
      before.current = null;
      const found = findShortcut(list.current, last, name) ?? (last ? findShortcut(list.current, null, name) : null);
      if (found === null) return;
      if (found === "wait") {
        before.current = { name, at: event.timeStamp };
        return;
      }
      event.preventDefault();
      found.run();
    };
    window.addEventListener("keydown", hear);
    return () => window.removeEventListener("keydown", hear);
  }, []);

  return <KeyboardContext.Provider value={keyboard}>{children}</KeyboardContext.Provider>;
}

function useKeyboard(): Keyboard {
  const keyboard = useContext(KeyboardContext);
  if (!keyboard) throw new Error("shortcuts need a KeyboardProvider");
  return keyboard;
}

/** Registers a screen's shortcuts for as long as it is shown. Handlers may change; keys and labels are read at registration. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const keyboard = useKeyboard();
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  const shape = shortcuts.map((one) => `${one.keys}\u0000${one.label}`).join("\u0001");
  useEffect(() => {
    const steady = latest.current.map((one, at) => ({ ...one, run: () => latest.current[at]?.run() }));
    return keyboard.register(steady);
  }, [keyboard, shape]);
}

/** All shortcuts that act now; read when the list of keys is opened. */
export function useAllShortcuts(open: boolean): Shortcut[] {
  const keyboard = useKeyboard();
  const [all, setAll] = useState<Shortcut[]>([]);
  useEffect(() => {
    if (open) setAll(keyboard.all());
  }, [open, keyboard]);
  return all;
}
