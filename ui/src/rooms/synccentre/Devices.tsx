import { Trans } from "@lingui/react/macro";
import { IconDeviceDesktop } from "@tabler/icons-react";
import { LinkButton } from "../../app/LinkButton";
import { useAsk } from "../../app/queries";
import { Card, Row } from "../../parts/Card";
import { Chip } from "../../parts/Chip";
import { DataState } from "../../parts/DataState";
import { DateText } from "../../parts/DateText";

/** Devices that write here, and when each was heard of last. */
export function Devices() {
  const people = useAsk("people.list", {});
  return (
    <Card
      title={<Trans>Devices</Trans>}
      padded={false}
      actions={
        <LinkButton to="/people" variant="subtle" size="compact-sm">
          <Trans>Manage</Trans>
        </LinkButton>
      }
    >
      <DataState query={people} rows={2}>
        {(view) =>
          view.devices.map((device) => (
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
          ))
        }
      </DataState>
    </Card>
  );
}
