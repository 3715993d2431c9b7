import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Modal } from "@mantine/core";
import { useState } from "react";
import type { InvitationView } from "../../bindings/InvitationView";
import type { PatientRow } from "../../bindings/PatientRow";
import type { Role } from "../../bindings/Role";
import { PatientPicker } from "../../app/PatientPicker";
import { useTell } from "../../app/queries";
import { CopyText } from "../../parts/CopyText";
import { Failed } from "../../parts/DataState";
import { useNow } from "../../parts/DateText";
import { Fields, FormButtons } from "../../parts/fields";
import { QrView } from "../../parts/QrView";
import { span } from "../../words/dates";
import css from "./People.module.css";
import { RoleChoice } from "./RoleChoice";
import { SignInWish } from "./SignInWish";

interface Props {
  opened: boolean;
  ownDevice: boolean;
  onClose: () => void;
  onAnswer: () => void;
}

/** Makes an invitation for someone, or for a second device of one's own. */
export function InviteDialog({ opened, ownDevice, onClose, onAnswer }: Props) {
  const { t } = useLingui();
  return (
    <Modal opened={opened} onClose={onClose} size="lg" title={ownDevice ? t`Add my device` : t`Invite someone`} closeButtonProps={{ "aria-label": t`Close` }}>
      {opened ? <Body ownDevice={ownDevice} onClose={onClose} onAnswer={onAnswer} /> : null}
    </Modal>
  );
}

function Body({ ownDevice, onClose, onAnswer }: Omit<Props, "opened">) {
  const invite = useTell("people.invite");
  if (invite.data) return <Invitation invitation={invite.data} onAnswer={onAnswer} />;
  return <Ask ownDevice={ownDevice} invite={invite} onClose={onClose} />;
}

function Ask({ ownDevice, invite, onClose }: { ownDevice: boolean; invite: ReturnType<typeof useTell<"people.invite">>; onClose: () => void }) {
  const { t } = useLingui();
  const [role, setRole] = useState<Role>("doctor");
  const [clinical, setClinical] = useState(false);
  const [chart, setChart] = useState<PatientRow | null>(null);
  const [outside, setOutside] = useState<string | null>(null);
  const missing = !ownDevice && role === "patient" && chart === null;
  const make = () =>
    invite.mutate(
      ownDevice
        ? { own_device: true, role: null, clinical: false, chart: null, outside: null }
        : { own_device: false, role, clinical: role === "doctor" || (role !== "patient" && clinical), chart: role === "patient" ? (chart?.id ?? null) : null, outside },
    );
  return (
    <Fields>
      {ownDevice ? (
        <p>
          <Trans>The new device gets your own keys. Have it beside you: its screen shows sixteen characters that you type here.</Trans>
        </p>
      ) : (
        <>
          <RoleChoice role={role} onRole={setRole} clinical={clinical} onClinical={setClinical} />
          {role === "patient" ? <PatientPicker label={t`Their chart`} value={chart} onChange={setChart} /> : null}
          <SignInWish value={outside} onChange={setOutside} />
        </>
      )}
      {invite.error ? <Failed problem={invite.error} /> : null}
      <FormButtons>
        <Button variant="default" onClick={onClose}>
          <Trans>Cancel</Trans>
        </Button>
        <Button onClick={make} loading={invite.isPending} disabled={missing}>
          <Trans>Make an invitation</Trans>
        </Button>
      </FormButtons>
    </Fields>
  );
}

/** An invitation that was made, to be given to the other computer. */
export function Invitation({ invitation, onAnswer }: { invitation: InvitationView; onAnswer: () => void }) {
  const { t } = useLingui();
  const left = new Date(invitation.expires_at).getTime() - useNow(1000).getTime();
  return (
    <Fields>
      <div className={css.invitation}>
        <QrView svg={invitation.qr} label={t`The invitation as a QR code`} size={13} />
        <div className={css.invitationText}>
          <p>
            <Trans>Give this to the other device: as text, as a file or by its camera. It is good for one use.</Trans>
          </p>
          <CopyText text={invitation.text} label={t`Invitation`} fileName="aidpost-invitation.txt" />
          <p role="timer" className="secondary">
            {left > 0 ? <Trans>Ends in {span(left)}</Trans> : <Trans>This invitation is over. Make a new one.</Trans>}
          </p>
        </div>
      </div>
      <FormButtons>
        <Button onClick={onAnswer} disabled={left <= 0}>
          <Trans>I have their request</Trans>
        </Button>
      </FormButtons>
    </Fields>
  );
}
