import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Checkbox, PasswordInput, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import type { IncomingLink } from "../../bindings/IncomingLink";
import type { IntakeView } from "../../bindings/IntakeView";
import { useTell } from "../../app/queries";
import { useMe } from "../../app/session";
import { Banner } from "../../parts/Banner";
import { Card } from "../../parts/Card";
import { Chip } from "../../parts/Chip";
import { Failed } from "../../parts/DataState";
import { DateText } from "../../parts/DateText";
import { FieldError, Fields, FormButtons } from "../../parts/fields";
import css from "./Receive.module.css";

interface Props {
  link: IncomingLink;
  onBack: () => void;
  onOpened: (intake: IntakeView) => void;
}

/** What can be known before fetching: label, host, end. Then who asks, and the passcode where one is needed. */
export function Look({ link, onBack, onOpened }: Props) {
  const { t } = useLingui();
  return (
    <Card title={<Trans>Before anything is fetched</Trans>}>
      <div className={css.narrow}>
        <dl className={css.facts}>
          <dt>
            <Trans>The sender calls it</Trans>
          </dt>
          <dd>{link.label ?? t`No name given`}</dd>
          <dt>
            <Trans>It would be fetched from</Trans>
          </dt>
          <dd>
            <span className="mono">{link.host}</span>{" "}
            {link.local_network ? (
              <Chip tone="warn">
                <Trans>Local network</Trans>
              </Chip>
            ) : null}
          </dd>
          <dt>
            <Trans>It ends</Trans>
          </dt>
          <dd>{link.expires_at ? <DateText at={link.expires_at} /> : <Trans>No end given</Trans>}</dd>
          <dt>
            <Trans>Content</Trans>
          </dt>
          <dd>{link.long_term ? <Trans>May be updated by the sender later</Trans> : <Trans>Does not change</Trans>}</dd>
        </dl>
        {link.expired ? <Expired onBack={onBack} /> : <OpenForm link={link} onBack={onBack} onOpened={onOpened} />}
      </div>
    </Card>
  );
}

function Expired({ onBack }: { onBack: () => void }) {
  return (
    <>
      <Banner tone="warn" title={<Trans>This link is over.</Trans>}>
        <Trans>Ask the sender for a new one.</Trans>
      </Banner>
      <FormButtons>
        <Button variant="default" onClick={onBack}>
          <Trans>Back</Trans>
        </Button>
      </FormButtons>
    </>
  );
}

function OpenForm({ link, onBack, onOpened }: Props) {
  const { t } = useLingui();
  const me = useMe();
  const open = useTell("receive.open");
  const [recipient, setRecipient] = useState(me.alone ? me.name : `${me.name}, ${me.realm_name}`);
  const [passcode, setPasscode] = useState("");
  const [local, setLocal] = useState(false);
  const ready = recipient.trim() !== "" && (!link.needs_passcode || passcode !== "") && (!link.local_network || local);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    open.mutate({ text: link.text, recipient: recipient.trim(), passcode: link.needs_passcode ? passcode : null, allow_local: local }, { onSuccess: onOpened });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Fields>
        <TextInput
          label={t`Who is asking`}
          description={t`The owner sees this in the list of who looked.`}
          value={recipient}
          maxLength={120}
          onChange={(event) => setRecipient(event.currentTarget.value)}
          error={recipient.trim() === "" ? <FieldError>{t`The owner must be able to see who asks.`}</FieldError> : undefined}
        />
        {link.needs_passcode ? (
          <PasswordInput
            label={t`Passcode`}
            description={t`The owner tells it to you. After a few wrong ones the link is closed for good.`}
            value={passcode}
            visibilityToggleButtonProps={{ "aria-label": t`Show or hide the passcode` }}
            onChange={(event) => setPasscode(event.currentTarget.value)}
          />
        ) : null}
        {link.local_network ? <Checkbox checked={local} onChange={(event) => setLocal(event.currentTarget.checked)} label={t`${link.host} is a computer on this network, and I know whose it is`} /> : null}
        {open.error ? <Failed problem={open.error} /> : null}
        <FormButtons>
          <Button variant="default" onClick={onBack}>
            <Trans>Back</Trans>
          </Button>
          <Button type="submit" loading={open.isPending} disabled={!ready}>
            <Trans>Fetch and show</Trans>
          </Button>
        </FormButtons>
      </Fields>
    </form>
  );
}
