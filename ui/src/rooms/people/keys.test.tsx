import { screen, within } from "@testing-library/react";
import { beforeAll, expect, test } from "vitest";
import { expectAccessible } from "../../testing/axe";
import { renderApp } from "../../testing/render";
import { id, me, openVault } from "../../testing/world";

// The page is loaded when it is first shown; a test should not wait for that.
beforeAll(async () => void (await import("./index")));

const person = (n: number, name: string, role: "doctor" | "super_admin", mine = false) => ({ user: id(n), name, email: null, role, clinical: true, chart: null, managed: !mine, me: mine, leaves_at: null });
const people = { people: [person(1, "Dr Amina Rahman", "super_admin", true), person(3, "Dr Wei Chen", "doctor"), person(4, "Dr Ola Berg", "super_admin")], devices: [] };
const asHead = { "session.state": { ...openVault()["session.state"], me: { ...me, role: "super_admin" } } as never, "people.rotation": { running: false, done: 0, total: 0 } };
const root = `ROOT1:${"A".repeat(58)}`;

test("new keys are certified only after sixteen characters were typed", async () => {
  const request = { request: id(9), name: "Dr Wei Chen", role: "doctor" as const, at: "2026-03-13T08:11:00Z" };
  const { user, host } = renderApp("/people", { answers: { ...asHead, "people.list": people, "people.key_requests": [request], "people.certify_keys": people } });
  await user.click(await screen.findByRole("button", { name: "Certify" }));
  const dialog = await screen.findByRole("dialog", { name: "Certify the new keys of Dr Wei Chen" });
  const button = within(dialog).getByRole("button", { name: "Certify" });
  expect(button).toBeDisabled();
  await user.click(within(dialog).getByLabelText("The sixteen characters on their screen"));
  await user.paste("abcd efgh ijkl mnop");
  await expectAccessible();
  await user.click(button);
  expect(host.inputsOf("people.certify_keys")).toEqual([{ request: id(9), typed_check: "abcd efgh ijkl mnop" }]);
});

test("with the key of the clinic a head administrator is made or removed", async () => {
  const { user, host } = renderApp("/people", { answers: { ...asHead, "people.list": people, "people.use_root": people } });
  const open = async () => {
    await user.click(await screen.findByRole("button", { name: "Key of the clinic" }));
    return screen.findByRole("dialog", { name: "Key of the clinic" });
  };
  const choose = async (dialog: HTMLElement, name: string) => {
    await user.click(within(dialog).getByRole("radio", { name }));
    await user.click(within(dialog).getByLabelText(/^Key of the clinic/));
    await user.paste(root);
  };
  let dialog = await open();
  await choose(dialog, "Dr Wei Chen");
  await expectAccessible();
  await user.click(within(dialog).getByRole("button", { name: "Make head administrator" }));
  dialog = await open();
  await user.click(within(dialog).getByRole("radio", { name: "Remove a head administrator" }));
  await choose(dialog, "Dr Ola Berg");
  await user.click(within(dialog).getByRole("button", { name: "Remove" }));
  expect(host.inputsOf("people.use_root")).toEqual([
    { act: "make_head", user: id(3), root_kit: root },
    { act: "remove_head", user: id(4), root_kit: root },
  ]);
});

test("recovery by the clinic is offered with the key of the clinic", async () => {
  const { user, host } = renderApp("/people", { answers: { ...asHead, "people.list": people, "recovery.offer": { offered: true, since: null } } });
  await user.click(await screen.findByRole("button", { name: "Key of the clinic" }));
  const dialog = await screen.findByRole("dialog", { name: "Key of the clinic" });
  await user.click(within(dialog).getByRole("radio", { name: "Offer recovery by the clinic" }));
  await user.click(within(dialog).getByLabelText(/^Key of the clinic/));
  await user.paste(root);
  await user.click(within(dialog).getByRole("button", { name: "Offer it" }));
  expect(host.inputsOf("recovery.offer")).toEqual([{ root_kit: root }]);
});

test("somebody who allowed it is brought back with an invitation, the letters and the key of the clinic", async () => {
  const invitation = { text: "INV1:XYZ", qr: "<svg/>", expires_at: new Date(Date.now() + 9 * 60_000).toISOString() };
  const { user, host } = renderApp("/people", {
    answers: {
      ...asHead,
      "people.list": people,
      "people.returning": [{ user: id(3), name: "Dr Wei Chen", role: "doctor" }],
      "people.invite_back": invitation,
      "people.read_request": { own_device: false, role: null, returning: "Dr Wei Chen", outside: null, another: false },
      "people.admit_again": { answer: "ANS1:QQ" },
    },
  });
  await user.click(await screen.findByRole("button", { name: "Bring back" }));
  const first = await screen.findByRole("dialog", { name: "Bring Dr Wei Chen back" });
  await user.click(within(first).getByRole("button", { name: "Make an invitation" }));
  await user.click(await within(first).findByRole("button", { name: "I have their request" }));
  const dialog = await screen.findByRole("dialog", { name: "Answer a request" });
  await user.type(within(dialog).getByLabelText("Their request"), "REQ1:ABC");
  await user.click(within(dialog).getByRole("button", { name: "Look at it" }));
  expect(await within(dialog).findByText("Dr Wei Chen, who lost everything and comes back")).toBeVisible();
  await user.click(within(dialog).getByLabelText("The sixteen characters on their screen"));
  await user.paste("K7QF 2M3X A5RT 6WZB");
  await user.click(within(dialog).getByRole("button", { name: "Let in" }));
  expect(within(dialog).getByText(/This is not the whole text/)).toBeVisible();
  await user.click(within(dialog).getByLabelText(/^Key of the clinic/));
  await user.paste(root);
  await user.click(within(dialog).getByRole("button", { name: "Let in" }));
  expect(host.inputsOf("people.admit_again")).toEqual([{ request: "REQ1:ABC", typed_check: "K7QF 2M3X A5RT 6WZB", root_kit: root }]);
  expect(await within(dialog).findByText("They are let in.")).toBeVisible();
});
