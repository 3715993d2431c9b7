import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Modal } from "@mantine/core";
import { useState } from "react";
import type { ReturnView } from "../../bindings/ReturnView";
import { useAsk, useTell } from "../../app/queries";
import { Card, Row } from "../../parts/Card";
import { Failed } from "../../parts/DataState";
import { Fields, FormButtons } from "../../parts/fields";
import { Invitation } from "./InviteDialog";
import { RoleWord } from "./RoleWord";

/** Who agreed that the clinic brings them back when they have lost everything. Nothing is shown while nobody did. */
export function Returning({ onAnswer }: { onAnswer: () => void }) {
  const { t } = useLingui();
  const [chosen, setChosen] = useState<ReturnView | null>(null);
  const people = useAsk("people.returning", {});
  if (!people.data || people.data.length === 0) return null;
  const answer = () => {
    setChosen(null);
    onAnswer();
  };
  return (
    <Card title={<Trans>Whom the clinic can bring back</Trans>} note={String(people.data.length)} padded={false}>
      {people.data.map((person) => (
        <Row
          key={person.user}
          title={person.name || t`Somebody without a name`}
          detail={
            <>
              <RoleWord role={person.role} /> · <Trans>allowed it themself</Trans>
            </>
          }
          end={
            <Button variant="default" size="compact-md" onClick={() => setChosen(person)}>
              <Trans>Bring back</Trans>
            </Button>
          }
        />
      ))}
      <Modal opened={chosen !== null} onClose={() => setChosen(null)} size="lg" title={t`Bring ${chosen?.name ?? ""} back`} closeButtonProps={{ "aria-label": t`Close` }}>
        {chosen ? <BringBack person={chosen} onAnswer={answer} onCancel={() => setChosen(null)} /> : null}
      </Modal>
    </Card>
  );
}

function BringBack({ person, onAnswer, onCancel }: { person: ReturnView; onAnswer: () => void; onCancel: () => void }) {
  const invite = useTell("people.invite_back");
  if (invite.data) return <Invitation invitation={invite.data} onAnswer={onAnswer} />;
  return (
    <Fields>
      <ul className="points">
        <li>
          <Trans>For somebody who lost passphrase, kit and devices. You need the printed key of the clinic, and them, in person or by a voice that you know.</Trans>
        </li>
        <li>
          <Trans>They choose a new passphrase and print a new kit. Their old devices open nothing new and are told. The permission ends with it.</Trans>
        </li>
      </ul>
      {invite.error ? <Failed problem={invite.error} /> : null}
      <FormButtons>
        <Button variant="default" onClick={onCancel}>
          <Trans>Cancel</Trans>
        </Button>
        <Button onClick={() => invite.mutate({ id: person.user })} loading={invite.isPending}>
          <Trans>Make an invitation</Trans>
        </Button>
      </FormButtons>
    </Fields>
  );
}
