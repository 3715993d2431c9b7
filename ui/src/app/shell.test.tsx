import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import { expectAccessible } from "../testing/axe";
import { renderApp } from "../testing/render";
import { me, openVault, patientRow, settings, synced } from "../testing/world";

const shown = () => screen.findByRole("heading", { level: 1, name: "Today" });

describe("the frame", () => {
  test("says where the changes are and follows the engine without being asked", async () => {
    const { host } = renderApp("/", { answers: { "sync.state": { ...synced, phase: "offline", to_send: 6 } } });
    await shown();
    expect(await screen.findByRole("link", { name: /Offline · 6 changes waiting/ })).toBeVisible();
    act(() => host.tell({ kind: "sync", state: synced }));
    expect(await screen.findByRole("link", { name: "Synced" })).toBeVisible();
  });

  test("has a skip link, and F6 goes round its parts", async () => {
    const { user } = renderApp("/");
    await shown();
    await user.click(screen.getByRole("link", { name: "Skip to content" }));
    expect(screen.getByRole("main")).toHaveFocus();
    await user.keyboard("{F6}");
    expect(screen.getByRole("contentinfo")).toHaveFocus();
    await user.keyboard("{F6}");
    expect(screen.getByRole("navigation", { name: "Main" })).toHaveFocus();
  });

  test("G then P goes to the patients, ? shows all keys", async () => {
    const { user } = renderApp("/");
    await shown();
    await user.keyboard("gp");
    expect(await screen.findByRole("heading", { level: 1, name: "Patients" })).toBeVisible();
    act(() => (document.activeElement as HTMLElement).blur());
    await user.keyboard("?");
    const help = await screen.findByRole("dialog", { name: "Keys" });
    expect(within(help).getByText("Lock now")).toBeVisible();
  });

  test("Ctrl K finds a patient and opens the chart", async () => {
    const found = patientRow(1, { name: "Maria Okafor" });
    const { user, history, host } = renderApp("/", { answers: { "patients.find": ({ text }) => ({ total: 1, rows: text === "oka" || text === "" ? [found] : [] }) } });
    await shown();
    await user.keyboard("{Control>}k{/Control}");
    await user.type(await screen.findByRole("textbox", { name: "Search patients and commands" }), "oka");
    await waitFor(() => expect(host.inputsOf("patients.find").at(-1)?.text).toBe("oka"));
    await user.click(await screen.findByText("Maria Okafor"));
    expect(history.location.pathname).toMatch(`/patients/${found.id}`);
  });

  test("locks by Ctrl L, and forgets what the vault had answered", async () => {
    const { user, host } = renderApp("/", { answers: { "session.lock": {} } });
    await shown();
    await user.keyboard("{Control>}l{/Control}");
    await waitFor(() => expect(host.inputsOf("session.lock")).toHaveLength(1));
    host.answer({ "session.state": { stage: "locked", me: null, locked: null, joining: null, version: "0.1.0", erased: [], profiles: [{ id: "a", initials: "AR", role: "doctor", last_sync: null, problem: null, pin: false, awaits_new_key: false, wait_seconds: 0, ended_at: null }] } });
    act(() => host.tell({ kind: "session", stage: "locked" }));
    expect(await screen.findByRole("heading", { level: 1, name: "Unlock" })).toBeVisible();
    expect(screen.queryByText("Harbour Clinic")).not.toBeInTheDocument();
  });

  test("locks by itself when nobody touches the computer", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    try {
      const { host } = renderApp("/", { answers: { "session.lock": {}, "settings.get": { ...settings, lock_minutes: 5 } } });
      await shown();
      await act(() => vi.advanceTimersByTimeAsync(2 * 60_000));
      expect(screen.getByRole("button", { name: /Locks in 3 min/ })).toBeVisible();
      await act(() => vi.advanceTimersByTimeAsync(3.1 * 60_000));
      expect(host.inputsOf("session.lock")).toHaveLength(1);
    } finally {
      vi.useRealTimers();
    }
  });

  test("tells the program of touches, a few seconds apart, so that it can lock a window that hangs", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    try {
      const { host } = renderApp("/", { answers: { "session.touch": {} } });
      await shown();
      await act(() => vi.advanceTimersByTimeAsync(6_000));
      expect(host.inputsOf("session.touch")).toHaveLength(0);
      for (let n = 0; n < 5; n += 1) window.dispatchEvent(new Event("wheel"));
      expect(host.inputsOf("session.touch")).toHaveLength(1);
      await act(() => vi.advanceTimersByTimeAsync(3_000));
      window.dispatchEvent(new Event("wheel"));
      expect(host.inputsOf("session.touch")).toHaveLength(1);
      await act(() => vi.advanceTimersByTimeAsync(4_000));
      expect(host.inputsOf("session.touch")).toHaveLength(2);
      await act(() => vi.advanceTimersByTimeAsync(20_000));
      expect(host.inputsOf("session.touch")).toHaveLength(2);
    } finally {
      vi.useRealTimers();
    }
  });

  test("applies this person's settings", async () => {
    renderApp("/", { answers: { "settings.get": { ...settings, text_size: 125, theme: "dark" } } });
    await shown();
    await waitFor(() => expect(document.documentElement.style.getPropertyValue("--text-scale")).toBe("1.25"));
    expect(document.documentElement.dataset.mantineColorScheme).toBe("dark");
  });

  test("a patient sees their own chart in the side bar, and no list of patients", async () => {
    const mine = { ...me, role: "patient" as const, alone: true, chart: patientRow(7).id };
    renderApp("/", { answers: { "session.state": { ...openVault()["session.state"], me: mine } as never } });
    await shown();
    expect(screen.getByRole("link", { name: "My record" })).toHaveAttribute("href", `/patients/${mine.chart}`);
    expect(screen.queryByRole("link", { name: "Patients" })).not.toBeInTheDocument();
  });

  test("a failed question says what happened, what to do, and keeps the window", async () => {
    renderApp("/", {
      answers: {
        "today.view": () => {
          throw { code: "disk_full", detail: null, retry: true };
        },
      },
    });
    await shown();
    expect(await screen.findByText("The disk is full. Nothing was saved.")).toBeVisible();
    expect(screen.getByRole("button", { name: "Try again" })).toBeVisible();
    expect(screen.getByRole("navigation", { name: "Main" })).toBeVisible();
  });

  test("is accessible", async () => {
    renderApp("/");
    await shown();
    await expectAccessible();
  });
});

test("a record that does not agree with itself says so on every screen, with what to do", async () => {
  const state = { stage: "open" as const, profiles: [], me: { ...me, read_only: true }, locked: null, joining: null, version: "0.1.0", erased: [] };
  renderApp("/", { answers: { "session.state": state } });
  expect(await screen.findByText(/older parts were put back, or the disk is damaged/)).toBeVisible();
  expect(screen.getByText(/nothing is written any more/)).toBeVisible();
  await expectAccessible();
});
