import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { CheckRow } from "../../bindings/CheckRow";
import type { DoubleBookingView } from "../../bindings/DoubleBookingView";
import type { NotificationView } from "../../bindings/NotificationView";
import type { TodayView } from "../../bindings/TodayView";
import { expectAccessible } from "../../testing/axe";
import { renderApp } from "../../testing/render";
import { id, noContacts, patientRow, quietDay, synced } from "../../testing/world";

const check = (n: number, more: Partial<CheckRow>): CheckRow => ({
  id: id(2000 + n), patient: id(1000 + n), patient_name: `Patient ${n}`, detected_at: "2026-03-13T08:42:00Z", input_type: "voice", task: "vowel", status: "completed", result: "normal",
  inability: null, confidence: 0.9, model_version: "aidpost-screen 1.0.0", reviewed_by: null, reviewed_at: null, waiting: false, ...more,
});
const busy: TodayView = {
  ...quietDay,
  total_patients: 248,
  conflicts: 2,
  patients: [patientRow(1, { name: "Maria Okafor", severe_allergies: ["Penicillin"] }), patientRow(2, { name: "Wei Chen", waiting: true })],
  unreviewed: [check(1, { result: "stroke_detected" }), check(2, {}), check(3, { status: "insufficient_quality", result: null, confidence: null })],
  notifications: [{ id: id(4000), kind: "shareAccessed", message: "x", sent_at: "2026-03-13T08:42:00Z", read: false, patient: id(1001), local_time: null }],
};

test("unreviewed checks come first, in careful words, tagged as a model's", async () => {
  renderApp("/", { answers: { "today.view": busy } });
  const card = await screen.findByRole("region", { name: "Stroke checks to review" });
  expect(within(card).getByText("Signs that need urgent help")).toBeVisible();
  expect(within(card).getByText("Nothing unusual measured")).toBeVisible();
  expect(within(card).getByText("Not usable, record again")).toBeVisible();
  expect(within(card).getAllByText("aidpost-screen 1.0.0")).toHaveLength(3);
  expect(document.body).not.toHaveTextContent(/stroke.detected|\bnormal\b/i);
});

test("severe allergies and unsent changes are seen in the list of recent patients", async () => {
  const { user, history } = renderApp("/", { answers: { "today.view": busy } });
  const card = await screen.findByRole("region", { name: "Recent patients" });
  expect(within(card).getByText("Penicillin")).toBeVisible();
  expect(within(card).getByText("Waiting to send")).toBeVisible();
  expect(within(card).getByText("248 charts on this device")).toBeVisible();
  await user.click(within(card).getByRole("button", { name: /Maria Okafor/ }));
  await waitFor(() => expect(history.location.pathname).toMatch(`/patients/${id(1001)}`));
});

test("two versions lead to the sync centre", async () => {
  renderApp("/", { answers: { "today.view": busy } });
  expect(await screen.findByText("2 entries have two versions.")).toBeVisible();
  expect(screen.getByRole("link", { name: "Compare and choose" })).toHaveAttribute("href", "/sync");
});

test("a notification can be put away", async () => {
  const { user, host } = renderApp("/", { answers: { "today.view": busy, "today.read_notification": {} } });
  await user.click(await screen.findByRole("button", { name: "Put away" }));
  expect(host.inputsOf("today.read_notification")).toEqual([{ id: id(4000) }]);
});

test("where the changes are is said truthfully", async () => {
  renderApp("/", { answers: { "sync.state": { ...synced, phase: "offline", to_send: 1, oldest_unsent: "2026-01-05T10:00:00Z", last_success: null } } });
  const card = await screen.findByRole("region", { name: "Where the changes are" });
  expect(await within(card).findByText("Offline · 1 change waiting")).toBeVisible();
  expect(within(card).getByText("5 Jan 2026")).toBeVisible();
  expect(within(card).getByText("Never")).toBeVisible();
});

test("a first day says what to do", async () => {
  const { user, history } = renderApp("/");
  const card = await screen.findByRole("region", { name: "Recent patients" });
  await user.click(within(card).getByRole("link", { name: "Register a patient" }));
  await waitFor(() => expect(history.location.href).toContain("/patients?register=true"));
});

