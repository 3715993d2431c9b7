import { act, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { SessionView } from "../../bindings/SessionView";
import { expectAccessible } from "../../testing/axe";
import { renderApp } from "../../testing/render";
import { me } from "../../testing/world";

const one: SessionView = { stage: "locked", me: null, locked: null, joining: null, version: "0.1.0", erased: [], profiles: [{ id: "a", initials: "AR", role: "doctor", last_sync: null, problem: null, pin: false, awaits_new_key: false, wait_seconds: 0, ended_at: null }] };
const two: SessionView = { ...one, profiles: [...one.profiles, { id: "b", initials: "MO", role: "patient", last_sync: "2026-03-13T08:11:00Z", problem: null, pin: false, awaits_new_key: false, wait_seconds: 0, ended_at: null }] };
const fails = (code: string, detail: string | null = null) => () => {
  throw { code, detail, retry: false };
};

test("opens the chosen record with its passphrase", async () => {
  const { user, host } = renderApp("/", { answers: { "session.state": two, "session.unlock": me } });
  await user.click(await screen.findByRole("button", { name: /MO · Own record/ }));
  await user.type(screen.getByLabelText("Passphrase"), "velvet tundra cactus");
  host.answer({ "session.state": { ...one, stage: "open", me } });
  await user.click(screen.getByRole("button", { name: "Unlock" }));
  expect(host.inputsOf("session.unlock")).toEqual([{ profile: "b", passphrase: "velvet tundra cactus", code: null }]);
  expect(await screen.findByRole("heading", { level: 1, name: "Today" })).toBeVisible();
});

test("a wrong passphrase is said plainly, and stays to be corrected", async () => {
  const { user } = renderApp("/", { answers: { "session.state": one, "session.unlock": fails("wrong_passphrase") } });
  await user.type(await screen.findByLabelText("Passphrase"), "velvet tundra{Enter}");
  expect(await screen.findByRole("alert")).toHaveTextContent("This is not the passphrase of this record. Check capital letters and the keyboard's language.");
  expect(screen.getByLabelText("Passphrase")).toHaveValue("velvet tundra");
});

test("after too many wrong ones it counts down, keeps what was typed, and only then lets one try again", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  try {
    const { user, host } = renderApp("/", { answers: { "session.state": one, "session.unlock": fails("too_many_attempts", "30") } });
    await user.type(await screen.findByLabelText("Passphrase"), "velvet{Enter}");
    expect(await screen.findByRole("alert")).toHaveTextContent(/^Too many wrong passphrases. Wait a little before the next attempt. Nothing is deleted. Try again in (30|29) seconds\.$/);
    const button = screen.getByRole("button", { name: "Unlock" });
    expect(button).toBeDisabled();
    await user.type(screen.getByLabelText("Passphrase"), "{Enter}");
    expect(host.inputsOf("session.unlock")).toHaveLength(1);
    await act(() => vi.advanceTimersByTimeAsync(29_200));
    expect(screen.queryByRole("alert")?.textContent ?? "").not.toMatch(/seconds/);
    await act(() => vi.advanceTimersByTimeAsync(2_000));
    expect(screen.queryByRole("alert")).not.toBeInTheDocument();
    expect(button).toBeEnabled();
    // The same number again begins anew.
    await user.click(button);
    expect(await screen.findByRole("alert")).toHaveTextContent(/Try again in (30|29) seconds/);
  } finally {
    vi.useRealTimers();
  }
});

test("a delay from before the program was started still holds", async () => {
  const waiting = { ...one, profiles: [{ ...one.profiles[0]!, wait_seconds: 900 }] };
  renderApp("/", { answers: { "session.state": waiting } });
  expect(await screen.findByRole("alert")).toHaveTextContent("Try again in 900 seconds.");
});

test("a damaged record says so before anything is typed", async () => {
  const damaged = { ...one, profiles: [{ ...one.profiles[0]!, problem: "vault_damaged" }] };
  renderApp("/", { answers: { "session.state": damaged } });
  expect(await screen.findByRole("alert")).toHaveTextContent("This record is damaged and was not opened. Nothing was deleted.");
});

test("another record can be set up, and one can come back", async () => {
  const { user } = renderApp("/", { answers: { "session.state": one } });
  await user.click(await screen.findByRole("button", { name: "Set up another record on this computer" }));
  expect(await screen.findByRole("heading", { level: 1, name: "Welcome" })).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Back" }));
  expect(await screen.findByRole("heading", { level: 1, name: "Unlock" })).toBeVisible();
});

test("a PIN opens where one holds; after too many wrong ones the passphrase is asked for, with the reason", async () => {
  const pinned = { ...one, profiles: [{ ...one.profiles[0]!, pin: true }] };
  const { user, host } = renderApp("/", { answers: { "session.state": pinned, "session.unlock_quick": fails("wrong_pin") } });
  await user.type(await screen.findByLabelText("PIN"), "27a18{Enter}");
  expect(host.inputsOf("session.unlock_quick")).toEqual([]);
  await user.type(screen.getByLabelText("PIN"), "28{Enter}");
  expect(host.inputsOf("session.unlock_quick")).toEqual([{ profile: "a", pin: "271828" }]);
  expect(await screen.findByRole("alert")).toHaveTextContent("This is not the PIN of this record.");
  expect(screen.getByLabelText("PIN")).toHaveValue("");
  host.answer({ "session.unlock_quick": fails("pin_ended") });
  await user.type(screen.getByLabelText("PIN"), "314159{Enter}");
  expect(await screen.findByLabelText("Passphrase")).toBeVisible();
  expect(screen.getByRole("alert")).toHaveTextContent("Too many wrong PINs: the PIN was taken away. Unlock with your passphrase.");
});

