import { Plural, Trans } from "@lingui/react/macro";
import type { BannerView } from "../../bindings/BannerView";
import { Banner } from "../../parts/Banner";

/** Entries that a newer program changed: shown as they were before, and not to be changed here. */
export function NewerBar({ banner }: { banner: BannerView }) {
  if (banner.newer === 0) return null;
  return (
    <Banner tone="warn" title={<Plural value={banner.newer} one="# entry of this chart was changed with a newer Aidpost" other="# entries of this chart were changed with a newer Aidpost" />}>
      <Trans>They are shown as they were before, and cannot be changed here. Install the newest version on this computer; nothing is lost until then.</Trans>
    </Banner>
  );
}
