import { screen, within } from "@testing-library/react";
import { beforeAll, expect, test } from "vitest";
import type { MedicationRow } from "../../bindings/MedicationRow";
import { expectAccessible } from "../../testing/axe";
import { at, openChart, patient } from "../../testing/chart-world";
import { renderApp } from "../../testing/render";
import { id, me } from "../../testing/world";

// The chart is loaded when it is first shown; a test should not wait for that.
beforeAll(async () => void (await import("../chart")));

const row = (n: number, more: Partial<MedicationRow> = {}): MedicationRow => ({
  id: id(6000 + n),
  name: `Medicine ${n}`,
  dosage: null,
  status: "active",
  source: "prescribed",
  started_on: null,
  ended_on: null,
  reason: null,
  prescriber: null,
  origin: null,
  waiting: false,
  ...more,
});

test("in use and over stand apart, and what is missing is said", async () => {
  renderApp(at("medications"), { answers: openChart({ "medications.list": [row(1), row(2, { status: "stopped", ended_on: "2026-01-02" })] }) });
  const used = await screen.findByRole("region", { name: "In use" });
  expect(used).toHaveTextContent("Medicine 1");
  expect(used).toHaveTextContent("dosage not recorded");
  expect(screen.getByRole("region", { name: "No longer in use" })).toHaveTextContent("until 2 Jan 2026");
  await expectAccessible();
});

test("an empty list does not say that none is taken", async () => {
  renderApp(at("medications"), { answers: openChart() });
  expect(await screen.findByText(/not the same as none taken/)).toBeVisible();
});

test("a clinician adds a prescribed medicine", async () => {
  const { user, host } = renderApp(at("medications"), { answers: openChart({ "medications.add": row(3) }) });
  await user.click((await screen.findAllByRole("button", { name: "Add a medicine" }))[0] as HTMLElement);
  const dialog = await screen.findByRole("dialog");
  await user.click(within(dialog).getByRole("button", { name: "Add" }));
  expect(within(dialog).getByText("Write the name of the medicine.")).toBeVisible();
  await user.type(within(dialog).getByRole("textbox", { name: /Medicine and strength/ }), "Apixaban 5 mg");
  await user.type(within(dialog).getByRole("textbox", { name: "Since" }), "3/2/2026");
  await user.click(within(dialog).getByRole("button", { name: "Add" }));
  expect(host.inputsOf("medications.add")).toEqual([{ patient, name: "Apixaban 5 mg", dosage: null, source: "prescribed", started_on: "2026-02-03", reason: null }]);
});

test("who is no clinician can only tell what is taken", async () => {
  const answers = openChart({ "medications.add": row(3), "session.state": { stage: "open", profiles: [], me: { ...me, clinical: false }, locked: null, joining: null, version: "0", erased: [] } });
  const { user, host } = renderApp(at("medications"), { answers });
  await user.click((await screen.findAllByRole("button", { name: "Add a medicine" }))[0] as HTMLElement);
  expect(screen.queryByRole("radio", { name: "Prescribed by me" })).toBeNull();
  await user.type(await screen.findByRole("textbox", { name: /Medicine and strength/ }), "Ibuprofen");
  await user.keyboard("{Control>}{Enter}{/Control}");
  expect(host.inputsOf("medications.add")[0]?.source).toBe("taken");
});

test("stopping asks for the last day and takes today when left empty", async () => {
  const { user, host } = renderApp(at("medications"), { answers: openChart({ "medications.list": [row(1)], "medications.stop": row(1) }) });
  await user.click(await screen.findByRole("button", { name: "Stop Medicine 1" }));
  await user.click(within(await screen.findByRole("dialog", { name: /\?$/ })).getByRole("button", { name: "Mark as stopped" }));
  expect(host.inputsOf("medications.stop")).toEqual([{ id: id(6001), ended_on: null }]);
});