test("the kit opens a record whose passphrase is forgotten, typed as it stands on the sheet", async () => {
  const letters = "ABCD EFGH ".repeat(10) + "IJKLM";
  const { user, host } = renderApp("/", { answers: { "session.state": one, "session.recover": me, "passphrase.judge": { ok: true, score: 4, reason: null } } });
  await user.click(await screen.findByRole("button", { name: "I forgot the passphrase" }));
  await user.type(screen.getByLabelText(/Recovery kit/), "ABCD");
  await user.click(screen.getByRole("button", { name: "Open with the kit" }));
  expect(screen.getByText("81 letters are still missing.")).toBeVisible();
  await user.clear(screen.getByLabelText(/Recovery kit/));
  await user.click(screen.getByLabelText(/Recovery kit/));
  await user.paste(letters);
  await user.type(screen.getByLabelText(/^New passphrase/), "velvet tundra cactus");
  await user.type(screen.getByLabelText(/The same again/), "velvet tundra cactus");
  host.answer({ "session.state": { ...one, stage: "open", me } });
  await user.click(screen.getByRole("button", { name: "Open with the kit" }));
  expect(host.inputsOf("session.recover")).toEqual([{ profile: "a", kit: `KIT1:${letters}`, passphrase: "velvet tundra cactus" }]);
  expect(await screen.findByRole("heading", { level: 1, name: "Today" })).toBeVisible();
});

test("whoever has no sheet reads what is left, and can go back", async () => {
  const { user } = renderApp("/", { answers: { "session.state": one } });
  await user.click(await screen.findByRole("button", { name: "I forgot the passphrase" }));
  await user.click(screen.getByText("I do not have the sheet"));
  expect(screen.getByText(/nobody can open it/)).toBeVisible();
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "Back" }));
  expect(screen.getByLabelText("Passphrase")).toBeVisible();
});

test("is accessible", async () => {
  renderApp("/", { answers: { "session.state": two } });
  await screen.findByRole("heading", { level: 1, name: "Unlock" });
  await expectAccessible();
});

test("a session that was ended elsewhere says so at the lock screen", async () => {
  const ended = { ...one, profiles: [{ ...one.profiles[0]!, ended_at: "2026-03-13T08:11:00Z" }] };
  renderApp("/", { answers: { "session.state": ended } });
  expect(await screen.findByText("The session on this computer was ended from another of your devices.")).toBeVisible();
  expect(screen.getByLabelText("Passphrase")).toBeVisible();
  await expectAccessible();
});

test("after a lock the same person is chosen, and the screen says why it locked", async () => {
  const idle = { ...two, locked: { profile: "b", reason: "idle" as const } };
  const { user } = renderApp("/", { answers: { "session.state": idle } });
  expect(await screen.findByText("Locked because nobody was at it.")).toBeVisible();
  expect(screen.getByText(/MO · Own record/)).toBeVisible();
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "Someone else" }));
  await user.click(screen.getByRole("button", { name: /AR · Clinician/ }));
  expect(screen.getByLabelText("Passphrase")).toBeVisible();
  expect(screen.queryByText("Locked because nobody was at it.")).not.toBeInTheDocument();
});

test("whoever locked it by hand is told nothing, and a folder that is no profile chooses nobody", async () => {
  const asked = { ...two, locked: { profile: "b", reason: "asked" as const } };
  const { unmount } = renderApp("/", { answers: { "session.state": asked } });
  expect(await screen.findByLabelText("Passphrase")).toBeVisible();
  expect(screen.queryByText(/^Locked/)).not.toBeInTheDocument();
  unmount();
  renderApp("/", { answers: { "session.state": { ...two, locked: { profile: "../etc", reason: "sleep" as const } } } });
  expect(await screen.findByText("Whose record?")).toBeVisible();
});

test("on a shared computer the code is asked for too, with what it is good for", async () => {
  const { user, host } = renderApp("/", { answers: { "session.state": one, "session.unlock": fails("code_needed") } });
  await user.type(await screen.findByLabelText("Passphrase"), "velvet tundra cactus{Enter}");
  const code = await screen.findByLabelText("Code");
  expect(screen.getByText(/It does not protect a copied disk/)).toBeVisible();
  expect(screen.queryByRole("alert")).not.toBeInTheDocument();
  expect(screen.getByRole("button", { name: "Unlock" })).toBeDisabled();
  await expectAccessible();
  host.answer({ "session.unlock": fails("wrong_code") });
  await user.type(code, "000000{Enter}");
  expect(await screen.findByRole("alert")).toHaveTextContent("This code is not right.");
  host.answer({ "session.unlock": me, "session.state": { ...one, stage: "open", me } });
  await user.clear(screen.getByLabelText("Code"));
  await user.type(screen.getByLabelText("Code"), " 123456 {Enter}");
  expect(host.inputsOf("session.unlock").at(-1)).toEqual({ profile: "a", passphrase: "velvet tundra cactus", code: "123456" });
  expect(await screen.findByRole("heading", { level: 1, name: "Today" })).toBeVisible();
});

test("an unlock that gives the record a new key says that it takes longer", async () => {
  const due = { ...one, profiles: [{ ...one.profiles[0]!, awaits_new_key: true }] };
  renderApp("/", { answers: { "session.state": due } });
  expect(await screen.findByText("This unlock takes longer: the record gets its new key.")).toBeVisible();
});
