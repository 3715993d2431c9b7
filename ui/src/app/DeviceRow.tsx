import { Trans } from "@lingui/react/macro";
import { IconDeviceDesktop } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { DeviceView } from "../bindings/DeviceView";
import { Row } from "../parts/Card";
import { Chip } from "../parts/Chip";
import { DateText } from "../parts/DateText";

/** A device: its owner, its letters, and when it was heard of last. */
export function DeviceRow({ device, action }: { device: DeviceView; action?: ReactNode }) {
  return (
    <Row
      lead={<IconDeviceDesktop size="1.25rem" stroke={1.6} aria-hidden />}
      title={
        <>
          {device.owner || <Trans>Unknown owner</Trans>} <span className="mono secondary">{device.name}</span>
        </>
      }
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
        ) : (
          action
        )
      }
    />
  );
}
