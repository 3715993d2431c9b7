import { screen, within } from "@testing-library/react";
import { beforeAll, expect, test } from "vitest";
import { expectAccessible } from "../../testing/axe";
import { renderApp } from "../../testing/render";
import { me, openVault } from "../../testing/world";

// The page is loaded when it is first shown; a test should not wait for that.
beforeAll(async () => void (await import("./index")));

const view = { secret_in_a_file: false, disk: "encrypted" as const, keychain: true, pin: false, awaits_new_key: false, shared: false, kit_checked_at: null, other_devices: 1, lock_minutes: 15, fingerprint: "K7QF 2M3X A5RT 6WZB" };
const quiet = { "security.alarms": [], "security.view": view };
const on = { offered: true, since: "2026-03-13T08:11:00Z" };

test("recovery by the clinic is off until it is allowed, and can be taken back", async () => {
  const answer = ({ on: yes }: { on: boolean }) => (yes ? on : { offered: true, since: null });
  const { user, host } = renderApp("/security", { answers: { ...quiet, "recovery.view": { offered: true, since: null }, "recovery.set": answer } });
  await user.click(await screen.findByRole("button", { name: "Allow it" }));
  let dialog = await screen.findByRole("dialog", { name: "Let the clinic recover your account?" });
  expect(within(dialog).getByText(/also without you/)).toBeVisible();
  await expectAccessible();
  await user.click(within(dialog).getByRole("button", { name: "Allow it" }));
  expect(await screen.findByText("The clinic can recover your account.")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Take back" }));
  dialog = await screen.findByRole("dialog", { name: "Take the permission back?" });
  expect(within(dialog).getByText(/Make new keys and a new kit/)).toBeVisible();
  await user.click(within(dialog).getByRole("button", { name: "Take back" }));
  expect(host.inputsOf("recovery.set")).toEqual([{ on: true }, { on: false }]);
  expect(await screen.findByText(/^Off\. If you lose/)).toBeVisible();
});

test("the ways back name it while it is on, and a clinic that does not offer it is not spoken of", async () => {
  const agreed = { "session.state": { ...openVault()["session.state"], me: { ...me, clinic_recovers: true } } as never };
  renderApp("/security", { answers: { ...quiet, ...agreed, "recovery.view": on } });
  expect(await screen.findByText("The clinic can recover your account")).toBeVisible();
  expect(screen.getByText(/You allowed it\. Whoever holds/)).toBeVisible();
});

test("without an offer nothing is shown", async () => {
  renderApp("/security", { answers: quiet });
  expect(await screen.findByText("What protects you now")).toBeVisible();
  expect(screen.queryByText("Recovery by the clinic")).not.toBeInTheDocument();
});
