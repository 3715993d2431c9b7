import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import type { PatientPage } from "../../bindings/PatientPage";
import type { PatientRow } from "../../bindings/PatientRow";
import { keyOf } from "../../app/queries";
import { useHost } from "../../host/HostContext";
import type { Problem } from "../../host/problem";

/** Rows asked for at once: more than any window shows, few enough to arrive within a frame or two. */
export const PAGE = 200;

export interface FoundPatients {
  rows: readonly PatientRow[];
  /** Null until the first answer. */
  total: number | null;
  error: Problem | null;
  retry: () => void;
  /** Asks for the next page when there is one. */
  more: () => void;
}

/** Which part of the charts is looked through. */
export interface PatientFilter {
  archived: boolean;
  /** Those that this doctor saved. */
  saved: boolean;
}

/** Patients that fit the text, page by page; the last answer stays while the next is on its way. */
export function usePatients(text: string, { archived, saved }: PatientFilter): FoundPatients {
  const host = useHost();
  const query = useInfiniteQuery<PatientPage, Problem, { pages: PatientPage[] }, readonly unknown[], number>({
    queryKey: [...keyOf("patients.find", { text, offset: 0, limit: PAGE, archived, saved }), "pages"],
    queryFn: ({ pageParam }) => host.ask("patients.find", { text, offset: pageParam, limit: PAGE, archived, saved }),
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
