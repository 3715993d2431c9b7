import { act, screen, waitFor, within } from "@testing-library/react";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { expectAccessible } from "../../testing/axe";
import { at, banner, openChart, patient, recordRow } from "../../testing/chart-world";
import { renderApp } from "../../testing/render";
import { id } from "../../testing/world";
import { guess } from "./guess";
import { nextZoom } from "./ZoomButtons";

// The chart is loaded when it is first shown; a test should not wait for that.
beforeAll(async () => void (await import("../chart")));

describe("guess", () => {
  test("reads type and date, and proposes nothing where it sees nothing", () => {
    expect(guess("labo_lipid_2026-03-03.pdf", "2026-03-13")).toEqual({ title: "Labo lipid", type: "LAB_REPORT", date: "2026-03-03" });
    expect(guess("ChestXray 18.02.2026.jpg", "2026-03-13")).toEqual({ title: "Chest Xray", type: "SCAN", date: "2026-02-18" });
    expect(guess("ordonnance.pdf", "2026-03-13").type).toBe("PRESCRIPTION");
    expect(guess("IMG_4711.jpg", "2026-03-13")).toEqual({ title: "IMG 4711", type: null, date: null });
  });

  test("never proposes a day that does not exist or has not come", () => {
    expect(guess("scan 2026-02-30.pdf", "2026-03-13").date).toBeNull();
    expect(guess("scan 2026-03-14.pdf", "2026-03-13").date).toBeNull();
  });
});

