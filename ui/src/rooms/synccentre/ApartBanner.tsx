import { Trans } from "@lingui/react/macro";
import { LinkButton } from "../../app/LinkButton";
import { useAsk } from "../../app/queries";
import { Banner } from "../../parts/Banner";
import { useNow } from "../../parts/DateText";
import { span } from "../../words/dates";

/** So long without an agreement, and it is said without being looked for. */
const LONG_MS = 7 * 86_400_000;

/** After a week without the database: what is written here is here alone, and what others write is not. Work goes on. */
export function ApartBanner() {
  const sync = useAsk("sync.state", {});
  const now = useNow(60_000);
  const { phase, last_success, oldest_unsent } = sync.data ?? { phase: "no_remote", last_success: null, oldest_unsent: null };
  const since = last_success ?? oldest_unsent;
  if (!since || !["offline", "blocked", "paused"].includes(phase)) return null;
  const apart = now.getTime() - new Date(since).getTime();
  if (apart < LONG_MS) return null;
  return (
    <Banner
      tone="warn"
      title={<Trans>This computer has not synced for {span(apart)}.</Trans>}
      action={
        <LinkButton to="/sync">
          <Trans>Sync centre</Trans>
        </LinkButton>
      }
    >
      <Trans>You can go on working. What is written here is on this computer alone until then, and what others wrote is not here: ask before you rely on a list of medicines or allergies. The sync centre says what is wrong, and how to make a backup.</Trans>
    </Banner>
  );
}
