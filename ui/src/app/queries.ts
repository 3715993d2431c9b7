import { QueryClient, useMutation, useQuery, useQueryClient, type UseMutationResult, type UseQueryResult } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { SyncView } from "../bindings/SyncView";
import { useHost } from "../host/HostContext";
import type { Uploads } from "../bindings/requests";
import type { Input, Output, RequestName, UploadName } from "../host/host";
import type { Problem } from "../host/problem";
import { readsOf } from "./reads";
import { STEP_UP_CANCELLED, useProving } from "./step-up";

/** A fresh query store. The program behind the window is on this computer: nothing is ever "offline", nothing retried blindly. */
export function makeQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { networkMode: "always", retry: false, staleTime: Infinity, gcTime: 10 * 60_000, refetchOnWindowFocus: false },
      mutations: { networkMode: "always", retry: false },
    },
  });
}

/** The key of a question: it begins with the names of the collections the answer is read from. */
export function keyOf<K extends RequestName>(name: K, input: Input<K>) {
  return [readsOf(name), name, input] as const;
}

interface AskOptions {
  /** False keeps the question back, for instance until an id is known. */
  enabled?: boolean;
  /** Keeps the last answer on screen while the next one is on its way, for searches that follow typing. */
  keepPrevious?: boolean;
  /** Asks again after this many milliseconds, for what changes without an event. */
  every?: number;
  /** Forgets the answer as soon as nobody shows it: for what changes without an event, such as drafts. */
  forget?: boolean;
}

/** Asks one thing and keeps the answer fresh. */
export function useAsk<K extends RequestName>(name: K, input: Input<K>, options: AskOptions = {}): UseQueryResult<Output<K>, Problem> {
  const host = useHost();
  return useQuery<Output<K>, Problem, Output<K>>({
    queryKey: keyOf(name, input) as never,
    queryFn: () => host.ask(name, input),
    enabled: options.enabled ?? true,
    placeholderData: options.keepPrevious ? ((before: unknown) => before) as never : undefined,
    refetchInterval: options.every ?? false,
    ...(options.forget ? { gcTime: 0, staleTime: 0 } : {}),
  });
}

/** Something that changes the world: `mutate(input)`. What became stale is told by the `changed` event. */
export function useTell<K extends RequestName>(name: K): UseMutationResult<Output<K>, Problem, Input<K>> {
  const host = useHost();
  return useProvenMutation(name, (input: Input<K>) => host.ask(name, input));
}

/** A request given up at the question who is there leaves its form as it was, without an error. */
function useProvenMutation<I, O>(name: string, ask: (input: I) => Promise<O>): UseMutationResult<O, Problem, I> {
  const proving = useProving();
  const mutation = useMutation<O, Problem, I>({
    mutationKey: [name],
    mutationFn: (input) => proving(() => ask(input)),
    onError: (problem) => {
      if (problem.code === STEP_UP_CANCELLED) mutation.reset();
    },
  });
  return mutation;
}

/** An upload with what goes beside it. */
export interface Upload<K extends UploadName> {
  meta: Uploads[K]["in"];
  bytes: Uint8Array;
}

/** The same for raw bytes. */
export function useTellBytes<K extends UploadName>(name: K): UseMutationResult<Uploads[K]["out"], Problem, Upload<K>> {
  const host = useHost();
  return useProvenMutation(name, ({ meta, bytes }: Upload<K>) => host.askBytes(name, meta, bytes));
}

/** True when an answer read from `reads` is stale after `changed`. */
export function isStale(reads: unknown, changed: readonly string[]): boolean {
  if (!Array.isArray(reads)) return false;
  return reads.includes("*") || changed.includes("*") || reads.some((name) => changed.includes(String(name)));
}

/** True when rows may show other marks than before: a round has ended, or what waits for a person has changed. Not at every step of a round. */
export function settled(before: SyncView | null, now: SyncView): boolean {
  if (!before) return true;
  if (before.conflicts !== now.conflicts || before.quarantined !== now.quarantined) return true;
  return now.phase !== before.phase && now.phase !== "pushing" && now.phase !== "pulling";
}

/** Listens to the host and marks stale answers, which are then asked again if a screen shows them. */
export function useRefresh(): void {
  const host = useHost();
  const queries = useQueryClient();
  const last = useRef<SyncView | null>(null);
  useEffect(() => {
    const refresh = (changed: readonly string[]) =>
      void queries.invalidateQueries({ predicate: (query) => isStale(query.queryKey[0], changed) });
    const stops = [
      host.on("changed", (event) => refresh(event.collections)),
      host.on("sync", (event) => {
        queries.setQueryData(keyOf("sync.state", {}), event.state);
        if (settled(last.current, event.state)) refresh(["@sync"]);
        last.current = event.state;
      }),
      host.on("session", (event) => {
        const asked = queries.refetchQueries({ queryKey: keyOf("session.state", {}) });
        // What the closed vault answered must not stay in memory, nor be shown to the next person.
        if (event.stage !== "open") void asked.then(() => queries.removeQueries({ predicate: (query) => query.queryKey[1] !== "session.state" }));
      }),
    ];
    return () => stops.forEach((stop) => stop());
  }, [host, queries]);
}
