import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Button } from "@mantine/core";
import { IconActivityHeartbeat, IconArchive, IconLifebuoy, IconNotes, IconPencil, IconShare3 } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { BannerView } from "../../bindings/BannerView";
import { useMe } from "../../app/session";
import { WaitingChip } from "../../app/WaitingChip";
import { Chip } from "../../parts/Chip";
import { age, calendarDay, calendarOf } from "../../words/dates";
import { genderWord } from "../../words/patient";
import { AllergyRow } from "./AllergyRow";
import type { ChartDialog } from "./dialogs";
import css from "./Identity.module.css";
import { PatientPhoto } from "./PhotoField";
import { SavedStar } from "./SavedStar";

interface Props {
  banner: BannerView;
  onOpen: (dialog: ChartDialog) => void;
}

/** Conditions shown before "n more". */
const SHOWN = 4;

/** Who this is and what is dangerous: always in sight, whatever is shown below. */
export function Identity({ banner, onOpen }: Props) {
  const { t } = useLingui();
  return (
    <section className={css.banner} aria-label={t`Patient`} data-region tabIndex={-1}>
      <div className={css.top}>
        <PatientPhoto banner={banner} size={3.5} />
        <div className={css.who}>
          <div className={css.first}>
            <h1>{banner.name}</h1>
            <ActionIcon aria-label={t`Edit the front page`} onClick={() => onOpen("front")}>
              <IconPencil size="1.05rem" aria-hidden />
            </ActionIcon>
            <SavedStar banner={banner} />
            <States banner={banner} />
            <Actions onOpen={onOpen} />
          </div>
          <Facts banner={banner} />
        </div>
      </div>
      <div className={css.clinical}>
        <AllergyRow banner={banner} onEdit={() => onOpen("allergies")} />
        <span className={css.gap} aria-hidden />
        <Conditions banner={banner} onEdit={() => onOpen("conditions")} />
      </div>
    </section>
  );
}

function States({ banner }: { banner: BannerView }) {
  const me = useMe();
  return (
    <>
      {banner.is_archived ? (
        <Chip tone="warn" icon={IconArchive}>
          <Trans>Archived chart</Trans>
        </Chip>
      ) : null}
      {me.clinic_recovers ? (
        <Chip tone="warn" icon={IconLifebuoy}>
          <Trans>The clinic can recover your account</Trans>
        </Chip>
      ) : null}
      <WaitingChip waiting={banner.waiting} />
    </>
  );
}

function Facts({ banner }: { banner: BannerView }) {
  const { t } = useLingui();
  const born = banner.date_of_birth;
  const years = born ? age(born, calendarOf(new Date())) : null;
  const gender = genderWord(banner.gender) ?? banner.gender_as_entered;
  return (
    <p className={css.facts}>
      {born ? (
        <span>
          <strong>{years ?? t`Age unclear`}</strong> · {calendarDay(born)}
        </span>
      ) : (
        <span className={css.missing}>
          <Trans>Birth date not recorded</Trans>
        </span>
      )}
      <Fact value={gender} missing={t`Gender not recorded`} strong />
      <Fact name={t`Blood group`} value={banner.blood_group} missing={t`Blood group not recorded`} strong />
      {banner.patient_number ? <Fact name={t`ID`} value={banner.patient_number} missing="" strong /> : null}
      <Fact name={t`Tel`} value={banner.phone ? <a href={`tel:${banner.phone.replace(/\s+/g, "")}`} style={{ color: "inherit" }}>{banner.phone}</a> : null} missing={t`No phone recorded`} />
      <Fact name={t`Language`} value={banner.preferred_language} missing={t`Language not recorded`} />
    </p>
  );
}

function Fact({ name, value, missing, strong }: { name?: string; value: ReactNode; missing: string; strong?: boolean }) {
  if (!value) return <span className={css.missing}>{missing}</span>;
  return (
    <span>
      {name ? `${name} ` : null}
      {strong ? <strong>{value}</strong> : value}
    </span>
  );
}

function Actions({ onOpen }: { onOpen: (dialog: ChartDialog) => void }) {
  const me = useMe();
  return (
    <div className={css.actions}>
      <Button variant="default" leftSection={<IconShare3 size="1.1rem" aria-hidden />} onClick={() => onOpen("share")}>
        <Trans context="verb">Share</Trans>
      </Button>
      {me.clinical ? (
        <Button variant="default" leftSection={<IconNotes size="1.1rem" aria-hidden />} onClick={() => onOpen("note")}>
          <Trans>New note</Trans>
        </Button>
      ) : null}
      <Button leftSection={<IconActivityHeartbeat size="1.1rem" aria-hidden />} onClick={() => onOpen("check")}>
        <Trans>Start stroke check</Trans>
      </Button>
    </div>
  );
}

function Conditions({ banner, onEdit }: { banner: BannerView; onEdit: () => void }) {
  const { t } = useLingui();
  const shown = banner.conditions.slice(0, SHOWN);
  const rest = banner.conditions.length - shown.length;
  return (
    <>
      <span className={`label ${css.conditions}`}>
        <Trans>Conditions</Trans>
      </span>
      {shown.map((one) => (
        <span key={one.id} className={css.conditions}>
          <Chip extra={one.since ? one.since.slice(0, 4) : undefined}>{one.name}</Chip>
        </span>
      ))}
      <button type="button" className={`${css.more} ${css.conditions}`} onClick={onEdit} aria-label={rest > 0 || shown.length === 0 ? undefined : t`Edit conditions`}>
        {rest > 0 ? <Plural value={rest} one="# more" other="# more" /> : shown.length === 0 ? <Trans>None recorded</Trans> : <Trans>Edit</Trans>}
      </button>
    </>
  );
}
