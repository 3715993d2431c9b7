import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import type { OtpChannel } from "../../bindings/OtpChannel";
import { useTell } from "../../app/queries";
import { Banner } from "../../parts/Banner";
import { Failed } from "../../parts/DataState";
import { Fields } from "../../parts/fields";
import css from "./Settings.module.css";

/** Sends a message without a code, and says what is wrong when it does not get away. */
export function TrySending({ channel }: { channel: OtpChannel }) {
  const { t } = useLingui();
  const test = useTell("mail.test");
  const [to, setTo] = useState("");
  const given = to.trim();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (given) test.mutate({ channel, to: given });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Fields>
        <div className={css.try}>
          <TextInput
            className={css.grow}
            label={channel === "email" ? t`Send a test e-mail to` : t`Send a test text message to`}
            type={channel === "email" ? "email" : "tel"}
            maxLength={254}
            value={to}
            onChange={(event) => {
              setTo(event.currentTarget.value);
              test.reset();
            }}
          />
          <Button type="submit" variant="default" leftSection={<IconSend size="1rem" aria-hidden />} disabled={!given} loading={test.isPending}>
            <Trans>Test</Trans>
          </Button>
        </div>
        {test.isSuccess ? (
          <Banner tone="ok" title={<Trans>The message is on its way.</Trans>}>
            <Trans>Check that it arrives at {given}; look in the spam folder too.</Trans>
          </Banner>
        ) : null}
        {test.error ? <Failed problem={test.error} onRetry={() => test.mutate({ channel, to: given })} /> : null}
      </Fields>
    </form>
  );
}
