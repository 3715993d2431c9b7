import { Plural, useLingui } from "@lingui/react/macro";
import { IconAlertCircle } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { Problem } from "../../host/problem";
import { Failed } from "../../parts/DataState";
import { explain } from "../../words/problems";
import css from "./Unlock.module.css";

/** What is wrong with the folder of the record, before anything is typed. */
export function VaultProblem({ code }: { code: string }) {
  return <Sentence code={code} />;
}

function Sentence({ code }: { code: string }) {
  const { i18n } = useLingui();
  const { what, next } = explain(code);
  return (
    <p className={css.problem} role="alert">
      <IconAlertCircle size="1.125rem" aria-hidden />
      <span>
        {i18n._(what)} {i18n._(next)}
      </span>
    </p>
  );
}

/** The seconds that the program asks to wait, if it does. */
export function waitOf(problem: Problem | null): number | null {
  if (problem?.code !== "too_many_attempts") return null;
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

/** The sentence is said once; the number beside it moves without being read out each second. */
function Waiting({ seconds }: { seconds: number }) {
  const { i18n } = useLingui();
  const { what, next } = explain("too_many_attempts");
  return (
    <p className={css.problem} role="alert">
      <IconAlertCircle size="1.125rem" aria-hidden />
      <span>
        {i18n._(what)} {i18n._(next)}{" "}
        <span aria-live="off">
          <Plural value={seconds} one="Try again in # second." other="Try again in # seconds." />
        </span>
      </span>
    </p>
  );
}

/** What an attempt came to: the wait if there is one, a plain sentence for a slip, else the whole problem. */
export function AttemptSaid({ problem, left }: { problem: Problem | null; left: number }) {
  if (left > 0) return <Waiting seconds={left} />;
  if (!problem || problem.code === "too_many_attempts") return null;
  return SLIPS.has(problem.code) ? <Sentence code={problem.code} /> : <Failed problem={problem} />;
}

/** What happens to everyone: no reference to copy, no way to report it. */
const SLIPS = new Set(["wrong_passphrase", "wrong_pin", "pin_ended", "pin_not_usable", "kit_unreadable", "wrong_kit", "weak_passphrase"]);
