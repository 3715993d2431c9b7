import { Trans, useLingui } from "@lingui/react/macro";
import { Checkbox } from "@mantine/core";
import { IconCloudCheck, IconCloudUp } from "@tabler/icons-react";
import type { ShareView } from "../../bindings/ShareView";
import { useAsk } from "../../app/queries";

/** The address of the clinic's link host; null while there is none, or it is not known yet. */
export function useLinkHost(): string | null {
  return useAsk("shares.host", {}).data?.address ?? null;
}

interface Props {
  host: string | null;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

/** Should the share work from anywhere? Asked only where there is a host for it. */
export function Anywhere({ host, checked, onChange }: Props) {
  const { t } = useLingui();
  if (host === null) return null;
  const name = host.replace(/^https?:\/\//, "");
  return (
    <Checkbox
      checked={checked}
      onChange={(event) => onChange(event.currentTarget.checked)}
      label={t`Works from anywhere`}
      description={t`Kept encrypted at ${name}, which never has the key; it opens in any browser. Otherwise it works on this network, while this computer is on.`}
    />
  );
}

/** Does the host know of it as it stands here? */
export function AtHost({ view }: { view: ShareView }) {
  if (view.at_host === null) return null;
  const Icon = view.at_host ? IconCloudCheck : IconCloudUp;
  return (
    <p className={view.at_host ? "secondary" : ""} role="status">
      <Icon size="0.95rem" aria-hidden />{" "}
      {view.at_host ? (
        <Trans>The link host has it as it stands here, and tells this computer once a minute who opened it.</Trans>
      ) : (
        <Trans>Not yet at the link host: what is set here counts there as soon as this computer reaches the database.</Trans>
      )}
    </p>
  );
}
