import { Plural, Trans } from "@lingui/react/macro";
import { LinkButton } from "../../app/LinkButton";
import { useAsk } from "../../app/queries";
import { Banner } from "../../parts/Banner";

/** Told to the custodian: a chart that they keep has come to its day. */
export function KeptBanner() {
  const view = useAsk("retention.view", {});
  const due = view.data?.kept.filter((chart) => chart.due).length ?? 0;
  if (due === 0) return null;
  return (
    <Banner
      tone="warn"
      title={<Plural value={due} one="# chart that you keep for the clinic has come to its day." other="# charts that you keep for the clinic have come to their day." />}
      action={
        <LinkButton to="/settings">
          <Trans>Look at them</Trans>
        </LinkButton>
      }
    >
      <Trans>The law does not ask for them any longer. Destroy them.</Trans>
    </Banner>
  );
}
