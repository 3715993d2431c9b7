import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Modal } from "@mantine/core";
import { IconPrinter } from "@tabler/icons-react";
import type { DatabaseCardView } from "../../bindings/DatabaseCardView";
import { PrintSheet } from "../../app/PrintSheet";
import { useAsk } from "../../app/queries";
import { useMe } from "../../app/session";
import { Banner } from "../../parts/Banner";
import { CopyText } from "../../parts/CopyText";
import { DataState } from "../../parts/DataState";
import { Fields, FormButtons } from "../../parts/fields";
import { QrView } from "../../parts/QrView";

/** The sheet beside the kit: with both, a person comes back to the database from any computer. */
export function DatabaseCard({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useLingui();
  return (
    <Modal opened={opened} onClose={onClose} size="lg" title={t`Database card`} closeButtonProps={{ "aria-label": t`Close` }}>
      {opened ? <Body onClose={onClose} /> : null}
    </Modal>
  );
}

function Body({ onClose }: { onClose: () => void }) {
  // It holds the login of the database: it is not kept in the window once it is closed.
  const card = useAsk("security.database_card", {}, { forget: true });
  return (
    <DataState query={card} rows={4}>
      {(view) => <Show view={view} onClose={onClose} />}
    </DataState>
  );
}

function Show({ view, onClose }: { view: DatabaseCardView; onClose: () => void }) {
  const { t } = useLingui();
  const me = useMe();
  return (
    <Fields>
      <Banner tone="info" title={t`With this card and your kit you come back from any computer, even if all your devices are lost.`}>
        <Trans>The card holds the address and the login of the database. It opens none of your records by itself. Print it anew when the address changes.</Trans>
      </Banner>
      <QrView svg={view.qr} label={t`The database card as a QR code`} size={13} />
      <CopyText text={view.text} label={t`Database card`} />
      <FormButtons>
        <Button variant="default" leftSection={<IconPrinter size="1rem" aria-hidden />} onClick={() => window.print()}>
          <Trans>Print</Trans>
        </Button>
        <Button onClick={onClose}>
          <Trans>Done</Trans>
        </Button>
      </FormButtons>
      <PrintSheet title={<Trans>Aidpost database card</Trans>} me={me}>
        <QrView svg={view.qr} label={t`The database card as a QR code`} size={13} />
        <p className="mono" style={{ overflowWrap: "anywhere" }}>
          {view.text}
        </p>
      </PrintSheet>
    </Fields>
  );
}
