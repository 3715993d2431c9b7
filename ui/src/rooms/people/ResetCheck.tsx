import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Checkbox, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import { useAsk, useTell } from "../../app/queries";
import { WrongEntry } from "../../app/WrongEntries";
import { Banner } from "../../parts/Banner";
import { Failed } from "../../parts/DataState";
import { Fields } from "../../parts/fields";

/** Digits of a code that was sent. */
const DIGITS = 8;

/** For somebody who lost passphrase and kit: do they read the mail that we know? One sign among others; it opens nothing. */
export function ResetCheck() {
  const { t } = useLingui();
  const choices = useAsk("people.reset_choices", {});
  const [wanted, setWanted] = useState(false);
  if (!choices.data || choices.data.length === 0) return null;
  const data = choices.data.map((one) => ({ value: one.user, label: `${one.name} · ${one.email}` }));
  return (
    <Fields>
      <Checkbox label={t`Send a code to the address we have`} description={t`For somebody who was here before and lost passphrase and kit. It shows that they read that mail, and brings nothing back: what only they could open stays closed.`} checked={wanted} onChange={(event) => setWanted(event.currentTarget.checked)} />
      {wanted ? <Send people={data} /> : null}
    </Fields>
  );
}

function Send({ people }: { people: { value: string; label: string }[] }) {
  const { t } = useLingui();
  const send = useTell("people.send_reset");
  const check = useTell("people.check_reset");
  const [user, setUser] = useState("");
  const [code, setCode] = useState("");
  const choose = (next: string) => (send.reset(), check.reset(), setCode(""), setUser(next));
  const whole = code.replace(/\s/g, "").length === DIGITS;
  const recipient = send.data?.recipient ?? "";
  if (check.isSuccess) {
    return (
      <Banner tone="ok" title={t`Whoever asks reads the mail of ${recipient}.`}>
        <Trans>Compare the sixteen characters all the same.</Trans>
      </Banner>
    );
  }
  return (
    <Fields>
      <NativeSelect label={t`Who do they say they are?`} data={[{ value: "", label: t`Choose` }, ...people]} value={user} onChange={(event) => choose(event.currentTarget.value)} />
      <div>
        <Button variant="default" disabled={user === ""} loading={send.isPending} onClick={() => send.mutate({ id: user })}>
          {send.data ? <Trans>Send another code</Trans> : <Trans>Send a code</Trans>}
        </Button>
      </div>
      {send.error ? <Failed problem={send.error} /> : null}
      {send.data ? (
        <>
          <TextInput label={t`The code that they read out`} description={t`Sent to ${recipient}, good for ten minutes.`} autoComplete="off" inputMode="numeric" maxLength={12} value={code} onChange={(event) => setCode(event.currentTarget.value)} />
          <WrongEntry problem={check.error} left={0} />
          <div>
            <Button variant="default" disabled={!whole} loading={check.isPending} onClick={() => check.mutate({ request: send.data.request, code })}>
              <Trans>Check the code</Trans>
            </Button>
          </div>
        </>
      ) : null}
    </Fields>
  );
}
