import { screen, waitFor } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import type { PapersView } from "../../bindings/PapersView";
import type { SessionView } from "../../bindings/SessionView";
import { expectAccessible } from "../../testing/axe";
import { renderApp } from "../../testing/render";
import { me } from "../../testing/world";
import { askedGroups, sameGroup } from "../../app/Papers";

const empty: SessionView = { stage: "empty", profiles: [], me: null, locked: null, joining: null, version: "0.1.0", erased: [] };
const groups = Array.from({ length: 22 }, (_, at) => (at === 21 ? "Q" : `GR${String.fromCharCode(65 + (at % 26))}${2 + (at % 6)}`));
const papers: PapersView = { kit: `KIT1:${groups.join("")}`, kit_groups: groups, kit_qr: "<svg/>", root_kit: null, root_kit_qr: null, fingerprint: "K7QF2M3XA5RT6WZB" };
const strong = { ok: true, score: 4, reason: null };

async function fillClinic(user: ReturnType<typeof renderApp>["user"]) {
  await user.click(await screen.findByRole("button", { name: /Make a clinic/ }));
  await user.type(screen.getByLabelText(/Name of the clinic/), "Harbour Clinic");
  await user.type(screen.getByLabelText(/Your name/), "Dr Amina Rahman");
  await user.type(screen.getByLabelText(/^Passphrase/), "velvet tundra cactus");
  await user.type(screen.getByLabelText(/The same again/), "velvet tundra cactus");
}

