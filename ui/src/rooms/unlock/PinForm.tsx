import { Trans, useLingui } from "@lingui/react/macro";
import { Button, PasswordInput } from "@mantine/core";
import { useState, type FormEvent, type ReactNode } from "react";
import type { ProfileView } from "../../bindings/ProfileView";
import { useTell } from "../../app/queries";
import { useSecondsLeft, waitOf, WrongEntry } from "../../app/WrongEntries";
import type { Problem } from "../../host/problem";
import { Fields, FormButtons } from "../../parts/fields";

/** After these the PIN is of no use, and the passphrase is asked for. */
const OVER = new Set(["pin_ended", "pin_not_usable", "keychain_silent", "session_ended"]);

interface Props {
  profile: ProfileView;
  onUnlocked: () => void;
  onPassphrase: (said: Problem | null) => void;
  back: ReactNode;
}

/** Opens a record with its PIN. */
export function PinForm({ profile, onUnlocked, onPassphrase, back }: Props) {
  const { t } = useLingui();
  const unlock = useTell("session.unlock_quick");
  const [pin, setPin] = useState("");
  const left = useSecondsLeft(waitOf(unlock.error) ?? profile.wait_seconds, unlock.error);
  const ready = pin.length >= 6 && left === 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    unlock.mutate(
      { profile: profile.id, pin },
      { onSuccess: onUnlocked, onError: (problem) => (OVER.has(problem.code) ? onPassphrase(problem) : setPin("")) },
    );
  };
  return (
    <form onSubmit={submit} noValidate>
      <Fields>
        <PasswordInput
          label={t`PIN`}
          inputMode="numeric"
          autoFocus
          autoComplete="off"
          maxLength={64}
          value={pin}
          visibilityToggleButtonProps={{ "aria-label": t`Show or hide the PIN` }}
          onChange={(event) => setPin(event.currentTarget.value.replace(/\D/g, ""))}
        />
        <WrongEntry problem={unlock.error} left={left} />
        <div>
          <Button variant="subtle" size="compact-sm" onClick={() => onPassphrase(null)}>
            <Trans>Use the passphrase instead</Trans>
          </Button>
        </div>
        <FormButtons>
          {back}
          <Button type="submit" loading={unlock.isPending} disabled={!ready}>
            <Trans>Unlock</Trans>
          </Button>
        </FormButtons>
      </Fields>
    </form>
  );
}
