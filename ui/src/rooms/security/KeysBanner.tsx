import { Trans, useLingui } from "@lingui/react/macro";
import { LinkButton } from "../../app/LinkButton";
import { useAsk } from "../../app/queries";
import { Banner } from "../../parts/Banner";

/** After a device of this person was removed, every visit asks for new keys until they are there. */
export function KeysBanner() {
  const { t } = useLingui();
  const keys = useAsk("keys.view", {});
  if (!keys.data?.known_elsewhere) return null;
  return (
    <Banner
      tone="warn"
      title={keys.data.asked ? t`Your new keys wait to be certified.` : t`A device of yours was removed: make new keys and a new kit.`}
      action={
        <LinkButton to="/security">
          <Trans>Security</Trans>
        </LinkButton>
      }
    >
      {keys.data.asked ? <Trans>Under Security it says what is left to do.</Trans> : <Trans>Whoever has it may know the ones in use.</Trans>}
    </Banner>
  );
}
