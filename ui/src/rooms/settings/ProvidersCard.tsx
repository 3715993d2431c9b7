import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import type { ProvidersView } from "../../bindings/ProvidersView";
import type { ProviderView } from "../../bindings/ProviderView";
import type { SetProvider } from "../../bindings/SetProvider";
import { keyOf, useAsk, useTell } from "../../app/queries";
import { Banner } from "../../parts/Banner";
import { Card } from "../../parts/Card";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { DataState, Failed } from "../../parts/DataState";
import { Fields, FormButtons } from "../../parts/fields";
import css from "./Settings.module.css";

const EMPTY: SetProvider = { id: null, name: "", issuer: "", client_id: "" };

/** Providers at which the clinic's people can prove who they are; shown to whoever may change them. */
export function ProvidersCard() {
  const view = useAsk("oidc.providers", {});
  if (!view.error && !view.data?.may_change) return null;
  return (
    <Card title={<Trans>Sign-in providers</Trans>}>
      <DataState query={view} rows={3}>
        {(providers) => <Providers view={providers} />}
      </DataState>
    </Card>
  );
}

function Providers({ view }: { view: ProvidersView }) {
  const { t } = useLingui();
  const [editing, setEditing] = useState<SetProvider | null>(null);
  return (
    <Fields>
      <p>
        <Trans>Members can prove who they are at these providers (OpenID Connect), in the place of a code of the second factor. A provider opens no record.</Trans>
      </p>
      {view.providers.length > 0 ? (
        <ul className={css.providers} aria-label={t`Providers`}>
          {view.providers.map((provider) => (
            <Provider key={provider.id} provider={provider} onEdit={() => setEditing(provider)} />
          ))}
        </ul>
      ) : null}
      {editing ? (
        <ProviderForm key={editing.id ?? "new"} start={editing} onDone={() => setEditing(null)} />
      ) : (
        <FormButtons>
          <Button variant="default" onClick={() => setEditing(EMPTY)}>
            <Trans>Add a provider</Trans>
          </Button>
        </FormButtons>
      )}
    </Fields>
  );
}

/** Answers of the program replace what is shown, without asking again. */
function useKeep() {
  const queries = useQueryClient();
  return (view: ProvidersView) => queries.setQueryData(keyOf("oidc.providers", {}), view);
}

function Provider({ provider, onEdit }: { provider: ProviderView; onEdit: () => void }) {
  const { t } = useLingui();
  const keep = useKeep();
  const [ending, setEnding] = useState(false);
  const remove = useTell("oidc.remove_provider");
  const { name } = provider;
  return (
    <li>
      <div className={css.grow}>
        <strong>{name}</strong>
        <div className={`secondary ${css.address}`}>{provider.issuer}</div>
      </div>
      <Button variant="default" size="compact-md" aria-label={t`Change ${name}`} onClick={onEdit}>
        <Trans>Change</Trans>
      </Button>
      <Button variant="default" size="compact-md" aria-label={t`Withdraw ${name}`} onClick={() => setEnding(true)}>
        <Trans>Withdraw</Trans>
      </Button>
      <ConfirmDialog opened={ending} onClose={() => setEnding(false)} title={t`Withdraw ${name}?`} confirm={<Trans>Withdraw</Trans>} danger busy={remove.isPending} onConfirm={() => remove.mutate({ id: provider.id }, { onSuccess: keep })}>
        <Trans>Accounts that members linked there no longer stand in for a code.</Trans>
        {remove.error ? <Failed problem={remove.error} /> : null}
      </ConfirmDialog>
    </li>
  );
}

function ProviderForm({ start, onDone }: { start: SetProvider; onDone: () => void }) {
  const { t } = useLingui();
  const keep = useKeep();
  const set = useTell("oidc.set_provider");
  const test = useTell("oidc.test_provider");
  const [form, setForm] = useState(start);
  const change = (part: Partial<SetProvider>) => {
    set.reset();
    test.reset();
    setForm({ ...form, ...part });
  };
  const issuer = form.issuer.trim();
  const missing = !issuer || !form.name.trim() || !form.client_id.trim();
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (missing) return;
    set.mutate(form, {
      onSuccess: (view) => {
        keep(view);
        onDone();
      },
    });
  };
  return (
    <form onSubmit={save} noValidate aria-label={t`Provider`}>
      <Fields>
        <TextInput label={t`Name`} description={t`As members shall read it on a button.`} autoComplete="off" maxLength={80} value={form.name} onChange={(event) => change({ name: event.currentTarget.value })} />
        <TextInput
          label={t`Address of the provider`}
          description={form.id ? t`Another address is another provider: add it, and withdraw this one.` : t`Its issuer identifier, such as https://id.example.org.`}
          placeholder="https://"
          type="url"
          autoComplete="off"
          spellCheck={false}
          maxLength={500}
          readOnly={form.id !== null}
          value={form.issuer}
          onChange={(event) => change({ issuer: event.currentTarget.value })}
        />
        <TextInput
          label={t`Client identifier`}
          description={t`From the provider's registration of a native (public) client, without a secret, with the redirect address http://127.0.0.1/cb and any port.`}
          autoComplete="off"
          spellCheck={false}
          maxLength={500}
          value={form.client_id}
          onChange={(event) => change({ client_id: event.currentTarget.value })}
        />
        {test.isSuccess ? (
          <Banner tone="ok" title={<Trans>The provider answers and can be used.</Trans>}>
            <Trans>Whether it knows the client identifier is seen when somebody links an account.</Trans>
          </Banner>
        ) : null}
        {test.error ? <Failed problem={test.error} onRetry={() => test.mutate({ issuer })} /> : null}
        {set.error ? <Failed problem={set.error} /> : null}
        <FormButtons>
          <Button variant="default" disabled={!issuer} loading={test.isPending} onClick={() => test.mutate({ issuer })}>
            <Trans>Test</Trans>
          </Button>
          <Button variant="default" onClick={onDone}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" disabled={missing} loading={set.isPending}>
            <Trans>Save</Trans>
          </Button>
        </FormButtons>
      </Fields>
    </form>
  );
}
