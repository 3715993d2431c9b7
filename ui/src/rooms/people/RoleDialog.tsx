import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Modal } from "@mantine/core";
import { useState } from "react";
import type { PeopleView } from "../../bindings/PeopleView";
import type { PersonView } from "../../bindings/PersonView";
import type { Role } from "../../bindings/Role";
import { useTell } from "../../app/queries";
import { Failed } from "../../parts/DataState";
import { Fields, FormButtons } from "../../parts/fields";
import { RoleChoice } from "./RoleChoice";

interface Props {
  person: PersonView;
  opened: boolean;
  onClose: () => void;
  onShown: (view: PeopleView) => void;
}

/** What a member may do, given anew. */
export function RoleDialog({ person, opened, onClose, onShown }: Props) {
  const { t } = useLingui();
  const name = person.name || t`this person`;
  return (
    <Modal opened={opened} onClose={onClose} title={t`What may ${name} do?`} closeButtonProps={{ "aria-label": t`Close` }}>
      {opened ? <Body person={person} onClose={onClose} onShown={onShown} /> : null}
    </Modal>
  );
}

function Body({ person, onClose, onShown }: Omit<Props, "opened">) {
  const change = useTell("people.change_role");
  const [role, setRole] = useState<Role>(person.role);
  const [clinical, setClinical] = useState(person.clinical);
  const same = role === person.role && (role !== "admin" || clinical === person.clinical);
  const save = () => change.mutate({ user: person.user, role, clinical: role === "admin" && clinical }, { onSuccess: (view) => (onShown(view), onClose()) });
  return (
    <Fields>
      <RoleChoice role={role} onRole={setRole} clinical={clinical} onClinical={setClinical} />
      <p className="secondary">
        <Trans>What was written under the earlier role stays valid up to what has come to this device.</Trans>
      </p>
      {change.error ? <Failed problem={change.error} /> : null}
      <FormButtons>
        <Button variant="default" onClick={onClose}>
          <Trans>Cancel</Trans>
        </Button>
        <Button onClick={save} loading={change.isPending} disabled={same}>
          <Trans>Change role</Trans>
        </Button>
      </FormButtons>
    </Fields>
  );
}
