import { act, screen, waitFor, within } from "@testing-library/react";
import { beforeAll, describe, expect, test } from "vitest";
import { expectAccessible } from "../../testing/axe";
import { at, banner, conflict, openChart, patient, recordRow } from "../../testing/chart-world";
import { renderApp } from "../../testing/render";
import { me, openVault } from "../../testing/world";
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

  test("says for as long as it is so that the clinic can recover the account of who is at work", async () => {
    const { unmount } = chart();
    expect(await identity()).not.toHaveTextContent("The clinic can recover your account");
    unmount();
    chart({ "session.state": { ...openVault()["session.state"], me: { ...me, clinic_recovers: true } } as never });
    expect(await identity()).toHaveTextContent("The clinic can recover your account");
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

describe("front page", () => {
  test("what is emptied is named as such, and said before it is saved", async () => {
    const { user, host } = chart({ "patients.change": banner });
    await user.click(await screen.findByRole("button", { name: "Edit the front page" }));
    await user.clear(await screen.findByRole("textbox", { name: "Telephone" }));
    await user.clear(screen.getByRole("textbox", { name: "Date of birth" }));
    await user.click(screen.getByRole("combobox", { name: "Blood group" }));
    await user.click(within(screen.getByRole("listbox", { name: "Blood group", hidden: true })).getByText("Not recorded"));
    expect(screen.getByText(/3 fields are emptied when you save\. The history keeps what they said\./)).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Save" }));
    const [input] = host.inputsOf("patients.change");
    expect(input).toMatchObject({ patient, phone: null, date_of_birth: null, blood_group: null, name: null });
    expect([...(input?.cleared ?? [])].sort()).toEqual(["blood_group", "date_of_birth", "phone"]);
  });

  test("a field that was empty all along is not emptied", async () => {
    const { user, host } = chart({ "patients.change": banner, "patients.banner": { ...banner, email: null } });
    await user.click(await screen.findByRole("button", { name: "Edit the front page" }));
    await user.click(await screen.findByRole("button", { name: "Save" }));
    expect(host.inputsOf("patients.change")).toEqual([]);
  });

  test("a birth date that cannot be read is neither saved nor taken as a wish to have none", async () => {
    const { user, host } = chart({ "patients.change": banner });
    await user.click(await screen.findByRole("button", { name: "Edit the front page" }));
    const born = await screen.findByRole("textbox", { name: "Date of birth" });
    await user.clear(born);
    await user.type(born, "31/31/1967");
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(screen.getByText(/Write the day, the month and a four-digit year/)).toBeVisible();
    expect(screen.queryByText(/emptied when you save/)).not.toBeInTheDocument();
    expect(host.inputsOf("patients.change")).toEqual([]);
  });

  test("says which entries only a newer program can change", async () => {
    renderApp(at("summary"), { answers: openChart({ "patients.banner": { ...banner, newer: 2 } }) });
    expect(await screen.findByText("2 entries of this chart were changed with a newer Aidpost")).toBeVisible();
    expect(screen.getByText(/cannot be changed here/)).toBeVisible();
  });

  test("a picture is added, shown in the banner and taken away", async () => {
    const photo = { ...banner, photo: "ab".repeat(32), photo_here: true };
    const shown = renderApp(at("summary"), {
      answers: openChart({ "patients.remove_photo": banner }),
      byteAnswers: { askBytes: { "patients.set_photo": () => photo }, bytes: { "patients.photo": () => new Uint8Array([255, 216]) } },
    });
    const { user, host } = shown;
    await user.click(await screen.findByRole("button", { name: "Edit the front page" }));
    await user.upload(await screen.findByTestId("photo-input"), new File(["jpeg"], "face.jpg", { type: "image/jpeg" }));
    // The file is read before it is sent.
    await waitFor(() => expect(host.asked.find((one) => one.name === "patients.set_photo")?.input).toEqual({ patient }));
    host.answer({ "patients.banner": photo });
    act(() => host.tell({ kind: "changed", collections: ["patients"], ids: [patient], from_remote: false }));
    await user.click(await screen.findByRole("button", { name: "Take it away" }));
    await waitFor(() => expect(host.inputsOf("patients.remove_photo")).toEqual([{ patient }]));
    await waitFor(async () => expect((await identity()).querySelector("img")).toHaveAttribute("src", "blob:test"));
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
    expect(host.inputsOf("sync.resolve")).toEqual([{ id: conflict.id, keep: "displaced" }]);
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
