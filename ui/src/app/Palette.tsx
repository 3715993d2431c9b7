import { Trans, useLingui } from "@lingui/react/macro";
import { Spotlight, spotlight } from "@mantine/spotlight";
import { useDebouncedValue } from "@mantine/hooks";
import { IconLock, IconSearch, IconUser, IconUserPlus, type Icon } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { MeView } from "../bindings/MeView";
import { patientLine } from "../words/patient";
import { byFirstLetters } from "./first-letters";
import { groupsFor } from "./nav";
import { useAsk } from "./queries";

interface Command {
  id: string;
  label: string;
  icon: Icon;
  run: () => void;
}

/** Ctrl K: patients and commands in one field. Shows the latest patients before anything is typed. */
export function Palette({ me, onLock }: { me: MeView; onLock: () => void }) {
  const { t } = useLingui();
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text.trim(), 60);
  const [opened, setOpened] = useState(false);
  const go = useNavigate();
  const found = useAsk("patients.find", { text: asked, offset: 0, limit: 8, archived: false, saved: false }, { enabled: opened, keepPrevious: true });
  const commands = useCommands(me, onLock).filter((one) => byFirstLetters(text, one.label));
  const patients = found.data?.rows ?? [];
  return (
    <Spotlight.Root
      query={text}
      onQueryChange={setText}
      shortcut={null}
      onSpotlightOpen={() => setOpened(true)}
      onSpotlightClose={() => setOpened(false)}
      maxHeight="min(28rem, 70vh)"
      scrollable
      size="lg"
      overlayProps={{ blur: 0, backgroundOpacity: 0.45 }}
      title={t`Search patients and commands`}
      classNames={{ header: "sr-only" }}
    >
      <Spotlight.Search placeholder={t`Name, number, phone or a command`} aria-label={t`Search patients and commands`} leftSection={<IconSearch size="1.2rem" aria-hidden />} />
      <Spotlight.ActionsList>
        {patients.length > 0 ? (
          <Spotlight.ActionsGroup label={asked ? t`Patients` : t`Recent patients`}>
            {patients.map((patient) => (
              <Spotlight.Action
                key={patient.id}
                label={patient.name}
                description={patientLine(patient)}
                leftSection={<IconUser size="1.2rem" aria-hidden />}
                onClick={() => void go({ to: "/patients/$patient", params: { patient: patient.id } })}
              />
            ))}
          </Spotlight.ActionsGroup>
        ) : null}
        {commands.length > 0 ? (
          <Spotlight.ActionsGroup label={t`Commands`}>
            {commands.map((one) => (
              <Spotlight.Action key={one.id} label={one.label} leftSection={<one.icon size="1.2rem" aria-hidden />} onClick={one.run} />
            ))}
          </Spotlight.ActionsGroup>
        ) : null}
        {patients.length === 0 && commands.length === 0 ? (
          <Spotlight.Empty>
            <Trans>Nothing fits “{text}”. Try part of a name, a number or a phone.</Trans>
          </Spotlight.Empty>
        ) : null}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

function useCommands(me: MeView, onLock: () => void): Command[] {
  const { i18n, t } = useLingui();
  const go = useNavigate();
  const places = groupsFor(me)
    .flatMap((group) => group.places)
    .map((place) => ({ id: place.to, label: i18n._(place.words), icon: place.icon, run: () => void go({ to: place.to }) }));
  const register: Command[] =
    me.role === "patient" ? [] : [{ id: "register", label: t`Register a patient`, icon: IconUserPlus, run: () => void go({ to: "/patients", search: { register: true } }) }];
  return [...register, ...places, { id: "lock", label: t`Lock now`, icon: IconLock, run: onLock }];
}

export { spotlight };
