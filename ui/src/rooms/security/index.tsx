import { Trans } from "@lingui/react/macro";
import { Page, Stack } from "../../parts/Page";
import { PassphraseCard } from "./PassphraseCard";

/** What protects this person's record, and every way to change it. */
export function SecurityRoom() {
  return (
    <Page narrow title={<Trans>Security</Trans>} note={<Trans>What protects your record on this computer, and how you get back in.</Trans>}>
      <Stack>
        <PassphraseCard />
      </Stack>
    </Page>
  );
}
