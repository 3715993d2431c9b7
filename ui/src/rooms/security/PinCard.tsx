import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Modal, PasswordInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import type { SecurityView } from "../../bindings/SecurityView";
import { useTell } from "../../app/queries";
import { Card } from "../../parts/Card";
import { Failed } from "../../parts/DataState";
import { FieldError, Fields, FormButtons } from "../../parts/fields";
import { useKeepView } from "./keep-view";

/** What the program asks for at least; the same figure is checked there. */
const DIGITS = 6;

/** Quick unlock: offered only where a keychain keeps the other half. */
export function PinCard({ view }: { view: SecurityView }) {
  const { t } = useLingui();
  const [opened, setOpened] = useState(false);
  const keep = useKeepView();
  const remove = useTell("security.remove_pin");
  const offered = view.keychain && !view.shared;
  return (
    <Card
      title={<Trans>Unlock with a PIN</Trans>}
      note={view.pin ? <Trans>set</Trans> : undefined}
      actions={
        offered || view.pin ? (
          <>
            {view.pin ? (
              <Button variant="default" size="compact-md" loading={remove.isPending} onClick={() => remove.mutate({}, { onSuccess: keep })}>
                <Trans>Remove the PIN</Trans>
              </Button>
            ) : null}
            {offered ? (
              <Button variant="default" size="compact-md" onClick={() => setOpened(true)}>
                {view.pin ? <Trans>Change the PIN</Trans> : <Trans>Set a PIN</Trans>}
              </Button>
            ) : null}
          </>
        ) : null
      }
    >
      <Fields>
        <p>
          {view.shared ? (
            <Trans>This computer is marked as used by several people, and whoever looks over your shoulder would have your PIN. So there is none here. If the computer is yours alone, say so in the settings.</Trans>
          ) : view.keychain ? (
            <Trans>For twelve hours after the passphrase, and until the computer starts anew. After ten wrong entries the PIN is gone, never the record. Do not set one on a computer that others use under the same account.</Trans>
          ) : (
            <Trans>This computer has no keychain that answers, and a PIN without one could be guessed from a copied disk. So none can be set here.</Trans>
          )}
        </p>
        {remove.error ? <Failed problem={remove.error} /> : null}
      </Fields>
      <Modal opened={opened} onClose={() => setOpened(false)} title={t`Unlock with a PIN`} closeButtonProps={{ "aria-label": t`Close` }}>
        {opened ? <Choose onDone={() => setOpened(false)} /> : null}
      </Modal>
    </Card>
  );
}

function Choose({ onDone }: { onDone: () => void }) {
  const { t } = useLingui();
  const keep = useKeepView();
  const set = useTell("security.set_pin");
  const [pin, setPin] = useState("");
  const [again, setAgain] = useState("");
  const [tried, setTried] = useState(false);
  const digits = (text: string) => text.replace(/\D/g, "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (pin.length < DIGITS || pin !== again) return;
    set.mutate({ pin }, { onSuccess: (view) => (keep(view), onDone()) });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Fields>
        <PasswordInput label={t`New PIN`} description={t`Six digits or more. No birthday, no row of digits.`} inputMode="numeric" autoComplete="off" data-autofocus maxLength={64} value={pin} onChange={(event) => setPin(digits(event.currentTarget.value))} visibilityToggleButtonProps={{ "aria-label": t`Show or hide the PIN` }} error={tried && pin.length < DIGITS ? <FieldError>{t`Six digits or more are needed.`}</FieldError> : undefined} />
        <PasswordInput label={t`The same PIN again`} inputMode="numeric" autoComplete="off" maxLength={64} value={again} onChange={(event) => setAgain(digits(event.currentTarget.value))} visibilityToggleButtonProps={{ "aria-label": t`Show or hide the repeated PIN` }} error={tried && pin.length >= DIGITS && pin !== again ? <FieldError>{t`The two entries differ.`}</FieldError> : undefined} />
        {set.error ? <Failed problem={set.error} /> : null}
        <FormButtons>
          <Button variant="default" onClick={onDone}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={set.isPending}>
            <Trans>Set the PIN</Trans>
          </Button>
        </FormButtons>
      </Fields>
    </form>
  );
}
