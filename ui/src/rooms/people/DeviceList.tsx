import { Trans } from "@lingui/react/macro";
import { IconDeviceDesktop } from "@tabler/icons-react";
import type { DeviceView } from "../../bindings/DeviceView";
import { Card, Row } from "../../parts/Card";
import { Chip } from "../../parts/Chip";
import { DateText } from "../../parts/DateText";

/** The devices, each with its owner and when it was heard of last. */
export function DeviceList({ devices }: { devices: readonly DeviceView[] }) {
  return (
    <Card title={<Trans>Devices</Trans>} note={String(devices.length)} padded={false}>
      {devices.map((device) => (
        <Row
          key={device.id}
          lead={<IconDeviceDesktop size="1.25rem" stroke={1.6} aria-hidden />}
          title={device.owner || <Trans>Unknown owner</Trans>}
          detail={
            device.last_seen ? (
              <Trans>
                Heard of <DateText at={device.last_seen} inline />
              </Trans>
            ) : (
              <Trans>Not heard of yet</Trans>
            )
          }
          end={
            device.this_device ? (
              <Chip tone="info">
                <Trans>This device</Trans>
              </Chip>
            ) : null
          }
        />
      ))}
    </Card>
  );
}