const twice: DoubleBookingView = {
  id: id(5000), patient: id(1002), patient_name: "Ben Adeyemi", doctor_name: "Dr Amina Rahman", at: "2026-03-16T10:00:00Z", local_time: "2026-03-16T10:00", zone: "Europe/London", duration_minutes: 30, reason: "Headache",
  earlier: { patient_name: "Amara Nwosu", local_time: "2026-03-16T09:45", duration_minutes: 30 },
  free: [{ at: "2026-03-16T10:15:00Z", local_time: "2026-03-16T10:15" }], may_override: true,
};

test("an appointment that was called off says why, and is booked anew in one step", async () => {
  const { user, host } = renderApp("/", { answers: { "appointments.double_booked": [twice], "appointments.move": {} } });
  const card = await screen.findByRole("region", { name: "Booked twice" });
  expect(card).toHaveTextContent("Mon 16 Mar, 10:00, with Dr Amina Rahman: called off. Amara Nwosu had been booked first: Mon 16 Mar, 09:45, 30 minutes.");
  await expectAccessible();
  await user.click(within(card).getByRole("button", { name: "Mon 16 Mar, 10:15" }));
  expect(host.inputsOf("appointments.move")).toEqual([{ id: id(5000), at: "2026-03-16T10:15:00Z" }]);
});

test("a clinician lets both stand for a reason; nobody else is offered that", async () => {
  const { user, host } = renderApp("/", { answers: { "appointments.double_booked": [twice, { ...twice, id: id(5001), patient_name: "Wei Chen", may_override: false, free: [] }], "appointments.keep_both": {}, "appointments.leave_canceled": {} } });
  const one = await screen.findByRole("region", { name: "Ben Adeyemi" });
  const other = screen.getByRole("region", { name: "Wei Chen" });
  expect(within(other).queryByRole("button", { name: "Let both stand" })).not.toBeInTheDocument();
  expect(within(other).getByText("No free time was found in the next two weeks.")).toBeVisible();
  await user.click(within(one).getByRole("button", { name: "Let both stand" }));
  expect(within(one).getByRole("button", { name: "Let both stand" })).toBeDisabled();
  await user.type(within(one).getByLabelText("Why both stand"), "Mother and child come together");
  await user.click(within(one).getByRole("button", { name: "Let both stand" }));
  expect(host.inputsOf("appointments.keep_both")).toEqual([{ id: id(5000), reason: "Mother and child come together" }]);
  await user.click(within(other).getByRole("button", { name: "Leave it called off" }));
  expect(host.inputsOf("appointments.leave_canceled")).toEqual([{ id: id(5001) }]);
});

test("the patient's notification says which appointment and why", async () => {
  const notice: NotificationView = { id: id(4001), kind: "appointmentCancellation", message: "double-booked", sent_at: "2026-03-13T08:42:00Z", read: false, patient: id(1002), local_time: "2026-03-16T10:00" };
  renderApp("/", { answers: { "today.view": { ...quietDay, notifications: [notice] } } });
  expect(await screen.findByText(/The appointment on Mon 16 Mar, 10:00 was called off: the doctor had been booked for that time before/)).toBeVisible();
});

test("an address that another account had first offers another one, or the other account", async () => {
  const address = { address: "desk@harbour.example", verified: false, can_send: false, taken: true };
  const { user, host } = renderApp("/", { answers: { "contacts.view": { ...noContacts, email: address }, "session.lock": {} } });
  expect(await screen.findByText("Your e-mail address belongs to another account of this clinic.")).toBeVisible();
  expect(screen.getByRole("link", { name: "Use another one" })).toHaveAttribute("href", "/security");
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "Sign in with the other account" }));
  await waitFor(() => expect(host.inputsOf("session.lock")).toHaveLength(1));
});

test("is accessible", async () => {
  renderApp("/", { answers: { "today.view": busy } });
  await screen.findByText("Maria Okafor");
  await expectAccessible();
});

test("after a week without the database it is said, and work goes on", async () => {
  const long = new Date(Date.now() - 16 * 86_400_000).toISOString();
  const { host } = renderApp("/", { answers: { "sync.state": { ...synced, phase: "offline", last_success: long } } });
  expect(await screen.findByText("This computer has not synced for 16 days.")).toBeVisible();
  expect(screen.getByText(/You can go on working/)).toBeVisible();
  await expectAccessible();
  act(() => host.tell({ kind: "sync", state: { ...synced, last_success: new Date().toISOString() } }));
  await waitFor(() => expect(screen.queryByText(/has not synced for/)).not.toBeInTheDocument());
});
