import { useCallback, useEffect, useRef, useState } from "react";
import type { FrameView } from "../../bindings/FrameView";
import { useHost } from "../../host/HostContext";
import { asProblem, type Problem } from "../../host/problem";

/** So many are drawn at once; the next are asked for when half of them were shown. */
const BATCH = 20;

/** The frames of a sending, one at each step. */
export function useFrames(ticket: string) {
  const host = useHost();
  const waiting = useRef<FrameView[]>([]);
  const asking = useRef(false);
  const [frame, setFrame] = useState<FrameView | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const fill = useCallback(async () => {
    if (asking.current) return;
    asking.current = true;
    try {
      waiting.current.push(...(await host.ask("transfer.frames", { ticket, count: BATCH })));
      setProblem(null);
    } catch (thrown) {
      setProblem(asProblem(thrown));
    }
    asking.current = false;
  }, [host, ticket]);
  const step = useCallback(() => {
    const next = waiting.current.shift();
    if (next) setFrame(next);
    if (waiting.current.length < BATCH / 2) void fill();
  }, [fill]);
  useEffect(() => {
    void fill().then(step);
  }, [fill, step]);
  return { frame, problem, step };
}
