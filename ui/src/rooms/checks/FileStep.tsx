import { Trans } from "@lingui/react/macro";
import { useState, type ReactNode } from "react";
import type { CheckDraft } from "../../bindings/CheckDraft";
import { useTellBytes } from "../../app/queries";
import { Failed } from "../../parts/DataState";
import { DropZone, type PickedFile } from "../../parts/DropZone";

/** Largest recording that is read: a minute of stereo at 192 kHz fits. */
const MAX_BYTES = 64 * 1024 * 1024;

interface Props {
  patient: string;
  task: string;
  accept: string;
  children: ReactNode;
  onDraft: (draft: CheckDraft) => void;
}

/** Analyses a recording that was made elsewhere. Nothing is stored by it. */
export function FileStep({ patient, task, accept, children, onDraft }: Props) {
  const analyse = useTellBytes("checks.analyse");
  const [tooLarge, setTooLarge] = useState(false);
  const take = ([file]: PickedFile[]) => {
    setTooLarge(false);
    if (file) analyse.mutate({ meta: { patient, task, file_name: file.name }, bytes: file.bytes }, { onSuccess: onDraft });
  };
  return (
    <>
      <DropZone accept={accept} maxBytes={MAX_BYTES} busy={analyse.isPending} onFiles={take} onTooLarge={() => setTooLarge(true)}>
        {children}
      </DropZone>
      {tooLarge ? (
        <p role="alert" className="dense">
          <Trans>This file is larger than 64 MB: export a single test only.</Trans>
        </p>
      ) : null}
      {analyse.error ? (
        <>
          <Failed problem={analyse.error} />
          {analyse.error.detail ? <p className="secondary">{analyse.error.detail}</p> : null}
        </>
      ) : null}
    </>
  );
}
