import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon } from "@mantine/core";
import { IconDeviceDesktopOff } from "@tabler/icons-react";
import { useState } from "react";
import type { DeviceView } from "../../bindings/DeviceView";
import type { PeopleView } from "../../bindings/PeopleView";
import { DeviceRow } from "../../app/DeviceRow";
import { useTell } from "../../app/queries";
import { Card } from "../../parts/Card";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { Failed } from "../../parts/DataState";

interface Props {
  devices: readonly DeviceView[];
  onShown: (view: PeopleView) => void;
}

/** The devices, each with its owner and when it was heard of last; a lost one is removed here. */
export function DeviceList({ devices, onShown }: Props) {
  return (
    <Card title={<Trans>Devices</Trans>} note={String(devices.length)} padded={false}>
      {devices.map((device) => (
        <Removable key={device.id} device={device} onShown={onShown} />
      ))}
    </Card>
  );
}

function Removable({ device, onShown }: { device: DeviceView; onShown: (view: PeopleView) => void }) {
  const { t } = useLingui();
  const [asking, setAsking] = useState(false);
  const owner = device.owner || t`Unknown owner`;
  return (
    <>
      <DeviceRow
        device={device}
        action={
          device.removable ? (
            <ActionIcon aria-label={t`Remove the device of ${owner}`} title={t`Remove this device`} onClick={() => setAsking(true)}>
              <IconDeviceDesktopOff size="1.125rem" aria-hidden />
            </ActionIcon>
          ) : null
        }
      />
      <RemoveDevice device={device} owner={owner} opened={asking} onClose={() => setAsking(false)} onShown={onShown} />
    </>
  );
}

function RemoveDevice({ device, owner, opened, onClose, onShown }: { device: DeviceView; owner: string; opened: boolean; onClose: () => void; onShown: (view: PeopleView) => void }) {
  const { t } = useLingui();
  const remove = useTell("people.remove_device");
  const go = () => remove.mutate({ id: device.id }, { onSuccess: (view) => (onShown(view), onClose()) });
  return (
    <ConfirmDialog opened={opened} onClose={onClose} title={device.mine ? t`Remove your device?` : t`Remove a device of ${owner}?`} confirm={<Trans>Remove</Trans>} danger busy={remove.isPending} onConfirm={go}>
      <ul className="points">
        <li>
          <Trans>For a device that was lost, stolen or given away. What it writes from now on is not accepted, whatever time it claims.</Trans>
        </li>
        <li>
          <Trans>Entries that it had not yet sent are set aside for a person to look at.</Trans>
        </li>
        <li>
          <Trans>Everything that its owner can open gets new keys. This goes on in the background.</Trans>
        </li>
        <li>
          <Trans>If the database has logins, its own is named on this page afterwards, with the command by which the operator ends it.</Trans>
        </li>
        <li>
          <Trans>What lies on it stays encrypted, and opens for whoever knows the passphrase. So its owner is asked for new keys and a new kit, under Security.</Trans>
        </li>
      </ul>
      {remove.error ? <Failed problem={remove.error} /> : null}
    </ConfirmDialog>
  );
}
