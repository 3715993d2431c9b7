import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { LinkButton } from "../../app/LinkButton";
import { useAsk, useTell } from "../../app/queries";
import { Banner } from "../../parts/Banner";
import { Failed } from "../../parts/DataState";

/** An address or number of this account belongs to another one: it is held back until the person chooses. */
export function TakenBanner() {
  const { t } = useLingui();
  const contacts = useAsk("contacts.view", {}).data;
  const lock = useTell("session.lock");
  if (!contacts || (!contacts.email.taken && !contacts.phone.taken)) return null;
  return (
    <Banner
      tone="warn"
      title={contacts.email.taken ? t`Your e-mail address belongs to another account of this clinic.` : t`Your mobile number belongs to another account of this clinic.`}
      action={
        <>
          <LinkButton to="/security" size="xs">
            <Trans>Use another one</Trans>
          </LinkButton>
          <Button size="xs" variant="default" loading={lock.isPending} onClick={() => lock.mutate({})}>
            <Trans>Sign in with the other account</Trans>
          </Button>
        </>
      }
    >
      <Trans>That account had it first, so your entry in the directory is held back on this device. Everything else is sent as usual.</Trans>
      {lock.error ? <Failed problem={lock.error} /> : null}
    </Banner>
  );
}
