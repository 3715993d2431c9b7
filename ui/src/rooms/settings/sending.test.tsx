import { screen, waitFor } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import type { SendingView } from "../../bindings/SendingView";
import type { Answers } from "../../host/memory";
import { expectAccessible } from "../../testing/axe";
import { renderPart } from "../../testing/render";
import { SendingCard } from "./SendingCard";

const nothing: SendingView = { smtp: null, sms: null, may_change: true };
const set: SendingView = { smtp: { host: "smtp.harbour.example", port: 465, tls: "tls", user: "clinic", has_password: true, from: "codes@harbour.example", ca: null }, sms: null, may_change: true };

const show = (view: SendingView, more: Answers = {}) => renderPart(<SendingCard />, { answers: { "mail.settings": view, "mail.set": set, "mail.test": {}, ...more } });

describe("sending codes", () => {
  test("an administrator enters the mail server, and then tests it", async () => {
    const { user, host } = show(nothing);
    await user.click(await screen.findByRole("checkbox", { name: /By e-mail/ }));
    await user.type(screen.getByLabelText("Mail server"), "smtp.harbour.example");
    await user.type(screen.getByLabelText("Login name"), "clinic");
    await user.type(screen.getByLabelText("Login password"), "s3cret");
    await user.type(screen.getByLabelText("Sender's address"), "codes@harbour.example");
    await user.type(screen.getByLabelText("Certificate of your own authority"), "-----BEGIN CERTIFICATE-----");
    await expectAccessible();
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(host.inputsOf("mail.set")).toEqual([
      { smtp: { host: "smtp.harbour.example", port: 465, tls: "tls", user: "clinic", password: "s3cret", from: "codes@harbour.example", ca: "-----BEGIN CERTIFICATE-----" }, sms: null },
    ]);
    await user.type(await screen.findByLabelText("Send a test e-mail to"), "me@harbour.example");
    await user.click(screen.getByRole("button", { name: "Test" }));
    expect(host.inputsOf("mail.test")).toEqual([{ channel: "email", to: "me@harbour.example" }]);
    expect(await screen.findByText("The message is on its way.")).toBeVisible();
  });

  test("a kept password is never shown and stays when nothing is typed", async () => {
    const { user, host } = show(set);
    const password = await screen.findByLabelText("Login password");
    expect(password).toHaveValue("");
    expect(password).toHaveAccessibleDescription(/One is kept/);
    await user.type(screen.getByLabelText("Sender's address"), "x");
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(host.inputsOf("mail.set")[0]?.smtp).toMatchObject({ password: null, from: "codes@harbour.examplex" });
  });

  test("what is wrong is explained, with what to do", async () => {
    const { user } = show(set, {
      "mail.test": () => {
        throw { code: "mail.login", detail: "535 no", retry: false };
      },
    });
    await user.type(await screen.findByLabelText("Send a test e-mail to"), "me@harbour.example{Enter}");
    expect(await screen.findByText("The mail server refused the login.")).toBeVisible();
    expect(screen.getByText(/Check the login name and the password/)).toBeVisible();
  });

  test("whoever may not change it does not see it", async () => {
    const { host } = show({ ...nothing, may_change: false });
    await waitFor(() => expect(host.inputsOf("mail.settings")).toHaveLength(1));
    expect(screen.queryByText("Sending codes")).not.toBeInTheDocument();
  });
});
