import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconArrowsExchange, IconBell, IconShare3, IconUserPlus } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import type { TodayView } from "../../bindings/TodayView";
import { useAsk } from "../../app/queries";
import { useMe } from "../../app/session";
import { LinkButton } from "../../app/LinkButton";
import { Banner } from "../../parts/Banner";
import { Card, Row } from "../../parts/Card";
import { DataState, Empty } from "../../parts/DataState";
import { Columns, Page, Stack } from "../../parts/Page";
import { useNow } from "../../parts/DateText";
import { locale } from "../../words/dates";
import { KeysBanner } from "../security/KeysBanner";
import { LeavingBanner } from "../security/LeavingBanner";
import { RemovedBanner } from "../security/RemovedBanner";
import { TakenBanner } from "../security/TakenBanner";
import { ApartBanner } from "../synccentre/ApartBanner";
import { KeptBanner } from "../settings/KeptBanner";
import { CheckRows } from "./CheckRows";
import { DoubleBookings } from "./DoubleBookings";
import { Notifications } from "./Notifications";
import { RecentPatients } from "./RecentPatients";
import { SendingCard } from "./SendingCard";

/** The day at a glance: unreviewed checks first, then who was seen last, what is shared, and what waits. */
export function TodayRoom() {
  const me = useMe();
  const today = useAsk("today.view", {});
  const now = useNow(60_000);
  const date = now.toLocaleDateString(locale(), { weekday: "long", day: "numeric", month: "long" });
  return (
    <Page title={<Trans>Today</Trans>} note={`${date} · ${me.alone ? me.name : me.realm_name}`} actions={<Actions staff={me.role !== "patient"} />}>
      <DataState query={today} rows={6}>
        {(view) => <Board view={view} />}
      </DataState>
    </Page>
  );
}

function Actions({ staff }: { staff: boolean }) {
  const go = useNavigate();
  if (!staff) return null;
  return (
    <Button leftSection={<IconUserPlus size="1.1rem" aria-hidden />} onClick={() => void go({ to: "/patients", search: { register: true } })}>
      <Trans>Register a patient</Trans>
    </Button>
  );
}

function Board({ view }: { view: TodayView }) {
  return (
    <Stack>
      <RemovedBanner />
      <LeavingBanner />
      <KeysBanner />
      <TakenBanner />
      <KeptBanner />
      <ApartBanner />
      {view.conflicts > 0 ? <Conflicts count={view.conflicts} /> : null}
      <Columns>
        <Stack>
          <DoubleBookings />
          <Unreviewed view={view} />
          <RecentPatients patients={view.patients} total={view.total_patients} />
        </Stack>
        <Stack>
          <Card title={<Trans>Notifications</Trans>} padded={false}>
            {view.notifications.length > 0 ? (
              <Notifications rows={view.notifications} />
            ) : (
              <Empty icon={<IconBell size="1.5rem" stroke={1.5} aria-hidden />}>
                <Trans>Nothing new.</Trans>
              </Empty>
            )}
          </Card>
          <SendingCard />
          <Shares view={view} />
        </Stack>
      </Columns>
    </Stack>
  );
}

function Conflicts({ count }: { count: number }) {
  const { t } = useLingui();
  const title = count === 1 ? t`Two versions of one entry differ.` : t`${count} entries have two versions.`;
  return (
    <Banner
      tone="warn"
      icon={IconArrowsExchange}
      title={title}
      action={
        <LinkButton to="/sync" size="xs">
          <Trans>Compare and choose</Trans>
        </LinkButton>
      }
    >
      <Trans>Two devices changed the same thing apart. Nothing was lost.</Trans>
    </Banner>
  );
}

function Unreviewed({ view }: { view: TodayView }) {
  const count = view.unreviewed.length;
  return (
    <Card title={<Trans>Stroke checks to review</Trans>} note={count > 0 ? String(count) : undefined} padded={false}>
      {count > 0 ? (
        <CheckRows rows={view.unreviewed} />
      ) : (
        <Empty>
          <Trans>Every check has been looked at.</Trans>
        </Empty>
      )}
    </Card>
  );
}

function Shares({ view }: { view: TodayView }) {
  const go = useNavigate();
  const { t } = useLingui();
  return (
    <Card title={<Trans>Open shares</Trans>} note={view.shares.length > 0 ? String(view.shares.length) : undefined} padded={false}>
      {view.shares.length === 0 ? (
        <Empty>
          <Trans>Nothing is shared with anyone at the moment.</Trans>
        </Empty>
      ) : (
        view.shares.slice(0, 6).map((share) => (
          <Row
            key={share.id}
            lead={<IconShare3 size="1.25rem" stroke={1.6} aria-hidden />}
            title={share.label || share.patient_name}
            detail={[share.patient_name, share.max_uses === null ? t`opened ${share.uses} times` : t`opened ${share.uses} of ${share.max_uses}`].join(" · ")}
            onOpen={() => void go({ to: "/patients/$patient/$tab", params: { patient: share.patient, tab: "shares" } })}
          />
        ))
      )}
    </Card>
  );
}

