import { screen, waitFor, within } from "@testing-library/react";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { expectAccessible } from "../../testing/axe";
import { at, banner, openChart, patient, shareRow } from "../../testing/chart-world";
import { renderApp } from "../../testing/render";
import { id } from "../../testing/world";
import { clinicalWords } from "./clinical";
import { countdown } from "./ShareDialog";

// The chart is loaded when it is first shown; a test should not wait for that.
beforeAll(async () => void (await import("../chart")));

const choices = [
  { id: patient, kind: "allergies", title: "", date: null, detail: "2" },
  { id: patient, kind: "vitals", title: "", date: null, detail: "31" },
  { id: id(5001), kind: "record", title: "Lipid panel", date: "2026-03-03", detail: "LAB_REPORT" },
];
const view = { row: shareRow(0), link: "shlink:/abc", qr: "<svg xmlns='http://www.w3.org/2000/svg'/>", address: "192.168.1.20:8443", reachable: "lan", at_host: null, titles: ["Lipid panel"] };

async function make(more = {}) {
  const shown = renderApp(at("shares"), {
    answers: openChart({ "shares.choices": choices, "shares.make": view, "shares.view": view, "shares.revoke": shareRow(0), "shares.pause": shareRow(0), ...more }),
    byteAnswers: { bytes: { "shares.png": () => new Uint8Array([1]) } },
  });
  await shown.user.click((await screen.findAllByRole("button", { name: "Share records" }))[0] as HTMLElement);
  await screen.findByRole("radio", { name: "At the desk" });
  return shown;
}