describe("first start", () => {
  test("makes a clinic, shows the kit, asks it back, then opens", async () => {
    const { user, host } = renderApp("/", { answers: { "session.state": empty, "passphrase.judge": strong, "session.make_clinic": { me, papers } } });
    await fillClinic(user);
    await user.click(screen.getByRole("button", { name: "Make the clinic" }));
    expect(host.inputsOf("session.make_clinic")).toEqual([
      { clinic_name: "Harbour Clinic", name: "Dr Amina Rahman", email: null, specialization: null, passphrase: "velvet tundra cactus", language: "en" },
    ]);

    expect(await screen.findByRole("heading", { level: 1, name: "Your recovery kit" })).toBeVisible();
    // The vault is open by now; its window may not take the papers away.
    host.answer({ "session.state": { ...empty, stage: "open", me } });
    host.tell({ kind: "session", stage: "open" });
    await waitFor(() => expect(host.inputsOf("session.state").length).toBeGreaterThan(1));
    expect(screen.getByRole("heading", { level: 1, name: "Your recovery kit" })).toBeVisible();
    expect(screen.getByRole("button", { name: "Go on" })).toBeDisabled();
    await user.click(screen.getByLabelText(/I have printed it/));
    await user.click(screen.getByRole("button", { name: "Go on" }));

    const [first, second] = askedGroups(groups.length);
    expect(screen.queryByText(groups[first] ?? "")).not.toBeInTheDocument();
    await user.type(screen.getByLabelText(`Group ${first + 1}`), "XXXX");
    await user.click(screen.getByRole("button", { name: "Open my records" }));
    expect(screen.getByText(`This is not what the kit says in group ${first + 1}. Look at the sheet again.`)).toBeVisible();
    await user.clear(screen.getByLabelText(`Group ${first + 1}`));
    await user.type(screen.getByLabelText(`Group ${first + 1}`), groups[first] ?? "");
    await user.type(screen.getByLabelText(`Group ${second + 1}`), (groups[second] ?? "").toLowerCase());
    await user.click(screen.getByRole("button", { name: "Open my records" }));
    expect(await screen.findByRole("heading", { level: 1, name: "Today" })).toBeVisible();
  });

  test("says what is missing and does not ask for a vault without it", async () => {
    const { user, host } = renderApp("/", { answers: { "session.state": empty, "passphrase.judge": strong } });
    await user.click(await screen.findByRole("button", { name: /Keep my own records/ }));
    await user.type(screen.getByLabelText(/^Passphrase/), "velvet tundra cactus");
    await user.type(screen.getByLabelText(/The same again/), "velvet tundra");
    await user.click(screen.getByRole("button", { name: "Make my record" }));
    expect(screen.getByText("Write your name.")).toBeVisible();
    expect(screen.getByText("The two entries differ.")).toBeVisible();
    expect(host.inputsOf("session.keep_own")).toEqual([]);
  });

  test("judges a passphrase as it is typed and offers six words", async () => {
    const { user } = renderApp("/", {
      answers: {
        "session.state": empty,
        "passphrase.judge": ({ passphrase }) => (passphrase.length < 20 ? { ok: false, score: 1, reason: "guessable" } : strong),
        "passphrase.suggest": { passphrase: "harbour velvet tundra cactus sparrow lantern" },
      },
    });
    await user.click(await screen.findByRole("button", { name: /Make a clinic/ }));
    await user.type(screen.getByLabelText(/^Passphrase/), "password");
    expect(await screen.findByText("Very weak")).toBeVisible();
    expect(screen.getByText(/This can be guessed\./)).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Suggest six words" }));
    expect(await screen.findByText("Very strong")).toBeVisible();
    expect(screen.getByLabelText(/^Passphrase/)).toHaveValue("harbour velvet tundra cactus sparrow lantern");
  });

  test("a refused passphrase keeps what was typed", async () => {
    const { user } = renderApp("/", {
      answers: {
        "session.state": empty,
        "passphrase.judge": strong,
        "session.make_clinic": () => {
          throw { code: "weak_passphrase", detail: "guessable", retry: false };
        },
      },
    });
    await fillClinic(user);
    await user.click(screen.getByRole("button", { name: "Make the clinic" }));
    expect(await screen.findByText("This passphrase is too easy to guess.")).toBeVisible();
    expect(screen.getByLabelText(/Name of the clinic/)).toHaveValue("Harbour Clinic");
  });

  test("joins with an invitation: request out, characters to read, answer in", async () => {
    const joining = { request: "REQ1:ABCDEF", check_words: "K7QF 2M3X A5RT 6WZB", own_device: false, outside: null };
    const { user, host } = renderApp("/", { answers: { "session.state": empty, "session.join": joining, "session.join_finish": { me, papers: null } } });
    await user.click(await screen.findByRole("button", { name: /Join with an invitation/ }));
    await user.type(screen.getByLabelText(/^Invitation/), "INV1:XYZ");
    await user.type(screen.getByLabelText(/Your name/), "Dr Wei Chen");
    await user.type(screen.getByLabelText(/^Passphrase/), "velvet tundra cactus");
    await user.click(screen.getByRole("button", { name: "Make my request" }));
    expect(await screen.findByLabelText("Request")).toHaveValue("REQ1:ABCDEF");
    expect(screen.getByRole("img", { name: /K 7 Q F, 2 M 3 X, A 5 R T, 6 W Z B/ })).toBeVisible();
    host.answer({ "session.state": { ...empty, stage: "open", me } });
    await user.type(screen.getByLabelText("Answer"), "ANS1:QQQ");
    await user.click(screen.getByRole("button", { name: "Finish joining" }));
    expect(host.inputsOf("session.join_finish")).toEqual([{ answer: "ANS1:QQQ" }]);
    expect(await screen.findByRole("heading", { level: 1, name: "Today" })).toBeVisible();
  });

  test("a waiting request is there again after a restart, and can be given up", async () => {
    const joining = { request: "REQ1:ABCDEF", check_words: "K7QF2M3XA5RT6WZB", own_device: true, outside: null };
    const { user, host } = renderApp("/", { answers: { "session.state": { ...empty, stage: "joining", joining }, "session.join_cancel": {} } });
    expect(await screen.findByRole("heading", { level: 1, name: "Add this device" })).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Give up joining" }));
    expect(await screen.findByRole("heading", { level: 1, name: "Welcome" })).toBeVisible();
    expect(host.inputsOf("session.join_cancel")).toHaveLength(1);
  });

  test("is accessible: ways, form and papers", async () => {
    const { user } = renderApp("/", { answers: { "session.state": empty, "passphrase.judge": strong, "session.make_clinic": { me, papers } } });
    await screen.findByRole("heading", { level: 1, name: "Welcome" });
    await expectAccessible();
    await fillClinic(user);
    await expectAccessible();
    await user.click(screen.getByRole("button", { name: "Make the clinic" }));
    await screen.findByRole("heading", { level: 1, name: "Your recovery kit" });
    await expectAccessible();
  });
});

test("groups are compared as people write them", () => {
  expect(sameGroup(" ab-cd ", "ABCD")).toBe(true);
  expect(sameGroup("0BCD", "OBCD")).toBe(true);
  expect(sameGroup("1BCD", "IBCD")).toBe(true);
  expect(sameGroup("ABC", "ABCD")).toBe(false);
});
