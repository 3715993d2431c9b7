import { useEffect } from "react";
import { useHost } from "../host/HostContext";

/** What is being written, to be kept before the vault is closed. */
const keepers = new Set<() => Promise<void>>();

/** Keeps something when a lock is near, until the returned function is called. */
export function keepBeforeLock(keep: () => Promise<void>): () => void {
  keepers.add(keep);
  return () => keepers.delete(keep);
}

/** Keeps everything that is being written when the program says that it is about to lock, then tells it so. */
export function useKeeping(): void {
  const host = useHost();
  useEffect(
    () =>
      host.on("locking", () => {
        const kept = Promise.allSettled([...keepers].map((keep) => keep()));
        // A program that is gone by then did not wait.
        void kept.then(() => host.ask("session.drafts_kept", {})).catch(() => undefined);
      }),
    [host],
  );
}
