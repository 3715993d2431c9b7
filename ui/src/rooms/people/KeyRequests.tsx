import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Modal, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import type { KeyRequestView } from "../../bindings/KeyRequestView";
import type { PeopleView } from "../../bindings/PeopleView";
import { useAsk, useTell } from "../../app/queries";
import { Card, Row } from "../../parts/Card";
import { Failed } from "../../parts/DataState";
import { DateText } from "../../parts/DateText";
import { Fields, FormButtons } from "../../parts/fields";
import { isWholeCheck } from "./AdmitDialog";
import { RoleWord } from "./RoleWord";

/** Who made new keys and asks for them to be certified. Nothing is shown while nobody does. */
export function KeyRequests({ onShown }: { onShown: (view: PeopleView) => void }) {
  const { t } = useLingui();
  const [chosen, setChosen] = useState<KeyRequestView | null>(null);
  const asked = useAsk("people.key_requests", {});
  if (!asked.data || asked.data.length === 0) return null;
  const shown = (view: PeopleView) => {
    setChosen(null);
    void asked.refetch();
    onShown(view);
  };
  return (
    <Card title={<Trans>New keys to certify</Trans>} note={String(asked.data.length)} padded={false}>
      {asked.data.map((request) => (
        <Row
          key={request.request}
          title={request.name || t`Somebody without a name`}
          detail={
            <>
              <RoleWord role={request.role} /> · <Trans>asked <DateText at={request.at} inline /></Trans>
            </>
          }
          end={
            <Button variant="default" size="compact-md" onClick={() => setChosen(request)}>
              <Trans>Certify</Trans>
            </Button>
          }
        />
      ))}
      <Modal opened={chosen !== null} onClose={() => setChosen(null)} title={t`Certify the new keys of ${chosen?.name ?? ""}`} closeButtonProps={{ "aria-label": t`Close` }}>
        {chosen ? <Certify request={chosen} onShown={shown} onCancel={() => setChosen(null)} /> : null}
      </Modal>
    </Card>
  );
}

function Certify({ request, onShown, onCancel }: { request: KeyRequestView; onShown: (view: PeopleView) => void; onCancel: () => void }) {
  const { t } = useLingui();
  const certify = useTell("people.certify_keys");
  const [typed, setTyped] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isWholeCheck(typed)) certify.mutate({ request: request.request, typed_check: typed.trim() }, { onSuccess: onShown });
  };
  return (
    <form onSubmit={submit}>
      <Fields>
        <p>
          <Trans>They lost a device, or somebody may know their passphrase. Once certified, everything is shared with their new keys; the old ones open nothing new.</Trans>
        </p>
        <TextInput
          label={t`The sixteen characters on their screen`}
          description={t`Let them read the characters to you, in person or by a voice you know. Do not copy them from a message.`}
          autoComplete="off"
          data-autofocus
          spellCheck={false}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          classNames={{ input: "mono" }}
        />
        {certify.error ? <Failed problem={certify.error} /> : null}
        <FormButtons>
          <Button variant="default" onClick={onCancel}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={certify.isPending} disabled={!isWholeCheck(typed)}>
            <Trans>Certify</Trans>
          </Button>
        </FormButtons>
      </Fields>
    </form>
  );
}
