import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { expectAccessible } from "../../testing/axe";
import { renderApp } from "../../testing/render";
import { me, openVault } from "../../testing/world";

const login = { login: "d-0192000000007000800000000000ad8e", device: "AD8E-1C88", owner: "Dr Wei Chen" };
const world = {
  "session.state": { ...openVault()["session.state"], me: { ...me, role: "super_admin" } } as never,
  "people.list": { people: [], devices: [] },
  "realm.logins_to_end": [login],
};

test("after a removal the very login is named, with the command that ends it, until that was done", async () => {
  const { user, host } = renderApp("/people", { answers: { ...world, "realm.login_ended": [] } });
  const list = await screen.findByRole("list", { name: "Database logins to end" });
  expect(within(list).getByText("Dr Wei Chen")).toBeVisible();
  expect(within(list).getByLabelText("Command that ends the login of AD8E-1C88")).toHaveValue(`aidpost realm drop ${login.login} --apply`);
  await expectAccessible();
  await user.click(within(list).getByRole("button", { name: "It was ended: the login of AD8E-1C88" }));
  expect(host.inputsOf("realm.login_ended")).toEqual([{ login: login.login }]);
  expect(screen.queryByText("Database logins to end")).not.toBeInTheDocument();
});

test("where nothing is to be ended, nothing is said", async () => {
  renderApp("/people", { answers: { ...world, "realm.logins_to_end": [] } });
  await screen.findByRole("heading", { level: 1, name: "People and devices" });
  expect(screen.queryByText("Database logins to end")).not.toBeInTheDocument();
});