describe("making", () => {
  test("at the desk: the file itself, fifteen minutes, three openings; then the code", async () => {
    const { user, host } = await make();
    expect(screen.getByText("What cannot be taken back")).toBeVisible();
    expect(screen.queryByRole("checkbox", { name: "Ask for a passcode" })).toBeNull();
    expect(screen.getByText("3 Mar 2026 · Lab report")).toBeVisible();
    await user.click(screen.getByRole("checkbox", { name: /Lipid panel/ }));
    await expectAccessible();
    await user.click(screen.getByRole("button", { name: "Make the code" }));
    const [input] = host.inputsOf("shares.make");
    expect(input).toMatchObject({ patient, choices: [id(5001)], kinds: ["allergies", "conditions", "medications"], minutes: 15, max_uses: 3, passcode: null, direct: true });
    expect(await screen.findByRole("img", { name: /QR code of “Share 0”/ })).toBeVisible();
    expect(screen.getByText(/Devices on the same local network/)).toBeVisible();
    await expectAccessible();
  });

  test("keep sharing: until taken back, with a passcode and a word about plain HTTP", async () => {
    const { user, host } = await make();
    await user.click(screen.getByRole("radio", { name: "Keep sharing" }));
    await user.click(screen.getByRole("checkbox", { name: "Ask for a passcode" }));
    expect(screen.getByText(/plain HTTP/)).toBeVisible();
    await user.type(screen.getByRole("textbox", { name: "Passcode" }), "12");
    await user.click(screen.getByRole("button", { name: "Make the code" }));
    expect(screen.getByRole("alert")).toHaveTextContent("at least four characters");
    await user.type(screen.getByRole("textbox", { name: "Passcode" }), "34");
    await user.click(screen.getByRole("button", { name: "Make the code" }));
    expect(host.inputsOf("shares.make")[0]).toMatchObject({ minutes: null, max_uses: null, passcode: "1234", direct: false });
  });

  test("works from anywhere, where the clinic has a link host: no word about this network, and whether the host knows", async () => {
    const far = { ...view, link: "https://links.example.org/view#shlink:/abc", address: "links.example.org", reachable: "host", at_host: false };
    const { user, host } = await make({ "shares.host": { address: "https://links.example.org", may_change: false }, "shares.make": far, "shares.view": far });
    await user.click(screen.getByRole("radio", { name: "Keep sharing" }));
    await user.click(screen.getByRole("checkbox", { name: "Ask for a passcode" }));
    await user.click(await screen.findByRole("checkbox", { name: "Works from anywhere" }));
    expect(screen.queryByText(/plain HTTP/)).toBeNull();
    expect(screen.getByText(/once this computer has reached the database/)).toBeVisible();
    await user.type(screen.getByRole("textbox", { name: "Passcode" }), "1234");
    await expectAccessible();
    await user.click(screen.getByRole("button", { name: "Make the code" }));
    expect(host.inputsOf("shares.make")[0]).toMatchObject({ passcode: "1234", anywhere: true });
    expect(await screen.findByText(/Not yet at the link host/)).toBeVisible();
    expect(screen.queryByText(/from anywhere through the link host/)).toBeNull();
    await expectAccessible();
  });

  test("without a link host nothing is asked about it", async () => {
    const { user, host } = await make({ "shares.host": { address: null, may_change: false } });
    expect(screen.queryByRole("checkbox", { name: "Works from anywhere" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Make the code" }));
    expect(host.inputsOf("shares.make")[0]).toMatchObject({ anywhere: false });
  });

  test("p5: a label that tells what is in a record is pointed out; nothing chosen is no share", async () => {
    const { user, host } = await make();
    const label = screen.getByRole("textbox", { name: "Label" });
    await user.clear(label);
    await user.type(label, "Lipid values");
    expect(screen.getByText(/“Lipid” stands in a record/)).toBeVisible();
    for (const box of screen.getAllByRole("checkbox", { checked: true })) await user.click(box);
    // Parts that this chart does not list are chosen by default and left out by unticking what is shown.
    expect(host.inputsOf("shares.make")).toEqual([]);
  });
});

describe("restriction", () => {
  test("a chart is restricted to some clinicians, and says so", async () => {
    const restricted = { name: "Maria Okafor", restricted: true, closed: false, may_break: true, allowed: [{ user: id(3), name: "Dr Wei Chen" }] };
    const wei = { user: id(3), name: "Dr Wei Chen", email: null, role: "doctor" as const, clinical: true, chart: null, managed: true, leaves_at: null, me: false };
    const { user, host } = renderApp(at("shares"), { answers: openChart({ "people.list": { people: [wei], devices: [] }, "access.restrict": restricted }) });
    const card = await screen.findByRole("region", { name: "Who opens this chart" });
    expect(await within(card).findByText("The patient and all clinicians of the clinic.")).toBeVisible();
    await user.click(within(card).getByRole("button", { name: "Change" }));
    const dialog = await screen.findByRole("dialog", { name: "Who opens this chart" });
    await user.click(await within(dialog).findByRole("checkbox", { name: "Restrict this chart" }));
    await user.click(within(dialog).getByRole("checkbox", { name: "Dr Wei Chen" }));
    await user.click(within(dialog).getByRole("button", { name: "Save" }));
    expect(host.inputsOf("access.restrict")).toEqual([{ patient: expect.any(String), restricted: true, allowed: [id(3)] }]);
    expect(await within(card).findByText(/^Restricted: the patient and Dr Wei Chen\./)).toBeVisible();
  });
});

describe("emergency card", () => {
  test("says what is known, and does not turn silence into an answer", async () => {
    const medicine = { id: id(9), name: "Warfarin", dosage: "5 mg", status: "active" as const, source: "taken" as const, started_on: null, ended_on: null, reason: null, prescriber: null, origin: null, waiting: false };
    const stopped = { ...medicine, id: id(10), name: "Ibuprofen", status: "stopped" as const };
    const { user } = renderApp(at("shares"), { answers: openChart({ "medications.list": [medicine, stopped], "patients.banner": { ...banner, allergies: [], allergies_asked: null, contacts: [] } }) });
    await user.click(await screen.findByRole("button", { name: "Show the card" }));
    const face = await screen.findByRole("dialog", { name: "Emergency card" });
    expect(await within(face).findByText("Warfarin 5 mg")).toBeVisible();
    expect(face).toHaveTextContent("AllergiesNot asked");
    expect(face).toHaveTextContent("Warfarin 5 mg");
    expect(face).not.toHaveTextContent("Ibuprofen");
    expect(face).toHaveTextContent("Nobody recorded");
  });
});

describe("list", () => {
  const access = { id: id(1), at: "2026-03-13T09:00:00Z", recipient: "City Hospital", member: null, place: "this_device", outcome: "wrong_passcode", records: 0, ip_address: "192.168.1.44", share_label: "Share 1", reason: null } as const;

  test("shows state, uses and who looked", async () => {
    renderApp(at("shares"), { answers: openChart({ "access.view": { shares: [shareRow(1), shareRow(2, { state: "revoked" })], accesses: [access, { ...access, id: id(2), recipient: null }] } }) });
    const shares = await screen.findByRole("region", { name: "Shares" });
    expect(shares).toHaveTextContent("1 of 3");
    expect(within(shares).getByText("Revoked")).toBeVisible();
    expect(within(shares).getAllByRole("button", { name: /^Revoke/ })).toHaveLength(1);
    const looked = screen.getByRole("region", { name: "Who looked" });
    expect(looked).toHaveTextContent("“City Hospital”");
    expect(looked).toHaveTextContent("Wrong passcode");
    expect(looked).toHaveTextContent("Gave no name");
    await expectAccessible();
  });

  test("more openings and more time under the same code", async () => {
    const timed = shareRow(1, { state: "used_up", expires_at: "2030-03-13T08:00:00Z", max_uses: 1 });
    const { user, host } = renderApp(at("shares"), { answers: openChart({ "access.view": { shares: [timed], accesses: [] }, "shares.extend": shareRow(1) }) });
    await user.click(await screen.findByRole("button", { name: "Extend “Share 1”" }));
    const dialog = await screen.findByRole("dialog", { name: "Extend “Share 1”" });
    await expectAccessible();
    await user.selectOptions(within(dialog).getByLabelText("How long from now"), "1 day");
    await user.clear(within(dialog).getByLabelText("More openings from now"));
    await user.type(within(dialog).getByLabelText("More openings from now"), "2");
    await user.click(within(dialog).getByRole("button", { name: "Extend" }));
    expect(host.inputsOf("shares.extend")).toEqual([{ id: id(3001), minutes: 24 * 60, uses: 2 }]);
  });

  test("what is over for good, or says so in its code, is not extended", async () => {
    const ended = shareRow(1, { state: "expired", end_in_code: true });
    const closed = shareRow(2, { state: "used_up", over: true });
    const desk = shareRow(3, { end_in_code: true, expires_at: "2030-03-13T08:00:00Z" });
    const { user } = renderApp(at("shares"), { answers: openChart({ "access.view": { shares: [ended, closed, desk], accesses: [] } }) });
    await user.click(await screen.findByRole("button", { name: /^Extend/ }));
    const dialog = await screen.findByRole("dialog", { name: "Extend “Share 3”" });
    expect(within(dialog).getByText(/Its end is written in the code/)).toBeVisible();
    expect(within(dialog).queryByLabelText("How long from now")).toBeNull();
  });

  test("revoking names the share and asks first", async () => {
    const { user, host } = renderApp(at("shares"), { answers: openChart({ "access.view": { shares: [shareRow(1)], accesses: [] }, "shares.revoke": shareRow(1, { state: "revoked" }) }) });
    await user.click(await screen.findByRole("button", { name: "Revoke “Share 1”" }));
    expect(host.inputsOf("shares.revoke")).toEqual([]);
    await user.click(within(await screen.findByRole("dialog", { name: /\?$/ })).getByRole("button", { name: "Revoke for good" }));
    expect(host.inputsOf("shares.revoke")).toEqual([{ id: id(3001) }]);
  });

  test("a code that opens nothing is not shown, and the picture is saved from the program", async () => {
    const { user, host, unmount } = await make();
    await user.click(screen.getByRole("button", { name: "Make the code" }));
    const click = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => {});
    await user.click(await screen.findByRole("button", { name: "Save as a picture" }));
    await waitFor(() => expect(host.asked.some((one) => one.name === "shares.png")).toBe(true));
    await waitFor(() => expect(click).toHaveBeenCalledOnce());
    click.mockRestore();
    unmount();
    const paused = { ...view, row: shareRow(0, { state: "paused" }) };
    const again = await make({ "shares.make": paused, "shares.view": paused });
    await again.user.click(screen.getByRole("button", { name: "Make the code" }));
    expect(await screen.findByText("The code is hidden: it opens nothing now.")).toBeVisible();
    expect(screen.queryByRole("img", { name: /QR code/ })).toBeNull();
  });
});

test("words of a label that stand in a record", () => {
  expect(clinicalWords("My LIPID values", ["Lipid panel"])).toEqual(["LIPID"]);
  expect(clinicalWords("Health records, 13 Mar 2026", ["Health record 2025"])).toEqual([]);
});

test("a countdown never goes below zero", () => {
  expect(countdown(845_000)).toBe("14:05");
  expect(countdown(-5)).toBe("0:00");
});
