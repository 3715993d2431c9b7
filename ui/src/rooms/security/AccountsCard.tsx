import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useState } from "react";
import type { OutsideAccount } from "../../bindings/OutsideAccount";
import type { ProviderView } from "../../bindings/ProviderView";
import { useAsk, useTell } from "../../app/queries";
import { useVisit } from "../../app/visit";
import { VisitWaiting } from "../../app/VisitWaiting";
import { Card } from "../../parts/Card";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { DataState, Failed } from "../../parts/DataState";
import { DateText } from "../../parts/DateText";
import { Fields } from "../../parts/fields";
import css from "./Security.module.css";

/** Accounts at the clinic's providers that this person linked. Not shown where there is neither a provider nor a link. */
export function AccountsCard() {
  const providers = useAsk("oidc.providers", {});
  const accounts = useAsk("oidc.accounts", {});
  const offered = providers.data?.providers ?? [];
  if (!providers.error && !accounts.error && offered.length === 0 && !accounts.data?.length) return null;
  return (
    <Card title={<Trans>Accounts elsewhere</Trans>}>
      <Fields>
        <p>
          <Trans>An account at a provider that your clinic trusts can stand in for the code of your second factor. Your passphrase is asked for all the same.</Trans>
        </p>
        <p className="secondary">
          <Trans>It opens no record, and the provider learns nothing of one: only that you signed in from this program.</Trans>
        </p>
        <DataState query={accounts} rows={2}>
          {(list) => (list.length > 0 ? <Linked accounts={list} /> : null)}
        </DataState>
        {providers.error ? <Failed problem={providers.error} /> : <LinkMore providers={offered} />}
      </Fields>
    </Card>
  );
}

function Linked({ accounts }: { accounts: OutsideAccount[] }) {
  const { t } = useLingui();
  const [ending, setEnding] = useState<OutsideAccount | null>(null);
  const unlink = useTell("oidc.unlink");
  const close = () => {
    setEnding(null);
    unlink.reset();
  };
  const name = ending ? (ending.name ?? ending.issuer) : "";
  return (
    <>
      <ul className={css.accounts} aria-label={t`Linked accounts`}>
        {accounts.map((account) => (
          <li key={account.id}>
            <span className={css.grow}>
              <strong>{account.name ?? account.issuer}</strong>{" "}
              <span className="secondary">
                <Trans>
                  linked <DateText at={account.since} />
                </Trans>{" "}
                {account.provider === null ? <Trans>· no longer offered by the clinic</Trans> : null}
              </span>
            </span>
            <Button variant="default" size="compact-md" aria-label={t`Unlink ${account.name ?? account.issuer}`} onClick={() => setEnding(account)}>
              <Trans>Unlink</Trans>
            </Button>
          </li>
        ))}
      </ul>
      <ConfirmDialog opened={ending !== null} onClose={close} title={t`Unlink ${name}?`} confirm={<Trans>Unlink</Trans>} danger busy={unlink.isPending} onConfirm={() => ending && unlink.mutate({ id: ending.id }, { onSuccess: close })}>
        <Trans>It no longer stands in for a code. The account itself stays as it is at the provider.</Trans>
        {unlink.error ? <Failed problem={unlink.error} /> : null}
      </ConfirmDialog>
    </>
  );
}

function LinkMore({ providers }: { providers: ProviderView[] }) {
  const { t } = useLingui();
  const [going, setGoing] = useState("");
  const visit = useVisit("link", () => undefined);
  if (visit.address) return <VisitWaiting name={going} address={visit.address} onGiveUp={visit.giveUp} />;
  return (
    <>
      {visit.problem ? <Failed problem={visit.problem} /> : null}
      <div className={css.buttons}>
        {providers.map(({ id, name }) => (
          <Button
            key={id}
            variant="default"
            size="compact-md"
            disabled={visit.beginning && going !== name}
            loading={visit.beginning && going === name}
            onClick={() => {
              setGoing(name);
              visit.start(id);
            }}
          >
            {t`Link an account at ${name}`}
          </Button>
        ))}
      </div>
    </>
  );
}
