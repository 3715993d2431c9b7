import { Trans, useLingui } from "@lingui/react/macro";
import { useAsk } from "../../app/queries";
import { Banner } from "../../parts/Banner";

/** Whoever was removed from a clinic can read what is here, and is told that nothing goes out any more. */
export function RemovedBanner() {
  const { t } = useLingui();
  const wish = useAsk("deletion.view", {});
  if (!wish.data?.removed) return null;
  return (
    <Banner tone="warn" title={t`You were removed from this clinic.`}>
      <Trans>What is here can be read. What you write from now on stays on this computer and is sent to nobody. If that is a mistake, ask an administrator for an invitation.</Trans>
    </Banner>
  );
}
