import { useEffect, useRef } from "react";
import type { OutsidePurpose } from "../bindings/OutsidePurpose";
import { useHost } from "../host/HostContext";
import type { Problem } from "../host/problem";
import { useTell } from "./queries";

export interface Visit {
  /** The address that the browser was asked to show, while the program waits for it. */
  address: string | null;
  /** Between the click and the browser. */
  beginning: boolean;
  problem: Problem | null;
  start: (provider: string) => void;
  giveUp: () => void;
}

/** Goes to a provider in the browser and waits; `done` hears the visit that showed something. Leaving the screen gives it up. */
export function useVisit(purpose: OutsidePurpose, done: (visit: string) => void): Visit {
  const host = useHost();
  const begin = useTell("oidc.begin");
  const wait = useTell("oidc.wait");
  const under = useRef(false);
  const giveUp = () => {
    under.current = false;
    wait.reset();
    // What it would answer is known, and nobody looks any more.
    host.ask("oidc.cancel", {}).catch(() => undefined);
  };
  useEffect(() => () => void (under.current && host.ask("oidc.cancel", {}).catch(() => undefined)), [host]);
  const start = (provider: string) => {
    wait.reset();
    begin.mutate(
      { provider, purpose },
      {
        onSuccess: ({ visit }) => {
          under.current = true;
          wait.mutate({ id: visit }, { onSuccess: () => done(visit), onSettled: () => void (under.current = false) });
        },
      },
    );
  };
  const problem = begin.error ?? wait.error;
  return { address: wait.isPending ? (begin.data?.address ?? null) : null, beginning: begin.isPending, problem, start, giveUp };
}
