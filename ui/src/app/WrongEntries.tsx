import { Plural, useLingui } from "@lingui/react/macro";
import { IconAlertCircle } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { Problem } from "../host/problem";
import { Failed } from "../parts/DataState";
import { explain } from "../words/problems";
import css from "./WrongEntries.module.css";

const TOO_MANY = ["too_many_attempts", "too_many_codes"];
/** What is about the entry itself: a plain sentence is enough, there is nothing to report. */
const WRONG = [
  ...["wrong_passphrase", "weak_passphrase", "wrong_pin", "pin_ended", "pin_not_usable", "kit_unreadable", "wrong_kit"],
  ...["wrong_code", "code_was_used", "code_needed", "wrong_sent_code", "code_over"],
];

/** The seconds that the program asks to wait, if it does. */
export function waitOf(problem: Problem | null): number | null {
  if (!problem || !TOO_MANY.includes(problem.code)) return null;
  const seconds = Number(problem.detail);
  return Number.isFinite(seconds) ? seconds : null;
}

/** Counts `seconds` down; begins anew with every other `cause`, even for the same number. */
export function useSecondsLeft(seconds: number, cause: unknown): number {
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    const end = Date.now() + seconds * 1000;
    const look = () => setLeft(Math.max(0, Math.ceil((end - Date.now()) / 1000)));
    look();
    if (seconds === 0) return;
    const timer = setInterval(look, 500);
    return () => clearInterval(timer);
  }, [seconds, cause]);
  return left;
}

/** What was wrong with a passphrase or a code, and how long to wait. */
export function WrongEntry({ problem, left }: { problem: Problem | null; left: number }) {
  if (left > 0) return <Line code={problem && waitOf(problem) !== null ? problem.code : "too_many_attempts"} seconds={left} />;
  if (!problem || TOO_MANY.includes(problem.code)) return null;
  return WRONG.includes(problem.code) ? <Line code={problem.code} /> : <Failed problem={problem} />;
}

/** The sentence is said once; the number beside it moves without being read out each second. */
export function Line({ code, seconds }: { code: string; seconds?: number }) {
  const { i18n } = useLingui();
  const { what, next } = explain(code);
  return (
    <p className={css.problem} role="alert">
      <IconAlertCircle size="1.125rem" aria-hidden />
      <span>
        {i18n._(what)} {i18n._(next)}
        {seconds ? (
          <span aria-live="off">
            {" "}
            <Plural value={seconds} one="Try again in # second." other="Try again in # seconds." />
          </span>
        ) : null}
      </span>
    </p>
  );
}
