import { screen, waitFor, within } from "@testing-library/react";
import { beforeAll, expect, test, vi } from "vitest";
import type { AccessRow } from "../../bindings/AccessRow";
import { expectAccessible } from "../../testing/axe";
import { at, openChart, patient } from "../../testing/chart-world";
import { renderApp } from "../../testing/render";
import { id } from "../../testing/world";

// The chart is loaded when it is first shown; a test should not wait for that.
beforeAll(async () => void (await import("../chart")), 60_000);

const access: AccessRow = { id: id(1), at: "2026-03-13T08:00:00Z", recipient: "Dr Ann", member: null, place: "offline_scan", outcome: "granted", records: 2, ip_address: null, share_label: null, reason: null };
const proof = { entries: 3, hold: 3, unsent: 1, broken: [], journal_entries: 12, journal_broken: [] };

async function look(answers = {}, bytes = {}) {
  const shown = renderApp(at("shares"), { answers: openChart({ "access.view": { shares: [], accesses: [access] }, "access.verify": proof, ...answers }), byteAnswers: { bytes } });
  const card = await screen.findByRole("region", { name: "Who looked" });
  expect(card).toHaveTextContent("Sent by codes from screen to camera");
  return { ...shown, card };
}

test("a list that holds says how much was looked at, and what is still to be sent", async () => {
  const { user, host, card } = await look();
  await user.click(within(card).getByRole("button", { name: "Check this list" }));
  expect(await within(card).findByText("The list holds.")).toBeVisible();
  expect(card).toHaveTextContent("3 of 3 entries show what their authors signed. 12 entries of the devices' journals");
  expect(card).toHaveTextContent("the signature alone stands for them: 1.");
  expect(host.inputsOf("access.verify")).toEqual([{ patient }]);
  await expectAccessible();
});

test("what does not hold is named, entry by entry", async () => {
  const broken = { ...proof, hold: 2, unsent: 0, broken: [{ id: id(1), at: "2026-03-13T08:00:00Z", why: "signature" }], journal_broken: [{ device: "K7QF2M3X", n: 7 }] };
  const { user, card } = await look({ "access.verify": broken });
  await user.click(within(card).getByRole("button", { name: "Check this list" }));
  expect(await within(card).findByText("Something in this list does not hold.")).toBeVisible();
  expect(card).toHaveTextContent("13 Mar 2026 was altered: the signature does not fit.");
  expect(card).toHaveTextContent("Entry 7 in the journal of the device K7QF2M3X");
  expect(card).not.toHaveTextContent("Not sent");
});

test("it is saved as a file; what does not hold is not saved as if it did", async () => {
  const made = vi.spyOn(URL, "createObjectURL");
  const first = await look({}, { "access.export": () => new Uint8Array([123, 125]) });
  await first.user.click(within(first.card).getByRole("button", { name: "Save it with its proof" }));
  await waitFor(() => expect(made).toHaveBeenCalled());
  expect(first.host.asked.filter((one) => one.name === "access.export")).toHaveLength(1);
  first.unmount();
  const refused = () => {
    throw { code: "access_log_broken", detail: null, retry: false };
  };
  const second = await look({}, { "access.export": refused });
  await second.user.click(within(second.card).getByRole("button", { name: "Save it with its proof" }));
  expect(await within(second.card).findByText(/was not saved as if it did/)).toBeVisible();
});
