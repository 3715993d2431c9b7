import { screen, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import type { Answers } from "../host/memory";
import { expectAccessible } from "../testing/axe";
import { renderApp } from "../testing/render";
import { id, me, openVault } from "../testing/world";

const account = { id: id(71), name: "Harbour ID", provider: id(61), issuer: "https://id.harbour.example", since: "2026-03-02T08:00:00Z" };
const refused = (code: string, detail: string | null = null) => ({ code, detail, retry: false });

async function openQuestion(more: Answers = {}, detail = "passphrase+code") {
  const shown = renderApp("/people", {
    answers: {
      "session.state": { ...openVault()["session.state"], me: { ...me, role: "super_admin" } } as never,
      "people.list": { people: [], devices: [] },
      "people.invite": () => {
        throw refused("step_up_needed", detail);
      },
      "oidc.accounts": [account, { ...account, id: id(72) }],
      "oidc.begin": { visit: id(81), address: "https://id.harbour.example/auth", ends_at: "2026-03-13T08:25:00Z" },
      "oidc.wait": {},
      "oidc.cancel": {},
      "session.step_up": {},
      ...more,
    },
  });
  await shown.user.click(await screen.findByRole("button", { name: "Invite someone" }));
  await shown.user.click(screen.getByRole("button", { name: "Make an invitation" }));
  return { ...shown, dialog: within(await screen.findByRole("dialog", { name: "Is it still you?" })) };
}

describe("a provider in the place of the code", () => {
  test("the passphrase stays, and the visit goes with it", async () => {
    const { user, host, dialog } = await openQuestion();
    const prove = await dialog.findByRole("button", { name: "Prove it with Harbour ID" });
    await expectAccessible();
    await user.click(prove);
    expect(host.inputsOf("oidc.begin")).toEqual([{ provider: id(61), purpose: "step_up" }]);
    expect(await dialog.findByText("Proved with Harbour ID")).toBeVisible();
    expect(dialog.queryByLabelText("Code")).not.toBeInTheDocument();
    expect(dialog.getByRole("button", { name: "Go on" })).toBeDisabled();
    await user.type(dialog.getByLabelText("Your passphrase"), "velvet tundra cactus{Enter}");
    expect(host.inputsOf("session.step_up")).toEqual([{ passphrase: "velvet tundra cactus", code: null, outside: id(81) }]);
  });

  test("a visit that is over asks for the code again", async () => {
    const { user, dialog } = await openQuestion({
      "session.step_up": () => {
        throw refused("oidc.over");
      },
    });
    await user.click(await dialog.findByRole("button", { name: "Prove it with Harbour ID" }));
    await user.type(dialog.getByLabelText("Your passphrase"), "velvet tundra cactus{Enter}");
    expect(await dialog.findByLabelText("Code")).toBeVisible();
    expect(dialog.getByText(/was used, or is older than five minutes/)).toBeVisible();
  });

  test("another account than the linked one is refused, and the code is still there", async () => {
    const { user, dialog } = await openQuestion({
      "oidc.wait": () => {
        throw refused("oidc.other_account");
      },
    });
    await user.click(await dialog.findByRole("button", { name: "Prove it with Harbour ID" }));
    expect(await dialog.findByText("This is not an account that you linked.")).toBeVisible();
    expect(dialog.getByLabelText("Code")).toBeVisible();
  });

  test("is not offered where no code is asked for", async () => {
    const { host, dialog } = await openQuestion({}, "passphrase");
    expect(dialog.queryByRole("button", { name: /Prove it/ })).not.toBeInTheDocument();
    expect(host.inputsOf("oidc.accounts")).toEqual([]);
  });
});
