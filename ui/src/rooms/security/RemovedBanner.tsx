import { Trans, useLingui } from "@lingui/react/macro";
import { useAsk } from "../../app/queries";
import { Banner } from "../../parts/Banner";

/** Whoever was removed from a clinic, or whose computer was, can read what is here, and is told that nothing goes out any more. */
export function RemovedBanner() {
  const { t } = useLingui();
  const wish = useAsk("deletion.view", {});
  if (!wish.data?.cut_off) return null;
  return (
    <Banner tone="warn" title={wish.data.removed ? t`You were removed from this clinic.` : t`This computer was removed from your devices.`}>
      {wish.data.removed ? (
        <Trans>What is here can be read. What you write from now on stays on this computer and is sent to nobody. If that is a mistake, ask an administrator for an invitation.</Trans>
      ) : (
        <Trans>What is here can be read. What was signed here and not sent yet goes out, and the others set it aside until you let it in on another of your devices (Sync centre), or an administrator does. Other changes stay on this computer. To work on here, add it again from another of your devices.</Trans>
      )}
    </Banner>
  );
}
