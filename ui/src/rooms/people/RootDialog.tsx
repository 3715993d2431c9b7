import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Modal, Radio } from "@mantine/core";
import { useState, type FormEvent } from "react";
import type { PeopleView } from "../../bindings/PeopleView";
import type { PersonView } from "../../bindings/PersonView";
import type { RootAct } from "../../bindings/RootAct";
import { isRootKit, RootKitField } from "../../app/RootKitField";
import { useTell } from "../../app/queries";
import { Failed } from "../../parts/DataState";
import { Fields, FormButtons } from "../../parts/fields";

interface Props {
  people: readonly PersonView[];
  opened: boolean;
  onClose: () => void;
  onShown: (view: PeopleView) => void;
}

/** With the printed key of the clinic, a head administrator is made or removed, and recovery by the clinic offered: nothing else may. */
export function RootDialog({ people, opened, onClose, onShown }: Props) {
  const { t } = useLingui();
  return (
    <Modal opened={opened} onClose={onClose} size="lg" title={t`Key of the clinic`} closeButtonProps={{ "aria-label": t`Close` }}>
      {opened ? <Body people={people} onClose={onClose} onShown={onShown} /> : null}
    </Modal>
  );
}

type Act = RootAct | "offer_recovery";

const fits = (act: Act) => (person: PersonView) =>
  act === "remove_head" ? person.role === "super_admin" && !person.me : person.role !== "super_admin" && person.role !== "patient";

function Body({ people, onClose, onShown }: Omit<Props, "opened">) {
  const { t } = useLingui();
  const use = useTell("people.use_root");
  const offer = useTell("recovery.offer");
  const [act, setAct] = useState<Act>("make_head");
  const [user, setUser] = useState<string | null>(null);
  const [kit, setKit] = useState("");
  const [tried, setTried] = useState(false);
  const problem = use.error ?? offer.error;
  const choose = (picked: string) => {
    setAct(picked as Act);
    setUser(null);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!isRootKit(kit)) return;
    if (act === "offer_recovery") offer.mutate({ root_kit: kit.trim() }, { onSuccess: onClose });
    else if (user) use.mutate({ act, user, root_kit: kit.trim() }, { onSuccess: (view) => (onShown(view), onClose()) });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Fields>
        <Radio.Group label={t`What is to be done?`} value={act} onChange={choose}>
          <Radio value="make_head" label={t`Make someone a head administrator`} description={t`They manage everybody from then on, administrators too.`} />
          <Radio value="remove_head" label={t`Remove a head administrator`} description={t`With all of their devices. What they wrote and what came here until now stays.`} />
          <Radio value="offer_recovery" label={t`Offer recovery by the clinic`} description={t`For people who lose everything. It is off for each of them until they allow it themself, under Security.`} />
        </Radio.Group>
        {act === "offer_recovery" ? null : <Whom people={people.filter(fits(act))} user={user} onUser={setUser} />}
        <RootKitField value={kit} onChange={setKit} tried={tried} />
        {problem ? <Failed problem={problem} /> : null}
        <FormButtons>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" color={act === "remove_head" ? "red" : undefined} loading={use.isPending || offer.isPending} disabled={!user && act !== "offer_recovery"}>
            {act === "remove_head" ? <Trans>Remove</Trans> : act === "make_head" ? <Trans>Make head administrator</Trans> : <Trans>Offer it</Trans>}
          </Button>
        </FormButtons>
      </Fields>
    </form>
  );
}

function Whom({ people, user, onUser }: { people: readonly PersonView[]; user: string | null; onUser: (user: string) => void }) {
  const { t } = useLingui();
  if (people.length === 0) {
    return (
      <p>
        <Trans>There is nobody for this.</Trans>
      </p>
    );
  }
  return (
    <Radio.Group label={t`Whom?`} value={user} onChange={onUser}>
      {people.map((person) => (
        <Radio key={person.user} value={person.user} label={person.name || t`this person`} />
      ))}
    </Radio.Group>
  );
}
