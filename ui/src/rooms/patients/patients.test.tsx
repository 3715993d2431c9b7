import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { BannerView } from "../../bindings/BannerView";
import type { FindPatients } from "../../bindings/FindPatients";
import { expectAccessible } from "../../testing/axe";
import { renderApp } from "../../testing/render";
import { id, patientRow } from "../../testing/world";

const everyone = Array.from({ length: 10_000 }, (_, n) => patientRow(n, { name: `Patient ${n}` }));
const find = ({ text, offset, limit }: FindPatients) => {
  const rows = everyone.filter((row) => row.name.toLowerCase().includes(text.toLowerCase()));
  return { total: rows.length, rows: rows.slice(offset, offset + limit) };
};
const ready = () => screen.findByRole("listbox", { name: "Patients" });

test("ten thousand patients are a list of which only the rows in sight exist", async () => {
  renderApp("/patients", { answers: { "patients.find": find } });
  const list = await ready();
  expect(screen.getByText("10,000 patients")).toBeVisible();
  const rows = within(list).getAllByRole("option");
  expect(rows.length).toBeGreaterThan(5);
  expect(rows.length).toBeLessThan(60);
});

test("finds as one types, and Enter opens the marked one", async () => {
  const { user, host, history } = renderApp("/patients", { answers: { "patients.find": find } });
  await ready();
  await user.type(screen.getByRole("textbox", { name: "Search patients" }), "9876");
  await waitFor(() => expect(screen.getByText("1 patient")).toBeVisible());
  expect(host.inputsOf("patients.find").at(-1)).toMatchObject({ text: "9876", offset: 0, archived: false, saved: false });
  await user.keyboard("{Enter}");
  await waitFor(() => expect(history.location.pathname).toMatch(`/patients/${id(1000 + 9876)}`));
});

test("arrows move the mark while the text keeps the focus", async () => {
  const { user } = renderApp("/patients", { answers: { "patients.find": find } });
  await ready();
  await user.click(screen.getByRole("textbox", { name: "Search patients" }));
  await user.keyboard("{ArrowDown}{ArrowDown}");
  expect(screen.getByRole("option", { selected: true })).toHaveTextContent("Patient 2");
});

test("nobody found offers to register with the typed name", async () => {
  const { user } = renderApp("/patients", { answers: { "patients.find": find, "patients.similar": [] } });
  await ready();
  await user.type(screen.getByRole("textbox", { name: "Search patients" }), "Okafor");
  await user.click(await screen.findByRole("button", { name: "Register “Okafor”" }));
  const dialog = await screen.findByRole("dialog", { name: "Register a patient" });
  expect(within(dialog).getByLabelText(/^Name/)).toHaveValue("Okafor");
});

test("registers: dates as people write them, doubles shown first, absent stays absent", async () => {
  const banner = { id: id(77) } as BannerView;
  const { user, host, history } = renderApp("/patients?register=true", {
    answers: { "patients.find": find, "patients.register": banner, "patients.similar": [patientRow(5, { name: "Maria Okafor" })] },
  });
  const dialog = await screen.findByRole("dialog", { name: "Register a patient" });
  await user.click(within(dialog).getByRole("button", { name: "Open the chart" }));
  expect(within(dialog).getByText("A chart needs a name.")).toBeVisible();
  await user.type(within(dialog).getByLabelText(/^Name/), "Maria Okafor");
  await user.type(within(dialog).getByLabelText("Date of birth"), "14 aug 1967");
  expect(within(dialog).getByText(/14 Aug 1967 · \d+ y/)).toBeVisible();
  expect(await within(dialog).findByText(/Perhaps already here/)).toBeVisible();
  await user.click(within(dialog).getByRole("button", { name: "Open the chart" }));
  expect(host.inputsOf("patients.register")).toEqual([
    { name: "Maria Okafor", date_of_birth: "1967-08-14", gender: null, phone: null, email: null, address: null, preferred_language: null, blood_group: null },
  ]);
  // The chart goes on to its first tab by itself.
  await waitFor(() => expect(history.location.pathname).toBe(`/patients/${id(77)}/summary`));
});

test("a date that is none is not guessed", async () => {
  const { user } = renderApp("/patients?register=true", { answers: { "patients.find": find, "patients.similar": [] } });
  const dialog = await screen.findByRole("dialog", { name: "Register a patient" });
  await user.type(within(dialog).getByLabelText("Date of birth"), "31/02/1967");
  await user.tab();
  expect(within(dialog).getByText(/Write the day, the month and a four-digit year/)).toBeVisible();
});

test("is accessible, list and dialog", async () => {
  renderApp("/patients?register=true", { answers: { "patients.find": find, "patients.similar": [] } });
  await screen.findByRole("dialog", { name: "Register a patient" });
  await expectAccessible();
});

test("a doctor sees only those whom they saved, and how to save one", async () => {
  const { user, host } = renderApp("/patients", { answers: { "patients.find": (ask) => (ask.saved ? { total: 0, rows: [] } : find(ask)) } });
  await ready();
  await user.click(screen.getByRole("switch", { name: "Only saved by you" }));
  expect(await screen.findByText(/You keep no patient at hand yet/)).toBeVisible();
  expect(host.inputsOf("patients.find").at(-1)).toMatchObject({ saved: true, archived: false });
});
