import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconArchive, IconArchiveOff, IconArrowLeft, IconFileImport, IconShare3 } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import type { FileRow } from "../../bindings/FileRow";
import type { RecordRow } from "../../bindings/RecordRow";
import { useAsk, useTell } from "../../app/queries";
import { Card } from "../../parts/Card";
import { Chip } from "../../parts/Chip";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { DataState, Failed } from "../../parts/DataState";
import { DateText } from "../../parts/DateText";
import { FileView } from "./FileView";
import { formatOf, recordDay, typeWord } from "./record-words";
import css from "./Records.module.css";

interface Props {
  id: string;
  onBack: () => void;
  onShare: (id: string) => void;
}

/** One document: what it is and where it comes from, its words, its files. */
export function RecordDetail({ id, onBack, onShare }: Props) {
  const record = useAsk("records.view", { id });
  return <DataState query={record}>{(row) => <Detail row={row} onBack={onBack} onShare={onShare} />}</DataState>;
}

function Detail({ row, onBack, onShare }: Omit<Props, "id"> & { row: RecordRow }) {
  const { t, i18n } = useLingui();
  const [chosen, setChosen] = useState<string | null>(row.files[0]?.id ?? null);
  const file = row.files.find((one) => one.id === chosen) ?? row.files[0];
  return (
    <Card
      title={row.title}
      actions={
        <div className={css.head}>
          <Button className={css.back} variant="subtle" size="compact-sm" leftSection={<IconArrowLeft size="1rem" aria-hidden />} onClick={onBack}>
            <Trans>Back to the list</Trans>
          </Button>
          <Button variant="default" size="compact-sm" leftSection={<IconShare3 size="1rem" aria-hidden />} onClick={() => onShare(row.id)}>
            <Trans context="verb">Share</Trans>
          </Button>
          <Archive row={row} />
        </div>
      }
    >
      <div className={css.head}>
        <Chip>{i18n._(typeWord(row.document_type))}</Chip>
        {row.shared > 0 ? (
          <Chip tone="info" icon={IconShare3}>
            <Plural value={row.shared} one="In # open share" other="In # open shares" />
          </Chip>
        ) : null}
        {row.origin ? (
          <Chip icon={IconFileImport}>
            <Trans>Imported from {row.origin}</Trans>
          </Chip>
        ) : null}
        {row.is_archived ? (
          <Chip icon={IconArchive}>
            <Trans>Archived</Trans>
          </Chip>
        ) : null}
      </div>
      <dl className={`${css.facts} secondary`}>
        <Fact name={t`Date`}>{recordDay(row) ?? t`Not recorded`}</Fact>
        <Fact name={t`Doctor on the paper`}>{row.source_doctor ?? t`Not recorded`}</Fact>
        <Fact name={t`Filed by`}>{row.author ?? t`Not recorded`}</Fact>
        <Fact name={t`Filed`}>
          <DateText at={row.created_at} />
        </Fact>
      </dl>
      {row.description ? <p className={css.words}>{row.description}</p> : null}
      {row.notes ? (
        <p className={`${css.words} secondary`}>
          <Trans>Remarks: {row.notes}</Trans>
        </p>
      ) : null}
      {row.files.length > 1 ? <FileChoice files={row.files} chosen={file?.id ?? null} onChoose={setChosen} /> : null}
      {file ? <FileView key={file.id} record={row.id} file={file} /> : null}
    </Card>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function FileChoice({ files, chosen, onChoose }: { files: readonly FileRow[]; chosen: string | null; onChoose: (id: string) => void }) {
  return (
    <div className={css.files}>
      {files.map((file) => (
        <Button key={file.id} size="compact-sm" variant={file.id === chosen ? "light" : "default"} aria-pressed={file.id === chosen} onClick={() => onChoose(file.id)}>
          {formatOf(file.media_type)} · {file.name}
        </Button>
      ))}
    </div>
  );
}

function Archive({ row }: { row: RecordRow }) {
  const { t } = useLingui();
  const [asking, setAsking] = useState(false);
  const archive = useTell("records.archive");
  const set = (is_archived: boolean) => archive.mutate({ id: row.id, is_archived }, { onSuccess: () => setAsking(false) });
  if (row.is_archived) {
    return (
      <Button variant="default" size="compact-sm" leftSection={<IconArchiveOff size="1rem" aria-hidden />} loading={archive.isPending} onClick={() => set(false)}>
        <Trans>Back to the list of records</Trans>
      </Button>
    );
  }
  return (
    <>
      <Button variant="default" size="compact-sm" leftSection={<IconArchive size="1rem" aria-hidden />} onClick={() => setAsking(true)}>
        <Trans>Archive</Trans>
      </Button>
      <ConfirmDialog opened={asking} onClose={() => setAsking(false)} title={t`Archive “${row.title}”?`} confirm={<Trans>Archive</Trans>} busy={archive.isPending} onConfirm={() => set(true)}>
        <Trans>It leaves the list and stays in the chart under “Archived”. It can be taken back at any time.</Trans>
        {archive.error ? <Failed problem={archive.error} /> : null}
      </ConfirmDialog>
    </>
  );
}
