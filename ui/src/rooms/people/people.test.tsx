import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { expectAccessible } from "../../testing/axe";
import { renderApp } from "../../testing/render";
import { id, me, openVault, patientRow } from "../../testing/world";
import { isWholeCheck } from "./AdmitDialog";

const people = {
  people: [
    { user: me.user, name: "Dr Amina Rahman", email: "amina@harbour.example", role: "super_admin" as const, clinical: true, chart: null, managed: false, me: true, leaves_at: null },
    { user: id(3), name: "Dr Wei Chen", email: null, role: "doctor" as const, clinical: true, chart: null, managed: true, me: false, leaves_at: null },
  ],
  devices: [{ id: me.device, owner: "Dr Amina Rahman", name: "AD8E-1C88", mine: true, this_device: true, removable: false, last_seen: null }],
};
const asHead = { "oidc.providers": { providers: [], may_change: true }, "session.state": { ...openVault()["session.state"], me: { ...me, role: "super_admin" } } as never };
const quiet = { "people.rotation": { running: false, done: 0, total: 0 } };
const invitation = { text: "INV1:XYZ", qr: "<svg/>", expires_at: new Date(Date.now() + 9 * 60_000).toISOString() };

describe("people and devices", () => {
  test("invites a clinician: text, code and how long it is good for", async () => {
    const { user, host } = renderApp("/people", { answers: { ...asHead, "people.list": people, "people.invite": invitation } });
    await user.click(await screen.findByRole("button", { name: "Invite someone" }));
    await user.click(await screen.findByRole("button", { name: "Make an invitation" }));
    expect(host.inputsOf("people.invite")).toEqual([{ own_device: false, role: "doctor", clinical: true, chart: null, outside: null }]);
    expect(await screen.findByLabelText("Invitation")).toHaveValue("INV1:XYZ");
    expect(screen.getByRole("img", { name: "The invitation as a QR code" })).toBeInTheDocument();
    expect(screen.getByRole("timer")).toHaveTextContent("Ends in 9 min");
  });

  test("a patient is invited to a chart that was chosen", async () => {
    const found = patientRow(4, { name: "Maria Okafor" });
    const { user, host } = renderApp("/people", { answers: { ...asHead, "people.list": people, "people.invite": invitation, "patients.find": { total: 1, rows: [found] } } });
    await user.click(await screen.findByRole("button", { name: "Invite someone" }));
    const dialog = await screen.findByRole("dialog", { name: "Invite someone" });
    await user.click(within(dialog).getByRole("radio", { name: "Patient" }));
    expect(within(dialog).getByRole("button", { name: "Make an invitation" })).toBeDisabled();
    await user.type(within(dialog).getByLabelText("Their chart"), "oka");
    await user.click(await within(dialog).findByRole("button", { name: /Maria Okafor/ }));
    await user.click(within(dialog).getByRole("button", { name: "Make an invitation" }));
    expect(host.inputsOf("people.invite")).toEqual([{ own_device: false, role: "patient", clinical: false, chart: found.id, outside: null }]);
  });

  test("a clinician without rights adds devices, but invites nobody", async () => {
    renderApp("/people", { answers: { "people.list": people } });
    expect(await screen.findByRole("button", { name: "Add my device" })).toBeVisible();
    expect(screen.queryByRole("button", { name: "Invite someone" })).not.toBeInTheDocument();
  });

  test("lets in only after sixteen characters were typed, and gives an answer to carry back", async () => {
    const { user, host } = renderApp("/people", {
      answers: { ...asHead, "people.list": people, "people.read_request": { own_device: false, role: "doctor", returning: null, outside: null, another: true }, "people.reset_choices": [], "people.admit": { answer: "ANS1:QQ" } },
    });
    await user.click(await screen.findByRole("button", { name: "Answer a request" }));
    const dialog = await screen.findByRole("dialog", { name: "Answer a request" });
    await user.type(within(dialog).getByLabelText("Their request"), "REQ1:ABC");
    await user.click(within(dialog).getByRole("button", { name: "Look at it" }));
    expect(await within(dialog).findByText(/Someone new · Clinician/)).toBeVisible();
    expect(within(dialog).getByText("Another request answered this invitation before.")).toBeVisible();
    const button = within(dialog).getByRole("button", { name: "Let in" });
    await user.type(within(dialog).getByLabelText("The sixteen characters on their screen"), "K7QF 2M3X A5RT");
    expect(button).toBeDisabled();
    await user.type(within(dialog).getByLabelText("The sixteen characters on their screen"), " 6WZB");
    await user.click(button);
    await waitFor(() => expect(host.inputsOf("people.admit")).toEqual([{ request: "REQ1:ABC", typed_check: "K7QF 2M3X A5RT 6WZB" }]));
    expect(await within(dialog).findByLabelText("Answer")).toHaveValue("ANS1:QQ");
  });

  test("characters that differ are a warning, not a retry", async () => {
    const { user } = renderApp("/people", {
      answers: {
        ...asHead,
        "people.list": people,
        "people.read_request": { own_device: true, role: null, returning: null, outside: null, another: false },
        "people.admit": () => {
          throw { code: "check_differs", detail: null, retry: false };
        },
      },
    });
    await user.click(await screen.findByRole("button", { name: "Answer a request" }));
    const dialog = await screen.findByRole("dialog", { name: "Answer a request" });
    await user.type(within(dialog).getByLabelText("Their request"), "REQ1:ABC");
    await user.click(within(dialog).getByRole("button", { name: "Look at it" }));
    await user.type(await within(dialog).findByLabelText("The sixteen characters on their screen"), "AAAABBBBCCCCDDDD");
    await user.click(within(dialog).getByRole("button", { name: "Let in" }));
    expect(await within(dialog).findByText(/do not let it in/)).toBeVisible();
  });

  test("is accessible, page and dialogs", async () => {
    const { user } = renderApp("/people", { answers: { ...asHead, "people.list": people } });
    await screen.findByText("Dr Wei Chen");
    await expectAccessible();
    await user.click(screen.getByRole("button", { name: "Invite someone" }));
    await screen.findByRole("dialog", { name: "Invite someone" });
    await expectAccessible();
  });
});

