import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { expectAccessible } from "../../testing/axe";
import { dryRun } from "../../testing/intake";
import { renderApp } from "../../testing/render";
import { id, patientRow } from "../../testing/world";

const file = (name = "okafor-summary.json") => new File(['{"resourceType":"Bundle"}'], name, { type: "application/json" });
const reads = { askBytes: { "intake.read": () => dryRun } };

async function upload(user: ReturnType<typeof renderApp>["user"]) {
  await screen.findByRole("heading", { level: 1, name: "Import files" });
  await user.upload(await screen.findByTestId("file-input"), file());
}

test("shows what would change before anything changes, the dangerous kinds first", async () => {
  const { user, host } = renderApp("/import", { byteAnswers: reads });
  await upload(user);
  const counts = await screen.findByRole("region", { name: "What would change" });
  expect(counts).toHaveTextContent(/New2/);
  expect(counts).toHaveTextContent(/Already here1/);
  expect(counts).toHaveTextContent(/Different1/);
  expect(counts).toHaveTextContent(/Kept as original3/);
  const headings = screen.getAllByRole("heading", { level: 2 }).map((one) => one.textContent);
  expect(headings.indexOf("Allergies")).toBeLessThan(headings.indexOf("Records"));
  expect(screen.getByText("1 element could not be read")).toBeVisible();
  expect(host.asked.find((one) => one.name === "intake.read")?.input).toEqual({ file_name: "okafor-summary.json", patient: null });
  expect(host.inputsOf("intake.file")).toEqual([]);
});

test("files only what is ticked, into the chart a person chose, with progress and a report", async () => {
  const chart = patientRow(1).id;
  let finish: (() => void) | undefined;
  const { user, host } = renderApp("/import", {
    byteAnswers: reads,
    answers: {
      "intake.choose": dryRun,
      "intake.file": () => new Promise((done) => (finish = () => done({ patient: chart, filed: 2, skipped: 1 }))),
    },
  });
  await upload(user);
  const button = await screen.findByRole("button", { name: "File 3 entries" });
  expect(button).toBeDisabled();
  await user.click(screen.getByRole("radio", { name: /Maria Okafor/ }));
  await waitFor(() => expect(host.inputsOf("intake.choose")).toEqual([{ ticket: dryRun.ticket, index: 0, patient: chart }]));
  expect(screen.getByRole("checkbox", { name: /Penicillin/ })).toBeDisabled();
  await user.click(screen.getByRole("checkbox", { name: /Latex/ }));
  await user.click(screen.getByRole("button", { name: "File 2 entries" }));
  await waitFor(() => expect(finish).toBeDefined());
  act(() => host.tell({ kind: "progress", task: "import", done: 1, total: 2 }));
  expect(await screen.findByText(/Filing · 1 \/ 2/)).toBeVisible();
  act(() => finish?.());
  expect(await screen.findByText(/2 entries were filed\./)).toBeVisible();
  expect(screen.getByText(/1 was here already\./)).toBeVisible();
  const [asked] = host.inputsOf("intake.file");
  expect(asked).toMatchObject({ ticket: dryRun.ticket, patient: chart });
  expect([...(asked?.items ?? [])].sort()).toEqual([id(6003), id(6004)]);
  expect(screen.getByRole("link", { name: "Open the chart" })).toHaveAttribute("href", `/patients/${chart}`);
});

test("a filing can be stopped; nothing is stored and the list stays", async () => {
  const chart = patientRow(1).id;
  let refuse: (() => void) | undefined;
  const { user, host } = renderApp(`/import?patient=${chart}`, {
    byteAnswers: reads,
    answers: {
      "patients.banner": { name: "Wei Chen" } as never,
      "intake.cancel": {},
      "intake.file": () => new Promise((_, failed) => (refuse = () => failed({ code: "import_stopped", detail: null, retry: false }))),
    },
  });
  await upload(user);
  expect(screen.queryByRole("button", { name: "Stop filing" })).not.toBeInTheDocument();
  await user.click(await screen.findByRole("button", { name: "File 3 entries" }));
  expect(screen.queryByRole("button", { name: "Keep none" })).not.toBeInTheDocument();
  await user.click(await screen.findByRole("button", { name: "Stop filing" }));
  expect(host.inputsOf("intake.cancel")).toEqual([{ id: dryRun.ticket }]);
  act(() => refuse?.());
  expect(await screen.findByText("The filing was stopped. Nothing of it was stored.")).toBeVisible();
  expect(screen.getByRole("button", { name: "File 3 entries" })).toBeEnabled();
  expect(screen.getByRole("button", { name: "Keep none" })).toBeEnabled();
});

test("keeping none throws the dry run away", async () => {
  const { user, host } = renderApp("/import", { byteAnswers: reads, answers: { "intake.discard": {} } });
  await upload(user);
  await user.click(await screen.findByRole("button", { name: "Keep none" }));
  await waitFor(() => expect(host.inputsOf("intake.discard")).toEqual([{ id: dryRun.ticket }]));
  expect(await screen.findByTestId("file-input")).toBeInTheDocument();
});

test("a refused file says why and what to ask for", async () => {
  const { user } = renderApp("/import", {
    byteAnswers: {
      askBytes: {
        "intake.read": () => {
          throw { code: "xml", detail: null, retry: false };
        },
      },
    },
  });
  await upload(user);
  const alert = await screen.findByRole("alert");
  expect(within(alert).getByText("The file is XML; JSON is needed.")).toBeVisible();
  expect(within(alert).getByText("Ask the sender for FHIR R4 in JSON.")).toBeVisible();
});

test("begun from a chart, the file goes there without a question", async () => {
  const chart = patientRow(3).id;
  const { user, host } = renderApp(`/import?patient=${chart}`, { byteAnswers: reads, answers: { "patients.banner": { name: "Wei Chen" } as never } });
  await upload(user);
  expect(await screen.findByRole("button", { name: "File 3 entries" })).toBeEnabled();
  expect(screen.queryByRole("radio")).not.toBeInTheDocument();
  expect(host.asked.find((one) => one.name === "intake.read")?.input).toEqual({ file_name: "okafor-summary.json", patient: chart });
});

test("is accessible, before and with a dry run", async () => {
  const { user } = renderApp("/import", { byteAnswers: reads });
  await screen.findByTestId("file-input");
  await expectAccessible();
  await upload(user);
  await screen.findByRole("region", { name: "What would change" });
  await expectAccessible();
});
