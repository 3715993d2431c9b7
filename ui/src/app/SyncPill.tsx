import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { useRef } from "react";
import type { SyncView } from "../bindings/SyncView";
import { exactly } from "../words/dates";
import css from "./TopBar.module.css";
import { syncFace, unsent } from "./sync-face";

/** The largest number of unsent changes since the queue was last empty, so that "4 of 11" can be said. */
function useRound(state: SyncView): number {
  const round = useRef(0);
  const waiting = unsent(state);
  round.current = waiting === 0 ? 0 : Math.max(round.current, waiting);
  return round.current;
}

/** Where the changes of this device are, truthfully; opens the sync centre. */
export function SyncPill({ state }: { state: SyncView }) {
  const { i18n, t } = useLingui();
  const face = syncFace(state, useRound(state));
  const words = i18n._(face.words);
  const last = state.last_success ? t`Last sync ${exactly(new Date(state.last_success))}` : t`Not synced yet`;
  return (
    <Link to="/sync" className={`${css.pill} ${css[face.tone]}`} title={state.phase === "no_remote" ? t`No remote is set: nothing leaves this device.` : last}>
      <face.icon size="1rem" stroke={1.8} aria-hidden />
      <span aria-live="polite">{words}</span>
      {face.progress !== undefined ? <span className={css.progress} style={{ inlineSize: `${Math.round(face.progress * 100)}%` }} aria-hidden /> : null}
    </Link>
  );
}
