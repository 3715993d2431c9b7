import { useEffect, useRef, useState } from "react";

const WATCHED = ["pointerdown", "keydown", "wheel", "touchstart"] as const;
/** The countdown is shown for at most this long before the lock. */
const SHOWN_MS = 10 * 60_000;

/** What is left, given the moment of the last touch. */
export function leftBeforeLock(lastTouch: number, now: number, lockMinutes: number): number {
  return Math.max(0, lastTouch + lockMinutes * 60_000 - now);
}

/** Whether the countdown is shown: the last ten minutes, but never in the first quarter of a short time, where it would only flicker. */
export function showsCountdown(left: number, lockMinutes: number): boolean {
  return left <= Math.min(SHOWN_MS, lockMinutes * 60_000 * 0.75);
}

/** Milliseconds until the lock, moved back by each key, click or scroll; calls `onLock` once when nothing is left. */
export function useIdleLock(lockMinutes: number, onLock: () => void): number {
  const touched = useRef(Date.now());
  const [left, setLeft] = useState(lockMinutes * 60_000);
  const lock = useRef(onLock);
  lock.current = onLock;

  useEffect(() => {
    touched.current = Date.now();
    const touch = () => {
      touched.current = Date.now();
    };
    for (const kind of WATCHED) window.addEventListener(kind, touch, { passive: true, capture: true });
    let locked = false;
    const timer = setInterval(() => {
      const remaining = leftBeforeLock(touched.current, Date.now(), lockMinutes);
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