test("a check is whole with sixteen characters, however they are spaced", () => {
  expect(isWholeCheck("K7QF-2M3X A5RT6WZB")).toBe(true);
  expect(isWholeCheck("K7QF2M3XA5RT6WZ")).toBe(false);
});

test("a colleague is removed only after one was told what it does and what it cannot do", async () => {
  const after = { ...people, people: people.people.slice(0, 1) };
  const { user, host } = renderApp("/people", { answers: { ...asHead, ...quiet, "people.list": people, "people.remove_person": after } });
  await user.click(await screen.findByRole("button", { name: "Remove Dr Wei Chen" }));
  const dialog = await screen.findByRole("dialog", { name: "Remove Dr Wei Chen from the clinic?" });
  expect(within(dialog).getByText(/Nobody can take that back/)).toBeVisible();
  expect(host.inputsOf("people.remove_person")).toEqual([]);
  await user.click(within(dialog).getByRole("button", { name: "Remove" }));
  expect(host.inputsOf("people.remove_person")).toEqual([{ id: id(3) }]);
  await waitFor(() => expect(screen.queryByText("Dr Wei Chen")).not.toBeInTheDocument());
});

test("a clinician becomes an administrator who still writes clinical entries", async () => {
  const { user, host } = renderApp("/people", { answers: { ...asHead, ...quiet, "people.list": people, "people.change_role": people } });
  await user.click(await screen.findByRole("button", { name: "Change the role of Dr Wei Chen" }));
  const dialog = await screen.findByRole("dialog", { name: "What may Dr Wei Chen do?" });
  expect(within(dialog).getByRole("button", { name: "Change role" })).toBeDisabled();
  await user.click(within(dialog).getByRole("radio", { name: "Administrator" }));
  await user.click(within(dialog).getByRole("button", { name: "Change role" }));
  expect(host.inputsOf("people.change_role")).toEqual([{ user: id(3), role: "admin", clinical: true }]);
});

test("a lost device is removed, and the new keys are seen on their way", async () => {
  const lost = { id: id(40), owner: "Dr Amina Rahman", name: "AD8E-1C88", mine: true, this_device: false, removable: true, last_seen: null };
  const before = { ...people, devices: [...people.devices, lost] };
  const { user, host } = renderApp("/people", { answers: { ...asHead, "people.rotation": { running: true, done: 40, total: 10000 }, "people.list": before, "people.remove_device": people } });
  expect(await screen.findByText("New keys · 40 / 10000")).toBeVisible();
  await user.click(await screen.findByRole("button", { name: "Remove the device of Dr Amina Rahman" }));
  const dialog = await screen.findByRole("dialog", { name: "Remove your device?" });
  await user.click(within(dialog).getByRole("button", { name: "Remove" }));
  expect(host.inputsOf("people.remove_device")).toEqual([{ id: lost.id }]);
  await expectAccessible();
});
