import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Button, Select, Switch, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconNotes, IconPlus, IconSearch } from "@tabler/icons-react";
import { useEffect, useState, type DragEvent } from "react";
import type { DocumentType } from "../../bindings/DocumentType";
import { useShortcuts } from "../../app/keys";
import { Empty, Failed, Waiting } from "../../parts/DataState";
import type { PickedFile } from "../../parts/DropZone";
import { VirtualList } from "../../parts/VirtualList";
import { FILE_MAX } from "./AddRecord";
import { PinSwitch } from "./PinSwitch";
import { RecordDetail } from "./RecordDetail";
import { RecordLine } from "./RecordLine";
import { TYPES, typeWord } from "./record-words";
import { useRecords, type FoundRecords } from "./records.resource";
import css from "./Records.module.css";
import { VisitDialog } from "./VisitDialog";

export { AddRecordDialog } from "./AddRecord";
export { RecordDetailLine, RecordMarks, TypeBox } from "./RecordLine";
export { TYPES, typeWord } from "./record-words";

interface Props {
  patient: string;
  /** The document that is open beside the list. */
  open: string | null;
  onOpen: (id: string | null) => void;
  onAdd: (files: readonly PickedFile[]) => void;
  onShare: (record: string) => void;
}

/** A chart's documents, newest first, with the chosen one beside them. Files may be dropped anywhere on it. */
export function RecordsRoom({ patient, open, onOpen, onAdd, onShare }: Props) {
  const { t, i18n } = useLingui();
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text.trim(), 80);
  const [type, setType] = useState<DocumentType | null>(null);
  const [archived, setArchived] = useState(false);
  const [writing, setWriting] = useState(false);
  const [current, setCurrent] = useState(0);
  const found = useRecords({ patient, text: asked, document_type: type, archived });
  const drop = useDrop(onAdd);
  useEffect(() => setCurrent(0), [asked, type, archived]);
  const step = (by: number) => {
    const at = Math.max(0, Math.min(found.rows.length - 1, current + by));
    setCurrent(at);
    const row = found.rows[at];
    if (open && row) onOpen(row.id);
  };
  useShortcuts([
    { keys: "j", label: t`Next record`, group: t`Chart`, run: () => step(1) },
    { keys: "k", label: t`Previous record`, group: t`Chart`, run: () => step(-1) },
  ]);
  return (
    <div className={`${css.room} ${open ? "" : css.alone} ${drop.over ? css.over : ""}`} {...drop.handlers}>
      <div className={css.side}>
        <div className={css.tools}>
          <TextInput
            className={css.search}
            aria-label={t`Search records`}
            placeholder={t`Title, words or doctor`}
            leftSection={<IconSearch size="1.1rem" aria-hidden />}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Select
            className={css.type}
            aria-label={t`Type`}
            data={[{ value: "", label: t`All types` }, ...TYPES.map((one) => ({ value: one, label: i18n._(typeWord(one)) }))]}
            value={type ?? ""}
            onChange={(value) => setType(TYPES.find((one) => one === value) ?? null)}
          />
        </div>
        <div className={css.tools}>
          <Button variant="default" leftSection={<IconPlus size="1.1rem" aria-hidden />} onClick={() => onAdd([])}>
            <Trans>Add records</Trans>
          </Button>
          <Button variant="default" leftSection={<IconNotes size="1.1rem" aria-hidden />} onClick={() => setWriting(true)}>
            <Trans>Write a visit entry</Trans>
          </Button>
        </div>
        <div className={css.tools}>
          <span className="secondary" role="status">
            {found.total === null ? null : <Plural value={found.total} one="# record" other="# records" />}
          </span>
          <span className={css.grow} />
          <PinSwitch patient={patient} />
          <Switch size="sm" checked={archived} onChange={(event) => setArchived(event.currentTarget.checked)} label={t`Archived`} />
        </div>
        <List found={found} text={asked} current={current} onCurrent={setCurrent} onOpen={onOpen} narrowed={asked !== "" || type !== null || archived} onAdd={() => onAdd([])} />
      </div>
      {open ? (
        <div className={css.detail}>
          <RecordDetail key={open} id={open} onBack={() => onOpen(null)} onShare={onShare} />
        </div>
      ) : null}
      <VisitDialog opened={writing} patient={patient} onClose={() => setWriting(false)} onFiled={onOpen} />
    </div>
  );
}

interface ListProps {
  found: FoundRecords;
  text: string;
  current: number;
  onCurrent: (at: number) => void;
  onOpen: (id: string) => void;
  narrowed: boolean;
  onAdd: () => void;
}

function List({ found, text, current, onCurrent, onOpen, narrowed, onAdd }: ListProps) {
  const { t } = useLingui();
  if (found.error) return <Failed problem={found.error} onRetry={found.retry} />;
  if (found.total === null) return <Waiting rows={6} />;
  if (found.rows.length === 0) {
    return (
      <div className={css.list}>
        {narrowed ? (
          <Empty>
            <Trans>No record fits. Try fewer letters, all types, or look under “Archived”.</Trans>
          </Empty>
        ) : (
          <Empty
            action={
              <Button variant="default" onClick={onAdd} leftSection={<IconPlus size="1.1rem" aria-hidden />}>
                <Trans>Add records</Trans>
              </Button>
            }
          >
            <Trans>No record yet. Drop a PDF or a picture here.</Trans>
          </Empty>
        )}
      </div>
    );
  }
  return (
    <div className={css.list}>
      <VirtualList items={found.rows} idOf={(row) => row.id} rowRem={3.5} label={t`Records`} current={current} onCurrent={onCurrent} onOpen={(row) => onOpen(row.id)} onEnd={found.more}>
        {(row) => <RecordLine row={row} text={text} />}
      </VirtualList>
    </div>
  );
}

/** Files dropped anywhere on the room. Files that are too large are left to the dialog, which says so. */
function useDrop(onAdd: (files: readonly PickedFile[]) => void) {
  const [over, setOver] = useState(false);
  const take = async (list: FileList) => {
    const files = [...list].filter((file) => file.size <= FILE_MAX);
    onAdd(await Promise.all(files.map(async (file) => ({ name: file.name, type: file.type, bytes: new Uint8Array(await file.arrayBuffer()) }))));
  };
  const carriesFiles = (event: DragEvent) => [...event.dataTransfer.types].includes("Files");
  const handlers = {
    onDragOver: (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      setOver(false);
      void take(event.dataTransfer.files);
    },
  };
  return { over, handlers };
}
