import { Trans } from "@lingui/react/macro";
import { useAsk } from "../../app/queries";
import { useMe } from "../../app/session";
import { Card } from "../../parts/Card";
import css from "./Settings.module.css";

/** What this program is, and what exactly is encrypted. */
export function About() {
  const me = useMe();
  const session = useAsk("session.state", {});
  return (
    <Card title={<Trans>About</Trans>}>
      <dl className={css.facts}>
        <dt>
          <Trans>Version</Trans>
        </dt>
        <dd className="numbers">Aidpost {session.data?.version ?? ""}</dd>
        <dt>
          <Trans>Record of</Trans>
        </dt>
        <dd>{me.alone ? me.name : me.realm_name}</dd>
        <dt>
          <Trans>This device</Trans>
        </dt>
        <dd className="mono">{me.device}</dd>
      </dl>
      <h3 className={css.heading}>
        <Trans>What is encrypted</Trans>
      </h3>
      <ul className={css.list}>
        <li>
          <Trans>Everything on this computer: one encrypted vault for each person, opened by the passphrase, the kit on paper or a PIN.</Trans>
        </li>
        <li>
          <Trans>Everything that leaves it: each document is sealed before it is sent. The remote sees which kind of document it is, its size, when it changed and by which device, and never its content.</Trans>
        </li>
        <li>
          <Trans>Shares: sealed with a key that is only in the QR code or link. Who holds the code can open the share until it ends.</Trans>
        </li>
      </ul>
      <p className="secondary">
        <Trans>Stroke checks are a screening aid, not a diagnosis. Aidpost is not a certified medical device.</Trans>
      </p>
    </Card>
  );
}
