import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconChevronLeft, IconUserPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { LockReason } from "../../bindings/LockReason";
import type { ProfileView } from "../../bindings/ProfileView";
import type { SessionView } from "../../bindings/SessionView";
import { ErasedNotes } from "../../app/ErasedNotes";
import { Outside } from "../../app/Outside";
import type { Problem } from "../../host/problem";
import { DateText } from "../../parts/DateText";
import { Fields } from "../../parts/fields";
import { PassphraseForm } from "./PassphraseForm";
import { PinForm } from "./PinForm";
import { RecoverForm } from "./RecoverForm";
import css from "./Unlock.module.css";
import { WhyLocked } from "./WhyLocked";

interface Props {
  session: SessionView;
  onUnlocked: () => void;
  onAnother: () => void;
}

/** Which record, and what opens it: a PIN, the passphrase, or the kit on paper. */
export function UnlockRoom({ session, onUnlocked, onAnother }: Props) {
  const only = session.profiles.length === 1 ? session.profiles[0] : undefined;
  const last = session.profiles.find((profile) => profile.id === session.locked?.profile);
  const [chosen, setChosen] = useState<ProfileView | undefined>(only ?? last);
  return (
    <Outside
      title={<Trans>Unlock</Trans>}
      note={chosen ? undefined : <Trans>Whose record?</Trans>}
      foot={
        <Button variant="subtle" size="compact-sm" leftSection={<IconUserPlus size="1rem" aria-hidden />} onClick={onAnother}>
          <Trans>Set up another record on this computer</Trans>
        </Button>
      }
    >
      <ErasedNotes erased={session.erased} />
      {chosen ? (
        <Open key={chosen.id} profile={chosen} reason={chosen.id === last?.id ? session.locked?.reason : undefined} onUnlocked={onUnlocked} onBack={only ? undefined : () => setChosen(undefined)} />
      ) : (
        <ul className={css.profiles}>
          {session.profiles.map((profile) => (
            <li key={profile.id}>
              <button type="button" className={css.profile} onClick={() => setChosen(profile)}>
                <ProfileFace profile={profile} />
              </button>
            </li>
          ))}
        </ul>
      )}
    </Outside>
  );
}

type Way = "pin" | "passphrase" | "kit";

interface OpenProps {
  profile: ProfileView;
  /** Why it was locked, when it was the last one open. */
  reason?: LockReason;
  onUnlocked: () => void;
  onBack?: () => void;
}

function Open({ profile, reason, onUnlocked, onBack }: OpenProps) {
  const [way, setWay] = useState<Way>(profile.pin ? "pin" : "passphrase");
  const [said, setSaid] = useState<Problem | null>(null);
  const back = onBack ? (
    <Button variant="default" onClick={onBack} leftSection={<IconChevronLeft size="1rem" aria-hidden />}>
      <Trans>Someone else</Trans>
    </Button>
  ) : null;
  const usePassphrase = (problem: Problem | null) => {
    setSaid(problem);
    setWay("passphrase");
  };
  return (
    <Fields>
      <div className={css.chosen}>
        <ProfileFace profile={profile} />
      </div>
      {reason ? <WhyLocked reason={reason} /> : null}
      {profile.awaits_new_key ? (
        <p className="secondary">
          <Trans>This unlock takes longer: the record gets its new key.</Trans>
        </p>
      ) : null}
      {way === "pin" ? <PinForm profile={profile} onUnlocked={onUnlocked} onPassphrase={usePassphrase} back={back} /> : null}
      {way === "passphrase" ? <PassphraseForm profile={profile} onUnlocked={onUnlocked} onForgotten={() => setWay("kit")} said={said} back={back} /> : null}
      {way === "kit" ? <RecoverForm profile={profile} onUnlocked={onUnlocked} onBack={() => setWay("passphrase")} /> : null}
    </Fields>
  );
}

function ProfileFace({ profile }: { profile: ProfileView }) {
  return (
    <>
      <span className={css.initials} aria-hidden>
        {profile.initials}
      </span>
      <span className={css.about}>
        <span className={css.title}>
          {profile.initials} · <RoleName role={profile.role} />
        </span>
        <span className="secondary">
          {profile.last_sync ? (
            <Trans>
              Last sync <DateText at={profile.last_sync} inline />
            </Trans>
          ) : (
            <Trans>Never synced on this computer</Trans>
          )}
        </span>
      </span>
    </>
  );
}

function RoleName({ role }: { role: string }) {
  if (role === "patient") return <Trans>Own record</Trans>;
  if (role === "doctor") return <Trans>Clinician</Trans>;
  return <Trans>Administration</Trans>;
}
