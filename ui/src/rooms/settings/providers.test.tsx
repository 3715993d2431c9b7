import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import type { ProvidersView } from "../../bindings/ProvidersView";
import type { Answers } from "../../host/memory";
import { expectAccessible } from "../../testing/axe";
import { renderPart } from "../../testing/render";
import { id } from "../../testing/world";
import { ProvidersCard } from "./ProvidersCard";

const harbour = { id: id(61), name: "Harbour ID", issuer: "https://id.harbour.example", client_id: "aidpost" };
const nothing: ProvidersView = { providers: [], may_change: true };
const one: ProvidersView = { providers: [harbour], may_change: true };

const show = (view: ProvidersView, more: Answers = {}) =>
  renderPart(<ProvidersCard />, { answers: { "oidc.providers": view, "oidc.set_provider": one, "oidc.remove_provider": nothing, "oidc.test_provider": {}, ...more } });

describe("sign-in providers", () => {
  test("an administrator tests a provider and adds it", async () => {
    const { user, host } = show(nothing);
    await user.click(await screen.findByRole("button", { name: "Add a provider" }));
    await user.type(screen.getByLabelText("Name"), "Harbour ID");
    await user.type(screen.getByLabelText("Address of the provider"), "https://id.harbour.example");
    await user.click(screen.getByRole("button", { name: "Test" }));
    expect(host.inputsOf("oidc.test_provider")).toEqual([{ issuer: "https://id.harbour.example" }]);
    expect(await screen.findByText("The provider answers and can be used.")).toBeVisible();
    expect(screen.getByRole("button", { name: "Save" })).toBeDisabled();
    await user.type(screen.getByLabelText("Client identifier"), "aidpost");
    expect(screen.queryByText("The provider answers and can be used.")).not.toBeInTheDocument();
    await expectAccessible();
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(host.inputsOf("oidc.set_provider")).toEqual([{ ...harbour, id: null }]);
    expect(await screen.findByRole("list", { name: "Providers" })).toHaveTextContent("Harbour IDhttps://id.harbour.example");
  });

  test("the test says plainly what is wrong", async () => {
    const { user } = show(nothing, {
      "oidc.test_provider": () => {
        throw { code: "oidc.not_provider", detail: "404", retry: false };
      },
    });
    await user.click(await screen.findByRole("button", { name: "Add a provider" }));
    await user.type(screen.getByLabelText("Address of the provider"), "https://harbour.example");
    await user.click(screen.getByRole("button", { name: "Test" }));
    expect(await screen.findByText("No provider answers at this address.")).toBeVisible();
    expect(screen.getByText(/its issuer, letter by letter/)).toBeVisible();
  });

  test("the address of a provider stays, and another is another provider", async () => {
    const { user, host } = show(one);
    await user.click(await screen.findByRole("button", { name: "Change Harbour ID" }));
    expect(screen.getByLabelText("Address of the provider")).toHaveAttribute("readonly");
    await user.type(screen.getByLabelText("Client identifier"), "2");
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(host.inputsOf("oidc.set_provider")).toEqual([{ ...harbour, client_id: "aidpost2" }]);
  });

  test("a provider is withdrawn after a question", async () => {
    const { user, host } = show(one);
    await user.click(await screen.findByRole("button", { name: "Withdraw Harbour ID" }));
    const dialog = await screen.findByRole("dialog", { name: "Withdraw Harbour ID?" });
    expect(host.inputsOf("oidc.remove_provider")).toEqual([]);
    await user.click(within(dialog).getByRole("button", { name: "Withdraw" }));
    expect(host.inputsOf("oidc.remove_provider")).toEqual([{ id: harbour.id }]);
    await waitFor(() => expect(screen.queryByText("Harbour ID")).not.toBeInTheDocument());
  });

  test("whoever may not change them does not see them", async () => {
    const { host } = show({ ...one, may_change: false });
    await waitFor(() => expect(host.inputsOf("oidc.providers")).toHaveLength(1));
    expect(screen.queryByText("Sign-in providers")).not.toBeInTheDocument();
  });
});
