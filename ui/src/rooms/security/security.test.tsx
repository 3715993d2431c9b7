import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { SecurityView } from "../../bindings/SecurityView";
import { expectAccessible } from "../../testing/axe";
import { renderApp } from "../../testing/render";

const view: SecurityView = {
  secret_in_a_file: true, disk: "encrypted",
  keychain: true,
  pin: false,
  awaits_new_key: false,
  shared: false,
  kit_checked_at: null,
  other_devices: 0,
  lock_minutes: 15,
  fingerprint: "K7QF 2M3X A5RT 6WZB",
};
const kit = "ABCDE".repeat(17);

test("says what protects the record, and mends it where it can", async () => {
  const { user, host } = renderApp("/security", { answers: { "security.alarms": [], "security.view": view, "security.use_keychain": { ...view, secret_in_a_file: false } } });
  expect(await screen.findByText("A copied disk is protected by the passphrase alone")).toBeVisible();
  expect(screen.getByText("This is your only device")).toBeVisible();
  expect(screen.getByText("After 15 minutes without anyone at it.")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Use the keychain" }));
  expect(await screen.findByText("A copied disk alone is of no use")).toBeVisible();
  expect(host.inputsOf("security.use_keychain")).toHaveLength(1);
  await expectAccessible();
});

test("tells what lies below the program", async () => {
  for (const [disk, words] of [["encrypted", "The disk of this computer is encrypted"], ["plain", "The disk of this computer is not encrypted"], ["unknown", /It is not known whether/]] as const) {
    const { unmount } = renderApp("/security", { answers: { "security.alarms": [], "security.view": { ...view, disk } } });
    expect(await screen.findByText(words)).toBeVisible();
    unmount();
  }
});

test("without a keychain it says so, and offers neither it nor a PIN", async () => {
  renderApp("/security", { answers: { "security.alarms": [{ code: "forked", owner: "Dr Wei Chen", at: "2026-03-13T08:11:00Z", calm: false }], "security.view": { ...view, keychain: false } } });
  expect(await screen.findByText(/encrypt the whole disk/)).toBeVisible();
  expect(await screen.findByText("A device exists twice")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Use the keychain" })).not.toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "Set a PIN" })).not.toBeInTheDocument();
});

test("on a computer that several people use there is no PIN, and the card says why", async () => {
  renderApp("/security", { answers: { "security.alarms": [], "security.view": { ...view, shared: true } } });
  expect(await screen.findByText(/marked as used by several people/)).toBeVisible();
  expect(screen.queryByRole("button", { name: "Set a PIN" })).not.toBeInTheDocument();
  await expectAccessible();
});

test("a PIN is set twice the same, and can be removed", async () => {
  const { user, host } = renderApp("/security", { answers: { "security.alarms": [], "security.view": view, "security.set_pin": { ...view, pin: true }, "security.remove_pin": view } });
  await user.click(await screen.findByRole("button", { name: "Set a PIN" }));
  const dialog = await screen.findByRole("dialog", { name: "Unlock with a PIN" });
  await user.type(within(dialog).getByLabelText("New PIN"), "271828");
  await user.type(within(dialog).getByLabelText("The same PIN again"), "27182");
  await user.click(within(dialog).getByRole("button", { name: "Set the PIN" }));
  expect(within(dialog).getByText("The two entries differ.")).toBeVisible();
  await user.type(within(dialog).getByLabelText("The same PIN again"), "8");
  await user.click(within(dialog).getByRole("button", { name: "Set the PIN" }));
  expect(host.inputsOf("security.set_pin")).toEqual([{ pin: "271828" }]);
  await user.click(await screen.findByRole("button", { name: "Remove the PIN" }));
  expect(await screen.findByRole("button", { name: "Set a PIN" })).toBeVisible();
});

test("the kit in the drawer is checked, and then counts as a way back", async () => {
  const { user, host } = renderApp("/security", { answers: { "security.alarms": [], "security.view": view, "kit.check": { ...view, kit_checked_at: "2026-03-13T08:11:00Z" } } });
  await user.click(await screen.findByRole("button", { name: "Check my kit" }));
  const dialog = await screen.findByRole("dialog", { name: "Check my kit" });
  await user.click(within(dialog).getByLabelText(/Recovery kit/));
  await user.paste(kit);
  await user.click(within(dialog).getByRole("button", { name: "Check" }));
  expect(host.inputsOf("kit.check")).toEqual([{ kit: `KIT1:${kit}` }]);
  expect(await within(dialog).findByText("This is your kit, and it opens this record.")).toBeVisible();
  await user.click(within(dialog).getByRole("button", { name: "Done" }));
  expect(screen.getByText("You can get back in with your recovery kit")).toBeVisible();
});

test("the passphrase is changed by whoever knows the one in use", async () => {
  const { user, host } = renderApp("/security", { answers: { "security.alarms": [], "security.view": view, "passphrase.judge": { ok: true, score: 4, reason: null }, "passphrase.change": {} } });
  await user.click(await screen.findByRole("button", { name: "Change the passphrase" }));
  const dialog = await screen.findByRole("dialog", { name: "Change the passphrase" });
  await user.type(within(dialog).getByLabelText("The passphrase in use"), "old one of mine");
  await user.type(within(dialog).getByLabelText(/^New passphrase/), "velvet tundra cactus");
  await user.type(within(dialog).getByLabelText(/The same again/), "velvet tundra cactus");
  await user.click(within(dialog).getByRole("button", { name: "Change" }));
  expect(host.inputsOf("passphrase.change")).toEqual([{ old: "old one of mine", new: "velvet tundra cactus" }]);
  expect(await screen.findByText(/The passphrase was changed/)).toBeVisible();
});

test("a week without news is told without alarm, with what to do", async () => {
  renderApp("/security", { answers: { "security.alarms": [{ code: "silent", owner: null, at: "2026-03-01T08:11:00Z", calm: true }], "security.view": view } });
  expect(await screen.findByText("Nothing has come from any other device for a week")).toBeVisible();
  expect(screen.getByText(/If nobody else was at work, all is well/)).toBeVisible();
  await expectAccessible();
});

test("the database gets a new key at the next unlock, when that is wished for", async () => {
  const { user, host } = renderApp("/security", { answers: { "security.alarms": [], "security.view": view, "security.wish_new_key": { ...view, awaits_new_key: true } } });
  await user.click(await screen.findByRole("button", { name: "Give it a new key" }));
  expect(await screen.findByText(/The next unlock looks the record through/)).toBeVisible();
  expect(host.inputsOf("security.wish_new_key")).toHaveLength(1);
  expect(screen.queryByRole("button", { name: "Give it a new key" })).not.toBeInTheDocument();
  await expectAccessible();
});
