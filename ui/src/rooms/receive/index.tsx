import { Trans } from "@lingui/react/macro";
import { useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { IncomingLink } from "../../bindings/IncomingLink";
import type { IntakeDone } from "../../bindings/IntakeDone";
import type { IntakeView } from "../../bindings/IntakeView";
import { Filed, Intake } from "../../app/intake";
import type { ForPatientSearch } from "../../app/router";
import { Page } from "../../parts/Page";
import { Bring } from "./Bring";
import { ByCodes } from "./ByCodes";
import { Look } from "./Look";

/** A share from someone else: looked at, opened, previewed, filed. Each step waits for a person. */
export function ReceiveRoom() {
  const { patient } = useSearch({ strict: false }) as ForPatientSearch;
  const [link, setLink] = useState<IncomingLink | null>(null);
  const [intake, setIntake] = useState<IntakeView | null>(null);
  const [codes, setCodes] = useState(false);
  const [done, setDone] = useState<IntakeDone | null>(null);
  const again = () => {
    setLink(null);
    setIntake(null);
    setCodes(false);
    setDone(null);
  };
  return (
    <Page title={<Trans>Receive a share</Trans>} note={<Trans>Nothing is fetched before you see where from, and nothing is filed before you see what.</Trans>}>
      {done ? (
        <Filed done={done} onAgain={again} />
      ) : intake ? (
        <Intake key={intake.ticket} intake={intake} patient={patient} onDone={setDone} onDiscarded={again} />
      ) : link ? (
        <Look link={link} onBack={again} onOpened={setIntake} />
      ) : codes ? (
        <ByCodes onBack={again} onIntake={setIntake} />
      ) : (
        <Bring patient={patient} onLink={setLink} onIntake={setIntake} onCodes={() => setCodes(true)} />
      )}
    </Page>
  );
}
