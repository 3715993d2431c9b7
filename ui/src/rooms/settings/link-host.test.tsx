import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { expectAccessible } from "../../testing/axe";
import { renderApp } from "../../testing/render";

test("an administrator says where the link host is", async () => {
  const address = "https://links.example.org";
  const { user, host } = renderApp("/settings", { answers: { "shares.host": { address: null, may_change: true }, "shares.set_host": { address, may_change: true } } });
  const field = await screen.findByRole("textbox", { name: "Address of the link host" });
  expect(screen.getAllByRole("button", { name: "Save" }).some((button) => button.hasAttribute("disabled"))).toBe(true);
  await user.type(field, ` ${address}`);
  await expectAccessible();
  const form = field.closest("form") as HTMLFormElement;
  await user.click(form.querySelector("button[type=submit]") as HTMLElement);
  expect(host.inputsOf("shares.set_host")).toEqual([{ address }]);
  expect(await screen.findByDisplayValue(address)).toBeVisible();
});

test("others do not see it", async () => {
  renderApp("/settings", { answers: { "shares.host": { address: null, may_change: false } } });
  await screen.findByRole("heading", { level: 1, name: "Settings" });
  expect(screen.queryByText("Link host")).not.toBeInTheDocument();
});
