import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Button, Textarea } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { DoubleBookingView } from "../../bindings/DoubleBookingView";
import { useAsk, useTell } from "../../app/queries";
import { say } from "../../app/say";
import { Card } from "../../parts/Card";
import { Failed } from "../../parts/DataState";
import { Fields, FormButtons } from "../../parts/fields";
import { wallTime } from "../../words/dates";
import css from "./DoubleBookings.module.css";

/** A reason is a sentence, not a full stop; the program asks for as much. */
const REASON_LENGTH = 5;

/** Appointments that were called off because the time had been taken. Shown only when there are some. */
export function DoubleBookings() {
  const asked = useAsk("appointments.double_booked", {});
  if (asked.error) return <Failed problem={asked.error} onRetry={() => void asked.refetch()} />;
  const rows = asked.data ?? [];
  if (rows.length === 0) return null;
  return (
    <Card title={<Trans>Booked twice</Trans>} note={<Plural value={rows.length} one="# appointment was called off" other="# appointments were called off" />}>
      <p className="secondary">
        <Trans>Two people booked the same time while they could not see each other's entries. The earlier booking stands. Tell the patient, and choose what happens.</Trans>
      </p>
      <ul className={css.list}>
        {rows.map((row) => (
          <li key={row.id}>
            <DoubleBooking row={row} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function DoubleBooking({ row }: { row: DoubleBookingView }) {
  const go = useNavigate();
  const [asking, setAsking] = useState(false);
  const doctor = row.doctor_name;
  const wanted = wallTime(row.local_time);
  return (
    <section className={css.one} aria-label={row.patient_name}>
      <div>
        <Button variant="subtle" size="compact-md" px={0} onClick={() => void go({ to: "/patients/$patient", params: { patient: row.patient } })}>
          {row.patient_name}
        </Button>
        <p>
          {doctor ? <Trans>{wanted}, with {doctor}: called off.</Trans> : <Trans>{wanted}: called off.</Trans>} <Earlier row={row} />
        </p>
        {row.reason ? <p className="secondary">{row.reason}</p> : null}
      </div>
      <FreeTimes row={row} />
      {asking ? <KeepBoth row={row} onCancel={() => setAsking(false)} /> : <OtherWays row={row} onKeep={() => setAsking(true)} />}
    </section>
  );
}

function Earlier({ row }: { row: DoubleBookingView }) {
  if (!row.earlier) return <Trans>The doctor's time had been taken.</Trans>;
  const { patient_name: name, duration_minutes: minutes } = row.earlier;
  const at = wallTime(row.earlier.local_time);
  return (
    <Trans>
      {name} had been booked first: {at}, {minutes} minutes.
    </Trans>
  );
}

function FreeTimes({ row }: { row: DoubleBookingView }) {
  const { t } = useLingui();
  const move = useTell("appointments.move");
  if (row.free.length === 0)
    return (
      <p className="secondary">
        <Trans>No free time was found in the next two weeks.</Trans>
      </p>
    );
  return (
    <div>
      <p id={`free-${row.id}`}>
        <Trans>Free times near it:</Trans>
      </p>
      <div className={css.times} role="group" aria-labelledby={`free-${row.id}`}>
        {row.free.map((free) => {
          const at = wallTime(free.local_time);
          return (
            <Button key={free.at} variant="default" loading={move.isPending} onClick={() => move.mutate({ id: row.id, at: free.at }, { onSuccess: () => say(t`Booked for ${at}.`) })}>
              {at}
            </Button>
          );
        })}
      </div>
      {move.error ? <Failed problem={move.error} /> : null}
    </div>
  );
}

function OtherWays({ row, onKeep }: { row: DoubleBookingView; onKeep: () => void }) {
  const leave = useTell("appointments.leave_canceled");
  return (
    <FormButtons>
      {leave.error ? <Failed problem={leave.error} /> : null}
      {row.may_override ? (
        <Button variant="default" onClick={onKeep}>
          <Trans>Let both stand</Trans>
        </Button>
      ) : null}
      <Button variant="default" loading={leave.isPending} onClick={() => leave.mutate({ id: row.id })}>
        <Trans>Leave it called off</Trans>
      </Button>
    </FormButtons>
  );
}

function KeepBoth({ row, onCancel }: { row: DoubleBookingView; onCancel: () => void }) {
  const { t } = useLingui();
  const keep = useTell("appointments.keep_both");
  const [reason, setReason] = useState("");
  const enough = reason.trim().length >= REASON_LENGTH;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (enough) keep.mutate({ id: row.id, reason });
      }}
    >
      <Fields>
        <Textarea label={t`Why both stand`} description={t`Kept in the record, with your name.`} maxLength={500} autosize value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
        {keep.error ? <Failed problem={keep.error} /> : null}
        <FormButtons>
          <Button variant="default" onClick={onCancel}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" disabled={!enough} loading={keep.isPending}>
            <Trans>Let both stand</Trans>
          </Button>
        </FormButtons>
      </Fields>
    </form>
  );
}
