import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useQueryClient } from "@tanstack/react-query";
import type { CodeSent } from "../../bindings/CodeSent";
import type { ContactsView } from "../../bindings/ContactsView";
import type { AddressView } from "../../bindings/AddressView";
import type { OtpChannel } from "../../bindings/OtpChannel";
import { keyOf, useAsk, useTell } from "../../app/queries";
import { WrongEntry } from "../../app/WrongEntries";
import { Card } from "../../parts/Card";
import { Chip } from "../../parts/Chip";
import { DataState, Failed } from "../../parts/DataState";
import { Fields, FormButtons } from "../../parts/fields";
import css from "./Security.module.css";

/** Digits of a code that was sent. */
const DIGITS = 8;

/** The person's own e-mail address and number, and whether a code that was sent there came back. */
export function ContactsCard() {
  const view = useAsk("contacts.view", {});
  return (
    <Card title={<Trans>E-mail and phone</Trans>}>
      <DataState query={view} rows={3}>
        {(contacts) => (
          <Fields>
            <p>
              <Trans>Where this clinic reaches you. A code that is sent there shows that the address is yours; it opens nothing by itself.</Trans>
            </p>
            <Contact key={`email ${contacts.email.address}`} channel="email" contacts={contacts} />
            <Contact key={`phone ${contacts.phone.address}`} channel="phone" contacts={contacts} />
          </Fields>
        )}
      </DataState>
    </Card>
  );
}

/** Answers of the program replace what is shown, without asking again. */
function useKeep() {
  const queries = useQueryClient();
  return (contacts: ContactsView) => queries.setQueryData(keyOf("contacts.view", {}), contacts);
}

function Contact({ channel, contacts }: { channel: OtpChannel; contacts: ContactsView }) {
  const { t } = useLingui();
  const keep = useKeep();
  const contact = contacts[channel];
  const set = useTell("contacts.set");
  const [text, setText] = useState(contact.address ?? "");
  const changed = text.trim() !== (contact.address ?? "");
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (!changed) return;
    const given = text.trim() || null;
    const both = { email: contacts.email.address, mobile_number: contacts.phone.address };
    set.mutate(channel === "email" ? { ...both, email: given } : { ...both, mobile_number: given }, { onSuccess: keep });
  };
  return (
    <div className={css.contact}>
      <form onSubmit={save} noValidate className={css.line}>
        <TextInput
          className={css.grow}
          label={channel === "email" ? t`E-mail address` : t`Mobile number`}
          description={channel === "phone" ? t`With the country's code, such as +44 7700 900142.` : undefined}
          type={channel === "email" ? "email" : "tel"}
          autoComplete={channel === "email" ? "email" : "tel"}
          maxLength={254}
          value={text}
          error={contact.taken && !changed ? t`Another account of this clinic had it first. Use another one, or sign in with that account.` : undefined}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={!changed} loading={set.isPending}>
          <Trans>Save</Trans>
        </Button>
      </form>
      {set.error ? <Failed problem={set.error} /> : null}
      {contact.address && !changed ? <Proof channel={channel} contact={contact} /> : null}
    </div>
  );
}

function Proof({ channel, contact }: { channel: OtpChannel; contact: AddressView }) {
  const send = useTell("codes.send");
  const [sent, setSent] = useState<CodeSent | null>(null);
  if (contact.verified)
    return (
      <div>
        <Chip tone="ok">
          <Trans>Confirmed</Trans>
        </Chip>
      </div>
    );
  const ask = () => send.mutate({ purpose: "REGISTRATION", channel }, { onSuccess: setSent });
  return (
    <Fields>
      <div className={css.buttons}>
        <Chip tone="warn">
          <Trans>Not confirmed</Trans>
        </Chip>
        {contact.can_send ? (
          <Button variant="default" size="compact-md" loading={send.isPending} onClick={ask}>
            {sent ? <Trans>Send another code</Trans> : <Trans>Send a code</Trans>}
          </Button>
        ) : (
          <span className="secondary">
            <Trans>This clinic cannot send codes there yet. An administrator sets that up under Settings.</Trans>
          </span>
        )}
      </div>
      {send.error ? <Failed problem={send.error} /> : null}
      {sent ? <GiveBack key={sent.request} sent={sent} /> : null}
    </Fields>
  );
}

function GiveBack({ sent }: { sent: CodeSent }) {
  const { t } = useLingui();
  const keep = useKeep();
  const check = useTell("codes.check");
  const [code, setCode] = useState("");
  const whole = code.replace(/\s/g, "").length === DIGITS;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (whole) check.mutate({ request: sent.request, code }, { onSuccess: keep });
  };
  const { recipient, device } = sent;
  return (
    <form onSubmit={submit} noValidate>
      <Fields>
        <TextInput
          label={t`Code from the message`}
          description={t`Sent to ${recipient}. It names this device as ${device}, and is good for ten minutes.`}
          autoComplete="one-time-code"
          inputMode="numeric"
          maxLength={12}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <WrongEntry problem={check.error} left={0} />
        <FormButtons>
          <Button type="submit" disabled={!whole} loading={check.isPending}>
            <Trans>Confirm</Trans>
          </Button>
        </FormButtons>
      </Fields>
    </form>
  );
}
