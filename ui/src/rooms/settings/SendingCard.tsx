import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Checkbox, NumberInput, PasswordInput, Select, Textarea, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import type { SendingView } from "../../bindings/SendingView";
import type { SetSms } from "../../bindings/SetSms";
import type { SetSmtp } from "../../bindings/SetSmtp";
import type { SmtpTls } from "../../bindings/SmtpTls";
import { keyOf, useAsk, useTell } from "../../app/queries";
import { Card } from "../../parts/Card";
import { DataState, Failed } from "../../parts/DataState";
import { Fields, FormButtons } from "../../parts/fields";
import { TrySending } from "./TrySending";
import css from "./Settings.module.css";

/** The port that goes with each protection (RFC 8314, RFC 6409, RFC 5321). */
const PORTS: Record<SmtpTls, number> = { tls: 465, starttls: 587, none: 25 };

/** How the clinic sends codes; shown to whoever may change it. */
export function SendingCard() {
  const view = useAsk("mail.settings", {});
  if (!view.error && !view.data?.may_change) return null;
  return (
    <Card title={<Trans>Sending codes</Trans>}>
      <DataState query={view} rows={4}>
        {(sending) => <SendingForm sending={sending} />}
      </DataState>
    </Card>
  );
}

function SendingForm({ sending }: { sending: SendingView }) {
  const queries = useQueryClient();
  const set = useTell("mail.set");
  const [smtp, setSmtp] = useState<SetSmtp | null>(sending.smtp ? { ...bare(sending.smtp), password: null } : null);
  const [sms, setSms] = useState<SetSms | null>(sending.sms ? { ...sending.sms, token: null } : null);
  const [dirty, setDirty] = useState(false);
  const touch = <T,>(keep: (value: T) => void) => (value: T) => {
    setDirty(true);
    set.reset();
    keep(value);
  };
  const save = (event: FormEvent) => {
    event.preventDefault();
    set.mutate(
      { smtp, sms },
      {
        onSuccess: (kept) => {
          setDirty(false);
          queries.setQueryData(keyOf("mail.settings", {}), kept);
        },
      },
    );
  };
  return (
    <Fields>
      <p>
        <Trans>With these accounts the clinic's computers send one-time codes. Every member's device holds them, sealed: use accounts that are for this alone.</Trans>
      </p>
      <form onSubmit={save} noValidate>
        <Fields>
          <SmtpFields value={smtp} kept={sending.smtp?.has_password === true} onChange={touch(setSmtp)} />
          <SmsFields value={sms} kept={sending.sms !== null} onChange={touch(setSms)} />
          {set.error ? <Failed problem={set.error} /> : null}
          <FormButtons>
            <Button type="submit" disabled={!dirty} loading={set.isPending}>
              <Trans>Save</Trans>
            </Button>
          </FormButtons>
        </Fields>
      </form>
      {!dirty && sending.smtp ? <TrySending key="email" channel="email" /> : null}
      {!dirty && sending.sms ? <TrySending key="phone" channel="phone" /> : null}
    </Fields>
  );
}

function bare({ host, port, tls, user, from, ca }: NonNullable<SendingView["smtp"]>) {
  return { host, port, tls, user, from, ca };
}

function SmtpFields({ value, kept, onChange }: { value: SetSmtp | null; kept: boolean; onChange: (value: SetSmtp | null) => void }) {
  const { t } = useLingui();
  const empty: SetSmtp = { host: "", port: PORTS.tls, tls: "tls", user: null, password: null, from: "", ca: null };
  const change = (part: Partial<SetSmtp>) => value && onChange({ ...value, ...part });
  return (
    <>
      <Checkbox checked={value !== null} onChange={(event) => onChange(event.currentTarget.checked ? empty : null)} label={t`By e-mail, through a mail server`} />
      {value ? (
        <div className={css.inset}>
          <div className={css.pair}>
            <TextInput label={t`Mail server`} placeholder="smtp.example.org" autoComplete="off" spellCheck={false} value={value.host} onChange={(event) => change({ host: event.currentTarget.value.trim() })} />
            <NumberInput label={t`Port`} min={1} max={65535} hideControls allowDecimal={false} thousandSeparator="" value={value.port} onChange={(port) => change({ port: Number(port) || 0 })} />
          </div>
          <Select
            label={t`Protection`}
            allowDeselect={false}
            data={[
              { value: "tls", label: t`TLS (usual, port 465)` },
              { value: "starttls", label: t`STARTTLS (port 587)` },
              { value: "none", label: t`None, for a server on this computer` },
            ]}
            value={value.tls}
            onChange={(tls) => change({ tls: tls as SmtpTls, port: PORTS[tls as SmtpTls] })}
          />
          <TextInput label={t`Login name`} description={t`Empty if the server asks for none.`} autoComplete="off" spellCheck={false} value={value.user ?? ""} onChange={(event) => change({ user: event.currentTarget.value.trim() || null })} />
          <Secret label={t`Login password`} kept={kept} value={value.password} onChange={(password) => change({ password })} />
          <TextInput label={t`Sender's address`} type="email" placeholder="codes@example.org" autoComplete="off" value={value.from} onChange={(event) => change({ from: event.currentTarget.value.trim() })} />
          {value.tls === "none" ? null : <Authority value={value.ca} onChange={(ca) => change({ ca })} />}
        </div>
      ) : null}
    </>
  );
}

function SmsFields({ value, kept, onChange }: { value: SetSms | null; kept: boolean; onChange: (value: SetSms | null) => void }) {
  const { t } = useLingui();
  const change = (part: Partial<SetSms>) => value && onChange({ ...value, ...part });
  return (
    <>
      <Checkbox checked={value !== null} onChange={(event) => onChange(event.currentTarget.checked ? { account: "", token: null, from: "" } : null)} label={t`By text message, through Twilio`} />
      {value ? (
        <div className={css.inset}>
          <TextInput label={t`Account SID`} placeholder="AC…" autoComplete="off" spellCheck={false} value={value.account} onChange={(event) => change({ account: event.currentTarget.value.trim() })} />
          <Secret label={t`Auth token`} kept={kept} value={value.token} onChange={(token) => change({ token })} />
          <TextInput label={t`Sender's number or name`} placeholder="+44…" autoComplete="off" value={value.from} onChange={(event) => change({ from: event.currentTarget.value })} />
        </div>
      ) : null}
    </>
  );
}

/** Few need it: a mail server in the house, with a certificate that no computer trusts by itself. */
function Authority({ value, onChange }: { value: string | null; onChange: (value: string | null) => void }) {
  const { t } = useLingui();
  return (
    <Textarea
      label={t`Certificate of your own authority`}
      description={t`Only for a mail server whose certificate your clinic made itself. In PEM; empty for all others.`}
      placeholder="-----BEGIN CERTIFICATE-----"
      autosize
      minRows={2}
      maxRows={8}
      spellCheck={false}
      autoComplete="off"
      classNames={{ input: "mono" }}
      value={value ?? ""}
      onChange={(event) => onChange(event.currentTarget.value || null)}
    />
  );
}

function Secret({ label, kept, value, onChange }: { label: string; kept: boolean; value: string | null; onChange: (value: string | null) => void }) {
  const { t } = useLingui();
  return (
    <PasswordInput
      label={label}
      description={kept ? t`One is kept. Leave this empty to go on with it.` : undefined}
      autoComplete="off"
      value={value ?? ""}
      visibilityToggleButtonProps={{ "aria-label": t`Show or hide: ${label}` }}
      onChange={(event) => onChange(event.currentTarget.value || null)}
    />
  );
}
