import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconArrowLeft, IconBuildingHospital, IconDatabaseImport, IconHeartHandshake, IconLifebuoy, IconMailOpened } from "@tabler/icons-react";
import { useState } from "react";
import type { Made } from "../../bindings/Made";
import type { SessionView } from "../../bindings/SessionView";
import { ErasedNotes } from "../../app/ErasedNotes";
import { Outside } from "../../app/Outside";
import { Papers } from "../../app/Papers";
import { useTell } from "../../app/queries";
import { Choice } from "../../parts/Choice";
import { Stack } from "../../parts/Page";
import { ClinicForm } from "./ClinicForm";
import { ComeBack } from "./ComeBack";
import { Join } from "./Join";
import { OwnForm } from "./OwnForm";
import { Restore } from "./Restore";

type Way = "choose" | "clinic" | "own" | "join" | "back" | "restore";

interface Props {
  session: SessionView;
  /** Called before a vault is made, so that its opening does not take this screen away. */
  onBegin: () => void;
  /** Called when the papers are safe and the vault may be shown. */
  onDone: () => void;
}

/** First start: make a clinic, keep one's own records, or join with an invitation. */
export function StartRoom({ session, onBegin, onDone }: Props) {
  const [way, setWay] = useState<Way>(session.joining ? "join" : "choose");
  const [made, setMade] = useState<Made | null>(null);
  const finish = (result: Made) => (result.papers ? setMade(result) : onDone());
  const back = () => setWay("choose");
  const confirmed = useTell("kit.confirmed");

  const kept = () => confirmed.mutate({}, { onSettled: onDone });

  if (made?.papers) return <Papers papers={made.papers} me={made.me} onDone={kept} />;
  if (way === "clinic") return <ClinicForm back={<Back onClick={back} />} onBegin={onBegin} onMade={finish} />;
  if (way === "own") return <OwnForm back={<Back onClick={back} />} onBegin={onBegin} onMade={finish} />;
  if (way === "join") return <Join joining={session.joining} back={<Back onClick={back} />} onBegin={onBegin} onMade={finish} onCancelled={back} />;
  if (way === "back") return <ComeBack back={<Back onClick={back} />} onBegin={onBegin} onMade={finish} />;
  if (way === "restore") return <Restore back={<Back onClick={back} />} onRestored={onDone} />;
  return <Ways erased={session.erased} onChoose={setWay} onBack={session.profiles.length > 0 ? onDone : undefined} />;
}

function Back({ onClick }: { onClick: () => void }) {
  return (
    <Button variant="default" onClick={onClick} leftSection={<IconArrowLeft size="1rem" aria-hidden />}>
      <Trans>Back</Trans>
    </Button>
  );
}

function Ways({ erased, onChoose, onBack }: { erased: SessionView["erased"]; onChoose: (way: Way) => void; onBack?: () => void }) {
  return (
    <Outside title={<Trans>Welcome</Trans>} note={<Trans>How will this computer be used? It can hold more than one record later.</Trans>}>
      <Stack>
        <ErasedNotes erased={erased} />
        <Choice icon={IconBuildingHospital} title={<Trans>Make a clinic</Trans>} onChoose={() => onChoose("clinic")}>
          <Trans>For a practice, alone or with colleagues. You become its first clinician.</Trans>
        </Choice>
        <Choice icon={IconHeartHandshake} title={<Trans>Keep my own records</Trans>} onChoose={() => onChoose("own")}>
          <Trans>For yourself: your papers, values and checks, shared only when you say so.</Trans>
        </Choice>
        <Choice icon={IconMailOpened} title={<Trans>Join with an invitation</Trans>} onChoose={() => onChoose("join")}>
          <Trans>A clinic invited you, or this is your second device.</Trans>
        </Choice>
        <Choice icon={IconLifebuoy} title={<Trans>Come back with my kit</Trans>} onChoose={() => onChoose("back")}>
          <Trans>All my devices are lost, but I have the two sheets of paper.</Trans>
        </Choice>
        <Choice icon={IconDatabaseImport} title={<Trans>From a backup</Trans>} onChoose={() => onChoose("restore")}>
          <Trans>A disk with backups of a record is plugged in.</Trans>
        </Choice>
        {onBack ? <Back onClick={onBack} /> : null}
      </Stack>
    </Outside>
  );
}
