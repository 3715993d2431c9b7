import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { keyOf, useAsk, useTell } from "../../app/queries";
import { Card } from "../../parts/Card";
import { DataState, Failed } from "../../parts/DataState";
import { Fields, FormButtons } from "../../parts/fields";

/** Where shares are kept that work from anywhere; an administrator says so. */
export function LinkHostCard() {
  const view = useAsk("shares.host", {});
  if (view.data && !view.data.may_change) return null;
  return (
    <Card title={<Trans>Link host</Trans>}>
      <DataState query={view} rows={2}>{(host) => <Address key={host.address} address={host.address ?? ""} />}</DataState>
    </Card>
  );
}

function Address({ address }: { address: string }) {
  const { t } = useLingui();
  const queries = useQueryClient();
  const set = useTell("shares.set_host");
  const [value, setValue] = useState(address);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    set.mutate({ address: value.trim() || null }, { onSuccess: (view) => queries.setQueryData(keyOf("shares.host", {}), view) });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Fields>
        <TextInput
          type="url"
          label={t`Address of the link host`}
          description={t`Shares that work from anywhere are kept there, encrypted. Whoever looks after the database runs it: aidpost serve --public. Empty means: shares work on the local network.`}
          placeholder="https://links.example.org"
          autoComplete="off"
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
        {set.error ? <Failed problem={set.error} /> : null}
        <FormButtons>
          <Button type="submit" variant="default" disabled={value.trim() === address} loading={set.isPending}>
            <Trans>Save</Trans>
          </Button>
        </FormButtons>
      </Fields>
    </form>
  );
}
