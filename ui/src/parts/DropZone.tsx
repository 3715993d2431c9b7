import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconFileUpload } from "@tabler/icons-react";
import { useRef, useState, type DragEvent, type ReactNode } from "react";
import css from "./DropZone.module.css";
import { FieldError } from "./fields";
import { FileInput } from "./FileInput";

/** A file as the host wants it. */
export interface PickedFile {
  name: string;
  /** Media type as the system guesses it; may be empty. */
  type: string;
  bytes: Uint8Array;
}

interface Props {
  /** What may be dropped, in words. */
  children: ReactNode;
  /** As for a file input: ".json,.csv,image/*". */
  accept?: string;
  multiple?: boolean;
  /** Largest size in bytes; larger files are not read but told about. */
  maxBytes?: number;
  busy?: boolean;
  onFiles: (files: PickedFile[]) => void;
  onTooLarge?: (names: string[]) => void;
}

const DEFAULT_MAX = 100 * 1024 * 1024;

async function read(file: File): Promise<PickedFile> {
  return { name: file.name, type: file.type, bytes: new Uint8Array(await file.arrayBuffer()) };
}

/** Files by dropping or by the system's dialog. The whole zone is not one button: the button inside is. */
export function DropZone({ children, accept, multiple, maxBytes = DEFAULT_MAX, busy, onFiles, onTooLarge }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [unreadable, setUnreadable] = useState(false);

  const take = async (files: File[]) => {
    const list = files.slice(0, multiple ? undefined : 1);
    const tooLarge = list.filter((file) => file.size > maxBytes);
    if (tooLarge.length > 0) onTooLarge?.(tooLarge.map((file) => file.name));
    setUnreadable(false);
    const fitting = list.filter((file) => file.size <= maxBytes);
    if (fitting.length === 0) return;
    try {
      onFiles(await Promise.all(fitting.map(read)));
    } catch {
      // Moved, deleted or unplugged between choosing and reading: the browser says no more than that.
      setUnreadable(true);
    }
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take([...event.dataTransfer.files]);
  };
  return (
    <div
      className={`${css.zone} ${over ? css.over : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <IconFileUpload size="1.75rem" stroke={1.5} aria-hidden />
      <div className={css.text}>{children}</div>
      {unreadable ? (
        <FieldError>
          <Trans>The file could not be read from the disk. Is it still there?</Trans>
        </FieldError>
      ) : null}
      <FileInput ref={input} accept={accept} multiple={multiple} onFiles={(files) => void take(files)} />
      <Button variant="default" loading={busy} onClick={() => input.current?.click()}>
        {multiple ? <Trans>Choose files</Trans> : <Trans>Choose a file</Trans>}
      </Button>
    </div>
  );
}
