import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { RetentionView } from "../../bindings/RetentionView";
import { expectAccessible } from "../../testing/axe";
import { renderApp } from "../../testing/render";
import { id, me, noRetention, openVault } from "../../testing/world";

const head = { "session.state": { ...openVault()["session.state"], me: { ...me, role: "super_admin" } } as never };
const choices = [
  { user: me.user, name: "Dr Amina Rahman" },
  { user: id(3), name: "Dr Wei Chen" },
];
const named: RetentionView = { ...noRetention, custodian: id(3), custodian_name: "Dr Wei Chen", years: 20, may_name: true, choices };
const chart = { chart: id(30), pseudonym: "#AD8E-1C88", until: "2046-03-13T08:11:00Z", due: false, ended: false, moves: false };

test("a head administrator names the custodian", async () => {
  const { user, host } = renderApp("/settings", { answers: { ...head, "retention.view": { ...noRetention, may_name: true, choices }, "retention.set_custodian": named } });
  await user.selectOptions(await screen.findByLabelText("Custodian of the clinic"), "Dr Wei Chen");
  expect(host.inputsOf("retention.set_custodian")).toEqual([{ user: id(3) }]);
  expect(await screen.findByLabelText("Custodian of the clinic")).toHaveValue(id(3));
  await expectAccessible();
});

test("the chart of somebody who left is handed over after one was told what that does", async () => {
  const { user, host } = renderApp("/settings", { answers: { ...head, "retention.view": { ...named, waiting: [{ chart: id(30), name: "Maria Okafor" }] }, "retention.hand_over": named } });
  await user.click(await screen.findByRole("button", { name: "Hand over the chart of Maria Okafor" }));
  const dialog = await screen.findByRole("dialog", { name: "Hand over the chart of Maria Okafor?" });
  expect(within(dialog).getByText(/Dr Wei Chen alone can open it/)).toBeVisible();
  await expectAccessible();
  await user.click(within(dialog).getByRole("button", { name: "Hand over" }));
  expect(host.inputsOf("retention.hand_over")).toEqual([{ chart: id(30) }]);
  expect(screen.queryByText("Maria Okafor")).not.toBeInTheDocument();
});

test("the custodian is told when a chart has come to its day, destroys it with a word typed, and gets the certificate", async () => {
  const kept = { ...noRetention, custodian: me.user, kept: [{ ...chart, due: true }] };
  const { user, host } = renderApp("/", {
    answers: { "retention.view": kept, "retention.destroy": { ...kept, kept: [{ ...chart, ended: true }] }, "retention.certificate": { id: id(30), text: "{ signed }" } },
  });
  expect(await screen.findByText("1 chart that you keep for the clinic has come to its day.")).toBeVisible();
  await user.click(screen.getByRole("link", { name: "Look at them" }));
  await user.click(await screen.findByRole("button", { name: "Destroy #AD8E-1C88" }));
  const dialog = await screen.findByRole("dialog", { name: "Destroy #AD8E-1C88 for ever?" });
  const button = within(dialog).getByRole("button", { name: "Destroy" });
  expect(button).toBeDisabled();
  await user.type(within(dialog).getByLabelText("Type DELETE to go on"), "DELETE");
  await user.click(button);
  expect(host.inputsOf("retention.destroy")).toEqual([{ chart: id(30) }]);
  await user.click(await screen.findByRole("button", { name: "Show the certificate" }));
  expect(await screen.findByLabelText("Certificate of erasure")).toHaveValue("{ signed }");
});

test("one that is kept on shows its day and no way to destroy it; others see nothing", async () => {
  const { unmount } = renderApp("/settings", { answers: { "retention.view": { ...noRetention, kept: [{ ...chart, moves: true }] } } });
  const list = await screen.findByRole("list", { name: "Charts that you keep" });
  expect(within(list).getByText(/to be kept until/)).toBeVisible();
  expect(within(list).getByRole("button", { name: "Hand on #AD8E-1C88" })).toBeVisible();
  expect(within(list).queryByRole("button", { name: /Destroy/ })).not.toBeInTheDocument();
  unmount();
  renderApp("/settings");
  await screen.findByRole("heading", { level: 1, name: "Settings" });
  expect(screen.queryByText("Charts of people who left")).not.toBeInTheDocument();
});
