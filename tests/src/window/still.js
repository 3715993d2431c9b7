// Answers when nothing moves any more: every animation that has an end has ended, seen between two frames; after a second at the latest.
const done = arguments[arguments.length - 1];
const LONGEST_MS = 1000;
const begun = performance.now();
const ends = (animation) => Number.isFinite(animation.effect?.getComputedTiming().endTime ?? 0);
const moves = () => document.getAnimations().some((one) => one.playState === "running" && ends(one));
const look = () => {
  if (moves() && performance.now() - begun < LONGEST_MS) return requestAnimationFrame(look);
  requestAnimationFrame(() => requestAnimationFrame(() => {
    if (moves() && performance.now() - begun < LONGEST_MS) return look();
    done(true);
  }));
};
requestAnimationFrame(look);
