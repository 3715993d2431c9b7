import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon } from "@mantine/core";
import { IconUserCog, IconUserMinus } from "@tabler/icons-react";
import { useState } from "react";
import type { PeopleView } from "../../bindings/PeopleView";
import type { PersonView } from "../../bindings/PersonView";
import { useTell } from "../../app/queries";
import { Avatar } from "../../parts/Avatar";
import { Row } from "../../parts/Card";
import { Chip } from "../../parts/Chip";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { Failed } from "../../parts/DataState";
import { DateText } from "../../parts/DateText";
import { RoleDialog } from "./RoleDialog";
import { RoleWord } from "./RoleWord";

interface Props {
  person: PersonView;
  onShown: (view: PeopleView) => void;
}

/** A member: who they are, what they may do, and for whoever manages them, changing that. */
export function PersonRow({ person, onShown }: Props) {
  const { t } = useLingui();
  const [opened, setOpened] = useState<"role" | "remove" | null>(null);
  const close = () => setOpened(null);
  const name = person.name || t`This person`;
  return (
    <>
      <Row
        lead={<Avatar name={person.name || "?"} />}
        title={person.name || <Trans>Name not here yet</Trans>}
        detail={<About person={person} />}
        end={
          person.me ? (
            <Chip tone="info">
              <Trans>You</Trans>
            </Chip>
          ) : person.managed ? (
            <>
              <ActionIcon aria-label={t`Change the role of ${name}`} title={t`Change role`} onClick={() => setOpened("role")}>
                <IconUserCog size="1.125rem" aria-hidden />
              </ActionIcon>
              <ActionIcon aria-label={t`Remove ${name}`} title={t`Remove`} onClick={() => setOpened("remove")}>
                <IconUserMinus size="1.125rem" aria-hidden />
              </ActionIcon>
            </>
          ) : null
        }
      />
      <RoleDialog person={person} opened={opened === "role"} onClose={close} onShown={onShown} />
      <RemovePerson person={person} name={name} opened={opened === "remove"} onClose={close} onShown={onShown} />
    </>
  );
}

function About({ person }: { person: PersonView }) {
  return (
    <>
      <RoleWord role={person.role} />
      {person.clinical ? (
        <>
          {" · "}
          <Trans>writes clinical entries</Trans>
        </>
      ) : null}
      {person.email ? ` · ${person.email}` : ""}
      {person.leaves_at ? (
        <>
          {" · "}
          <Trans>
            wishes to leave after <DateText at={person.leaves_at} inline />
          </Trans>
        </>
      ) : null}
    </>
  );
}

function RemovePerson({ person, name, opened, onClose, onShown }: Props & { name: string; opened: boolean; onClose: () => void }) {
  const { t } = useLingui();
  const remove = useTell("people.remove_person");
  const go = () => remove.mutate({ id: person.user }, { onSuccess: (view) => (onShown(view), onClose()) });
  return (
    <ConfirmDialog opened={opened} onClose={onClose} title={t`Remove ${name} from the clinic?`} confirm={<Trans>Remove</Trans>} danger busy={remove.isPending} onConfirm={go}>
      <ul className="points">
        <li>
          <Trans>What they write from now on is not accepted. What they wrote and what came here until now stays.</Trans>
        </li>
        <li>
          <Trans>All charts that they could open get new keys. This goes on in the background.</Trans>
        </li>
        <li>
          <Trans>What they have read or copied before stays in their hands. Nobody can take that back.</Trans>
        </li>
        <li>
          <Trans>If the database has logins, theirs are named on this page afterwards, with the command by which its operator ends them.</Trans>
        </li>
      </ul>
      {remove.error ? <Failed problem={remove.error} /> : null}
    </ConfirmDialog>
  );
}
