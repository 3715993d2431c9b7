import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { CarriedView } from "../../bindings/CarriedView";
import { expectAccessible } from "../../testing/axe";
import { renderApp } from "../../testing/render";
import { id, me, openVault } from "../../testing/world";

const provider = { id: id(80), name: "Harbour ID", issuer: "https://id.harbour.example", client_id: "aidpost" };
const world = {
  "session.state": { ...openVault()["session.state"], me: { ...me, role: "super_admin" } } as never,
  "people.list": { people: [], devices: [] },
  "people.reset_choices": [],
  "oidc.providers": { providers: [provider], may_change: true },
};

async function look(given: boolean, verdict?: CarriedView) {
  const seen = { own_device: false, role: "doctor" as const, returning: null, outside: { provider: "Harbour ID", given }, another: false };
  const app = renderApp("/people", { answers: { ...world, "people.read_request": seen, ...(verdict ? { "people.check_outside": verdict } : {}) } });
  await app.user.click(await screen.findByRole("button", { name: "Answer a request" }));
  const dialog = await screen.findByRole("dialog", { name: "Answer a request" });
  await app.user.type(within(dialog).getByLabelText("Their request"), "REQ1:ABC");
  await app.user.click(within(dialog).getByRole("button", { name: "Look at it" }));
  return { ...app, dialog };
}

test("a sign-in that holds is shown beside the characters, and replaces them never", async () => {
  const { dialog, host } = await look(true, { outcome: "verified", subject: "42", name: "Wei Chen", email: "wei@harbour.example", email_verified: false });
  expect(await within(dialog).findByText("Signed in at Harbour ID as Wei Chen.")).toBeVisible();
  expect(within(dialog).getByText(/Address wei@harbour\.example, verified there: no\./)).toBeVisible();
  expect(within(dialog).getByRole("button", { name: "Let in" })).toBeDisabled();
  expect(host.inputsOf("people.check_outside")).toEqual([{ request: "REQ1:ABC" }]);
  await expectAccessible();
});

test("without a name or an address the account is named as the provider names it", async () => {
  const { dialog } = await look(true, { outcome: "verified", subject: "42", name: null, email: null, email_verified: false });
  expect(await within(dialog).findByText("Signed in at Harbour ID as 42.")).toBeVisible();
  expect(within(dialog).getByText(/No address is given/)).toBeVisible();
});

test("what could not be checked, and what does not hold, is said as such", async () => {
  const offline = await look(true, { outcome: "unchecked", code: "oidc.unreachable" });
  expect(await within(offline.dialog).findByText(/Not checked: there is no network/)).toBeVisible();
  offline.unmount();
  const forged = await look(true, { outcome: "refused", code: "oidc.wrong_nonce" });
  expect(await within(forged.dialog).findByText("Refused: The proof was made for another sign-in.")).toBeVisible();
  expect(within(forged.dialog).getByText(/No account is linked/)).toBeVisible();
  await expectAccessible();
});

test("a wish that was not followed is said too, and nothing is asked of the provider", async () => {
  const { dialog, host } = await look(false);
  expect(await within(dialog).findByText(/This request carries none/)).toBeVisible();
  expect(host.inputsOf("people.check_outside")).toEqual([]);
});

test("an invitation may wish for a sign-in at a provider of the clinic", async () => {
  const invitation = { text: "INV1:XYZ", qr: "<svg/>", expires_at: new Date(Date.now() + 9 * 60_000).toISOString() };
  const { user, host } = renderApp("/people", { answers: { ...world, "people.invite": invitation } });
  await user.click(await screen.findByRole("button", { name: "Invite someone" }));
  await user.selectOptions(await screen.findByLabelText("Sign-in before they ask"), "Harbour ID");
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "Make an invitation" }));
  expect(host.inputsOf("people.invite")).toEqual([{ own_device: false, role: "doctor", clinical: true, chart: null, outside: provider.id }]);
});
