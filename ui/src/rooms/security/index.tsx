import { Trans } from "@lingui/react/macro";
import type { SecurityView } from "../../bindings/SecurityView";
import { useAsk } from "../../app/queries";
import { DataState } from "../../parts/DataState";
import { Page, Stack } from "../../parts/Page";
import { AccountsCard } from "./AccountsCard";
import { Alarms } from "./Alarms";
import { ContactsCard } from "./ContactsCard";
import { DeletionCard } from "./DeletionCard";
import { KeysCard } from "./KeysCard";
import { KitCard } from "./KitCard";
import { LeavingBanner } from "./LeavingBanner";
import { RemovedBanner } from "./RemovedBanner";
import { PassphraseCard } from "./PassphraseCard";
import { PinCard } from "./PinCard";
import { Protection } from "./Protection";
import { RecoveryCard } from "./RecoveryCard";
import { SessionsCard } from "./SessionsCard";
import { VaultKeyCard } from "./VaultKeyCard";
import { SecondFactorCard } from "./SecondFactorCard";

/** What protects this person's record, and every way to change it. */
export function SecurityRoom() {
  const security = useAsk("security.view", {});
  return (
    <Page narrow title={<Trans>Security</Trans>} note={<Trans>What protects your record on this computer, and how you get back in.</Trans>}>
      <DataState query={security} rows={6}>
        {(view) => <Cards view={view} />}
      </DataState>
    </Page>
  );
}

function Cards({ view }: { view: SecurityView }) {
  return (
    <Stack>
      <RemovedBanner />
      <LeavingBanner />
      <Alarms />
      <Protection view={view} />
      <PassphraseCard />
      <PinCard view={view} />
      <KitCard view={view} />
      <KeysCard />
      <VaultKeyCard view={view} />
      <RecoveryCard />
      <SecondFactorCard />
      <SessionsCard />
      <AccountsCard />
      <ContactsCard />
      <DeletionCard />
    </Stack>
  );
}
