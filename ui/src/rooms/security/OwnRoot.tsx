import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useState, type FormEvent } from "react";
import type { KeysView } from "../../bindings/KeysView";
import { isRootKit, RootKitField } from "../../app/RootKitField";
import { useTell } from "../../app/queries";
import { Failed } from "../../parts/DataState";
import { Fields, FormButtons } from "../../parts/fields";

/** A head administrator, or a person alone, certifies their own new keys with the sheet of the clinic's key. */
export function OwnRoot({ onShown }: { onShown: (view: KeysView) => void }) {
  const certify = useTell("keys.certify_own");
  const [kit, setKit] = useState("");
  const [tried, setTried] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (isRootKit(kit)) certify.mutate({ root_kit: kit.trim() }, { onSuccess: onShown });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Fields>
        <RootKitField value={kit} onChange={setKit} tried={tried} />
        {certify.error ? <Failed problem={certify.error} /> : null}
        <FormButtons>
          <Button type="submit" loading={certify.isPending}>
            <Trans>Use the new keys from now on</Trans>
          </Button>
        </FormButtons>
      </Fields>
    </form>
  );
}
