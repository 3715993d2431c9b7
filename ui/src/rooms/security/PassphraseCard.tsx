import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Modal, PasswordInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { agree, PassphraseFields } from "../../app/PassphraseFields";
import { useTell } from "../../app/queries";
import { useMe } from "../../app/session";
import { Card } from "../../parts/Card";
import { Banner } from "../../parts/Banner";
import { Failed } from "../../parts/DataState";
import { Fields, FormButtons } from "../../parts/fields";

/** The passphrase: changed here by whoever knows the one in use. */
export function PassphraseCard() {
  const { t } = useLingui();
  const [opened, setOpened] = useState(false);
  const [changed, setChanged] = useState(false);
  const done = () => {
    setOpened(false);
    setChanged(true);
  };
  return (
    <Card
      title={<Trans>Passphrase</Trans>}
      actions={
        <Button variant="default" size="compact-md" onClick={() => setOpened(true)}>
          <Trans>Change the passphrase</Trans>
        </Button>
      }
    >
      <Fields>
        <p>
          <Trans>It opens your record on this computer. Your other devices keep the one that they have.</Trans>
        </p>
        {changed ? <Banner tone="ok" title={t`The passphrase was changed. Use the new one from now on.`} /> : null}
      </Fields>
      <Modal opened={opened} onClose={() => setOpened(false)} title={t`Change the passphrase`} closeButtonProps={{ "aria-label": t`Close` }}>
        {opened ? <Change onDone={done} onCancel={() => setOpened(false)} /> : null}
      </Modal>
    </Card>
  );
}

function Change({ onDone, onCancel }: { onDone: () => void; onCancel: () => void }) {
  const { t } = useLingui();
  const me = useMe();
  const change = useTell("passphrase.change");
  const [old, setOld] = useState("");
  const [pass, setPass] = useState({ passphrase: "", repeated: "" });
  const [tried, setTried] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (old === "" || !agree(pass)) return;
    change.mutate({ old, new: pass.passphrase }, { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Fields>
        <PasswordInput
          label={t`The passphrase in use`}
          autoComplete="current-password"
          data-autofocus
          value={old}
          visibilityToggleButtonProps={{ "aria-label": t`Show or hide the passphrase in use` }}
          onChange={(event) => setOld(event.currentTarget.value)}
        />
        <PassphraseFields replaces value={pass} onChange={setPass} context={[me.name, me.realm_name]} tried={tried} />
        <p className="secondary">
          <Trans>An old copy of this computer's disk still opens with the old passphrase.</Trans>
        </p>
        {change.error ? <Failed problem={change.error} /> : null}
        <FormButtons>
          <Button variant="default" onClick={onCancel}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={change.isPending} disabled={old === ""}>
            <Trans>Change</Trans>
          </Button>
        </FormButtons>
      </Fields>
    </form>
  );
}
