import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useState, type FormEvent, type ReactNode } from "react";
import type { BackupFound } from "../../bindings/BackupFound";
import { FolderField } from "../../app/FolderField";
import { Outside } from "../../app/Outside";
import { useTell } from "../../app/queries";
import { useProgress } from "../../app/useProgress";
import { Banner } from "../../parts/Banner";
import { Failed } from "../../parts/DataState";
import { FieldError, Fields, FormButtons } from "../../parts/fields";
import { formatBytes } from "../../parts/NumberText";
import { ProgressBar } from "../../parts/ProgressBar";
import { exactly } from "../../words/dates";

/** A record from a backup: it is sought, chosen, copied, and then unlocked like any other. */
export function Restore({ back, onRestored }: { back: ReactNode; onRestored: () => void }) {
  const { t } = useLingui();
  const look = useTell("restore.look");
  const [folder, setFolder] = useState("");
  const [tried, setTried] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (folder.trim()) look.mutate({ folder: folder.trim() });
  };
  return (
    <Outside title={<Trans>From a backup</Trans>} note={<Trans>It becomes a record of its own beside those that are here. Nothing is written over.</Trans>}>
      <form onSubmit={submit} noValidate>
        <Fields>
          <FolderField
            description={<Trans>The whole path, such as that of the disk that you plugged in.</Trans>}
            required
            value={folder}
            onChange={setFolder}
            error={tried && !folder.trim() ? <FieldError>{t`Write where the backups lie.`}</FieldError> : undefined}
          />
          {look.error ? <Failed problem={look.error} /> : null}
          <FormButtons>
            {back}
            <Button type="submit" loading={look.isPending}>
              <Trans>Look</Trans>
            </Button>
          </FormButtons>
          {look.data ? <Found found={look.data} onRestored={onRestored} /> : null}
        </Fields>
      </form>
    </Outside>
  );
}

function Found({ found, onRestored }: { found: BackupFound[]; onRestored: () => void }) {
  const { t } = useLingui();
  const restore = useTell("restore.begin");
  const stop = useTell("restore.stop");
  const progress = useProgress("restore", restore.isPending);
  if (found.length === 0) {
    return (
      <Banner tone="info" title={t`There is no backup in this folder.`}>
        <Trans>Look for a folder whose name begins with “aidpost-”.</Trans>
      </Banner>
    );
  }
  return (
    <>
      <p className="secondary">
        <Trans>It then opens with the passphrase of that time if this computer knows the record, else with the recovery kit (“I forgot the passphrase”).</Trans>
      </p>
      <ul className="points">
        {found.map((one) => (
          <li key={one.folder}>
            <p>
              {one.initials} · <time dateTime={one.made_at}>{exactly(new Date(one.made_at))}</time>
            </p>
            <p className="secondary">
              <Plural value={one.documents} one="# document" other="# documents" />, <Plural value={one.files} one="# file" other="# files" />, {formatBytes(one.bytes)}
            </p>
            <Button variant="default" size="xs" disabled={restore.isPending} onClick={() => restore.mutate({ folder: one.folder }, { onSuccess: onRestored })}>
              <Trans>Restore this one</Trans>
            </Button>
          </li>
        ))}
      </ul>
      {restore.isPending ? (
        <>
          <ProgressBar percent label={t`Restoring`} done={progress?.done ?? null} total={progress?.total ?? 0} />
          <Button variant="default" onClick={() => stop.mutate({})}>
            <Trans>Stop</Trans>
          </Button>
        </>
      ) : null}
      {restore.error ? <Failed problem={restore.error} /> : null}
    </>
  );
}
