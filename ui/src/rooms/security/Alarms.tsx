import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconAlertTriangle, IconInfoCircle } from "@tabler/icons-react";
import type { AlarmView } from "../../bindings/AlarmView";
import { useAsk } from "../../app/queries";
import { Card, Row } from "../../parts/Card";
import { DateText } from "../../parts/DateText";

/** What each finding means, and what to do. */
const WORDS: Record<string, [MessageDescriptor, MessageDescriptor]> = {
  "kit-used": [msg`The recovery kit was used on this computer`, msg`If that was not you, change the passphrase and talk to your clinic.`],
  "new-device": [msg`A new device of yours was let in`, msg`If that was not you, remove it under People and devices.`],
  "recovered-by-clinic": [msg`The clinic brought you back with new keys on another computer`, msg`If that was not you, talk to your clinic at once. This computer opens nothing new; add it again as a new device.`],
  "keys-renewed": [msg`New keys were made on another device of yours`, msg`Unlock with the new passphrase from now on. If that was not you, talk to your clinic at once.`],
  gap: [msg`Entries of a device are missing`, msg`Its later entries wait until they come. If this stays, ask whoever runs the database.`],
  "went-back": [msg`The database lost what it had`, msg`This computer sends what it has again; nothing is lost here. If nobody restored or replaced the database, ask whoever runs it.`],
  "root-renewed": [msg`Your keys were renewed on another device`, msg`Add this computer again as a new device.`],
  "state-check": [msg`This record does not agree with itself`, msg`Nothing is written any more. Keep the folder, and add this computer as a new device.`],
  "older-version": [msg`The database has an older version of an entry than the device that wrote it signed for`, msg`A newer version was never sent to the end, or is held back. When that device syncs, this ends by itself; if it does not, ask whoever runs the database.`],
  "tail-withheld": [msg`Entries of a device are held back by the database`, msg`Others have seen them, this computer has not. Ask whoever runs the database.`],
  forked: [msg`A device exists twice`, msg`It was copied or restored from a backup. Its later entries are set aside until it is added anew.`],
  "chain-broken": [msg`Entries of a device were altered on the way`, msg`They are set aside. Ask whoever runs the database.`],
  "after-removal": [msg`A removed device has written`, msg`Its entries are set aside, whatever time they claim.`],
  silent: [msg`Nothing has come from any other device for a week`, msg`If nobody else was at work, all is well. If somebody was, sync now; if nothing comes then, ask whoever runs the database.`],
  "own-ahead": [msg`This record is a copy of one on another computer`, msg`It goes on as a device of its own.`],
};

/** Findings about journals, devices and keys. Nothing is shown while there are none. */
export function Alarms() {
  const { i18n } = useLingui();
  const alarms = useAsk("security.alarms", {});
  if (!alarms.data || alarms.data.length === 0) return null;
  return (
    <Card title={<Trans>To look at</Trans>} note={String(alarms.data.length)} padded={false}>
      {alarms.data.slice(0, 20).map((alarm, at) => {
        const [what, next] = WORDS[alarm.code] ?? [msg`Something about the journal of a device is not right`, msg`Ask whoever looks after the clinic's computers.`];
        return <Row key={at} lead={<Mark calm={alarm.calm} />} title={i18n._(what)} detail={<Detail alarm={alarm} next={i18n._(next)} />} />;
      })}
    </Card>
  );
}

function Mark({ calm }: { calm: boolean }) {
  const Shown = calm ? IconInfoCircle : IconAlertTriangle;
  return <Shown size="1.25rem" aria-hidden style={{ color: calm ? "var(--info)" : "var(--warn)" }} />;
}

function Detail({ alarm, next }: { alarm: AlarmView; next: string }) {
  return (
    <>
      {next} {alarm.owner ? `${alarm.owner} · ` : ""}
      <DateText at={alarm.at} inline />
    </>
  );
}
