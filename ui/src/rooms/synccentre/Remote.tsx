import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { Button } from "@mantine/core";
import type { SyncView } from "../../bindings/SyncView";
import { RemoteForm } from "../../app/RemoteForm";
import { Card } from "../../parts/Card";

/** Where the changes go; set, tested, changed or forgotten here. */
export function Remote({ state }: { state: SyncView }) {
  const [editing, setEditing] = useState(false);
  return (
    <Card
      title={<Trans>Remote</Trans>}
      actions={
        editing || state.remote === null ? null : (
          <Button variant="subtle" size="compact-sm" onClick={() => setEditing(true)}>
            <Trans>Change</Trans>
          </Button>
        )
      }
    >
      {state.remote !== null && !editing ? (
        <>
          <p className="mono">{state.remote}</p>
          <p className="secondary">
            <Trans>It stores sealed parcels and cannot read them.</Trans>
          </p>
        </>
      ) : (
        <RemoteForm current={state.remote} onDone={() => setEditing(false)} />
      )}
    </Card>
  );
}
