import { screen, waitFor, within } from "@testing-library/react";
import { beforeAll, describe, expect, test } from "vitest";
import { expectAccessible } from "../testing/axe";
import { at, openChart, patient, shareRow } from "../testing/chart-world";
import { renderApp } from "../testing/render";
import { me, openVault } from "../testing/world";

// The chart is loaded when it is first shown; a test should not wait for that.
beforeAll(async () => void (await import("../rooms/chart")), 60_000);

/** Refuses until the proof was given, as the program does. */
function guarded<T>(answer: T, detail = "passphrase") {
  const state = { proved: false, wrong: [] as { code: string; detail: string | null }[] };
  const refused = (code: string, words: string | null) => ({ code, detail: words, retry: false });
  return {
    ask: () => {
      if (!state.proved) throw refused("step_up_needed", detail);
      return answer;
    },
    stepUp: () => {
      const wrong = state.wrong.shift();
      if (wrong) throw refused(wrong.code, wrong.detail);
      state.proved = true;
      return {};
    },
    state,
  };
}

const asHead = { "oidc.providers": { providers: [], may_change: true }, "session.state": { ...openVault()["session.state"], me: { ...me, role: "super_admin" } } as never };
const people = { people: [], devices: [] };
const invitation = { text: "INV1:XYZ", qr: "<svg/>", expires_at: new Date(Date.now() + 9 * 60_000).toISOString() };

async function openInvite(guard: ReturnType<typeof guarded<typeof invitation>>) {
  const shown = renderApp("/people", { answers: { ...asHead, "people.list": people, "people.invite": guard.ask, "session.step_up": guard.stepUp } });
  await shown.user.click(await screen.findByRole("button", { name: "Invite someone" }));
  await shown.user.click(screen.getByRole("button", { name: "Make an invitation" }));
  const dialog = await screen.findByRole("dialog", { name: "Is it still you?" });
  return { ...shown, dialog };
}

describe("proving who is there", () => {
  test("the share dialog goes on by itself after the passphrase", async () => {
    const view = { row: shareRow(0), link: "shlink:/abc", qr: "<svg xmlns='http://www.w3.org/2000/svg'/>", address: "192.168.1.20:8443", reachable: "lan", at_host: null, titles: [] };
    const guard = guarded(view);
    const choices = [{ id: patient, kind: "allergies", title: "", date: null, detail: "2" }];
    const { user, host } = renderApp(at("shares"), {
      answers: openChart({ "shares.choices": choices, "shares.make": guard.ask, "shares.view": view, "session.step_up": guard.stepUp }),
    });
    await user.click((await screen.findAllByRole("button", { name: "Share records" }))[0] as HTMLElement);
    await user.click(await screen.findByRole("button", { name: "Make the code" }));
    const dialog = await screen.findByRole("dialog", { name: "Is it still you?" });
    expect(within(dialog).queryByLabelText("Code")).not.toBeInTheDocument();
    await user.type(within(dialog).getByLabelText("Your passphrase"), "velvet tundra cactus{Enter}");
    expect(host.inputsOf("session.step_up")).toEqual([{ passphrase: "velvet tundra cactus", code: null, outside: null }]);
    expect(await screen.findByRole("img", { name: /QR code of “Share 0”/ })).toBeVisible();
    expect(host.inputsOf("shares.make")).toHaveLength(2);
    expect(host.inputsOf("shares.make")[0]).toEqual(host.inputsOf("shares.make")[1]);
    expect(screen.queryByRole("dialog", { name: "Is it still you?" })).not.toBeInTheDocument();
  });

  test("the invite dialog asks for a code too where the second factor is on", async () => {
    const guard = guarded(invitation, "passphrase+code");
    guard.state.wrong = [{ code: "wrong_code", detail: null }];
    const { user, host, dialog } = await openInvite(guard);
    await expectAccessible();
    await user.type(within(dialog).getByLabelText("Your passphrase"), "velvet tundra cactus");
    expect(within(dialog).getByRole("button", { name: "Go on" })).toBeDisabled();
    await user.type(within(dialog).getByLabelText("Code"), "123456");
    await user.click(within(dialog).getByRole("button", { name: "Go on" }));
    expect(await within(dialog).findByRole("alert")).toHaveTextContent("This code is not right.");
    expect(host.inputsOf("people.invite")).toHaveLength(1);
    await user.clear(within(dialog).getByLabelText("Code"));
    await user.type(within(dialog).getByLabelText("Code"), "654321{Enter}");
    expect(await screen.findByLabelText("Invitation")).toHaveValue("INV1:XYZ");
    expect(host.inputsOf("session.step_up").at(-1)).toEqual({ passphrase: "velvet tundra cactus", code: "654321", outside: null });
  });

  test.each(["Esc", "Cancel"])("giving it up by %s leaves the form as it was, without an error", async (how) => {
    const { user, host, dialog } = await openInvite(guarded(invitation));
    if (how === "Esc") await user.type(within(dialog).getByLabelText("Your passphrase"), "velvet{Escape}");
    else await user.click(within(dialog).getByRole("button", { name: "Cancel" }));
    await waitFor(() => expect(screen.queryByRole("dialog", { name: "Is it still you?" })).not.toBeInTheDocument());
    const form = screen.getByRole("dialog", { name: "Invite someone" });
    expect(within(form).queryByRole("alert")).not.toBeInTheDocument();
    expect(within(form).getByRole("button", { name: "Make an invitation" })).toBeEnabled();
    expect(host.inputsOf("people.invite")).toHaveLength(1);
    expect(host.inputsOf("session.step_up")).toHaveLength(0);
  });

  test("too many wrong entries count down", async () => {
    const guard = guarded(invitation);
    guard.state.wrong = [{ code: "too_many_attempts", detail: "30" }];
    const { user, dialog } = await openInvite(guard);
    await user.type(within(dialog).getByLabelText("Your passphrase"), "velvet{Enter}");
    expect(await within(dialog).findByRole("alert")).toHaveTextContent(/Try again in (30|29) seconds/);
    expect(within(dialog).getByRole("button", { name: "Go on" })).toBeDisabled();
  });

  test("is asked once more and no oftener: a second refusal is shown in the form", async () => {
    const guard = guarded(invitation);
    const { user, host, dialog } = await openInvite(guard);
    host.answer({ "session.step_up": {} });
    await user.type(within(dialog).getByLabelText("Your passphrase"), "velvet{Enter}");
    expect(await screen.findByText("This asks for your passphrase once more.")).toBeVisible();
    expect(host.inputsOf("people.invite")).toHaveLength(2);
  });

  test("a record that is locked meanwhile asks nothing any more", async () => {
    const { host, dialog } = await openInvite(guarded(invitation));
    expect(dialog).toBeVisible();
    host.tell({ kind: "session", stage: "locked" });
    await waitFor(() => expect(screen.queryByRole("dialog", { name: "Is it still you?" })).not.toBeInTheDocument());
  });
});
