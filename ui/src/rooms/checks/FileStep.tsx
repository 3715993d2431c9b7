import { Trans } from "@lingui/react/macro";
import { useState, type ReactNode } from "react";
import type { CheckDraft } from "../../bindings/CheckDraft";
import { useTellBytes } from "../../app/queries";
import { Failed } from "../../parts/DataState";
import { DropZone, type PickedFile } from "../../parts/DropZone";

/** Largest recording that is read: a minute of stereo at 192 kHz fits. */
const MAX_BYTES = 64 * 1024 * 1024;

/** What recorded a voice, and the syllables of the text where it is known which one was read. */
export interface Given {
  device: string | null;
  syllables: number | null;
}

const NOTHING: Given = { device: null, syllables: null };

interface Props {
  patient: string;
  task: string;
  accept: string;
  /** What is known of the recording beside its bytes. */
  given?: Given;
  children: ReactNode;
  onDraft: (draft: CheckDraft) => void;
}

/** Analyses a recording that was made elsewhere. Nothing is stored by it. */
export function FileStep({ patient, task, accept, given = NOTHING, children, onDraft }: Props) {
  const analyse = useTellBytes("checks.analyse");
  const [tooLarge, setTooLarge] = useState(false);
  const take = ([file]: PickedFile[]) => {
    setTooLarge(false);
    if (file) analyse.mutate({ meta: { patient, task, file_name: file.name, ...given }, bytes: file.bytes }, { onSuccess: onDraft });
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
