import { screen, within } from "@testing-library/react";
import { beforeAll, describe, expect, test } from "vitest";
import { expectAccessible } from "../../testing/axe";
import { at, banner, conflict, openChart, patient, recordRow } from "../../testing/chart-world";
import { renderApp } from "../../testing/render";
import { marked } from "./diff";
import { typedSince } from "./EditConditions";

// The chart is loaded when it is first shown; a test should not wait for that.
beforeAll(async () => void (await import("./index")));

const chart = (more = {}) => renderApp(at("summary"), { answers: openChart(more) });
const identity = () => screen.findByRole("region", { name: "Patient" });

describe("identity", () => {
  test("shows who it is, severe allergies first with their reaction, and at most four conditions", async () => {
    chart();
    const region = await identity();
    expect(within(region).getByRole("heading", { name: "Maria Okafor" })).toBeVisible();
    expect(region).toHaveTextContent("14 Aug 1967");
    expect(region).toHaveTextContent("P-204 881");
    const text = region.textContent ?? "";
    expect(text.indexOf("Penicillin")).toBeLessThan(text.indexOf("Latex"));
    expect(within(region).getByText("anaphylaxis")).toBeVisible();
    expect(within(region).getByText("Severe")).toBeInTheDocument();
    expect(region).not.toHaveTextContent("Hypothyroidism");
    expect(within(region).getByRole("button", { name: "1 more" })).toBeVisible();
    await expectAccessible();
  });

  test("tells apart: none known, asked without an answer, and not asked", async () => {
    const none = { ...banner, allergies: [] };
    const { unmount } = chart({ "patients.banner": { ...none, allergies_asked: "none_known" } });
    expect(await identity()).toHaveTextContent(/No known allergies\s*asked 5 Jan 2026 by Dr Wei Chen/);
    unmount();
    const second = chart({ "patients.banner": { ...none, allergies_asked: "unknown" } });
    expect(await identity()).toHaveTextContent("Allergies asked, answer not known");
    expect(await identity()).not.toHaveTextContent("No known allergies");
    second.unmount();
    chart({ "patients.banner": { ...none, allergies_asked: null, allergies_asked_at: null, allergies_asked_by: null } });
    expect(await identity()).toHaveTextContent("Allergies not asked");
    expect(await identity()).not.toHaveTextContent("No known allergies");
  });

  test("records the answer to the question about allergies", async () => {
    const none = { ...banner, allergies: [], allergies_asked: null };
    const { user, host } = chart({ "patients.banner": none, "patients.asked_about_allergies": none });
    await user.click(await screen.findByRole("button", { name: "Record the answer" }));
    const dialog = await screen.findByRole("dialog");
    expect(within(dialog).getByRole("button", { name: "Record the answer" })).toBeDisabled();
    await user.click(within(dialog).getByRole("radio", { name: "No known allergies" }));
    await user.click(within(dialog).getByRole("button", { name: "Record the answer" }));
    expect(host.inputsOf("patients.asked_about_allergies")).toEqual([{ patient, answer: "none_known" }]);
  });

  test("says not recorded where nothing is", async () => {
    chart({ "patients.banner": { ...banner, phone: null, blood_group: null, date_of_birth: null } });
    const region = await identity();
    for (const words of ["No phone recorded", "Blood group not recorded", "Birth date not recorded"]) expect(region).toHaveTextContent(words);
  });

  test("sends only what was changed on the front page", async () => {
    const { user, host } = chart({ "patients.change": banner });
    await user.click(await screen.findByRole("button", { name: "Edit the front page" }));
    const phone = await screen.findByRole("textbox", { name: "Telephone" });
    await user.clear(phone);
    await user.type(phone, "+44 1");
    await user.click(screen.getByRole("button", { name: "Save" }));
    const [input] = host.inputsOf("patients.change");
    expect(input).toMatchObject({ patient, phone: "+44 1", name: null, blood_group: null, is_archived: null });
  });
});

describe("frame", () => {
  test("number keys change the tab, N opens the note beside the chart", async () => {
    const { user, history } = chart();
    await identity();
    await user.keyboard("3");
    expect(await screen.findByText("No vital sign is recorded yet.")).toBeVisible();
    expect(history.location.pathname).toBe(at("vitals"));
    await user.keyboard("n");
    expect(await screen.findByRole("complementary", { name: "New note" })).toBeVisible();
    expect(screen.getByRole("tab", { name: /Vitals/, selected: true })).toBeVisible();
  });

  test("a chart without a tab opens at its summary", async () => {
    const { history } = renderApp(`/patients/${patient}`, { answers: openChart() });
    await identity();
    expect(history.location.pathname).toBe(at("summary"));
  });

  test("a conflict is compared side by side and decided", async () => {
    const { user, host } = chart({ "patients.banner": { ...banner, counts: { ...banner.counts, conflicts: 1 } }, "sync.conflicts": [conflict], "sync.resolve": {} });
    expect(await screen.findByText(/Two versions of “Telephone” differ/)).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Compare and choose" }));
    const dialog = await screen.findByRole("dialog");
    expect(within(dialog).getByText("124")).toBeVisible();
    expect(within(dialog).getByText("142").tagName).toBe("MARK");
    await expectAccessible();
    await user.click(within(dialog).getByRole("button", { name: "Use this one" }));
    expect(host.inputsOf("sync.resolve")).toEqual([{ id: conflict.id, keep_displaced: true }]);
  });

  test("a conflict of another chart is not shown here", async () => {
    chart({ "patients.banner": { ...banner, counts: { ...banner.counts, conflicts: 1 } }, "sync.conflicts": [{ ...conflict, patient: "other" }] });
    await identity();
    expect(screen.queryByText(/Two versions/)).toBeNull();
  });

  test("a record of the summary opens on its tab", async () => {
    const row = recordRow(1, { title: "Lipid panel" });
    const { user, history } = chart({
      "summary.view": { ...(openChart()["summary.view"] as object), records: [row] } as never,
      "records.list": { total: 1, rows: [row] },
      "records.view": row,
    });
    await user.click(await screen.findByRole("button", { name: /Lipid panel/ }));
    expect(history.location.pathname).toBe(at("records"));
    expect(await screen.findByRole("region", { name: "Lipid panel" })).toBeVisible();
  });
});

test("differences are marked on the words that differ", () => {
  // All of the shorter text is found in the longer one: nothing of it is marked.
  expect(marked("take 5 mg daily", "take 2.5 mg daily")).toEqual([{ text: "take 5 mg daily", differs: false }]);
  expect(marked("take 2.5 mg daily", "take 5 mg daily").filter((piece) => piece.differs).map((piece) => piece.text).join("")).toBe("2.");
  expect(marked("left", "")).toEqual([{ text: "left", differs: true }]);
});

test("a condition's beginning may be a year, a month or a day", () => {
  expect(typedSince("2020")).toBe("2020");
  expect(typedSince("3/2020")).toBe("2020-03");
  expect(typedSince("14 aug 2019")).toBe("2019-08-14");
  expect(typedSince("13/2020")).toBeNull();
  expect(typedSince("long ago")).toBeNull();
});
