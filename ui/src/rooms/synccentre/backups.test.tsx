import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import type { BackupsView } from "../../bindings/BackupsView";
import { Problem } from "../../host/problem";
import { expectAccessible } from "../../testing/axe";
import { renderApp } from "../../testing/render";
import { noBackups, synced } from "../../testing/world";

const done: BackupsView = {
  ...noBackups,
  plan: { folder: "/media/blue", rhythm: "daily", keep: 7 },
  last: { made_at: "2026-03-13T08:10:00Z", verified_at: "2026-03-13T08:11:00Z", folder: "/media/blue/aidpost-1/17", documents: 1204, files: 1, bytes: 48_000_000 },
};
const world = { "sync.state": synced, "sync.conflicts": [], "sync.decided": [], "sync.quarantine": [], "people.list": { people: [], devices: [] } };
const card = (name: string) => screen.findByRole("region", { name });

describe("backups", () => {
  test("without one it says what it is for, and a folder is chosen before one is made", async () => {
    const { user, host } = renderApp("/sync", { answers: { ...world, "backups.view": { ...noBackups, places: ["/media/blue"] }, "backups.set": done } });
    const backups = within(await card("Backups"));
    expect(await backups.findByText("No backup was made on this computer yet.")).toBeVisible();
    expect(backups.getByRole("button", { name: "Back up now" })).toBeDisabled();
    await user.click(backups.getByRole("button", { name: "/media/blue" }));
    await expectAccessible();
    await user.click(backups.getByRole("button", { name: "Save" }));
    expect(host.inputsOf("backups.set")).toEqual([{ folder: "/media/blue", rhythm: "by_hand", keep: 7 }]);
    expect(await backups.findByText(/Last verified restore/)).toBeVisible();
  });

  test("one is made, with progress, and can be stopped", async () => {
    let finish: (view: BackupsView) => void = () => {};
    const { user, host } = renderApp("/sync", { answers: { ...world, "backups.view": done, "backups.make": () => new Promise((resolve) => (finish = resolve)), "backups.stop": {} } });
    const backups = within(await card("Backups"));
    await user.click(await backups.findByRole("button", { name: "Back up now" }));
    host.tell({ kind: "progress", task: "backup", done: 40, total: 100 });
    expect(await backups.findByText(/· 40%/)).toBeVisible();
    await user.click(backups.getByRole("button", { name: "Stop" }));
    await waitFor(() => expect(host.inputsOf("backups.stop")).toHaveLength(1));
    finish(done);
    expect(await screen.findByText("The backup was made, opened and counted.")).toBeVisible();
    expect(backups.getByText(/1,204 documents, 1 file, 48.0 MB/)).toBeVisible();
  });

  test("a disk that is not there is told of, with what to do", async () => {
    renderApp("/sync", { answers: { ...world, "backups.view": { ...done, trouble: { code: "folder_not_found", at: "2026-03-14T08:11:00Z" } } } });
    const backups = within(await card("Backups"));
    expect(await backups.findByText("There is no such folder on this computer.")).toBeVisible();
    expect(backups.getByText(/plug the disk in/)).toBeVisible();
  });
});

describe("the check of this device", () => {
  test("says what is good, what was mended and what needs somebody", async () => {
    const findings = [
      { code: "record_good", verdict: "good" as const, count: 0, problem: null },
      { code: "files_fetched_again", verdict: "mended" as const, count: 2, problem: null },
      { code: "backup_failed", verdict: "wrong" as const, count: 0, problem: "disk_full" },
    ];
    const { user } = renderApp("/sync", { answers: { ...world, "doctor.look": { findings, sound: false } } });
    const doctor = within(await card("Check this device"));
    await user.click(doctor.getByRole("button", { name: "Check" }));
    expect(await doctor.findByText("1 thing needs you.")).toBeVisible();
    expect(doctor.getByText(/fetched from the remote again: 2/)).toBeVisible();
    expect(doctor.getByText("The disk is full. Nothing was saved.")).toBeVisible();
    await expectAccessible();
  });
});

describe("a record from a backup", () => {
  const empty = { stage: "empty" as const, profiles: [], me: null, joining: null, version: "0.1.0", erased: [], locked: null };
  const found = { folder: "/media/blue/aidpost-1/17", initials: "MO", made_at: "2026-03-13T08:10:00Z", documents: 12, files: 0, bytes: 480_000 };

  test("is sought, chosen and then unlocked", async () => {
    const { user, host } = renderApp("/", { answers: { "session.state": empty, "restore.look": [found], "restore.begin": { name: "p1" } } });
    await user.click(await screen.findByRole("button", { name: /From a backup/ }));
    await user.click(screen.getByRole("button", { name: "Look" }));
    expect(screen.getByText("Write where the backups lie.")).toBeVisible();
    await user.type(screen.getByLabelText(/Folder of the backups/), "/media/blue");
    await user.click(screen.getByRole("button", { name: "Look" }));
    expect(await screen.findByText(/12 documents, 0 files, 480 kB/)).toBeVisible();
    await expectAccessible();
    host.answer({ "session.state": { ...empty, stage: "locked", profiles: [{ id: "p1", initials: "MO", role: "patient", last_sync: null, problem: null, pin: false, awaits_new_key: false, wait_seconds: 0, ended_at: null }] } });
    await user.click(screen.getByRole("button", { name: "Restore this one" }));
    expect(host.inputsOf("restore.begin")).toEqual([{ folder: found.folder }]);
    expect(await screen.findByRole("heading", { level: 1, name: "Unlock" })).toBeVisible();
  });

  test("a folder is chosen where there is a dialog, and a refusal says so", async () => {
    const { user, host } = renderApp("/", { answers: { "session.state": empty } });
    host.chooseFolder = () => Promise.resolve("/media/green");
    await user.click(await screen.findByRole("button", { name: /From a backup/ }));
    await user.click(screen.getByRole("button", { name: "Choose a folder" }));
    expect(await screen.findByDisplayValue("/media/green")).toBeVisible();
    host.chooseFolder = () => Promise.reject(new Problem({ code: "host_gone", detail: null, retry: false }));
    await user.click(screen.getByRole("button", { name: "Choose a folder" }));
    expect(await screen.findByText("The program behind this window does not answer.")).toBeVisible();
    expect(screen.getByDisplayValue("/media/green")).toBeVisible();
  });

  test("an empty folder and a wrong path say so", async () => {
    const { user, host } = renderApp("/", { answers: { "session.state": empty, "restore.look": [] } });
    await user.click(await screen.findByRole("button", { name: /From a backup/ }));
    await user.type(screen.getByLabelText(/Folder of the backups/), "/media");
    await user.click(screen.getByRole("button", { name: "Look" }));
    expect(await screen.findByText("There is no backup in this folder.")).toBeVisible();
    host.answer({ "restore.look": () => Promise.reject(new Problem({ code: "folder_not_found", detail: null, retry: false })) });
    await user.click(screen.getByRole("button", { name: "Look" }));
    expect(await screen.findByText("There is no such folder on this computer.")).toBeVisible();
  });
});
