import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import type { ConflictView } from "../../bindings/ConflictView";
import type { SyncView } from "../../bindings/SyncView";
import { expectAccessible } from "../../testing/axe";
import { renderApp } from "../../testing/render";
import { id, me, synced } from "../../testing/world";
import { difference } from "./Conflicts";

const people = { people: [], devices: [{ id: me.device, owner: "Dr Amina Rahman", name: "AD8E-1C88", mine: true, this_device: true, removable: false, last_seen: "2026-03-13T08:11:00Z" }, { id: id(5), owner: "Dr Wei Chen", name: "AD8E-1C88", mine: false, this_device: false, removable: false, last_seen: null }] };
const conflict: ConflictView = {
  id: id(5000), collection: "patients", document: id(1000), patient: id(1000), patient_name: "Maria Okafor", field: "phone", weight: "identity", deletion: false, can_keep_both: false, base: "+44 7700 900 142", shown: "+44 7700 900 143", displaced: "+44 7700 901 142",
  shown_by: "Dr Amina Rahman", displaced_by: null, shown_at: "2026-03-13T08:11:00Z", displaced_at: "2026-03-13T07:11:00Z",
};
const world = (sync: Partial<SyncView>, conflicts: ConflictView[] = []) => ({ "sync.state": { ...synced, ...sync }, "sync.conflicts": conflicts, "sync.decided": [], "sync.quarantine": [], "sync.late_entries": [], "people.list": people });
const state = () => screen.findByRole("region", { name: "State" });

