import { screen, waitFor } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import type { ContactsView } from "../../bindings/ContactsView";
import type { Answers } from "../../host/memory";
import { expectAccessible } from "../../testing/axe";
import { renderPart } from "../../testing/render";
import { id } from "../../testing/world";
import { ContactsCard } from "./ContactsCard";

const none = { address: null, verified: false, can_send: false, taken: false };
const entered: ContactsView = { email: { address: "amina@harbour.example", verified: false, can_send: true, taken: false }, phone: none };
const confirmed: ContactsView = { ...entered, email: { ...entered.email, verified: true } };
const sent = { request: id(77), recipient: "amina@harbour.example", device: "7F3A-09BC", expires_at: "2026-03-13T08:21:00Z" };

const show = (view: ContactsView, more: Answers = {}) => renderPart(<ContactsCard />, { answers: { "contacts.view": view, "codes.send": sent, "codes.check": confirmed, ...more } });

describe("e-mail and phone", () => {
  test("a code is sent, typed and confirms the address", async () => {
    const { user, host } = show(entered);
    expect(await screen.findByText("Not confirmed")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Send a code" }));
    expect(host.inputsOf("codes.send")).toEqual([{ purpose: "REGISTRATION", channel: "email" }]);
    const field = await screen.findByLabelText("Code from the message");
    expect(field).toHaveAccessibleDescription(/amina@harbour.example.*7F3A-09BC/);
    await expectAccessible();
    expect(screen.getByRole("button", { name: "Confirm" })).toBeDisabled();
    await user.type(field, "1234 5678");
    await user.click(screen.getByRole("button", { name: "Confirm" }));
    expect(host.inputsOf("codes.check")).toEqual([{ request: id(77), code: "1234 5678" }]);
    expect(await screen.findByText("Confirmed")).toBeVisible();
    expect(screen.queryByLabelText("Code from the message")).not.toBeInTheDocument();
  });

  test("a wrong code is said plainly, and another can be sent", async () => {
    const { user } = show(entered, {
      "codes.check": () => {
        throw { code: "wrong_sent_code", detail: null, retry: false };
      },
    });
    await user.click(await screen.findByRole("button", { name: "Send a code" }));
    await user.type(await screen.findByLabelText("Code from the message"), "00000000{Enter}");
    expect(await screen.findByRole("alert")).toHaveTextContent("This is not the code that was sent.");
    expect(screen.getByRole("button", { name: "Send another code" })).toBeEnabled();
  });

  test("an address is entered without touching the number, and then can be confirmed", async () => {
    const { user, host } = show({ email: none, phone: { address: "+447700900142", verified: true, can_send: true, taken: false } }, { "contacts.set": entered });
    const field = await screen.findByLabelText("E-mail address");
    expect(screen.getByText("Confirmed")).toBeVisible();
    await user.type(field, "amina@harbour.example{Enter}");
    expect(host.inputsOf("contacts.set")).toEqual([{ email: "amina@harbour.example", mobile_number: "+447700900142" }]);
    await waitFor(() => expect(screen.getByRole("button", { name: "Send a code" })).toBeVisible());
  });

  test("where the clinic cannot send, it says who can change that", async () => {
    show({ ...entered, email: { ...entered.email, can_send: false } });
    expect(await screen.findByText(/An administrator sets that up/)).toBeVisible();
    expect(screen.queryByRole("button", { name: "Send a code" })).not.toBeInTheDocument();
  });
});
