import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import type { OutsideAccount } from "../../bindings/OutsideAccount";
import type { ProvidersView } from "../../bindings/ProvidersView";
import type { Answers } from "../../host/memory";
import { expectAccessible } from "../../testing/axe";
import { renderPart } from "../../testing/render";
import { id } from "../../testing/world";
import { AccountsCard } from "./AccountsCard";

const issuer = "https://id.harbour.example";
const offered: ProvidersView = { providers: [{ id: id(61), name: "Harbour ID", issuer, client_id: "aidpost" }], may_change: false };
const linked: OutsideAccount = { id: id(71), name: "Harbour ID", provider: id(61), issuer, since: "2026-03-02T08:00:00Z" };
const begun = { visit: id(81), address: "https://id.harbour.example/auth?state=x", ends_at: "2026-03-13T08:25:00Z" };

const show = (accounts: OutsideAccount[], more: Answers = {}) =>
  renderPart(<AccountsCard />, { answers: { "oidc.providers": offered, "oidc.accounts": accounts, "oidc.begin": begun, "oidc.wait": {}, "oidc.cancel": {}, "oidc.unlink": [], ...more } });

/** A browser that comes back when it is told to. */
function browser() {
  let back: (problem: string | null) => void = () => undefined;
  const wait = () => new Promise<object>((done, fail) => (back = (problem) => (problem ? fail({ code: problem, detail: null, retry: false }) : done({}))));
  return { wait: wait as never, back: (problem: string | null) => back(problem) };
}

describe("accounts elsewhere", () => {
  test("an account is linked in the browser, whose address can be carried over", async () => {
    const { wait, back } = browser();
    const { user, host } = show([], { "oidc.wait": wait });
    await user.click(await screen.findByRole("button", { name: "Link an account at Harbour ID" }));
    expect(host.inputsOf("oidc.begin")).toEqual([{ provider: id(61), purpose: "link" }]);
    expect(await screen.findByRole("status")).toHaveTextContent("Your browser shows Harbour ID.");
    expect(host.inputsOf("oidc.wait")).toEqual([{ id: id(81) }]);
    await user.click(screen.getByText("No browser opened?"));
    expect(screen.getByLabelText("Address of the sign-in")).toHaveValue(begun.address);
    await expectAccessible();
    host.answer({ "oidc.accounts": [linked] });
    back(null);
    host.tell({ kind: "changed", collections: ["oauth_accounts"], ids: [], from_remote: false });
    await waitFor(() => expect(screen.queryByRole("status")).not.toBeInTheDocument());
    expect(host.inputsOf("oidc.cancel")).toEqual([]);
  });

  test("what went wrong is explained", async () => {
    const { wait, back } = browser();
    const { user } = show([], { "oidc.wait": wait });
    await user.click(await screen.findByRole("button", { name: "Link an account at Harbour ID" }));
    await screen.findByRole("status");
    back("oidc.wrong_state");
    expect(await screen.findByText("The browser came back with an answer to another question.")).toBeVisible();
    expect(screen.getByRole("button", { name: "Link an account at Harbour ID" })).toBeEnabled();
  });

  test("giving up says so to the program, and leaving the page too", async () => {
    const { wait } = browser();
    const { user, host, unmount } = show([], { "oidc.wait": wait });
    await user.click(await screen.findByRole("button", { name: "Link an account at Harbour ID" }));
    await user.click(await screen.findByRole("button", { name: "Give up" }));
    expect(host.inputsOf("oidc.cancel")).toEqual([{}]);
    expect(screen.queryByRole("alert")).not.toBeInTheDocument();
    await user.click(await screen.findByRole("button", { name: "Link an account at Harbour ID" }));
    await screen.findByRole("status");
    unmount();
    expect(host.inputsOf("oidc.cancel")).toEqual([{}, {}]);
  });

  test("a linked account is shown with its day, and unlinked after a question", async () => {
    const { user, host } = show([linked, { ...linked, id: id(72), name: null, provider: null, issuer: "https://old.example" }]);
    const list = await screen.findByRole("list", { name: "Linked accounts" });
    expect(list).toHaveTextContent(/Harbour ID linked .*2026/);
    expect(list).toHaveTextContent(/https:\/\/old\.example linked .* no longer offered by the clinic/);
    await expectAccessible();
    await user.click(screen.getByRole("button", { name: "Unlink Harbour ID" }));
    const dialog = await screen.findByRole("dialog", { name: "Unlink Harbour ID?" });
    expect(host.inputsOf("oidc.unlink")).toEqual([]);
    await user.click(within(dialog).getByRole("button", { name: "Unlink" }));
    expect(host.inputsOf("oidc.unlink")).toEqual([{ id: id(71) }]);
  });

  test("is not shown where there is nothing to link", async () => {
    const { host } = show([], { "oidc.providers": { providers: [], may_change: true } });
    await waitFor(() => expect(host.inputsOf("oidc.accounts")).toHaveLength(1));
    expect(screen.queryByText("Accounts elsewhere")).not.toBeInTheDocument();
  });
});
