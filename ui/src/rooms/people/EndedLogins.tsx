import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import type { EndedLogin } from "../../bindings/EndedLogin";
import { keyOf, useAsk, useTell } from "../../app/queries";
import { Card } from "../../parts/Card";
import { CopyText } from "../../parts/CopyText";
import { Failed } from "../../parts/DataState";
import { Fields } from "../../parts/fields";
import css from "./People.module.css";

/** After a removal: the very logins that the operator of the database is to end, with the command that does it. */
export function EndedLogins() {
  const { t } = useLingui();
  const logins = useAsk("realm.logins_to_end", {});
  if (logins.error) return <Failed problem={logins.error} />;
  if (!logins.data || logins.data.length === 0) return null;
  return (
    <Card title={<Trans>Database logins to end</Trans>} note={String(logins.data.length)}>
      <Fields>
        <p>
          <Trans>These devices were removed. Their keys are out, but the database still lets them in until its operator ends their logins. The command asks for the operator’s address, and looks that the login is gone.</Trans>
        </p>
        <ul className={css.logins} aria-label={t`Database logins to end`}>
          {logins.data.map((one) => (
            <Login key={one.login} one={one} />
          ))}
        </ul>
      </Fields>
    </Card>
  );
}

function Login({ one }: { one: EndedLogin }) {
  const { t } = useLingui();
  const queries = useQueryClient();
  const done = useTell("realm.login_ended");
  const tick = () => done.mutate({ login: one.login }, { onSuccess: (left) => queries.setQueryData(keyOf("realm.logins_to_end", {}), left) });
  return (
    <li>
      <p>
        <strong>{one.owner || t`Unknown owner`}</strong> <span className="secondary mono">{one.device}</span>
      </p>
      <CopyText text={`aidpost realm drop ${one.login} --apply`} label={t`Command that ends the login of ${one.device}`} />
      {done.error ? <Failed problem={done.error} /> : null}
      <div>
        <Button variant="default" size="compact-md" loading={done.isPending} aria-label={t`It was ended: the login of ${one.device}`} onClick={tick}>
          <Trans>It was ended</Trans>
        </Button>
      </div>
    </li>
  );
}
