import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconAlertCircle, IconCircleCheck } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { SecurityView } from "../../bindings/SecurityView";
import type { Shelter } from "../../bindings/Shelter";
import { LinkButton } from "../../app/LinkButton";
import { useTell } from "../../app/queries";
import { useMe } from "../../app/session";
import { Card, Row } from "../../parts/Card";
import { Failed } from "../../parts/DataState";
import { DateText } from "../../parts/DateText";
import { useKeepView } from "./keep-view";

/** What holds now, line by line, and what to mend. It says no more than is true. */
export function Protection({ view }: { view: SecurityView }) {
  const me = useMe();
  const keep = useKeepView();
  const useKeychain = useTell("security.use_keychain");
  return (
    <Card title={<Trans>What protects you now</Trans>} padded={false}>
      <Line good title={<Trans>Everything on this computer is encrypted</Trans>}>
        <Trans>Without your passphrase, the sheet of your kit or your PIN nobody opens it, also not from the database.</Trans>
      </Line>
      {view.secret_in_a_file ? (
        <Line
          title={<Trans>A copied disk is protected by the passphrase alone</Trans>}
          action={
            view.keychain ? (
              <Button size="compact-md" variant="default" loading={useKeychain.isPending} onClick={() => useKeychain.mutate({}, { onSuccess: keep })}>
                <Trans>Use the keychain</Trans>
              </Button>
            ) : null
          }
        >
          {view.keychain ? (
            <Trans>This computer's part of the key lies beside the record. Its keychain can keep it instead.</Trans>
          ) : (
            <Trans>This computer has no keychain that answers, so its part of the key lies beside the record. Choose a long passphrase, and encrypt the whole disk.</Trans>
          )}
        </Line>
      ) : (
        <Line good title={<Trans>A copied disk alone is of no use</Trans>}>
          <Trans>The keychain of this computer holds a part of the key.</Trans>
        </Line>
      )}
      {useKeychain.error ? <Failed problem={useKeychain.error} /> : null}
      <Disk shelter={view.disk} />
      <Line good title={<Trans>It locks by itself</Trans>} action={<LinkButton to="/settings"><Trans>Change</Trans></LinkButton>}>
        <Trans>After {view.lock_minutes} minutes without anyone at it.</Trans>
      </Line>
      <WaysBack view={view} alone={me.alone} clinic={me.clinic_recovers} />
    </Card>
  );
}

/** Below the program: the record is sealed in any case; what the system writes down of its memory is sealed by an encrypted disk alone. */
function Disk({ shelter }: { shelter: Shelter }) {
  if (shelter === "encrypted")
    return (
      <Line good title={<Trans>The disk of this computer is encrypted</Trans>}>
        <Trans>What the system writes down of its memory, when it is short of it or sleeps, cannot be read from the disk either.</Trans>
      </Line>
    );
  const title = shelter === "plain" ? <Trans>The disk of this computer is not encrypted</Trans> : <Trans>It is not known whether the disk of this computer is encrypted</Trans>;
  return (
    <Line title={title}>
      <Trans>The records are, always. But what the system writes down of its memory, when it is short of it or sleeps, can hold keys. Encrypt the whole disk with what the system offers for that.</Trans>
    </Line>
  );
}

/** Which ways back this person has, told before one is needed. */
function WaysBack({ view, alone, clinic }: { view: SecurityView; alone: boolean; clinic: boolean }) {
  const { t } = useLingui();
  const kit = view.kit_checked_at;
  return (
    <>
      <Line good={Boolean(kit)} title={kit ? t`You can get back in with your recovery kit` : t`Nobody has shown yet that your recovery kit is at hand`}>
        {kit ? (
          <Trans>
            It was last checked <DateText at={kit} inline />.
          </Trans>
        ) : (
          <Trans>Check it below. If you forget the passphrase, the sheet is what opens the record.</Trans>
        )}
      </Line>
      <Line good={view.other_devices > 0} title={view.other_devices > 0 ? t`Another of your devices is set up` : t`This is your only device`}>
        {view.other_devices > 0 ? (
          <Trans>If this computer is lost, your other device holds everything that was synced, and can let a new one in.</Trans>
        ) : alone ? (
          <Trans>If this computer is lost, what is only here is lost with it. Add a second device, and a database to sync with.</Trans>
        ) : (
          <Trans>If this computer is lost, the clinic can invite you again; entries that were not yet synced are lost with it.</Trans>
        )}
      </Line>
      {clinic ? (
        <Line good title={<Trans>The clinic can recover your account</Trans>}>
          <Trans>You allowed it. Whoever holds the printed key of the clinic can open what you can read; see below to take it back.</Trans>
        </Line>
      ) : null}
    </>
  );
}

function Line({ good, title, action, children }: { good?: boolean; title: ReactNode; action?: ReactNode; children: ReactNode }) {
  const { t } = useLingui();
  const Shown = good ? IconCircleCheck : IconAlertCircle;
  return (
    <Row
      lead={<Shown size="1.25rem" role="img" aria-label={good ? t`Good` : t`To do`} style={{ color: good ? "var(--ok)" : "var(--warn)" }} />}
      title={title}
      detail={children}
      end={action}
    />
  );
}
