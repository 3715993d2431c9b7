import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { expectAccessible } from "../../testing/axe";
import { renderApp } from "../../testing/render";
import { id } from "../../testing/world";

const chart = id(77);
const closed = { name: "Maria Okafor", restricted: true, closed: true, may_break: true, allowed: [{ user: id(3), name: "Dr Wei Chen" }] };
const refused = () => {
  throw { code: "chart_restricted", detail: null, retry: false };
};

test("a restricted chart says who opens it, and opens in an emergency with a reason", async () => {
  const { user, host } = renderApp(`/patients/${chart}/summary`, { answers: { "patients.banner": refused, "access.glass": closed, "access.break_glass": { ...closed, closed: false } } });
  expect(await screen.findByText(/It is open to: Dr Wei Chen/)).toBeVisible();
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "Open in an emergency" }));
  const dialog = await screen.findByRole("dialog", { name: "Open the chart of Maria Okafor in an emergency?" });
  await user.type(within(dialog).getByLabelText(/Why it cannot wait/), "help");
  await user.click(within(dialog).getByRole("button", { name: "Write it down and open" }));
  expect(within(dialog).getByText("Write a sentence that the patient will understand.")).toBeVisible();
  expect(host.inputsOf("access.break_glass")).toEqual([]);
  await user.type(within(dialog).getByLabelText(/Why it cannot wait/), ", she is unconscious");
  await user.click(within(dialog).getByRole("button", { name: "Write it down and open" }));
  expect(host.inputsOf("access.break_glass")).toEqual([{ patient: chart, reason: "help, she is unconscious", minutes: 60 }]);
});

test("whoever is no clinician is told so, and is offered nothing", async () => {
  renderApp(`/patients/${chart}/summary`, { answers: { "patients.banner": refused, "access.glass": { ...closed, may_break: false } } });
  expect(await screen.findByText("Your role does not open restricted charts.")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Open in an emergency" })).not.toBeInTheDocument();
});
