import { Trans, useLingui } from "@lingui/react/macro";
import { IconAlertTriangle, IconCircleCheck, IconHelpCircle } from "@tabler/icons-react";
import type { AllergyView } from "../../bindings/AllergyView";
import type { BannerView } from "../../bindings/BannerView";
import { Chip } from "../../parts/Chip";
import { day } from "../../words/dates";
import { severityWord } from "./chart-words";
import css from "./Identity.module.css";

/** Allergies, severe ones first and filled; or the answer when there are none; or that nobody asked. Never mixed up. */
export function AllergyRow({ banner, onEdit }: { banner: BannerView; onEdit: () => void }) {
  const { t } = useLingui();
  return (
    <>
      <span className="label">
        <Trans>Allergies</Trans>
      </span>
      {banner.allergies.length > 0 ? banner.allergies.map((one) => <AllergyChip key={one.id} allergy={one} />) : <NoAllergy banner={banner} />}
      <button type="button" className={css.more} onClick={onEdit} aria-label={banner.allergies.length > 0 ? t`Edit allergies` : undefined}>
        {banner.allergies.length > 0 ? <Trans>Edit</Trans> : banner.allergies_asked === "none_known" ? <Trans>Change the answer</Trans> : <Trans>Record the answer</Trans>}
      </button>
    </>
  );
}

function AllergyChip({ allergy }: { allergy: AllergyView }) {
  const { t, i18n } = useLingui();
  const reaction = allergy.reaction ?? t`reaction not recorded`;
  const severity = allergy.severity ? i18n._(severityWord(allergy.severity)) : t`severity not recorded`;
  const title = [severity, allergy.confirmed ? t`confirmed by a clinician` : t`not confirmed by a clinician`, allergy.origin ? t`imported from ${allergy.origin}` : null].filter(Boolean).join(" · ");
  if (allergy.severity === "severe") {
    return (
      <span className={css.severe} title={title}>
        <IconAlertTriangle size="1rem" stroke={1.9} aria-hidden />
        <strong className="sr-only">{severity}</strong> {allergy.substance} <span>{reaction}</span>
      </span>
    );
  }
  return (
    <Chip tone="warn" icon={null} extra={reaction} title={title}>
      {allergy.substance}
    </Chip>
  );
}

function NoAllergy({ banner }: { banner: BannerView }) {
  const { t } = useLingui();
  const on = banner.allergies_asked_at ? day(new Date(banner.allergies_asked_at)) : null;
  const by = banner.allergies_asked_by;
  const asked = on && by ? t`asked ${on} by ${by}` : on ? t`asked ${on}` : undefined;
  if (banner.allergies_asked === "none_known") {
    return (
      <Chip tone="ok" icon={IconCircleCheck} extra={asked}>
        <Trans>No known allergies</Trans>
      </Chip>
    );
  }
  if (banner.allergies_asked === "unknown") {
    return (
      <Chip tone="warn" icon={IconHelpCircle} extra={asked}>
        <Trans>Allergies asked, answer not known</Trans>
      </Chip>
    );
  }
  if (banner.allergies_asked === "some") {
    return (
      <Chip tone="warn" icon={IconAlertTriangle} extra={asked}>
        <Trans>Has allergies, none listed</Trans>
      </Chip>
    );
  }
  return (
    <Chip tone="warn" icon={IconHelpCircle}>
      <Trans>Allergies not asked</Trans>
    </Chip>
  );
}
