import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconDevicesPlus, IconUserPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useAsk } from "../../app/queries";
import { useMe } from "../../app/session";
import { Avatar } from "../../parts/Avatar";
import { Card, Row } from "../../parts/Card";
import { Chip } from "../../parts/Chip";
import { DataState, Empty } from "../../parts/DataState";
import { Columns, Page, Stack } from "../../parts/Page";
import { DeviceList } from "./DeviceList";
import { InviteDialog } from "./InviteDialog";
import { RoleWord } from "./RoleWord";
import { AdmitDialog } from "./AdmitDialog";

type Opened = "member" | "device" | "admit" | null;

/** Who belongs here and with which devices; inviting and letting in. */
export function PeopleRoom() {
  const me = useMe();
  const people = useAsk("people.list", {});
  const [opened, setOpened] = useState<Opened>(null);
  const mayInvite = me.role === "admin" || me.role === "super_admin";
  const close = () => setOpened(null);
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
          {mayInvite ? (
            <Button leftSection={<IconUserPlus size="1.1rem" aria-hidden />} onClick={() => setOpened("member")}>
              <Trans>Invite someone</Trans>
            </Button>
          ) : null}
        </>
      }
    >
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
                  view.people.map((person) => (
                    <Row
                      key={person.user}
                      lead={<Avatar name={person.name || "?"} />}
                      title={person.name || <Trans>Name not here yet</Trans>}
                      detail={
                        <>
                          <RoleWord role={person.role} />
                          {person.clinical ? (
                            <>
                              {" · "}
                              <Trans>writes clinical entries</Trans>
                            </>
                          ) : null}
                          {person.email ? ` · ${person.email}` : ""}
                        </>
                      }
                      end={
                        person.me ? (
                          <Chip tone="info">
                            <Trans>You</Trans>
                          </Chip>
                        ) : null
                      }
                    />
                  ))
                )}
              </Card>
            </Stack>
            <DeviceList devices={view.devices} />
          </Columns>
        )}
      </DataState>
      <InviteDialog opened={opened === "member"} ownDevice={false} onClose={close} onAnswer={() => setOpened("admit")} />
      <InviteDialog opened={opened === "device"} ownDevice onClose={close} onAnswer={() => setOpened("admit")} />
      <AdmitDialog opened={opened === "admit"} onClose={close} />
    </Page>
  );
}
