import { Trans, useLingui } from "@lingui/react/macro";
import { Button, CopyButton, Skeleton } from "@mantine/core";
import { IconAlertCircle, IconCopy, IconRefresh } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";
import type { Problem } from "../host/problem";
import { explain } from "../words/problems";
import css from "./DataState.module.css";

/** True once `ms` have passed: what takes less is shown without a skeleton. */
function useLate(ms: number): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return late;
}

/** Grey bars where content will be; only after 150 ms. */
export function Waiting({ rows = 3 }: { rows?: number }) {
  const { t } = useLingui();
  const late = useLate(150);
  if (!late) return <div className={css.waiting} aria-busy="true" />;
  return (
    <div className={css.waiting} role="status" aria-label={t`Loading`}>
      {Array.from({ length: rows }, (_, at) => (
        <Skeleton key={at} height="1rem" radius="sm" width={`${90 - at * 12}%`} />
      ))}
    </div>
  );
}

/** Nothing here: one sentence and the one useful action. */
export function Empty({ children, action, icon }: { children: ReactNode; action?: ReactNode; icon?: ReactNode }) {
  return (
    <div className={css.empty}>
      {icon ? <span className={css.icon}>{icon}</span> : null}
      <p className="dense">{children}</p>
      {action}
    </div>
  );
}

/** What went wrong, what to do, and a reference to copy. Never a stack trace. */
export function Failed({ problem, onRetry }: { problem: Problem; onRetry?: () => void }) {
  const { i18n } = useLingui();
  const { what, next } = explain(problem.code);
  const reference = problem.detail ? `${problem.code}: ${problem.detail}` : problem.code;
  return (
    <div className={css.failed} role="alert">
      <IconAlertCircle size="1.25rem" className={css.failedIcon} aria-hidden />
      <div className={css.words}>
        <p className={css.what}>{i18n._(what)}</p>
        <p className="secondary">{i18n._(next)}</p>
        <div className={css.buttons}>
          {onRetry && problem.retry ? (
            <Button variant="default" size="xs" leftSection={<IconRefresh size="1rem" aria-hidden />} onClick={onRetry}>
              <Trans>Try again</Trans>
            </Button>
          ) : null}
          <CopyButton value={reference}>
            {({ copied, copy }) => (
              <Button variant="subtle" size="xs" leftSection={<IconCopy size="1rem" aria-hidden />} onClick={copy}>
                {copied ? <Trans>Copied</Trans> : <Trans>Copy reference</Trans>}
              </Button>
            )}
          </CopyButton>
        </div>
      </div>
    </div>
  );
}

interface Props<T> {
  query: UseQueryResult<T, Problem>;
  /** Shown instead of the content when `isEmpty` says so. */
  empty?: ReactNode;
  isEmpty?: (data: T) => boolean;
  rows?: number;
  children: (data: T) => ReactNode;
}

/** The four faces of an answer: on its way, failed, empty, here. A failed refresh keeps what was there and says so above it. */
export function DataState<T>({ query, empty, isEmpty, rows, children }: Props<T>) {
  const { data, error, isPending, refetch } = query;
  if (data !== undefined) {
    const nothing = isEmpty ? isEmpty(data) : Array.isArray(data) && data.length === 0;
    return (
      <>
        {error ? <Failed problem={error} onRetry={() => void refetch()} /> : null}
        {nothing && empty ? empty : children(data)}
      </>
    );
  }
  if (error) return <Failed problem={error} onRetry={() => void refetch()} />;
  return isPending ? <Waiting rows={rows} /> : null;
}
