import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Modal } from "@mantine/core";
import { useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import type { KeysView } from "../../bindings/KeysView";
import { keyOf, useAsk } from "../../app/queries";
import { Banner } from "../../parts/Banner";
import { Card } from "../../parts/Card";
import { CheckCode } from "../../parts/CheckCode";
import { DateText } from "../../parts/DateText";
import { Fields } from "../../parts/fields";
import { NewKeys } from "./NewKeys";
import { OwnRoot } from "./OwnRoot";

/** New keys and a new kit, for when somebody else may know the ones in use. */
export function KeysCard() {
  const { t } = useLingui();
  const [opened, setOpened] = useState(false);
  const keys = useAsk("keys.view", {});
  const queries = useQueryClient();
  const show = (view: KeysView) => queries.setQueryData(keyOf("keys.view", {}), view);
  const close = () => {
    setOpened(false);
    void keys.refetch();
  };
  if (!keys.data) return null;
  return (
    <Card
      title={<Trans>My keys</Trans>}
      actions={
        <Button variant={keys.data.known_elsewhere && !keys.data.asked ? "filled" : "default"} size="compact-md" onClick={() => setOpened(true)}>
          {keys.data.asked ? <Trans>Make others</Trans> : <Trans>Make new keys and a new kit</Trans>}
        </Button>
      }
    >
      <Standing view={keys.data} onShown={show} />
      <Modal opened={opened} onClose={close} size="xl" closeOnClickOutside={false} title={t`New keys and a new kit`} closeButtonProps={{ "aria-label": t`Close` }}>
        {opened ? <NewKeys onDone={close} /> : null}
      </Modal>
    </Card>
  );
}

function Standing({ view, onShown }: { view: KeysView; onShown: (view: KeysView) => void }) {
  const { t } = useLingui();
  if (view.asked) {
    return (
      <Fields>
        <Banner tone="info" title={t`New keys were made and wait to be certified.`}>
          <Trans>
            Asked for <DateText at={view.asked.at} inline />. Until then your old passphrase and your old kit stay good, on all of your devices. Keep both sheets.
          </Trans>
        </Banner>
        {view.by_root ? <OwnRoot onShown={onShown} /> : <ReadOut words={view.asked.check_words} />}
      </Fields>
    );
  }
  return (
    <Fields>
      {view.known_elsewhere ? (
        <Banner tone="warn" title={t`A device that was removed knows the keys that you use.`}>
          <Trans>If somebody may know its passphrase, they can read what is shared with you and lies in the database. New keys end that.</Trans>
        </Banner>
      ) : null}
      <p>
        {view.since ? (
          <Trans>
            They were renewed <DateText at={view.since} inline />. New ones are for when a device was lost, or when somebody may know your passphrase or your kit.
          </Trans>
        ) : (
          <Trans>Everything that is shared with you is locked with them. New ones are for when a device was lost, or when somebody may know your passphrase or your kit.</Trans>
        )}
      </p>
    </Fields>
  );
}

function ReadOut({ words }: { words: string }) {
  const { t } = useLingui();
  return (
    <div>
      <p>
        <Trans>Let this computer sync. Then read these characters to an administrator, in person or on the telephone; they find your request under People and devices.</Trans>
      </p>
      <CheckCode code={words} label={t`Characters of your request`} />
    </div>
  );
}
