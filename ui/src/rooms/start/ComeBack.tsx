import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Textarea, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { isWholeKit, KitField, kitText } from "../../app/KitField";
import { Outside } from "../../app/Outside";
import { agree, PassphraseFields } from "../../app/PassphraseFields";
import { PictureTextButton } from "../../app/PictureTextButton";
import { preferences } from "../../app/preferences";
import { useTell } from "../../app/queries";
import type { Problem } from "../../host/problem";
import { Failed } from "../../parts/DataState";
import { FieldError, Fields, FormButtons } from "../../parts/fields";
import { TextFileButton } from "../../parts/TextFileButton";
import type { WayProps } from "./ClinicForm";

/** The two sheets of somebody whose devices are all lost: the database card and the kit. */
export function ComeBack({ back, onBegin, onMade }: WayProps) {
  const { t } = useLingui();
  const come = useTell("session.come_back");
  const [card, setCard] = useState("");
  const [kit, setKit] = useState("");
  const [name, setName] = useState("");
  const [pass, setPass] = useState({ passphrase: "", repeated: "" });
  const [tried, setTried] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!card.trim() || !isWholeKit(kit) || !name.trim() || !agree(pass)) return;
    onBegin();
    come.mutate({ card: card.trim(), kit: kitText(kit), name: name.trim(), passphrase: pass.passphrase, language: preferences().language }, { onSuccess: onMade });
  };
  return (
    <Outside title={<Trans>Come back with my kit</Trans>} note={<Trans>For when every device is lost. This needs a network, your recovery kit and your database card. Without the card, ask your clinic for an invitation.</Trans>}>
      <form onSubmit={submit} noValidate>
        <Fields>
          <div>
            <Textarea label={t`Database card`} required value={card} placeholder="CARD1:…" spellCheck={false} autoComplete="off" classNames={{ input: "mono" }} onChange={(event) => setCard(event.currentTarget.value)} error={tried && !card.trim() ? <FieldError>{t`Paste the text that begins with CARD1.`}</FieldError> : undefined} />
            <TextFileButton onText={setCard} />
            <PictureTextButton begins="CARD1:" onText={setCard} onProblem={setProblem} />
            {problem ? <Failed problem={problem} /> : null}
          </div>
          <KitField value={kit} onChange={setKit} tried={tried} />
          <TextInput label={t`Your name`} required autoComplete="name" value={name} onChange={(event) => setName(event.currentTarget.value)} error={tried && !name.trim() ? <FieldError>{t`Write your name.`}</FieldError> : undefined} />
          <PassphraseFields replaces value={pass} onChange={setPass} context={[name]} tried={tried} />
          {come.error ? <Failed problem={come.error} /> : null}
          <FormButtons>
            {back}
            <Button type="submit" loading={come.isPending}>
              <Trans>Come back</Trans>
            </Button>
          </FormButtons>
        </Fields>
      </form>
    </Outside>
  );
}
