import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconCloud, IconCloudDown } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import type { FileRow } from "../../bindings/FileRow";
import { useAsk, useTell } from "../../app/queries";
import { Empty, Failed } from "../../parts/DataState";
import { formatBytes } from "../../parts/NumberText";
import { ProgressBar } from "../../parts/ProgressBar";

/** A file that is not on this device: it is fetched as soon as somebody opens it, and whoever waits can give it up. */
export function NotHere({ record, file }: { record: string; file: FileRow }) {
  const want = useTell("records.want_file");
  const { mutate } = want;
  const asked = useRef<string | null>(null);
  useEffect(() => {
    // Once for each opening: who gave it up does not want it back.
    if (asked.current === file.id) return;
    asked.current = file.id;
    if (!file.coming) mutate({ record, file: file.id, wanted: true });
  }, [mutate, record, file.id, file.coming]);
  const act = (wanted: boolean) => mutate({ record, file: file.id, wanted });
  if (want.error) return <Failed problem={want.error} onRetry={() => act(true)} />;
  return file.coming ? <Coming onStop={() => act(false)} /> : <Away size={file.size} onFetch={() => act(true)} busy={want.isPending} />;
}

function Coming({ onStop }: { onStop: () => void }) {
  const { t } = useLingui();
  const sync = useAsk("sync.state", {});
  const { file_bytes_done: done, file_bytes_total: total } = sync.data ?? { file_bytes_done: 0, file_bytes_total: 0 };
  return (
    <Empty
      icon={<IconCloudDown size="1.5rem" stroke={1.5} aria-hidden />}
      action={
        <Button variant="default" onClick={onStop}>
          <Trans>Leave it in the database</Trans>
        </Button>
      }
    >
      <Trans>This file is not on this device yet. It is fetched before all others as soon as the remote can be reached, and goes on where it stopped.</Trans>
      {total > 0 ? <ProgressBar label={t`File under way: ${formatBytes(done)} of ${formatBytes(total)}`} done={Math.round((done / total) * 100)} total={100} /> : null}
    </Empty>
  );
}

function Away({ size, onFetch, busy }: { size: number; onFetch: () => void; busy: boolean }) {
  return (
    <Empty
      icon={<IconCloud size="1.5rem" stroke={1.5} aria-hidden />}
      action={
        <Button variant="default" loading={busy} onClick={onFetch}>
          <Trans>Fetch it ({formatBytes(size)})</Trans>
        </Button>
      }
    >
      <Trans>This file is in the database and not on this device.</Trans>
    </Empty>
  );
}
