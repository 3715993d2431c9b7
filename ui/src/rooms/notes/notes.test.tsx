import { screen, waitFor, within } from "@testing-library/react";
import { beforeAll, describe, expect, test } from "vitest";
import { Problem } from "../../host/problem";
import { expectAccessible } from "../../testing/axe";
import { at, noteRow, openChart, patient } from "../../testing/chart-world";
import { renderApp } from "../../testing/render";
import { me } from "../../testing/world";

// The chart is loaded when it is first shown; a test should not wait for that.
beforeAll(async () => void (await import("../chart")));

const write = async (more = {}) => {
  const shown = renderApp(at("notes"), { answers: openChart({ "notes.save": noteRow(9), ...more }) });
  await shown.user.click((await screen.findAllByRole("button", { name: "New note" }))[0] as HTMLElement);
  return { ...shown, field: await screen.findByRole("textbox", { name: "Note" }) };
};

describe("writing", () => {
  test("the draft is kept within about two seconds, and says when", async () => {
    const { user, host, field } = await write();
    await user.type(field, "Walks unaided");
    await waitFor(() => expect(host.inputsOf("notes.keep_draft").at(-1)).toEqual({ patient, text: "Walks unaided" }), { timeout: 4000 });
    expect(await screen.findByText(/Saved on this device \d\d:42:05/)).toBeVisible();
    await expectAccessible();
  });

  test("leaving keeps what was typed since", async () => {
    const { user, host, field } = await write();
    await user.type(field, "abc");
    await user.click(screen.getByRole("button", { name: "Close; the draft is kept" }));
    await waitFor(() => expect(host.inputsOf("notes.keep_draft").at(-1)).toEqual({ patient, text: "abc" }));
  });

  test("a kept draft is offered, not applied; until then nothing is kept over it", async () => {
    const { user, host, field } = await write({ "notes.draft": { text: "Half a thought", at: "2026-03-12T19:00:00Z" } });
    expect(field).toHaveValue("");
    expect(field).toBeDisabled();
    expect(screen.getByText(/Half a thought/)).toBeVisible();
    expect(host.inputsOf("notes.keep_draft")).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Go on writing" }));
    expect(field).toHaveValue("Half a thought");
  });

  test("Ctrl Enter signs; sharing with the patient is off until switched on", async () => {
    const { user, host, field } = await write();
    await user.type(field, "Ramipril to 5 mg");
    await user.click(screen.getByRole("switch", { name: /The patient may read it/ }));
    field.focus();
    await user.keyboard("{Control>}{Enter}{/Control}");
    expect(host.inputsOf("notes.save")).toEqual([{ patient, text: "Ramipril to 5 mg", shared_with_patient: true, amends: null }]);
    await waitFor(() => expect(screen.queryByRole("complementary", { name: "New note" })).toBeNull());
  });

  test("a draft that cannot be kept is said at once", async () => {
    const { user, field } = await write({
      "notes.keep_draft": () => {
        throw new Problem({ code: "disk_full", detail: null, retry: true });
      },
    });
    await user.type(field, "x");
    expect(await screen.findByText(/This draft could not be kept/, undefined, { timeout: 4000 })).toBeVisible();
  });

  test("throwing away asks first", async () => {
    const { user, host, field } = await write();
    await user.type(field, "wrong chart");
    await user.click(screen.getByRole("button", { name: "Throw away" }));
    await user.click(within(await screen.findByRole("dialog", { name: /\?$/ })).getByRole("button", { name: "Throw away" }));
    await waitFor(() => expect(host.inputsOf("notes.keep_draft").at(-1)).toEqual({ patient, text: "" }));
  });
});

describe("the list", () => {
  const first = noteRow(1, { amended_by: noteRow(2).id });
  const second = noteRow(2, { amends: first.id, text: "The dose was 2.5 mg", shared_with_patient: true });

  test("an amended note stays and points to its amendment; only the newest is amended", async () => {
    const { user, host } = renderApp(at("notes"), { answers: openChart({ "notes.list": [second, first], "notes.save": noteRow(3) }) });
    const [newer, older] = await screen.findAllByRole("article");
    expect(newer).toHaveTextContent("Amends the note of");
    expect(older).toHaveTextContent("Amended");
    expect(within(older as HTMLElement).queryByRole("button", { name: "Amend" })).toBeNull();
    await user.click(within(newer as HTMLElement).getByRole("button", { name: "Amend" }));
    await user.type(await screen.findByRole("textbox", { name: "What is to be added or corrected" }), "In the morning");
    await user.click(screen.getByRole("button", { name: /^Sign/ }));
    expect(host.inputsOf("notes.save")).toEqual([{ patient, text: "In the morning", shared_with_patient: true, amends: second.id }]);
  });

  test("who may not write clinical statements only reads", async () => {
    renderApp(at("notes"), { answers: openChart({ "notes.list": [first], "session.state": { stage: "open", profiles: [], me: { ...me, clinical: false, role: "patient" }, locked: null, joining: null, version: "0", erased: [] } }) });
    expect(await screen.findByText("Note 1")).toBeVisible();
    expect(screen.queryByRole("button", { name: "New note" })).toBeNull();
    expect(screen.queryByRole("button", { name: "Amend" })).toBeNull();
  });
});
