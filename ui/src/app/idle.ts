import { useEffect, useRef, useState } from "react";

const WATCHED = ["pointerdown", "keydown", "wheel", "touchstart"] as const;
/** The countdown is shown for at most this long before the lock. */
const SHOWN_MS = 10 * 60_000;

/** How often the program is told of touches at most. It waits longer than this, so that the window's own lock is the first. */
const TOLD_MS = 5_000;

/** What is left, given the moment of the last touch. */
export function leftBeforeLock(lastTouch: number, now: number, lockMinutes: number): number {
  return Math.max(0, lastTouch + lockMinutes * 60_000 - now);
}

/** Whether the countdown is shown: the last ten minutes, but never in the first quarter of a short time, where it would only flicker. */
export function showsCountdown(left: number, lockMinutes: number): boolean {
  return left <= Math.min(SHOWN_MS, lockMinutes * 60_000 * 0.75);
}

/**
 * Milliseconds until the lock, moved back by each key, click or scroll; calls `onLock` once when nothing is left. `onTouch` tells the
 * program, which locks by itself should this window hang.
 */
export function useIdleLock(lockMinutes: number, onLock: () => void, onTouch: () => void): number {
  const touched = useRef(Date.now());
  const [left, setLeft] = useState(lockMinutes * 60_000);
  const lock = useRef(onLock);
  lock.current = onLock;
  const tell = useRef(onTouch);
  tell.current = onTouch;
  const told = useRef(0);

  useEffect(() => {
    touched.current = Date.now();
    told.current = touched.current;
    const touch = () => {
      touched.current = Date.now();
      if (touched.current - told.current < TOLD_MS) return;
      told.current = touched.current;
      tell.current();
    };
    for (const kind of WATCHED) window.addEventListener(kind, touch, { passive: true, capture: true });
    let locked = false;
    const timer = setInterval(() => {
      const remaining = leftBeforeLock(touched.current, Date.now(), lockMinutes);
      // The last touch of a flurry is told too, a little later.
      if (touched.current > told.current && Date.now() - told.current >= TOLD_MS) {
        told.current = Date.now();
        tell.current();
      }
      setLeft(remaining);
      if (remaining === 0 && !locked) {
        locked = true;
        lock.current();
      }
    }, 1000);
    return () => {
      clearInterval(timer);
      for (const kind of WATCHED) window.removeEventListener(kind, touch, { capture: true });
    };
  }, [lockMinutes]);

  return left;
}
