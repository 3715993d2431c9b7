import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeAll, describe, expect, test } from "vitest";
import { setPreferences } from "../../app/preferences";
import { expectAccessible } from "../../testing/axe";
import { at, openChart, patient } from "../../testing/chart-world";
import { renderApp } from "../../testing/render";
import { id } from "../../testing/world";

// The chart is loaded when it is first shown; a test should not wait for that.
beforeAll(async () => void (await import("../chart")));

const choices = [
  { id: patient, kind: "allergies", title: "", date: null, detail: "2" },
  { id: id(5001), kind: "record", title: "Lipid panel", date: "2026-03-03", detail: null },
];
let given = 0;
const frames = ({ count }: { count: number }) => Array.from({ length: count }, () => ({ number: ++given, text: "UR:BYTES/1-9/AA", picture: "iVBORw0KGgo=" }));

async function begin(more = {}) {
  given = 0;
  const answers = {
    "shares.choices": choices, "transfer.read_receiver": { code: "TAKE1:ABC", comparison: "ABCD EFGH" },
    "transfer.send": { ticket: id(7100), parts: 12, bytes: 5_800 }, "transfer.frames": frames, "transfer.stop": {}, ...more,
  };
  const shown = renderApp(at("shares"), { answers: openChart(answers) });
  await shown.user.click(await screen.findByRole("button", { name: "Send without a network" }));
  await screen.findByRole("textbox", { name: "Code of the receiver" });
  return shown;
}

async function show(shown: Awaited<ReturnType<typeof begin>>) {
  fireEvent.change(screen.getByRole("textbox", { name: "Code of the receiver" }), { target: { value: " TAKE1:ABC " } });
  expect(await screen.findByRole("img", { name: /^Characters to compare: A B C D/ })).toBeVisible();
  await shown.user.type(screen.getByRole("textbox", { name: "Who receives it" }), "Dr Ann");
  await shown.user.click(screen.getByRole("button", { name: "Show the codes" }));
  await screen.findByRole("img", { name: "Changing code for the receiver's camera" });
}

const number = () => Number(/Code (\d+),/.exec(screen.getByText(/at least 12 are needed/).textContent ?? "")?.[1]);

describe("sending without a network", () => {
  test("nothing is sealed before the receiver's code, a name and a choice are there", async () => {
    const { user, host } = await begin();
    await user.click(screen.getByRole("button", { name: "Show the codes" }));
    const said = screen.getByRole("alert");
    expect(said).toHaveTextContent("The receiver's code is missing.");
    expect(said).toHaveTextContent("Say who receives it");
    expect(host.inputsOf("transfer.send")).toEqual([]);
    await expectAccessible();
  });

  test("the codes go on, three a second at most, wait when paused, and end with the dialog", async () => {
    const shown = await begin();
    await show(shown);
    expect(shown.host.inputsOf("transfer.send")).toEqual([{ patient, choices: [], kinds: ["allergies", "conditions", "medications"], receiver: "TAKE1:ABC", recipient: "Dr Ann" }]);
    // The tests' window asks for less movement, so nothing moves before it is said.
    await shown.user.click(screen.getByRole("button", { name: "Play" }));
    const [first, start] = [number(), performance.now()];
    await waitFor(() => expect(number()).toBeGreaterThanOrEqual(first + 3), { timeout: 5_000 });
    expect(performance.now() - start).toBeGreaterThan(600);
    await shown.user.click(screen.getByRole("button", { name: "Pause" }));
    const paused = number();
    await act(() => new Promise((later) => setTimeout(later, 800)));
    expect(number()).toBe(paused);
    await shown.user.click(screen.getByRole("button", { name: "Next code" }));
    expect(number()).toBe(paused + 1);
    await expectAccessible();
    await shown.user.click(screen.getByRole("button", { name: "Stop" }));
    await waitFor(() => expect(shown.host.inputsOf("transfer.stop")).toEqual([{ id: id(7100) }]));
  });

  test("where movement is reduced, each code waits for a press", async () => {
    setPreferences({ motion: "none" });
    const shown = await begin();
    await show(shown);
    expect(screen.getByText(/Movement is reduced/)).toBeVisible();
    await waitFor(() => expect(number()).toBe(1));
    await act(() => new Promise((later) => setTimeout(later, 800)));
    expect(number()).toBe(1);
    await shown.user.click(screen.getByRole("button", { name: "Next code" }));
    expect(number()).toBe(2);
  });

  test("more is asked for before the last was shown", async () => {
    setPreferences({ motion: "none" });
    const shown = await begin();
    await show(shown);
    for (let press = 0; press < 25; press++) await shown.user.click(screen.getByRole("button", { name: "Next code" }));
    await waitFor(() => expect(shown.host.inputsOf("transfer.frames").length).toBeGreaterThan(1));
    expect(number()).toBe(26);
  });

  test("too much for codes says which other ways there are; a code of something else is refused", async () => {
    const refuse = (code: string) => () => {
      throw { code, detail: null, retry: false };
    };
    const shown = await begin({ "transfer.send": refuse("transfer_too_large") });
    fireEvent.change(screen.getByRole("textbox", { name: "Code of the receiver" }), { target: { value: "TAKE1:ABC" } });
    await screen.findByRole("img", { name: /^Characters to compare/ });
    await shown.user.type(screen.getByRole("textbox", { name: "Who receives it" }), "Dr Ann");
    await shown.user.click(screen.getByRole("button", { name: "Show the codes" }));
    expect(await screen.findByText(/over the local network or as a file/)).toBeVisible();
  });
});
