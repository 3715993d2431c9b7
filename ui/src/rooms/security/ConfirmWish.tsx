import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import type { DeletionView } from "../../bindings/DeletionView";
import { useTell } from "../../app/queries";
import { WrongEntry } from "../../app/WrongEntries";
import { Banner } from "../../parts/Banner";
import { Failed } from "../../parts/DataState";
import { Fields, FormButtons } from "../../parts/fields";
import { Withdraw } from "./DeletionCard";
import { useKeepWish } from "./wish";

/** Digits of a code that was sent. */
const DIGITS = 8;

/** The second step: the passphrase, and a code where one can be sent. */
export function ConfirmWish({ wish }: { wish: DeletionView }) {
  const { t } = useLingui();
  const keep = useKeepWish();
  const send = useTell("codes.send");
  const confirm = useTell("deletion.confirm");
  const [code, setCode] = useState("");
  const channel = wish.code_by;
  const ready = channel === null || (send.data !== undefined && code.replace(/\s/g, "").length === DIGITS);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    const given = channel !== null && send.data ? { request: send.data.request, code } : null;
    confirm.mutate({ code: given }, { onSuccess: keep });
  };
  const recipient = send.data?.recipient ?? "";
  return (
    <form onSubmit={submit} noValidate>
      <Fields>
        <Banner tone="info" title={t`You asked for it, and have not confirmed it.`}>
          <Trans>Nothing happens before that.</Trans>
        </Banner>
        {channel !== null ? (
          <div>
            <Button variant="default" size="compact-md" loading={send.isPending} onClick={() => send.mutate({ purpose: "DELETION", channel })}>
              {send.data ? <Trans>Send another code</Trans> : <Trans>Send a code</Trans>}
            </Button>
            {send.error ? <Failed problem={send.error} /> : null}
          </div>
        ) : null}
        {channel !== null && send.data ? (
          <TextInput label={t`Code from the message`} description={t`Sent to ${recipient}, good for ten minutes.`} autoComplete="one-time-code" inputMode="numeric" maxLength={12} value={code} onChange={(event) => setCode(event.currentTarget.value)} />
        ) : null}
        <WrongEntry problem={confirm.error} left={0} />
        <FormButtons>
          <Withdraw />
          <Button type="submit" color="red" disabled={!ready} loading={confirm.isPending}>
            <Trans>Confirm the deletion</Trans>
          </Button>
        </FormButtons>
      </Fields>
    </form>
  );
}
