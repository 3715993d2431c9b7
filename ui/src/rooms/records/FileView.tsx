import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconDownload, IconShieldCheck } from "@tabler/icons-react";
import { lazy, Suspense, useMemo } from "react";
import type { FileRow } from "../../bindings/FileRow";
import { Chip } from "../../parts/Chip";
import { Empty, Failed, Waiting } from "../../parts/DataState";
import { formatBytes } from "../../parts/NumberText";
import { saveBytes } from "../../parts/save-file";
import { PictureView } from "./PictureView";
import { formatOf } from "./record-words";
import { NotHere } from "./NotHere";
import { useFileBytes } from "./records.resource";
import css from "./Records.module.css";

const PdfView = lazy(() => import("./PdfView").then((file) => ({ default: file.PdfView })));

/** Text longer than this is saved rather than shown. */
const TEXT_MAX = 2_000_000;

/** A file of a document: whether it is here and whole, and what is in it. */
export function FileView({ record, file }: { record: string; file: FileRow }) {
  const { t } = useLingui();
  const { bytes, problem, retry } = useFileBytes(record, file);
  return (
    <section aria-label={t`File ${file.name}`}>
      <div className={css.fileBar}>
        <span className={`${css.grow} dense ellipsis`}>
          {file.name} <span className="secondary">· {formatOf(file.media_type)} · {formatBytes(file.size)}</span>
        </span>
        {file.here && bytes ? (
          <Chip tone="ok" icon={IconShieldCheck} title={t`SHA-256 ${file.sha256}`}>
            <Trans>Whole, as filed</Trans>
          </Chip>
        ) : null}
        <Button variant="default" size="compact-sm" leftSection={<IconDownload size="1rem" aria-hidden />} disabled={!bytes} onClick={() => bytes && saveBytes(bytes, file.name, file.media_type)}>
          <Trans>Save a copy</Trans>
        </Button>
      </div>
      <div className={css.stage} tabIndex={0} role="group" aria-label={t`Content of ${file.name}`}>
        {!file.here ? <NotHere record={record} file={file} /> : problem ? <Failed problem={problem} onRetry={retry} /> : bytes ? <Content file={file} bytes={bytes} /> : <Waiting rows={6} />}
      </div>
    </section>
  );
}

function Content({ file, bytes }: { file: FileRow; bytes: Uint8Array }) {
  const { media_type: type } = file;
  if (type === "application/pdf") {
    return (
      <Suspense fallback={<Waiting rows={6} />}>
        <PdfView bytes={bytes} name={file.name} />
      </Suspense>
    );
  }
  if (/^image\/(png|jpeg|gif|webp|bmp)$/.test(type)) return <PictureView bytes={bytes} mediaType={type} name={file.name} />;
  if (type.startsWith("text/") && !type.includes("html") && bytes.length <= TEXT_MAX) return <Words bytes={bytes} />;
  return (
    <Empty>
      <Trans>This kind of file ({formatOf(type)}) is not shown here. Save a copy and open it with a program made for it.</Trans>
    </Empty>
  );
}

/** Text is shown as it is: nothing in it is run or followed. */
function Words({ bytes }: { bytes: Uint8Array }) {
  const text = useMemo(() => new TextDecoder().decode(bytes), [bytes]);
  return <pre className={`${css.plain} mono`}>{text}</pre>;
}
