import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { IconCloud, IconCloudDown, IconFileImport, IconShare3, IconShieldCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { FileRow } from "../../bindings/FileRow";
import type { RecordRow } from "../../bindings/RecordRow";
import { WaitingChip } from "../../app/WaitingChip";
import { useHost } from "../../host/HostContext";
import { Chip } from "../../parts/Chip";
import { Highlight } from "../../parts/Highlight";
import { useObjectUrl } from "../../parts/object-url";
import { fileText, recordDay, typeIcon, typeWord } from "./record-words";
import css from "./Records.module.css";

/** The small box before a document: its picture where it is one, else the icon of its type. */
export function TypeBox({ row }: { row: Pick<RecordRow, "id" | "document_type" | "files"> }) {
  const Icon = typeIcon(row.document_type);
  const picture = useThumbnail(row.id, row.files.find((file) => file.thumbnail));
  // What it shows is said beside it.
  if (picture) return <img className={css.thumbnail} src={picture} alt="" />;
  return (
    <span className={css.box}>
      <Icon size="1.125rem" stroke={1.6} aria-hidden />
    </span>
  );
}

function useThumbnail(record: string, file: FileRow | undefined): string | undefined {
  const host = useHost();
  const { data } = useQuery({
    // A document's files never change.
    queryKey: [["@thumbnail"], "records.thumbnail", record, file?.id],
    queryFn: () => host.bytes("records.thumbnail", { record, file: file?.id ?? "" }),
    enabled: file !== undefined,
  });
  return useObjectUrl(data, "image/jpeg");
}

/** "Lab report · PDF 212 kB · 3 Mar 2026". */
export function RecordDetailLine({ row }: { row: RecordRow }) {
  const { t, i18n } = useLingui();
  const parts = [i18n._(typeWord(row.document_type)), fileText(row), recordDay(row) ?? t`date not recorded`];
  return <>{parts.filter(Boolean).join(" · ")}</>;
}

/** Shared, waiting, imported, and whether its files are here: what one must know before opening. */
export function RecordMarks({ row, few }: { row: RecordRow; few?: boolean }) {
  const { t } = useLingui();
  const coming = row.files.some((file) => file.coming);
  const away = row.files.some((file) => !file.here && !file.coming);
  return (
    <span className={css.marks}>
      {row.shared > 0 ? (
        <Chip tone="info" icon={IconShare3} title={t`In open shares: ${row.shared}`}>
          {few ? <Trans>Shared</Trans> : <Plural value={row.shared} one="Shared" other="Shared # times" />}
        </Chip>
      ) : null}
      <WaitingChip waiting={row.waiting} />
      {row.origin && !few ? (
        <Chip icon={IconFileImport} title={t`Imported from ${row.origin}`}>
          <Trans>Imported</Trans>
        </Chip>
      ) : null}
      {coming ? (
        <Chip tone="warn" icon={IconCloudDown}>
          <Trans>Not on this device yet</Trans>
        </Chip>
      ) : away ? (
        <Chip icon={IconCloud} title={t`Fetched when it is opened`}>
          <Trans>In the database</Trans>
        </Chip>
      ) : row.files.length > 0 ? (
        <IconShieldCheck size="1.125rem" stroke={1.6} color="var(--ok)" role="img" aria-label={t`Encrypted on this device`} />
      ) : null}
    </span>
  );
}

/** One document of the list. */
export function RecordLine({ row, text }: { row: RecordRow; text: string }) {
  return (
    <div className={css.line}>
      <TypeBox row={row} />
      <span className={css.text}>
        <span className={`${css.title} ellipsis`}>
          <Highlight text={row.title} part={text} />
        </span>
        <span className="secondary ellipsis">
          <RecordDetailLine row={row} />
        </span>
      </span>
      <RecordMarks row={row} few />
    </div>
  );
}
