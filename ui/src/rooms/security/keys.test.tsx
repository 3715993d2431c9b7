import { screen, within } from "@testing-library/react";
import { beforeAll, expect, test } from "vitest";
import type { KeysView } from "../../bindings/KeysView";
import type { PapersView } from "../../bindings/PapersView";
import { askedGroups } from "../../app/Papers";
import { expectAccessible } from "../../testing/axe";
import { renderApp } from "../../testing/render";
import { me, openVault } from "../../testing/world";

// The page is loaded when it is first shown; a test should not wait for that.
beforeAll(async () => void (await import("./index")));

const view = { secret_in_a_file: false, disk: "encrypted" as const, keychain: true, pin: false, awaits_new_key: false, shared: false, kit_checked_at: null, other_devices: 1, lock_minutes: 15, fingerprint: "K7QF 2M3X A5RT 6WZB" };
const keys: KeysView = { version: 1, since: null, known_elsewhere: true, by_root: false, asked: null };
const asked: KeysView = { ...keys, asked: { check_words: "ABCD EFGH IJKL MNOP", at: "2026-03-13T08:11:00Z" } };
const groups = Array.from({ length: 22 }, (_, at) => String.fromCharCode(65 + at).repeat(4));
const papers: PapersView = { kit: `KIT1:${groups.join("")}`, kit_groups: groups, kit_qr: "<svg/>", root_kit: null, root_kit_qr: null, fingerprint: "K7QF2M3XA5RT6WZB" };
const quiet = { "security.alarms": [], "security.view": view, "passphrase.judge": { ok: true, score: 4, reason: null } };

test("after a device was removed, new keys and a new kit are made, and the characters are read to an administrator", async () => {
  let now: KeysView = keys;
  const begin = () => {
    now = asked;
    return papers;
  };
  const { user, host } = renderApp("/security", { answers: { ...quiet, "keys.view": () => now, "keys.begin": begin, "kit.confirmed": {} } });
  expect(await screen.findByText("A device that was removed knows the keys that you use.")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Make new keys and a new kit" }));
  const dialog = await screen.findByRole("dialog", { name: "New keys and a new kit" });
  expect(within(dialog).getByText(/An administrator certifies them/)).toBeVisible();
  for (const label of [/^New passphrase/, /The same again/]) {
    await user.click(within(dialog).getByLabelText(label));
    await user.paste("velvet tundra cactus");
  }
  await expectAccessible();
  await user.click(within(dialog).getByRole("button", { name: "Make the kit" }));
  expect(host.inputsOf("keys.begin")).toEqual([{ passphrase: "velvet tundra cactus" }]);
  await user.click(await within(dialog).findByRole("checkbox", { name: "I have printed it or written it down" }));
  await user.click(within(dialog).getByRole("button", { name: "Go on" }));
  for (const index of askedGroups(groups.length)) {
    await user.click(within(dialog).getByLabelText(`Group ${index + 1}`));
    await user.paste(groups[index] ?? "");
  }
  await user.click(within(dialog).getByRole("button", { name: "The kit is at hand" }));
  expect(await screen.findByText("New keys were made and wait to be certified.")).toBeVisible();
  expect(screen.getByRole("img", { name: /^Characters of your request: A B C D/ })).toHaveTextContent("ABCD");
  expect(host.inputsOf("kit.confirmed")).toHaveLength(1);
});

test("a head administrator certifies their own keys with the key of the clinic", async () => {
  const root = `ROOT1:${"A".repeat(58)}`;
  const head = { "session.state": { ...openVault()["session.state"], me: { ...me, role: "super_admin" } } as never };
  const certified: KeysView = { ...keys, known_elsewhere: false, since: "2026-03-13T08:12:00Z", version: 2, by_root: true };
  const { user, host } = renderApp("/security", { answers: { ...head, ...quiet, "keys.view": { ...asked, by_root: true }, "keys.certify_own": certified } });
  const field = await screen.findByLabelText(/Key of the clinic/);
  await user.type(field, "ROOT1:AAAA");
  await user.click(screen.getByRole("button", { name: "Use the new keys from now on" }));
  expect(screen.getByText(/This is not the whole text/)).toBeVisible();
  await user.clear(field);
  await user.click(field);
  await user.paste(root);
  await user.click(screen.getByRole("button", { name: "Use the new keys from now on" }));
  expect(host.inputsOf("keys.certify_own")).toEqual([{ root_kit: root }]);
  expect(await screen.findByText(/They were renewed/)).toBeVisible();
});

test("every finding has a sentence that says what to do", async () => {
  const codes = ["gap", "went-back", "keys-renewed"];
  renderApp("/security", { answers: { ...quiet, "security.alarms": codes.map((code) => ({ code, owner: null, at: "2026-03-13T08:11:00Z", calm: false })) } });
  expect(await screen.findByText("Entries of a device are missing")).toBeVisible();
  expect(screen.getByText("The database lost what it had")).toBeVisible();
  expect(screen.getByText("New keys were made on another device of yours")).toBeVisible();
});
