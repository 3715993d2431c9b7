import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useAsk, useTell } from "../../app/queries";
import { Banner } from "../../parts/Banner";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { CopyText } from "../../parts/CopyText";
import { Failed } from "../../parts/DataState";
import { Fields } from "../../parts/fields";

interface Props {
  opened: boolean;
  /** The record because the account ends, or only what lies on this computer. */
  wholeAccount: boolean;
  onClose: () => void;
}

/** Destroys the record on this computer: only with its certificate in view, and a word typed. */
export function EraseDialog({ opened, wholeAccount, onClose }: Props) {
  const { t } = useLingui();
  const certificate = useTell("deletion.certificate");
  const erase = useTell("deletion.erase");
  const close = () => (certificate.reset(), erase.reset(), onClose());
  const text = certificate.data?.text;
  const go = () => (text ? erase.mutate({ whole_account: wholeAccount, certificate: text }) : undefined);
  return (
    <ConfirmDialog
      opened={opened}
      onClose={close}
      title={wholeAccount ? t`End this record for ever?` : t`Delete the record from this computer?`}
      confirm={<Trans>Delete</Trans>}
      danger
      busy={erase.isPending}
      typed={text ? t`DELETE` : undefined}
      blocked={!text}
      onConfirm={go}
    >
      <Fields>
        <p>
          {wholeAccount ? (
            <Trans>The keys on this computer are destroyed first, then its database and its files. Nobody can bring those back. What lies encrypted in a database elsewhere stays there until its operator deletes it.</Trans>
          ) : (
            <Trans>The keys of this computer, its database and its files are destroyed. Your account goes on, and what was synced stays on your other devices and in the database. To come back here you need another device, an invitation, or your kit with the database card.</Trans>
          )}
        </p>
        <Unsent />
        {text ? (
          <div>
            <p>
              <Trans>The signed certificate of what is destroyed. Save it now: it goes with the record.</Trans>
            </p>
            <CopyText text={text} label={t`Certificate of erasure`} fileName="aidpost-erasure.json" />
          </div>
        ) : (
          <div>
            <Button variant="default" loading={certificate.isPending} onClick={() => certificate.mutate({ whole_account: wholeAccount })}>
              <Trans>Show the certificate</Trans>
            </Button>
          </div>
        )}
        {certificate.error ? <Failed problem={certificate.error} /> : null}
        {erase.error ? <Failed problem={erase.error} /> : null}
      </Fields>
    </ConfirmDialog>
  );
}

/** What exists nowhere else. */
function Unsent() {
  const { t } = useLingui();
  const sync = useAsk("sync.state", {});
  if (!sync.data) return null;
  if (sync.data.remote === null) {
    return <Banner tone="warn" title={t`This record was never synced. What is here exists nowhere else.`} />;
  }
  const waiting = sync.data.to_send + sync.data.files_to_send;
  if (waiting === 0) return null;
  return (
    <Banner tone="warn" title={<Plural value={waiting} one="# entry was not sent yet, and is lost." other="# entries were not sent yet, and are lost." />}>
      <Trans>Sync first if you want to keep them.</Trans>
    </Banner>
  );
}
