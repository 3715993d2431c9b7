import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { CheckRow } from "../../bindings/CheckRow";
import type { TodayView } from "../../bindings/TodayView";
import { expectAccessible } from "../../testing/axe";
import { renderApp } from "../../testing/render";
import { id, patientRow, quietDay, synced } from "../../testing/world";

const check = (n: number, more: Partial<CheckRow>): CheckRow => ({
  id: id(2000 + n), patient: id(1000 + n), patient_name: `Patient ${n}`, detected_at: "2026-03-13T08:42:00Z", input_type: "voice", task: "vowel", status: "completed", result: "normal",
  confidence: 0.9, model_version: "aidpost-screen 1.0.0", reviewed_by: null, reviewed_at: null, waiting: false, ...more,
});
const busy: TodayView = {
  ...quietDay,
  total_patients: 248,
  conflicts: 2,
  patients: [patientRow(1, { name: "Maria Okafor", severe_allergies: ["Penicillin"] }), patientRow(2, { name: "Wei Chen", waiting: true })],
  unreviewed: [check(1, { result: "stroke_detected" }), check(2, {}), check(3, { status: "insufficient_quality", result: null, confidence: null })],
  notifications: [{ id: id(4000), kind: "shareAccessed", message: "x", sent_at: "2026-03-13T08:42:00Z", read: false, patient: id(1001) }],
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

test("is accessible", async () => {
  renderApp("/", { answers: { "today.view": busy } });
  await screen.findByText("Maria Okafor");
  await expectAccessible();
});
