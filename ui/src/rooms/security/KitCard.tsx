import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Modal } from "@mantine/core";
import { useState, type FormEvent } from "react";
import type { SecurityView } from "../../bindings/SecurityView";
import { isWholeKit, KitField, kitText } from "../../app/KitField";
import { useAsk, useTell } from "../../app/queries";
import { Banner } from "../../parts/Banner";
import { Card } from "../../parts/Card";
import { CheckCode } from "../../parts/CheckCode";
import { Failed } from "../../parts/DataState";
import { Fields, FormButtons } from "../../parts/fields";
import { DatabaseCard } from "./DatabaseCard";
import { useKeepView } from "./keep-view";

/** The recovery kit: is the sheet in the drawer still the right one? */
export function KitCard({ view }: { view: SecurityView }) {
  const { t } = useLingui();
  const [opened, setOpened] = useState(false);
  const [card, setCard] = useState(false);
  const sync = useAsk("sync.state", {});
  return (
    <Card
      title={<Trans>Recovery kit</Trans>}
      actions={
        <>
          {sync.data?.remote ? (
            <Button variant="default" size="compact-md" onClick={() => setCard(true)}>
              <Trans>Database card</Trans>
            </Button>
          ) : null}
          <Button variant="default" size="compact-md" onClick={() => setOpened(true)}>
            <Trans>Check my kit</Trans>
          </Button>
        </>
      }
    >
      <Fields>
        <p>
          <Trans>The sheet that was printed when the record was made. It opens the record without the passphrase, like a house key. It is not stored anywhere, so it cannot be shown again.</Trans>
        </p>
        <div>
          <p className="secondary">
            <Trans>Fingerprint of the record; the sheet shows the same</Trans>
          </p>
          <CheckCode code={view.fingerprint} label={t`Fingerprint of the record`} />
        </div>
      </Fields>
      <DatabaseCard opened={card} onClose={() => setCard(false)} />
      <Modal opened={opened} onClose={() => setOpened(false)} size="lg" title={t`Check my kit`} closeButtonProps={{ "aria-label": t`Close` }}>
        {opened ? <Check onDone={() => setOpened(false)} /> : null}
      </Modal>
    </Card>
  );
}

function Check({ onDone }: { onDone: () => void }) {
  const { t } = useLingui();
  const keep = useKeepView();
  const check = useTell("kit.check");
  const [kit, setKit] = useState("");
  const [tried, setTried] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (isWholeKit(kit)) check.mutate({ kit: kitText(kit) }, { onSuccess: keep });
  };
  if (check.isSuccess) {
    return (
      <Fields>
        <Banner tone="ok" title={t`This is your kit, and it opens this record.`}>
          <Trans>Put it back where you keep your passport.</Trans>
        </Banner>
        <FormButtons>
          <Button onClick={onDone} data-autofocus>
            <Trans>Done</Trans>
          </Button>
        </FormButtons>
      </Fields>
    );
  }
  return (
    <form onSubmit={submit} noValidate>
      <Fields>
        <KitField value={kit} onChange={setKit} tried={tried} />
        {check.error ? <Failed problem={check.error} /> : null}
        <FormButtons>
          <Button variant="default" onClick={onDone}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={check.isPending}>
            <Trans>Check</Trans>
          </Button>
        </FormButtons>
      </Fields>
    </form>
  );
}
