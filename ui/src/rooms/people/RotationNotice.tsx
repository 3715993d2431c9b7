import { Trans, useLingui } from "@lingui/react/macro";
import { useAsk } from "../../app/queries";
import { useProgress } from "../../app/useProgress";
import { Banner } from "../../parts/Banner";
import { ProgressBar } from "../../parts/ProgressBar";

/** How far the making of new keys has come, while it goes on. Leaving the screen or the program does not end it. */
export function RotationNotice() {
  const { t } = useLingui();
  const asked = useAsk("people.rotation", {}, { every: 2000, forget: true });
  const running = asked.data?.running ?? false;
  const heard = useProgress("rotation", running);
  if (!asked.data || !running || asked.data.total === 0) return null;
  const { done, total } = heard ?? asked.data;
  return (
    <Banner tone="info" title={t`New keys are being made for what the removed one could open.`}>
      <Trans>You can go on working, and lock: it continues at the next unlock.</Trans>
      <ProgressBar label={t`New keys`} done={done} total={total} />
    </Banner>
  );
}
