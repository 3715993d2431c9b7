import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { DeletionView } from "../../bindings/DeletionView";
import { expectAccessible } from "../../testing/axe";
import { renderApp } from "../../testing/render";
import { id, me, noWish, openVault, synced } from "../../testing/world";

const requested: DeletionView = { ...noWish, stage: "requested", requested_at: "2026-03-13T08:11:00Z" };
const confirmed: DeletionView = { ...requested, stage: "confirmed", ends_at: "2026-04-12T08:11:00Z" };
const sent = { request: id(77), recipient: "amina@harbour.example", device: "7F3A-09BC", expires_at: "2026-03-13T08:21:00Z" };
const security = { "security.alarms": [], "security.view": { secret_in_a_file: false, disk: "encrypted" as const, keychain: true, pin: false, awaits_new_key: false, shared: false, kit_checked_at: null, other_devices: 0, lock_minutes: 15, fingerprint: "K7QF" } };
const alone = { "session.state": { ...openVault()["session.state"], me: { ...me, alone: true } } as never };

test("says what stays, asks, and confirms with a code where one can be sent", async () => {
  const { user, host } = renderApp("/security", { answers: { ...security, "deletion.view": noWish, "deletion.request": { ...requested, code_by: "email" }, "codes.send": sent, "deletion.confirm": confirmed } });
  expect(await screen.findByText(/The period that the law asks for is not set/)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Delete my account" }));
  const dialog = await screen.findByRole("dialog", { name: "Ask for your account to be deleted?" });
  await expectAccessible();
  await user.click(within(dialog).getByRole("button", { name: "Ask for it" }));
  const confirm = await screen.findByRole("button", { name: "Confirm the deletion" });
  expect(confirm).toBeDisabled();
  await user.click(screen.getByRole("button", { name: "Send a code" }));
  expect(host.inputsOf("codes.send")).toEqual([{ purpose: "DELETION", channel: "email" }]);
  await user.type(await screen.findByLabelText("Code from the message"), "12345678");
  await user.click(confirm);
  expect(host.inputsOf("deletion.confirm")).toEqual([{ code: { request: id(77), code: "12345678" } }]);
  expect(await screen.findByText("Your account is going to be deleted.")).toBeVisible();
});

test("every visit says that the account is about to end, and one button takes it back", async () => {
  const { user, host } = renderApp("/", { answers: { "deletion.view": { ...confirmed, retention_years: 20 }, "deletion.withdraw": noWish } });
  expect(await screen.findByText("Your account is going to be deleted.")).toBeVisible();
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "Take it back" }));
  expect(host.inputsOf("deletion.withdraw")).toEqual([{}]);
  await waitFor(() => expect(screen.queryByText("Your account is going to be deleted.")).not.toBeInTheDocument());
});

test("a record of one's own ends only with the certificate in view and a word typed", async () => {
  const due: DeletionView = { ...confirmed, stage: "due", alone: true };
  const { user, host } = renderApp("/security", { answers: { ...security, ...alone, "deletion.view": due, "deletion.certificate": { id: "a", text: "{\"format\":\"x\"}" }, "deletion.erase": {} } });
  await user.click(await screen.findByRole("button", { name: "End the record" }));
  const dialog = await screen.findByRole("dialog", { name: "End this record for ever?" });
  const end = within(dialog).getByRole("button", { name: "Delete" });
  expect(end).toBeDisabled();
  await user.click(within(dialog).getByRole("button", { name: "Show the certificate" }));
  expect(await within(dialog).findByLabelText("Certificate of erasure")).toHaveValue("{\"format\":\"x\"}");
  expect(end).toBeDisabled();
  await user.type(within(dialog).getByLabelText("Type DELETE to go on"), "DELETE");
  await expectAccessible();
  await user.click(end);
  expect(host.inputsOf("deletion.erase")).toEqual([{ whole_account: true, certificate: "{\"format\":\"x\"}" }]);
});

test("clearing this computer says what would be lost", async () => {
  const { user, host } = renderApp("/security", { answers: { ...security, "sync.state": { ...synced, to_send: 3 }, "deletion.certificate": { id: "a", text: "{}" } } });
  await user.click(await screen.findByRole("button", { name: "Delete from this computer only" }));
  const dialog = await screen.findByRole("dialog", { name: "Delete the record from this computer?" });
  expect(within(dialog).getByText("3 entries were not sent yet, and are lost.")).toBeVisible();
  await user.click(within(dialog).getByRole("button", { name: "Cancel" }));
  expect(host.inputsOf("deletion.erase")).toEqual([]);
});

test.each([
  [true, "You were removed from this clinic.", /is sent to nobody.*ask an administrator for an invitation/],
  [false, "This computer was removed from your devices.", /the others set it aside until you let it in.*add it again from another of your devices/],
])("who was removed (%s), or whose computer was, is told what still goes out, and the way back", async (removed, title, way) => {
  renderApp("/security", { answers: { ...security, "deletion.view": { ...noWish, removed, cut_off: true } } });
  expect(await screen.findByText(title)).toBeVisible();
  expect(screen.getByText(way)).toBeVisible();
});

test("the head of a clinic is told why nobody can remove them", async () => {
  const head = { "session.state": { ...openVault()["session.state"], me: { ...me, role: "super_admin" } } as never };
  renderApp("/security", { answers: { ...security, ...head } });
  expect(await screen.findByText(/nobody here can remove you/)).toBeVisible();
  expect(screen.queryByRole("button", { name: "Delete my account" })).not.toBeInTheDocument();
});

test("a record that cleared itself leaves its certificate at the start", async () => {
  const state = { stage: "empty" as const, profiles: [], me: null, locked: null, joining: null, version: "0.1.0", erased: [{ id: "a", text: "{\"signed\":\"y\"}" }] };
  const { user, host } = renderApp("/", { answers: { "session.state": state, "session.put_away_certificate": {} } });
  expect(await screen.findByLabelText("Certificate of erasure")).toHaveValue("{\"signed\":\"y\"}");
  await expectAccessible();
  host.answer({ "session.state": { ...state, erased: [] } });
  await user.click(screen.getByRole("button", { name: "Put away" }));
  expect(host.inputsOf("session.put_away_certificate")).toEqual([{ name: "a" }]);
  await waitFor(() => expect(screen.queryByLabelText("Certificate of erasure")).not.toBeInTheDocument());
});
