import { useEffect, useRef, useState } from "react";
import { keepBeforeLock } from "../../app/keeping";
import { useHost } from "../../host/HostContext";
import type { Problem } from "../../host/problem";

/** How often what is being written is kept. */
export const KEEP_EVERY_MS = 2_000;

export interface DraftState {
  /** When the text as it stands was last kept on this device; null before. */
  savedAt: Date | null;
  problem: Problem | null;
  /** Stops keeping: the note was signed, or the draft thrown away. */
  end: () => void;
}

/** Keeps `text` as the chart's draft every two seconds while it changes, before a lock, and once more when the editor is left. */
export function useDraft(patient: string, text: string, active: boolean): DraftState {
  const host = useHost();
  const [savedAt, setSavedAt] = useState<Date | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const latest = useRef(text);
  latest.current = text;
  const kept = useRef(text);
  const ended = useRef(false);

  useEffect(() => {
    if (!active) return;
    const keep = async () => {
      if (ended.current || latest.current === kept.current) return;
      const sending = latest.current;
      try {
        const draft = await host.ask("notes.keep_draft", { patient, text: sending });
        kept.current = sending;
        setProblem(null);
        setSavedAt(draft.at ? new Date(draft.at) : null);
      } catch (thrown) {
        setProblem(thrown as Problem);
      }
    };
    const timer = setInterval(() => void keep(), KEEP_EVERY_MS);
    const forget = keepBeforeLock(keep);
    return () => {
      forget();
      clearInterval(timer);
      void keep();
    };
  }, [host, patient, active]);

  const end = () => {
    ended.current = true;
  };
  return { savedAt, problem, end };
}
