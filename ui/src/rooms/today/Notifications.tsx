import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon } from "@mantine/core";
import { IconAlertTriangle, IconArrowsExchange, IconBell, IconCalendarX, IconCheck, IconEye, IconShieldLock, type Icon } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import type { NotificationType } from "../../bindings/NotificationType";
import type { NotificationView } from "../../bindings/NotificationView";
import { useTell } from "../../app/queries";
import { Row } from "../../parts/Card";
import { Failed } from "../../parts/DataState";
import { DateText } from "../../parts/DateText";
import { wallTime } from "../../words/dates";

const ICONS: Partial<Record<NotificationType, Icon>> = {
  appointmentCancellation: IconCalendarX,
  shareAccessed: IconEye,
  strokeAlert: IconAlertTriangle,
  conflictToReview: IconArrowsExchange,
  accountSecurity: IconShieldLock,
};

/** The words of a kind, where we have better ones than the stored message. */
function KindWords({ row }: { row: NotificationView }) {
  if (row.kind === "shareAccessed") return <Trans>A share was opened</Trans>;
  if (row.kind === "strokeAlert") return <Trans>A check found signs that need urgent help</Trans>;
  if (row.kind === "conflictToReview") return <Trans>Two versions differ</Trans>;
  if (row.kind === "appointmentCancellation") return <CanceledWords row={row} />;
  if (row.kind === "accountSecurity") return <SecurityWords message={row.message} />;
  return <>{row.message}</>;
}

/** An appointment was called off; the message is a code. */
function CanceledWords({ row }: { row: NotificationView }) {
  const at = row.local_time ? wallTime(row.local_time) : null;
  if (row.message !== "double-booked" || !at) return <Trans>An appointment was called off</Trans>;
  return <Trans>The appointment on {at} was called off: the doctor had been booked for that time before. The clinic finds another time.</Trans>;
}

/** The message of a security notice is a code. */
function SecurityWords({ message }: { message: string }) {
  if (message === "recovery-on") return <Trans>The clinic can recover your account from now on. If you did not allow that, take it back under Security.</Trans>;
  if (message === "recovery-off") return <Trans>The clinic cannot recover your account any more.</Trans>;
  if (message === "kit-used") return <Trans>Your recovery kit was used to open your record. If that was not you, remove the device.</Trans>;
  if (message === "session-copied") return <Trans>One of your devices seems to exist twice, so its session was ended. If you did not copy or restore it, remove that device.</Trans>;
  return <Trans>Something about the security of your account has changed</Trans>;
}

/** What happened while nobody looked; each can be opened and put away. */
export function Notifications({ rows }: { rows: readonly NotificationView[] }) {
  const { t } = useLingui();
  const go = useNavigate();
  const read = useTell("today.read_notification");
  const open = (row: NotificationView) => {
    read.mutate({ id: row.id });
    if (row.patient) void go({ to: "/patients/$patient", params: { patient: row.patient } });
    else if (row.kind === "conflictToReview") void go({ to: "/sync" });
    else if (row.kind === "accountSecurity") void go({ to: "/security" });
  };
  return (
    <>
      {read.error ? <Failed problem={read.error} /> : null}
      {rows.slice(0, 8).map((row) => {
        const Shown = ICONS[row.kind] ?? IconBell;
        return (
          <Row
            key={row.id}
            lead={<Shown size="1.25rem" stroke={1.6} aria-hidden style={row.kind === "strokeAlert" ? { color: "var(--crit)" } : undefined} />}
            title={<KindWords row={row} />}
            detail={<DateText at={row.sent_at} />}
            onOpen={() => open(row)}
            end={
              <ActionIcon aria-label={t`Put away`} title={t`Put away`} onClick={() => read.mutate({ id: row.id })}>
                <IconCheck size="1.125rem" aria-hidden />
              </ActionIcon>
            }
          />
        );
      })}
    </>
  );
}
