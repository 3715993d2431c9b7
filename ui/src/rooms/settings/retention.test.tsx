import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { expectAccessible } from "../../testing/axe";
import { renderApp } from "../../testing/render";
import { me, noWish, openVault } from "../../testing/world";

const head = { "session.state": { ...openVault()["session.state"], me: { ...me, role: "super_admin" } } as never };

test("an administrator says how long entries must be kept", async () => {
  const { user, host } = renderApp("/settings", { answers: { ...head, "deletion.set_retention": { ...noWish, retention_years: 20 } } });
  const field = await screen.findByLabelText("Years for which entries in charts must be kept");
  expect(field).toHaveValue("");
  await user.type(field, "20");
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(host.inputsOf("deletion.set_retention")).toEqual([{ years: 20 }]);
});

test("others do not see it", async () => {
  renderApp("/settings");
  await screen.findByRole("heading", { level: 1, name: "Settings" });
  expect(screen.queryByText("Keeping records")).not.toBeInTheDocument();
});
