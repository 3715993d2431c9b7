import { Trans, useLingui } from "@lingui/react/macro";
import { Button, PasswordInput } from "@mantine/core";
import { IconChevronLeft, IconUserPlus } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import type { ProfileView } from "../../bindings/ProfileView";
import type { SessionView } from "../../bindings/SessionView";
import { Outside } from "../../app/Outside";
import { useTell } from "../../app/queries";
import { Line, useSecondsLeft, waitOf, WrongEntry } from "../../app/WrongEntries";
import { DateText } from "../../parts/DateText";
import { Fields, FormButtons } from "../../parts/fields";
import css from "./Unlock.module.css";

interface Props {
  session: SessionView;
  onUnlocked: () => void;
  onAnother: () => void;
}

/** Which record, and its passphrase. */
export function UnlockRoom({ session, onUnlocked, onAnother }: Props) {
  const only = session.profiles.length === 1 ? session.profiles[0] : undefined;
  const [chosen, setChosen] = useState<ProfileView | undefined>(only);
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
      {chosen ? (
        <Passphrase profile={chosen} onUnlocked={onUnlocked} onBack={only ? undefined : () => setChosen(undefined)} />
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

function Passphrase({ profile, onUnlocked, onBack }: { profile: ProfileView; onUnlocked: () => void; onBack?: () => void }) {
  const { t } = useLingui();
  const unlock = useTell("session.unlock");
  const [passphrase, setPassphrase] = useState("");
  const left = useSecondsLeft(waitOf(unlock.error) ?? profile.wait_seconds, unlock.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (passphrase === "" || left > 0) return;
    // A wrong passphrase stays in the field, so that a slip of one letter need not be typed anew.
    unlock.mutate({ profile: profile.id, passphrase }, { onSuccess: onUnlocked });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Fields>
        <div className={css.chosen}>
          <ProfileFace profile={profile} />
        </div>
        {profile.problem ? <Line code={profile.problem} /> : null}
        <PasswordInput
          label={t`Passphrase`}
          autoFocus
          autoComplete="current-password"
          value={passphrase}
          visibilityToggleButtonProps={{ "aria-label": t`Show or hide the passphrase` }}
          onChange={(event) => setPassphrase(event.currentTarget.value)}
        />
        <WrongEntry problem={unlock.error} left={left} />
        <FormButtons>
          {onBack ? (
            <Button variant="default" onClick={onBack} leftSection={<IconChevronLeft size="1rem" aria-hidden />}>
              <Trans>Someone else</Trans>
            </Button>
          ) : null}
          <Button type="submit" loading={unlock.isPending} disabled={passphrase === "" || left > 0}>
            <Trans>Unlock</Trans>
          </Button>
        </FormButtons>
      </Fields>
    </form>
  );
}
