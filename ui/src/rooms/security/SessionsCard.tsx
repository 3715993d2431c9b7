import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconDeviceDesktop } from "@tabler/icons-react";
import { useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import type { OwnSession } from "../../bindings/OwnSession";
import type { OwnSessionState } from "../../bindings/OwnSessionState";
import { keyOf, useAsk, useTell } from "../../app/queries";
import { Card, Row } from "../../parts/Card";
import { Chip } from "../../parts/Chip";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { DataState, Failed } from "../../parts/DataState";
import { DateText } from "../../parts/DateText";

/** The person's own devices, and ending what runs on another. */
export function SessionsCard() {
  const sessions = useAsk("sessions.list", {});
  const [ending, setEnding] = useState<OwnSession | "others" | null>(null);
  const others = sessions.data?.filter((one) => !one.this_device && one.state !== "ended") ?? [];
  return (
    <Card
      title={<Trans>Devices and sessions</Trans>}
      padded={false}
      actions={
        others.length > 1 ? (
          <Button variant="default" size="compact-md" onClick={() => setEnding("others")}>
            <Trans>End all others</Trans>
          </Button>
        ) : null
      }
    >
      <DataState query={sessions} rows={2}>
        {(rows) => (
          <>
            {rows.map((one) => (
              <SessionRow key={one.device} session={one} onEnd={() => setEnding(one)} />
            ))}
          </>
        )}
      </DataState>
      <End what={ending} onClose={() => setEnding(null)} />
    </Card>
  );
}

function SessionRow({ session, onEnd }: { session: OwnSession; onEnd: () => void }) {
  const { t } = useLingui();
  const { name } = session;
  return (
    <Row
      lead={<IconDeviceDesktop size="1.25rem" stroke={1.6} aria-hidden />}
      title={<span className="mono">{name}</span>}
      detail={
        <>
          <StateWord state={session.state} />
          {session.heard_of ? (
            <>
              {" · "}
              <Trans>
                heard of <DateText at={session.heard_of} inline />
              </Trans>
            </>
          ) : null}
        </>
      }
      end={
        session.this_device ? (
          <Chip tone="info">
            <Trans>This device</Trans>
          </Chip>
        ) : session.state === "ended" ? null : (
          <Button variant="default" size="compact-md" aria-label={t`End session: ${name}`} onClick={onEnd}>
            <Trans>End session</Trans>
          </Button>
        )
      }
    />
  );
}

function StateWord({ state }: { state: OwnSessionState }) {
  if (state === "running") return <Trans>In use</Trans>;
  if (state === "idle") return <Trans>Not unlocked for thirty days</Trans>;
  if (state === "ended") return <Trans>Ended; it locks as soon as it hears of it</Trans>;
  return <Trans>Has not said anything yet</Trans>;
}

function End({ what, onClose }: { what: OwnSession | "others" | null; onClose: () => void }) {
  const { t } = useLingui();
  const queries = useQueryClient();
  const one = useTell("sessions.end");
  const others = useTell("sessions.end_others");
  const done = { onSuccess: (rows: OwnSession[]) => (queries.setQueryData(keyOf("sessions.list", {}), rows), onClose()) };
  const go = () => (what === "others" ? others.mutate({}, done) : what ? one.mutate({ id: what.device }, done) : undefined);
  const problem = one.error ?? others.error;
  const name = what && what !== "others" ? what.name : "";
  return (
    <ConfirmDialog opened={what !== null} onClose={onClose} title={what === "others" ? t`End the sessions on all your other devices?` : t`End the session on ${name}?`} confirm={<Trans>End session</Trans>} busy={one.isPending || others.isPending} onConfirm={go}>
      <ul className="points">
        <li>
          <Trans>It locks and forgets its PIN as soon as it hears of this. The passphrase opens it again.</Trans>
        </li>
        <li>
          <Trans>Nothing on it is deleted, and it goes on belonging to you.</Trans>
        </li>
        <li>
          <Trans>A device that is in other hands may never ask. Remove such a one under People and devices: then everything gets new keys.</Trans>
        </li>
      </ul>
      {problem ? <Failed problem={problem} /> : null}
    </ConfirmDialog>
  );
}
