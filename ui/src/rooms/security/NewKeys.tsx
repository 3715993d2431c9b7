import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useState, type FormEvent, type ReactNode } from "react";
import { Papers } from "../../app/Papers";
import { agree, PassphraseFields } from "../../app/PassphraseFields";
import { useTell } from "../../app/queries";
import { useMe } from "../../app/session";
import { Failed } from "../../parts/DataState";
import { Fields, FormButtons } from "../../parts/fields";

/** What happens, the new passphrase, then the new kit: shown once and asked back. */
export function NewKeys({ onDone }: { onDone: () => void }) {
  const me = useMe();
  const begin = useTell("keys.begin");
  const confirmed = useTell("kit.confirmed");
  if (begin.data) {
    return <Papers papers={begin.data} me={me} frame={InDialog} done={<Trans>The kit is at hand</Trans>} onDone={() => confirmed.mutate({}, { onSettled: onDone })} />;
  }
  return <Ask begin={begin} onCancel={onDone} />;
}

function InDialog({ title, note, children }: { title: ReactNode; note?: ReactNode; children: ReactNode }) {
  return (
    <section>
      <h2>{title}</h2>
      {note ? <p className="secondary">{note}</p> : null}
      {children}
    </section>
  );
}

function Ask({ begin, onCancel }: { begin: ReturnType<typeof useTell<"keys.begin">>; onCancel: () => void }) {
  const me = useMe();
  const [pass, setPass] = useState({ passphrase: "", repeated: "" });
  const [tried, setTried] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (agree(pass)) begin.mutate({ passphrase: pass.passphrase });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Fields>
        <ul className="points">
          <li>
            <Trans>You choose a new passphrase, and a new kit is made. Both count on all of your devices as soon as the new keys are certified.</Trans>
          </li>
          <li>
            {me.role === "super_admin" ? (
              <Trans>You certify them yourself, with the key of the clinic that was printed when the record was made.</Trans>
            ) : (
              <Trans>An administrator certifies them. Until then everything goes on as it is.</Trans>
            )}
          </li>
          <li>
            <Trans>Then the old passphrase and the old kit open nothing any more, and everything that the old keys open gets new ones.</Trans>
          </li>
          <li>
            <Trans>Remove a lost device first, under People and devices. What was read with it stays read.</Trans>
          </li>
        </ul>
        <PassphraseFields replaces value={pass} onChange={setPass} context={[me.name, me.realm_name]} tried={tried} />
        {begin.error ? <Failed problem={begin.error} /> : null}
        <FormButtons>
          <Button variant="default" onClick={onCancel}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={begin.isPending}>
            <Trans>Make the kit</Trans>
          </Button>
        </FormButtons>
      </Fields>
    </form>
  );
}
