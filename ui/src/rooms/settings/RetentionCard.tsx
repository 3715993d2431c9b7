import { Trans, useLingui } from "@lingui/react/macro";
import { Button, NumberInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { keyOf, useAsk, useTell } from "../../app/queries";
import { useMe } from "../../app/session";
import { Card } from "../../parts/Card";
import { DataState, Failed } from "../../parts/DataState";
import { Fields, FormButtons } from "../../parts/fields";

/** How long the law makes this clinic keep entries; an administrator says so, and whoever leaves is told. */
export function RetentionCard() {
  const me = useMe();
  const view = useAsk("deletion.view", {});
  if (me.alone || (me.role !== "admin" && me.role !== "super_admin")) return null;
  return (
    <Card title={<Trans>Keeping records</Trans>}>
      <DataState query={view} rows={2}>
        {(wish) => <Years key={wish.retention_years} years={wish.retention_years} />}
      </DataState>
    </Card>
  );
}

function Years({ years }: { years: number | null }) {
  const { t } = useLingui();
  const queries = useQueryClient();
  const set = useTell("deletion.set_retention");
  const [value, setValue] = useState<number | string>(years ?? "");
  const given = typeof value === "number" ? value : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    set.mutate({ years: given }, { onSuccess: (view) => queries.setQueryData(keyOf("deletion.view", {}), view) });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Fields>
        <NumberInput label={t`Years for which entries in charts must be kept`} description={t`Ask whoever advises the clinic on the law of your country. Empty means: not set.`} min={0} max={100} allowDecimal={false} allowNegative={false} value={value} onChange={setValue} placeholder={t`not set`} />
        {set.error ? <Failed problem={set.error} /> : null}
        <FormButtons>
          <Button type="submit" variant="default" disabled={given === years} loading={set.isPending}>
            <Trans>Save</Trans>
          </Button>
        </FormButtons>
      </Fields>
    </form>
  );
}
