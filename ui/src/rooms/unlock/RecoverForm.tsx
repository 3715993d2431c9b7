import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconChevronLeft } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import type { ProfileView } from "../../bindings/ProfileView";
import { isWholeKit, KitField, kitText } from "../../app/KitField";
import { agree, PassphraseFields } from "../../app/PassphraseFields";
import { useTell } from "../../app/queries";
import { WrongEntry } from "../../app/WrongEntries";
import { Banner } from "../../parts/Banner";
import { Fields, FormButtons } from "../../parts/fields";

/** The way back with the kit: a new passphrase, and nothing else changes. */
export function RecoverForm({ profile, onUnlocked, onBack }: { profile: ProfileView; onUnlocked: () => void; onBack: () => void }) {
  const { t } = useLingui();
  const recover = useTell("session.recover");
  const [kit, setKit] = useState("");
  const [pass, setPass] = useState({ passphrase: "", repeated: "" });
  const [tried, setTried] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!isWholeKit(kit) || !agree(pass)) return;
    recover.mutate({ profile: profile.id, kit: kitText(kit), passphrase: pass.passphrase }, { onSuccess: onUnlocked });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Fields>
        <Banner tone="info" title={t`Your recovery kit opens this record without the passphrase.`}>
          <Trans>It is the sheet that you printed when the record was made. Nothing is lost, and the sheet stays good afterwards.</Trans>
        </Banner>
        <KitField value={kit} onChange={setKit} tried={tried} />
        <PassphraseFields replaces value={pass} onChange={setPass} context={[]} tried={tried} />
        <WrongEntry problem={recover.error} left={0} />
        <Ways />
        <FormButtons>
          <Button variant="default" onClick={onBack} leftSection={<IconChevronLeft size="1rem" aria-hidden />}>
            <Trans>Back</Trans>
          </Button>
          <Button type="submit" loading={recover.isPending}>
            <Trans>Open with the kit</Trans>
          </Button>
        </FormButtons>
      </Fields>
    </form>
  );
}

/** What is left without the sheet. It does not promise what nobody can give. */
function Ways() {
  return (
    <details>
      <summary>
        <Trans>I do not have the sheet</Trans>
      </summary>
      <ul className="points">
        <li>
          <Trans>If another of your devices still opens, set this computer up there as a new device.</Trans>
        </li>
        <li>
          <Trans>If you allowed your clinic to recover your account, it can bring you back, with a new passphrase and a new kit.</Trans>
        </li>
        <li>
          <Trans>If you belong to a clinic, ask for a new invitation. Your charts are then shared with you again; what only you could read stays closed.</Trans>
        </li>
        <li>
          <Trans>If this record is yours alone and there is no other device, nobody can open it. Keep the folder: the passphrase may come back to you.</Trans>
        </li>
      </ul>
    </details>
  );
}
