import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";
import type { FileRow } from "../../bindings/FileRow";
import type { ListRecords } from "../../bindings/ListRecords";
import type { RecordPage } from "../../bindings/RecordPage";
import type { RecordRow } from "../../bindings/RecordRow";
import { keyOf } from "../../app/queries";
import { useHost } from "../../host/HostContext";
import { asProblem, type Problem } from "../../host/problem";

/** Rows asked for at once. */
export const PAGE = 200;

/** What narrows the list. */
export type RecordFilter = Pick<ListRecords, "patient" | "text" | "document_type" | "archived">;

export interface FoundRecords {
  rows: readonly RecordRow[];
  /** Null until the first answer. */
  total: number | null;
  error: Problem | null;
  retry: () => void;
  more: () => void;
}

/** A chart's documents, page by page; the last answer stays while the next is on its way. */
export function useRecords(filter: RecordFilter): FoundRecords {
  const host = useHost();
  const query = useInfiniteQuery<RecordPage, Problem, { pages: RecordPage[] }, readonly unknown[], number>({
    queryKey: [...keyOf("records.list", { ...filter, offset: 0, limit: PAGE }), "pages"],
    queryFn: ({ pageParam }) => host.ask("records.list", { ...filter, offset: pageParam, limit: PAGE }),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const have = pages.reduce((sum, page) => sum + page.rows.length, 0);
      return last.rows.length > 0 && have < last.total ? have : undefined;
    },
    placeholderData: (before) => before,
  });
  const pages = query.data?.pages;
  const rows = useMemo(() => pages?.flatMap((page) => page.rows) ?? [], [pages]);
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = query;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);
  return { rows, total: pages?.[0]?.total ?? null, error: query.error, retry: () => void query.refetch(), more };
}

export interface FileBytes {
  bytes: Uint8Array | null;
  problem: Problem | null;
  retry: () => void;
}

/** The bytes of a file, checked by the program against its fingerprint. Not cached: a chart may hold a gigabyte of them. */
export function useFileBytes(record: string, file: FileRow): FileBytes {
  const host = useHost();
  const [state, setState] = useState<{ bytes: Uint8Array | null; problem: Problem | null }>({ bytes: null, problem: null });
  const [round, setRound] = useState(0);
  const { id, here } = file;
  useEffect(() => {
    if (!here) return;
    let gone = false;
    setState({ bytes: null, problem: null });
    host
      .bytes("records.file", { record, file: id })
      .then((bytes) => gone || setState({ bytes, problem: null }))
      .catch((thrown: unknown) => gone || setState({ bytes: null, problem: asProblem(thrown) }));
    return () => {
      gone = true;
    };
  }, [host, record, id, here, round]);
  return { ...state, retry: () => setRound((now) => now + 1) };
}
