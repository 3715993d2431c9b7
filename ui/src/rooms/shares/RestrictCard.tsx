import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Checkbox, Modal } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { GlassView } from "../../bindings/GlassView";
import type { PersonView } from "../../bindings/PersonView";
import { allowedNames } from "../../words/patient";
import { keyOf, useAsk, useTell } from "../../app/queries";
import { useMe } from "../../app/session";
import { Card } from "../../parts/Card";
import { DataState, Failed } from "../../parts/DataState";
import { Fields, FormButtons } from "../../parts/fields";

/** Whether the whole care team opens this chart, or a few. */
export function RestrictCard({ patient }: { patient: string }) {
  const { t } = useLingui();
  const me = useMe();
  const glass = useAsk("access.glass", { patient });
  const [opened, setOpened] = useState(false);
  // A person alone has no care team to keep out.
  if (me.alone) return null;
  const names = glass.data ? allowedNames(glass.data) : "";
  return (
    <Card
      title={<Trans>Who opens this chart</Trans>}
      actions={
        <Button variant="default" size="compact-md" onClick={() => setOpened(true)}>
          <Trans>Change</Trans>
        </Button>
      }
    >
      <DataState query={glass} rows={1}>
        {(view) => (view.restricted ? <p>{names ? <Trans>Restricted: the patient and {names}. Others open it in an emergency only, with a reason that is written down.</Trans> : <Trans>Restricted: the patient alone. Others open it in an emergency only, with a reason that is written down.</Trans>}</p> : <p><Trans>The patient and all clinicians of the clinic.</Trans></p>)}
      </DataState>
      <Modal opened={opened} onClose={() => setOpened(false)} title={t`Who opens this chart`} closeButtonProps={{ "aria-label": t`Close` }}>
        {opened && glass.data ? <Choose patient={patient} view={glass.data} onDone={() => setOpened(false)} /> : null}
      </Modal>
    </Card>
  );
}

function Choose({ patient, view, onDone }: { patient: string; view: GlassView; onDone: () => void }) {
  const people = useAsk("people.list", {});
  return (
    <DataState query={people} rows={3}>
      {(list) => <Form patient={patient} view={view} clinicians={list.people.filter((one) => one.clinical || one.role === "doctor")} onDone={onDone} />}
    </DataState>
  );
}

function Form({ patient, view, clinicians, onDone }: { patient: string; view: GlassView; clinicians: PersonView[]; onDone: () => void }) {
  const { t } = useLingui();
  const me = useMe();
  const queries = useQueryClient();
  const save = useTell("access.restrict");
  const [restricted, setRestricted] = useState(view.restricted);
  const [allowed, setAllowed] = useState(() => view.allowed.map((one) => one.user));
  const send = () => save.mutate({ patient, restricted, allowed: restricted ? allowed : [] }, { onSuccess: (now) => (queries.setQueryData(keyOf("access.glass", { patient }), now), onDone()) });
  return (
    <Fields>
      <Checkbox checked={restricted} onChange={(event) => setRestricted(event.currentTarget.checked)} label={t`Restrict this chart`} description={t`For staff who are patients themselves, or people whom colleagues know. It is a rule that the program keeps and writes down; it does not take keys away.`} />
      {restricted ? (
        <Checkbox.Group label={t`These clinicians open it all the same`} value={allowed} onChange={setAllowed}>
          <Fields>
            {clinicians.map((one) => (
              <Checkbox key={one.user} value={one.user} label={one.me ? t`${one.name} (you)` : one.name || t`Name not here yet`} disabled={one.user === me.user && view.may_break} />
            ))}
          </Fields>
        </Checkbox.Group>
      ) : null}
      {save.error ? <Failed problem={save.error} /> : null}
      <FormButtons>
        <Button variant="default" onClick={onDone}>
          <Trans>Cancel</Trans>
        </Button>
        <Button onClick={send} loading={save.isPending}>
          <Trans>Save</Trans>
        </Button>
      </FormButtons>
    </Fields>
  );
}
