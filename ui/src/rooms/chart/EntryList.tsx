import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useTell } from "../../app/queries";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { Failed } from "../../parts/DataState";
import css from "./EntryList.module.css";

/** An entry of the front page that can be taken off. */
export interface Entry {
  id: string;
  title: string;
  detail: ReactNode;
}

/** Entries of the front page, each with the way to take it off; what it said stays in the history. */
export function EntryList({ patient, entries, empty, label }: { patient: string; entries: readonly Entry[]; empty: ReactNode; label: string }) {
  const { t } = useLingui();
  const remove = useTell("patients.remove_entry");
  const [removing, setRemoving] = useState<Entry | null>(null);
  if (entries.length === 0) return <p className="secondary">{empty}</p>;
  return (
    <>
      <ul className={css.list} aria-label={label}>
        {entries.map((entry) => (
          <li key={entry.id} className={css.entry}>
            <span className={css.text}>
              <strong>{entry.title}</strong>
              <span className="secondary">{entry.detail}</span>
            </span>
            <Button variant="subtle" size="compact-sm" onClick={() => setRemoving(entry)} aria-label={t`Remove ${entry.title}`}>
              <Trans>Remove</Trans>
            </Button>
          </li>
        ))}
      </ul>
      <ConfirmDialog
        opened={removing !== null}
        onClose={() => setRemoving(null)}
        title={t`Remove “${removing?.title ?? ""}”?`}
        confirm={<Trans>Remove</Trans>}
        danger
        busy={remove.isPending}
        onConfirm={() => removing && remove.mutate({ patient, id: removing.id }, { onSuccess: () => setRemoving(null) })}
      >
        <Trans>It leaves the front page on all devices. The history keeps what it said.</Trans>
        {remove.error ? <Failed problem={remove.error} /> : null}
      </ConfirmDialog>
    </>
  );
}
