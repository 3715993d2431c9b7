import { Trans } from "@lingui/react/macro";
import { DeviceRow } from "../../app/DeviceRow";
import { LinkButton } from "../../app/LinkButton";
import { useAsk } from "../../app/queries";
import { Card } from "../../parts/Card";
import { DataState } from "../../parts/DataState";

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
          view.devices.map((device) => <DeviceRow key={device.id} device={device} />)
        }
      </DataState>
    </Card>
  );
}
