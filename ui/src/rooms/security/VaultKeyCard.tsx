import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import type { SecurityView } from "../../bindings/SecurityView";
import { useTell } from "../../app/queries";
import { Card } from "../../parts/Card";
import { Failed } from "../../parts/DataState";
import { Fields } from "../../parts/fields";
import { useKeepView } from "./keep-view";

/** A new key for the database of this computer, given by the next unlock. */
export function VaultKeyCard({ view }: { view: SecurityView }) {
  const keep = useKeepView();
  const wish = useTell("security.wish_new_key");
  return (
    <Card
      title={<Trans>Key of this computer’s database</Trans>}
      note={view.awaits_new_key ? <Trans>new at the next unlock</Trans> : undefined}
      actions={
        view.awaits_new_key ? null : (
          <Button variant="default" size="compact-md" loading={wish.isPending} onClick={() => wish.mutate({}, { onSuccess: keep })}>
            <Trans>Give it a new key</Trans>
          </Button>
        )
      }
    >
      <Fields>
        <p role={view.awaits_new_key ? "status" : undefined}>
          {view.awaits_new_key ? (
            <Trans>The next unlock looks the record through and writes all of it anew under a new key. It takes longer, and needs as much free space as the record. If it cannot be done, the record opens as before, and the next unlock tries again.</Trans>
          ) : (
            <Trans>For when this computer was in other hands, open or in repair: a key that somebody took from it then opens nothing of this database any more. A copy of the disk from before stays what it was, and your passphrase is changed above.</Trans>
          )}
        </p>
        {wish.error ? <Failed problem={wish.error} /> : null}
      </Fields>
    </Card>
  );
}
