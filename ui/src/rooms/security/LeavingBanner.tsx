import { Trans, useLingui } from "@lingui/react/macro";
import { useAsk } from "../../app/queries";
import { Banner } from "../../parts/Banner";
import { DateText } from "../../parts/DateText";
import { Withdraw } from "./DeletionCard";

/** While an account is about to end, every visit says so, with the way back. */
export function LeavingBanner() {
  const { t } = useLingui();
  const wish = useAsk("deletion.view", {});
  const stage = wish.data?.stage;
  if (!wish.data || (stage !== "confirmed" && stage !== "due")) return null;
  return (
    <Banner tone="warn" title={stage === "due" ? t`The days to take your deletion back are over.` : t`Your account is going to be deleted.`} action={<Withdraw />}>
      {stage === "due" ? (
        <Trans>Nothing has been destroyed on this computer so far.</Trans>
      ) : (
        <Trans>
          Until <DateText at={wish.data.ends_at} inline /> you can take that back.
        </Trans>
      )}
    </Banner>
  );
}
