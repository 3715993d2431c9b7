import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconDevicesPlus, IconKey, IconUserPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import type { PeopleView } from "../../bindings/PeopleView";
import { keyOf, useAsk } from "../../app/queries";
import { useMe } from "../../app/session";
import { Card } from "../../parts/Card";
import { DataState, Empty } from "../../parts/DataState";
import { Columns, Page, Stack } from "../../parts/Page";
import { KeysBanner } from "../security/KeysBanner";
import { EndedLogins } from "./EndedLogins";
import { DeviceList } from "./DeviceList";
import { InviteDialog } from "./InviteDialog";
import { AdmitDialog } from "./AdmitDialog";
import { KeyRequests } from "./KeyRequests";
import { PersonRow } from "./PersonRow";
import { RootDialog } from "./RootDialog";
import { Returning } from "./Returning";
import { RotationNotice } from "./RotationNotice";

type Opened = "member" | "device" | "admit" | "root" | null;

/** Who belongs here and with which devices; inviting and letting in. */
export function PeopleRoom() {
  const me = useMe();
  const people = useAsk("people.list", {});
  const [opened, setOpened] = useState<Opened>(null);
  const mayInvite = me.role === "admin" || me.role === "super_admin";
  const close = () => setOpened(null);
  const queries = useQueryClient();
  const show = (view: PeopleView) => queries.setQueryData(keyOf("people.list", {}), view);
  return (
    <Page
      title={me.alone ? <Trans>Devices</Trans> : <Trans>People and devices</Trans>}
      note={<Trans>Who can open what is held by keys, not by settings: letting someone in needs both of you.</Trans>}
      actions={
        <>
          <Button variant="default" onClick={() => setOpened("admit")}>
            <Trans>Answer a request</Trans>
          </Button>
          <Button variant="default" leftSection={<IconDevicesPlus size="1.1rem" aria-hidden />} onClick={() => setOpened("device")}>
            <Trans>Add my device</Trans>
          </Button>
          {me.role === "patient" || me.alone ? null : (
            <Button variant="default" leftSection={<IconKey size="1.1rem" aria-hidden />} onClick={() => setOpened("root")}>
              <Trans>Key of the clinic</Trans>
            </Button>
          )}
          {mayInvite ? (
            <Button leftSection={<IconUserPlus size="1.1rem" aria-hidden />} onClick={() => setOpened("member")}>
              <Trans>Invite someone</Trans>
            </Button>
          ) : null}
        </>
      }
    >
      <RotationNotice />
      <KeysBanner />
      {mayInvite ? <KeyRequests onShown={show} /> : null}
      {mayInvite ? <Returning onAnswer={() => setOpened("admit")} /> : null}
      <DataState query={people} rows={5}>
        {(view) => (
          <Columns>
            <Stack>
              <Card title={<Trans>People</Trans>} note={String(view.people.length)} padded={false}>
                {view.people.length === 0 ? (
                  <Empty>
                    <Trans>Nobody is listed yet.</Trans>
                  </Empty>
                ) : (
                  view.people.map((person) => <PersonRow key={person.user} person={person} onShown={show} />)
                )}
              </Card>
            </Stack>
            <Stack>
              {mayInvite ? <EndedLogins /> : null}
              <DeviceList devices={view.devices} onShown={show} />
            </Stack>
          </Columns>
        )}
      </DataState>
      <InviteDialog opened={opened === "member"} ownDevice={false} onClose={close} onAnswer={() => setOpened("admit")} />
      <InviteDialog opened={opened === "device"} ownDevice onClose={close} onAnswer={() => setOpened("admit")} />
      <RootDialog people={people.data?.people ?? []} opened={opened === "root"} onClose={close} onShown={show} />
      <AdmitDialog opened={opened === "admit"} onClose={close} />
    </Page>
  );
}