describe("the sync centre", () => {
  test("says what waits, since when, and what went wrong with what to do", async () => {
    renderApp("/sync", { answers: world({ phase: "blocked", problem: "remote.login", detail: "authentication failed", to_send: 3, files_to_send: 1, to_send_bytes: 18_432, oldest_unsent: "2026-01-05T10:00:00Z" }) });
    const card = await state();
    expect(card).toHaveTextContent(/To send418 kB/);
    expect(within(card).getByText("5 Jan 2026")).toBeVisible();
    expect(within(card).getByText("The remote refused the login.")).toBeVisible();
    expect(within(card).getByText("Set the address again with the right user name and password.")).toBeVisible();
  });

  test("working offline is not an error", async () => {
    renderApp("/sync", { answers: world({ phase: "offline", to_send: 2, offline_since: "2026-01-05T10:00:00Z" }) });
    const card = await state();
    expect(within(card).getByText(/Everything can be used/)).toBeVisible();
    expect(within(card).queryByRole("alert")).not.toBeInTheDocument();
  });

  test("a first sync says how far it is, how long it will take, and that one can work already", async () => {
    renderApp("/sync", { answers: world({ phase: "pulling", to_fetch: 13_800, first: { done: 4_200, total: 18_000, left_ms: 170_000, usable: true } }) });
    const card = await state();
    expect(card).toHaveTextContent("Fetching the record: 4,200 of 18,000, 3 min left");
    expect(within(card).getByText(/You can work already/)).toBeVisible();
    await expectAccessible();
  });

  test("syncs now, pauses and goes on", async () => {
    const { user, host } = renderApp("/sync", { answers: { ...world({}), "sync.now": synced, "sync.pause": { ...synced, phase: "paused" } } });
    await state();
    await user.click(screen.getByRole("button", { name: "Sync now" }));
    expect(await screen.findByText("Everything has been sent.")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Pause" }));
    await waitFor(() => expect(host.inputsOf("sync.pause")).toHaveLength(1));
  });

  test("two versions are shown side by side, and one is chosen", async () => {
    const { user, host } = renderApp("/sync", { answers: { ...world({ conflicts: 1 }, [conflict]), "sync.resolve": {} } });
    const item = await screen.findByRole("region", { name: /Maria Okafor Patient · Telephone/ });
    expect(item).toHaveTextContent("Before, both sides had: +44 7700 900 142");
    expect(item).toHaveTextContent("+44 7700 900 143");
    expect(item).toHaveTextContent("Unknown device");
    await user.click(within(item).getByRole("button", { name: "Use this instead" }));
    await waitFor(() => expect(host.inputsOf("sync.resolve")).toEqual([{ id: conflict.id, keep: "displaced" }]));
  });

  test("what can harm is marked, both are kept where they can stand, and the history of the field is there", async () => {
    const entry: ConflictView = { ...conflict, field: "allergies/6d1c1f3e-0000-4000-8000-000000000001", weight: "can_harm", can_keep_both: true, shown: "Penicillin · mild", displaced: "Penicillin · severe" };
    const rows = [
      { key: "allergies/6d1c1f3e-0000-4000-8000-000000000001", value: "Penicillin · mild", at: "2026-03-13T08:11:00Z", device: "Dr Amina Rahman", current: true, displaced: false },
      { key: "phone", value: "1", at: "2026-03-13T08:11:00Z", device: null, current: true, displaced: false },
    ];
    const { user, host } = renderApp("/sync", { answers: { ...world({ conflicts: 1 }, [entry]), "sync.resolve": {}, "sync.history": rows } });
    const item = within(await screen.findByRole("region", { name: /Maria Okafor Patient · Allergies/ }));
    expect(item.getByText("Can harm")).toBeVisible();
    await user.click(item.getByRole("button", { name: "What happened to this field?" }));
    const history = within(await screen.findByRole("dialog"));
    expect(await history.findByText("shows now")).toBeVisible();
    expect(history.getAllByRole("row")).toHaveLength(2);
    await expectAccessible();
    await user.click(history.getByRole("button", { name: "Close" }));
    await user.click(item.getByRole("button", { name: "Keep both" }));
    await waitFor(() => expect(host.inputsOf("sync.resolve")).toEqual([{ id: entry.id, keep: "both" }]));
  });

  test("a decision is taken back", async () => {
    const decided = [{ conflict, at: "2026-03-13T09:11:00Z", by: "Dr Wei Chen", kept: "displaced" as const }];
    const { user, host } = renderApp("/sync", { answers: { ...world({}), "sync.decided": decided, "sync.undo": {} } });
    const card = within(await screen.findByRole("region", { name: "Decided lately" }));
    expect(card.getByText("Kept: +44 7700 901 142. Set aside: +44 7700 900 143.")).toBeVisible();
    await user.click(card.getByRole("button", { name: "Take this back" }));
    await waitFor(() => expect(host.inputsOf("sync.undo")).toEqual([{ id: conflict.id }]));
  });

  test("what a removed device wrote is let in up to an entry, by whoever may", async () => {
    const late = { device: id(5), device_name: "AD8E-1C88", owner: "Dr Wei Chen", n: 7, at: "2026-03-13T08:11:00Z", writes: [{ collection: "doctor_notes", count: 2 }], charts: ["Maria Okafor"], may: true };
    const other = { ...late, device: id(6), owner: null, n: 3, writes: [], charts: [], may: false };
    const { user, host } = renderApp("/sync", { answers: { ...world({}), "sync.late_entries": [late, other], "sync.readmit": [] } });
    const card = within(await screen.findByRole("region", { name: "Written after a removal" }));
    const entry = within(card.getByRole("region", { name: "Dr Wei Chen 7" }));
    expect(entry.getByText("Note: 2")).toBeVisible();
    expect(entry.getByText("Maria Okafor")).toBeVisible();
    expect(within(card.getByRole("region", { name: "Unknown person 3" })).queryByRole("button")).toBeNull();
    await user.click(entry.getByRole("button", { name: "Let in up to here…" }));
    const dialog = within(await screen.findByRole("dialog", { name: "Let in what Dr Wei Chen wrote on the removed device?" }));
    expect(host.inputsOf("sync.readmit")).toEqual([]);
    await user.click(dialog.getByRole("button", { name: "Let in" }));
    await waitFor(() => expect(host.inputsOf("sync.readmit")).toEqual([{ device: id(5), n: 7 }]));
    await expectAccessible();
  });

  test("documents set aside are named with a reason", async () => {
    renderApp("/sync", {
      answers: {
        ...world({ quarantined: 2 }),
        "sync.quarantine": [
          { collection: "doctor_notes", id: id(7), reason: "unheard_of", at: "2026-01-05T10:00:00Z" },
          { collection: "patients", id: id(8), reason: "signature", at: "2026-01-05T10:00:00Z" },
        ],
      },
    });
    const card = await screen.findByRole("region", { name: "Set aside" });
    expect(card).toHaveTextContent("Note");
    expect(card).toHaveTextContent("It could not be read or trusted.");
    expect(card).toHaveTextContent("Its signature does not hold: it may have been altered.");
  });

  test("compares both sides and names each difference", async () => {
    const { user } = renderApp("/sync", { answers: { ...world({}), "sync.verify": { same: false, rows: [{ collection: "patients", equal: 10, only_here: 2, only_there: 0, different: 1 }] } } });
    await state();
    await user.click(screen.getByRole("button", { name: "Compare" }));
    const row = await screen.findByRole("row", { name: /Patient 10 2 0 1/ });
    expect(row).toBeVisible();
  });

  test("to have no remote is a state, not a fault", async () => {
    renderApp("/sync", { answers: world({ phase: "no_remote", remote: null, problem: "no_remote" }) });
    expect((await screen.findAllByText("Only on this device")).length).toBeGreaterThan(0);
    expect(screen.queryByText("No remote is set.")).toBeNull();
  });

  test("a remote is tested, explained, and set", async () => {
    const { user, host } = renderApp("/sync", {
      answers: {
        ...world({ phase: "no_remote", remote: null }),
        "sync.test_remote": { ok: false, problem: "remote.standalone", sentence: "the server is a standalone", host: "db.example" },
        "sync.set_remote": synced,
      },
    });
    const card = await screen.findByRole("region", { name: "Remote" });
    await user.type(within(card).getByLabelText("Connection address"), "mongodb://db.example");
    await user.click(within(card).getByRole("button", { name: "Test the connection" }));
    expect(await within(card).findByText("The remote is a single server without a replica set.")).toBeVisible();
    expect(within(card).getByText(/run rs\.initiate\(\) once/)).toBeVisible();
    await user.click(within(card).getByRole("button", { name: "Use it" }));
    await waitFor(() => expect(host.inputsOf("sync.set_remote")).toEqual([{ address: "mongodb://db.example" }]));
  });

  test("forgetting the remote asks first and says that nothing is deleted", async () => {
    const { user, host } = renderApp("/sync", { answers: { ...world({}), "sync.set_remote": { ...synced, phase: "no_remote", remote: null } } });
    const card = await screen.findByRole("region", { name: "Remote" });
    await user.click(within(card).getByRole("button", { name: "Change" }));
    await user.click(within(card).getByRole("button", { name: "Forget the remote" }));
    const dialog = await screen.findByRole("dialog", { name: "Forget the remote?" });
    expect(dialog).toHaveTextContent("Nothing is deleted, here or there.");
    await user.click(within(dialog).getByRole("button", { name: "Forget it" }));
    await waitFor(() => expect(host.inputsOf("sync.set_remote")).toEqual([{ address: null }]));
  });

  test("a clock that is wrong is told by how much", async () => {
    renderApp("/sync", { answers: world({ clock_off_ms: 9 * 60_000 }) });
    expect(await screen.findByText(/The clock of this computer is 9 min ahead of the remote\./)).toBeVisible();
  });

  test("is accessible", async () => {
    renderApp("/sync", { answers: world({ phase: "blocked", problem: "remote.tls", conflicts: 1 }, [conflict]) });
    await screen.findByText("Dr Wei Chen");
    await expectAccessible();
  });
});

test("the part that differs is found between what is the same", () => {
  expect(difference("+44 7700 900 143", "+44 7700 901 143")).toEqual(["+44 7700 90", "0", " 143"]);
  expect(difference("abc", "abc")).toEqual(["abc", "", ""]);
  expect(difference("aa", "aaa")).toEqual(["aa", "", ""]);
  expect(difference("", "x")).toEqual(["", "", ""]);
});
