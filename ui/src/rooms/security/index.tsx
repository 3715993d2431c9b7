import { Trans } from "@lingui/react/macro";
import { Page, Stack } from "../../parts/Page";
import { ContactsCard } from "./ContactsCard";
import { PassphraseCard } from "./PassphraseCard";
import { SecondFactorCard } from "./SecondFactorCard";

/** What protects this person's record, and every way to change it. */
export function SecurityRoom() {
  return (
    <Page narrow title={<Trans>Security</Trans>} note={<Trans>What protects your record on this computer, and how you get back in.</Trans>}>
      <Stack>
        <PassphraseCard />
        <SecondFactorCard />
        <ContactsCard />
      </Stack>
    </Page>
  );
}
