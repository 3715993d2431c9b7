import { screen, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import type { FactorView } from "../../bindings/FactorView";
import type { Answers } from "../../host/memory";
import { expectAccessible } from "../../testing/axe";
import { renderPart } from "../../testing/render";
import { MeProvider } from "../../app/session";
import { me } from "../../testing/world";
import { SecondFactorCard } from "./SecondFactorCard";

const off: FactorView = { on: false, since: null, backup_codes_left: 0 };
const on: FactorView = { on: true, since: "2026-03-13T08:11:00Z", backup_codes_left: 9 };
const setup = { address: "otpauth://totp/Aidpost:Dr?secret=ABC", qr: "<svg xmlns='http://www.w3.org/2000/svg'/>", secret: "GEZD GNBV GY3T QOJQ" };
const codes = Array.from({ length: 10 }, (_, at) => `aaaa-bbbb-cccc-ddd${at === 9 ? "z" : at}`);

const show = (view: FactorView, more: Answers = {}) => renderPart(<MeProvider me={me}><SecondFactorCard /></MeProvider>, { answers: { "factor.view": view, "factor.begin": setup, "factor.confirm": { codes }, "factor.new_backup_codes": { codes }, "factor.off": off, ...more } });

describe("second factor", () => {
  test("is set up with an app that proves it, and gives its backup codes once", async () => {
    const { user, host } = show(off);
    await user.click(await screen.findByRole("button", { name: "Set up" }));
    const dialog = await screen.findByRole("dialog", { name: "Set up the second factor" });
    expect(within(dialog).getByRole("img", { name: "The secret for the app as a QR code" })).toBeInTheDocument();
    expect(within(dialog).getByText("GEZD GNBV GY3T QOJQ")).toBeVisible();
    await expectAccessible();
    expect(within(dialog).getByRole("button", { name: "Turn on" })).toBeDisabled();
    await user.type(within(dialog).getByLabelText("Code that the app shows now"), "123 456");
    await user.click(within(dialog).getByRole("button", { name: "Turn on" }));
    expect(host.inputsOf("factor.confirm")).toEqual([{ code: "123 456" }]);
    const list = await screen.findByRole("list", { name: "Backup codes" });
    expect(within(list).getAllByRole("listitem").map((item) => item.textContent)).toEqual(codes);
    await expectAccessible();
    const done = screen.getByRole("button", { name: "Done" });
    expect(done).toBeDisabled();
    await user.click(screen.getByRole("checkbox", { name: "I have written them down or printed them" }));
    await user.click(done);
    expect(screen.queryByText(codes[0] as string)).not.toBeInTheDocument();
  });

  test("a wrong code turns nothing on and says what to look at", async () => {
    const { user } = show(off, {
      "factor.confirm": () => {
        throw { code: "wrong_code", detail: null, retry: false };
      },
    });
    await user.click(await screen.findByRole("button", { name: "Set up" }));
    await user.type(await screen.findByLabelText("Code that the app shows now"), "000000{Enter}");
    expect(await screen.findByRole("alert")).toHaveTextContent(/This code is not right.*clock/);
  });

  test("while on: since when, what is left, new codes, and off after a question", async () => {
    const { user, host } = show(on);
    expect(await screen.findByText("9 left")).toBeVisible();
    expect(screen.queryByText("Few backup codes are left.")).not.toBeInTheDocument();
    await expectAccessible();
    await user.click(screen.getByRole("button", { name: "New backup codes" }));
    expect(await screen.findByRole("list", { name: "Backup codes" })).toBeVisible();
    await user.click(screen.getByRole("checkbox", { name: /written them down/ }));
    await user.click(screen.getByRole("button", { name: "Done" }));
    await user.click(screen.getByRole("button", { name: "Turn off" }));
    const dialog = await screen.findByRole("dialog", { name: "Turn the second factor off?" });
    expect(host.inputsOf("factor.off")).toEqual([]);
    await user.click(within(dialog).getByRole("button", { name: "Turn off" }));
    expect(host.inputsOf("factor.off")).toEqual([{}]);
  });

  test("few codes are a warning, none a plainer one", async () => {
    show({ ...on, backup_codes_left: 0 });
    expect(await screen.findByText("No backup code is left.")).toBeVisible();
  });
});