describe("room", () => {
  const rows = [recordRow(1, { title: "Lipid panel", shared: 1, origin: "City Hospital" }), recordRow(2, { title: "Chest X-ray", waiting: true })];
  const shown = (more = {}, bytes: Uint8Array = new TextEncoder().encode("LDL 3.7")) =>
    renderApp(at("records"), {
      answers: openChart({ "records.list": ({ text }: { text: string }) => ({ total: 2, rows: rows.filter((row) => row.title.toLowerCase().includes(text.toLowerCase())) }), "records.view": rows[0], ...more }),
      byteAnswers: { bytes: { "records.file": () => bytes } },
    });

  test("lists, searches, and opens one beside the list with where it came from", async () => {
    const { user, host } = shown();
    expect(await screen.findByRole("option", { name: /Lipid panel/ })).toHaveTextContent("Shared");
    expect(screen.getByRole("option", { name: /Chest X-ray/ })).toHaveTextContent("Waiting to send");
    await user.type(screen.getByRole("textbox", { name: "Search records" }), "lip");
    await waitFor(() => expect(host.inputsOf("records.list").at(-1)).toMatchObject({ patient, text: "lip", document_type: null, archived: false }));
    await user.click(await screen.findByRole("option", { name: /Lipid panel/ }));
    expect(await screen.findByText("LDL 3.7")).toBeVisible();
    expect(screen.getByText("Imported from City Hospital")).toBeVisible();
    expect(screen.getByText("Whole, as filed")).toBeVisible();
    await expectAccessible();
  });

  test("a file that has not arrived says so and is not asked for", async () => {
    const away = recordRow(1, { files: [{ id: id(1), name: "scan.pdf", media_type: "application/pdf", size: 9, here: false, coming: true, thumbnail: false, sha256: "00" }] });
    const { user, host } = shown({ "records.view": away });
    await user.click(await screen.findByRole("option", { name: /Lipid panel/ }));
    expect(await screen.findByText(/not on this device yet/)).toBeVisible();
    expect(screen.getByRole("button", { name: "Save a copy" })).toBeDisabled();
    expect(host.asked.some((one) => one.name === "records.file")).toBe(false);
  });

  test("a file that was left in the database is fetched when it is opened, and can be given up", async () => {
    const file = { id: id(1), name: "scan.pdf", media_type: "application/pdf", size: 12_000_000, here: false, coming: false, thumbnail: false, sha256: "00" };
    const away = recordRow(1, { title: "Lipid panel", files: [file] });
    const coming = { ...away, files: [{ ...file, coming: true }] };
    const { user, host } = shown({ "records.list": { total: 1, rows: [away] }, "records.view": away, "records.want_file": ({ wanted }: { wanted: boolean }) => (host.answer({ "records.view": wanted ? coming : away }), wanted ? coming : away) });
    expect(await screen.findByRole("option", { name: /Lipid panel/ })).toHaveTextContent("In the database");
    await user.click(screen.getByRole("option", { name: /Lipid panel/ }));
    await waitFor(() => expect(host.inputsOf("records.want_file")).toEqual([{ record: away.id, file: id(1), wanted: true }]));
    act(() => host.tell({ kind: "changed", collections: ["@files"], ids: [], from_remote: false }));
    await user.click(await screen.findByRole("button", { name: "Leave it in the database" }));
    act(() => host.tell({ kind: "changed", collections: ["@files"], ids: [], from_remote: false }));
    expect(await screen.findByRole("button", { name: /^Fetch it/})).toBeVisible();
    expect(host.inputsOf("records.want_file")).toHaveLength(2);
    await expectAccessible();
    await user.click(screen.getByRole("button", { name: /^Fetch it/}));
    expect(host.inputsOf("records.want_file").at(-1)).toMatchObject({ wanted: true });
  });

  test("a picture stands before its document, and all files of a chart can be kept here", async () => {
    const file = { id: id(1), name: "scan.jpg", media_type: "image/jpeg", size: 900_000, here: true, coming: false, thumbnail: true, sha256: "00" };
    const { user, host, container } = renderApp(at("records"), {
      answers: openChart({ "records.list": { total: 1, rows: [recordRow(1, { files: [file] })] }, "patients.pin": { ...banner, pinned: true } }),
      byteAnswers: { bytes: { "records.thumbnail": () => new Uint8Array([255, 216]) } },
    });
    await waitFor(() => expect(container.ownerDocument.querySelector("[role=option] img")).toHaveAttribute("src", "blob:test"));
    await user.click(screen.getByRole("switch", { name: "Keep all files here" }));
    expect(host.inputsOf("patients.pin")).toEqual([{ patient, pinned: true }]);
    await waitFor(() => expect(screen.getByRole("switch", { name: "Keep all files here" })).toBeChecked());
  });

  test.each([
    ["page.html", "text/html"],
    ["drawing.svg", "image/svg+xml"],
    ["program.exe", "application/octet-stream"],
  ])("r8: %s is only saved, and mark-up is never run", async (name, media_type) => {
    const page = recordRow(1, { files: [{ id: id(1), name, media_type, size: 9, here: true, coming: false, thumbnail: false, sha256: "00" }] });
    const { user } = shown({ "records.view": page }, new TextEncoder().encode("<script>boom()</script>"));
    await user.click(await screen.findByRole("option", { name: /Lipid panel/ }));
    expect(await screen.findByText(/This kind of file \(.+\) is not shown here/)).toBeVisible();
    expect(document.querySelector("iframe, object, embed, main script")).toBeNull();
    const click = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => {});
    await user.click(screen.getByRole("button", { name: "Save a copy" }));
    expect(click).toHaveBeenCalledOnce();
    click.mockRestore();
  });

  test("what a file name suggests is proposed and never taken by itself", async () => {
    const filed: unknown[] = [];
    const { user } = renderApp(at("records"), {
      answers: openChart({ "records.view": rows[0] }),
      byteAnswers: { askBytes: { "records.add": (meta) => (filed.push(meta), { id: id(5001) }) }, bytes: { "records.file": () => new Uint8Array() } },
    });
    await user.click((await screen.findAllByRole("button", { name: "Add records" }))[0] as HTMLElement);
    await user.upload(await screen.findByTestId("file-input"), new File(["%PDF"], "labo_lipid_2025-03-03.pdf", { type: "application/pdf" }));
    const dialog = await screen.findByRole("dialog");
    await user.click(await within(dialog).findByRole("button", { name: "File it" }));
    expect(filed).toEqual([]);
    expect(within(dialog).getByText("Choose what it is.")).toBeVisible();
    await user.click(within(dialog).getByRole("button", { name: "From the file name: Lab report" }));
    await user.click(within(dialog).getByRole("button", { name: "From the file name: 2025-03-03" }));
    await user.click(within(dialog).getByRole("button", { name: "File it" }));
    await waitFor(() => expect(filed).toEqual([{ patient, title: "Labo lipid", document_type: "LAB_REPORT", date_of_record: "2025-03-03", source_doctor: null, notes: null, file_name: "labo_lipid_2025-03-03.pdf" }]));
  });

  test("a visit is written without a file", async () => {
    const { user, host } = shown({ "records.write_visit": { id: id(5001) } });
    await user.click(await screen.findByRole("button", { name: "Write a visit entry" }));
    const dialog = await screen.findByRole("dialog");
    await user.type(within(dialog).getByRole("textbox", { name: /Title/ }), "Review");
    await user.type(within(dialog).getByRole("textbox", { name: "What happened" }), "148/92");
    await user.keyboard("{Control>}{Enter}{/Control}");
    expect(host.inputsOf("records.write_visit")).toEqual([{ patient, title: "Review", description: "148/92", date_of_record: null }]);
  });

  test("archiving asks first", async () => {
    const { user, host } = shown({ "records.archive": rows[0] });
    await user.click(await screen.findByRole("option", { name: /Lipid panel/ }));
    await user.click(await screen.findByRole("button", { name: "Archive" }));
    expect(host.inputsOf("records.archive")).toEqual([]);
    await user.click(within(await screen.findByRole("dialog", { name: /\?$/ })).getByRole("button", { name: "Archive" }));
    expect(host.inputsOf("records.archive")).toEqual([{ id: rows[0]?.id, is_archived: true }]);
  });
});

test("sizes step up and down and stop at their ends", () => {
  expect(nextZoom(1, 1)).toBe(1.25);
  expect(nextZoom(1, -1)).toBe(0.75);
  expect(nextZoom(6, 1)).toBe(6);
  expect(nextZoom(0.25, -1)).toBe(0.25);
});
