import { Trans } from "@lingui/react/macro";
import { createHashHistory, RouterProvider, type RouterHistory } from "@tanstack/react-router";
import { lazy, Suspense, useMemo, useState } from "react";
import type { MeView } from "../bindings/MeView";
import type { SessionView } from "../bindings/SessionView";
import { DataState, Waiting } from "../parts/DataState";
import { ErrorBoundary } from "./ErrorBoundary";
import { KeyboardProvider } from "./keys";
import { useAsk } from "./queries";
import { makeRouter } from "./router";

const StartRoom = lazy(() => import("../rooms/start").then((room) => ({ default: room.StartRoom })));
const UnlockRoom = lazy(() => import("../rooms/unlock").then((room) => ({ default: room.UnlockRoom })));

/** Which of the three faces of the program is shown: first start, unlock, or the open vault. */
export function App({ history }: { history?: RouterHistory }) {
  const session = useAsk("session.state", {});
  return (
    <ErrorBoundary>
      <KeyboardProvider>
        <Suspense fallback={<Waiting />}>
          <DataState query={session}>{(state) => <Face session={state} history={history} onAgain={() => void session.refetch()} />}</DataState>
        </Suspense>
      </KeyboardProvider>
    </ErrorBoundary>
  );
}

function Face({ session, history, onAgain }: { session: SessionView; history?: RouterHistory; onAgain: () => void }) {
  // Making a vault opens it, but its papers must be seen first: the start room stays until it says so.
  const [starting, setStarting] = useState(session.stage === "empty" || session.stage === "joining");
  if (starting || session.stage === "empty" || session.stage === "joining") {
    const done = () => {
      setStarting(false);
      onAgain();
    };
    return <StartRoom session={session} onBegin={() => setStarting(true)} onDone={done} />;
  }
  if (session.stage === "open" && session.me) return <OpenVault key={session.me.user} me={session.me} history={history} />;
  if (session.stage === "locked") return <UnlockRoom session={session} onUnlocked={onAgain} onAnother={() => setStarting(true)} />;
  return (
    <p>
      <Trans>The vault is open, but nobody is at work. Close the window and open it again.</Trans>
    </p>
  );
}

function OpenVault({ me, history }: { me: MeView; history?: RouterHistory }) {
  // A change of name or role makes a new context, not a new place: the history is kept.
  const kept = useMemo(() => history ?? createHashHistory(), [history]);
  const router = useMemo(() => makeRouter(me, kept), [me, kept]);
  return <RouterProvider router={router} />;
}
