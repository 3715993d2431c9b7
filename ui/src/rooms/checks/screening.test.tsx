import { screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { TrendMark } from "../../bindings/TrendMark";
import type { TrendView } from "../../bindings/TrendView";
import { expectAccessible } from "../../testing/axe";
import { at, checkRow, checkView, openChart, patient, picture, spectrogramBytes } from "../../testing/chart-world";
import { renderApp, renderPart } from "../../testing/render";
import { id } from "../../testing/world";
import { CheckDetail } from "./CheckDetail";
import { colourAt } from "./colour-scale";
import { intervalsOf } from "./IntervalPlot";
import { readSpectrogram, stretchesOf } from "./spectrogram-data";
import { deviceChanges, runsOf } from "./trend-data";
import { READING_SYLLABLES, READING_TEXT } from "./voice-tasks";
import { speak, i18n } from "../../words";

beforeAll(async () => void (await import("../chart")));
afterEach(() => document.querySelectorAll("[data-portal]").forEach((left) => left.remove()));

const byteAnswers = { bytes: { "checks.spectrogram": () => spectrogramBytes() } };

async function openCheck(row: Parameters<typeof checkRow>[0], view: Parameters<typeof checkView>[1] = {}, shown = picture) {
  const rendered = renderApp(at("checks"), { answers: openChart({ "checks.list": [checkRow(row)], "checks.view": checkView(row, view), "checks.picture": shown }), byteAnswers });
  await rendered.user.click(await screen.findByRole("button", { name: /Sustained vowel|Syllables/ }));
  return rendered;
}

describe("spectrogram", () => {
  test("a voice has one, and a table that says the same in numbers", async () => {
    const { user } = await openCheck({});
    expect(await screen.findByRole("img", { name: /Spectrogram of 6\.0 seconds from 0 to 5,000 Hz/ })).toBeVisible();
    await user.click(screen.getByText("Spectrogram as a table"));
    const table = screen.getByRole("group", { name: "Spectrogram as a table" });
    expect(within(table).getByRole("row", { name: "0.00 3.00 500 0 -10 -20 -30 below −40" })).toBeVisible();
    expect(within(table).getByRole("row", { name: /^3\.00 6\.00 silence below −40/ })).toBeVisible();
    await expectAccessible();
  });

  test("bytes of another length are no picture", () => {
    expect(readSpectrogram(spectrogramBytes().subarray(0, 20))).toBeNull();
    expect(readSpectrogram(new Uint8Array(3))).toBeNull();
    expect(readSpectrogram(spectrogramBytes(0, 5, []))?.columns).toBe(0);
  });

  test("a stretch is the mean of the power of its cells, not of its decibels", () => {
    const data = readSpectrogram(spectrogramBytes(2, 5, [0, ...Array<number>(9).fill(255)]));
    expect(data && stretchesOf(data, 1)[0]?.levels[0]).toBeCloseTo(-3.01, 2);
  });

  test("the lightness of the colours goes one way from end to end, on paper and on the dark window", () => {
    const lightness = ([r, g, b]: [number, number, number]) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
    const [dark, light] = [false, true].map((onLight) => Array.from({ length: 41 }, (_, n) => lightness(colourAt(n / 40, onLight)))) as [number[], number[]];
    expect(dark.slice(1).every((value, at) => value > (dark[at] ?? 0))).toBe(true);
    expect(light.slice(1).every((value, at) => value < (light[at] ?? 0))).toBe(true);
    expect(colourAt(-1, false)).toEqual(colourAt(0, false));
  });
});

describe("regularity of syllables", () => {
  test("intervals and their median, also of few syllables", () => {
    expect(intervalsOf([]).list).toEqual([]);
    expect(intervalsOf([0.2]).median).toBe(0);
    expect(intervalsOf([0, 0.2, 0.5, 0.6]).median).toBeCloseTo(0.2, 9);
    expect(intervalsOf([0, 0.2, 0.5]).median).toBeCloseTo(0.25, 9);
  });

  test("are drawn under the train", async () => {
    await openCheck({ task: "ddk_pataka" }, {}, { ...picture, f0: [], level: [], onsets: [0.5, 0.7, 0.9, 2.0] });
    expect(await screen.findByRole("img", { name: "Regularity of 3 intervals between syllables: median 200 ms, from 200 to 1,100 ms." })).toBeVisible();
  });
});

const mark = (n: number, day: string, value: number | null, more: Partial<TrendMark> = {}): TrendMark => ({
  id: id(7000 + n), at: `${day}T08:00:00Z`, value, device: "computer-headset", status: "completed", result: "normal", changed: false, own: null, ...more,
});
const trend = (points: TrendMark[], more: Partial<TrendView> = {}): TrendView => ({ task: "ddk_pataka", measure: "ddk_rate", unit: "syll/s", points, ...more });
const openTrends = (trends: TrendView[]) => renderApp(at("checks"), { answers: openChart({ "checks.list": [checkRow()], "checks.trends": trends }) });

describe("trends", () => {
  test("nothing measured shows no trend", async () => {
    openTrends([]);
    await screen.findByRole("button", { name: /Sustained vowel/ });
    expect(screen.queryByText("Over the months")).toBeNull();
  });

  test.each([1, 2, 400])("%i values are drawn and stand in a table", async (count) => {
    const day = (n: number) => new Date(Date.UTC(2024, 0, 1 + n)).toISOString().slice(0, 10);
    openTrends([trend(Array.from({ length: count }, (_, n) => mark(n, day(n), 6 + n / 1000)))]);
    const drawn = await screen.findByRole("img", { name: new RegExp(`^${count} values from`) });
    expect(drawn.querySelectorAll("circle")).toHaveLength(count);
    expect(drawn.innerHTML).not.toContain("NaN");
    expect(within(screen.getByRole("group", { name: "Trend as a table", hidden: true })).getAllByRole("row", { hidden: true })).toHaveLength(count + 1);
  });

  test("the own band, the changed result and the gap are in the picture and in the table", async () => {
    const own = { low: 5.2, high: 6.8, sessions: 3 };
    const points = [
      mark(1, "2026-01-05", 6.1),
      mark(2, "2026-01-20", null, { result: null, status: "no_reference" }),
      mark(3, "2026-02-10", 4.2, { own, result: "stroke_detected", changed: true }),
    ];
    const { user } = openTrends([trend(points), trend([mark(9, "2026-01-05", 0.02)], { task: "vowel", measure: "f0_cv", unit: "" })]);
    const drawn = await screen.findByRole("img", { name: /^2 values from .* between 4\.20 and 6\.10 \/s/ });
    expect(drawn.querySelectorAll("polygon")).toHaveLength(1);
    expect(drawn.querySelectorAll("rect")).toHaveLength(1);
    await user.click(screen.getByText("As a table"));
    expect(screen.getByRole("row", { name: /10 Feb 2026 4\.20 5\.20–6\.80 Headset on a computer Signs that need urgent help ?· changed/ })).toBeVisible();
    expect(screen.getByRole("row", { name: /20 Jan 2026 Not measured None yet/ })).toBeVisible();
    expect(document.body.textContent).not.toMatch(/stroke_detected|no_reference/);
    await expectAccessible();
    await user.selectOptions(screen.getByRole("combobox", { name: "Which task" }), "Sustained vowel");
    expect(await screen.findByRole("img", { name: /^1 values from/ })).toBeVisible();
  });

  test("a line joins neither across a gap, nor across devices, nor across a long silence", () => {
    const points = [
      mark(1, "2026-01-01", 1),
      mark(2, "2026-01-08", 2),
      mark(3, "2026-01-15", null),
      mark(4, "2026-01-22", 3),
      mark(5, "2026-01-29", 4, { device: "phone-builtin" }),
      mark(6, "2026-07-01", 5, { device: "phone-builtin" }),
    ];
    expect(runsOf(points).map((run) => run.length)).toEqual([2, 1, 1, 1]);
    expect(deviceChanges(points).map((point) => point.value)).toEqual([4]);
    expect([runsOf([]), deviceChanges([])]).toEqual([[], []]);
  });
});

describe("could not do it", () => {
  test("an attempt says its reason and claims neither a comparison nor a quality", async () => {
    const view = checkView({ status: "no_reference", result: null, inability: "cannot_speak", confidence: null, model_version: "protocol" }, { measures: [], quality: [], notes: null });
    renderPart(<CheckDetail view={view} picture={undefined} emergencyNumber="112" />, {});
    expect(screen.getByText(/The task could not be done, and that is not new/)).toHaveTextContent("Reason: Cannot speak.");
    expect(screen.getByText("Could not be done")).toBeVisible();
    expect(screen.queryByText(/nothing to compare with/i)).toBeNull();
    expect(screen.queryByText("Quality of the recording")).toBeNull();
  });
  test("a new one is a sign, and no measurement is claimed", () => {
    const view = checkView({ result: "stroke_detected", inability: "cannot_speak", confidence: null, model_version: "protocol" }, { measures: [], quality: [], notes: null });
    renderPart(<CheckDetail view={view} picture={undefined} emergencyNumber="112" />, {});
    expect(screen.getByRole("alert")).toHaveTextContent("The task could not be done, and that is new. Reason: Cannot speak.");
    expect(screen.queryByText(/differs clearly/)).toBeNull();
  });
  test("the emergency comes first, then the attempt is kept with its reason", async () => {
    const { user, host } = renderApp(at("checks"), { answers: openChart({ "checks.could_not_do": checkView(), "checks.view": checkView() }), byteAnswers });
    await user.click((await screen.findAllByRole("button", { name: "Start stroke check" }))[0] as HTMLElement);
    await user.click(await screen.findByRole("button", { name: /^Could not do it/ }));
    const dialog = await screen.findByRole("dialog");
    expect(within(dialog).getByText(/that is a sign in itself/)).toBeVisible();
    await user.click(within(dialog).getByRole("button", { name: "Keep the attempt in the chart" }));
    expect(within(dialog).getByText("Choose a reason.")).toBeVisible();
    expect(within(dialog).queryByRole("radio", { name: "Had to take a step" })).toBeNull();
    await user.selectOptions(within(dialog).getByRole("combobox", { name: "What was tried" }), "Standing, eyes closed");
    await user.click(within(dialog).getByRole("radio", { name: "Had to take a step" }));
    await user.click(within(dialog).getByRole("radio", { name: "Not new: kept without a result" }));
    await expectAccessible();
    await user.click(within(dialog).getByRole("button", { name: "Keep the attempt in the chart" }));
    await waitFor(() => expect(host.inputsOf("checks.could_not_do")).toEqual([{ patient, task: "stance_eyes_closed", reason: "step", is_new: false, notes: null }]));
  });
});

describe("on paper", () => {
  test("everything measured, the careful words and who reviewed; nothing more is claimed", async () => {
    const print = vi.spyOn(window, "print").mockImplementation(() => undefined);
    const { user } = await openCheck({ reviewed_by: "Dr Wei Chen", reviewed_at: "2026-03-14T09:00:00Z" }, { review: "Speech clear on examination" });
    await user.click(await screen.findByRole("button", { name: "Print or save as PDF" }));
    expect(print).toHaveBeenCalledOnce();
    const sheet = document.querySelector("[data-print-sheet]") as HTMLElement;
    const words = sheet.textContent ?? "";
    expect(words).toMatch(/This does not rule out a stroke\./);
    expect(words).toMatch(/Screening aid, not a diagnosis\. Not a certified medical device\./);
    expect(words).toMatch(/Reviewed by Dr Wei Chen on .*: Speech clear on examination/);
    expect(words).toMatch(/Cepstral peak.*needs 16 kHz or more/);
    expect(words).toMatch(/aidpost-screen 1\.0\.0.*Headset on a telephone/);
    expect(words).not.toMatch(/stroke_detected|\bnormal\b|diagnosed|no stroke|AI\b/i);
    expect(sheet.querySelector("canvas")).not.toBeNull();
    window.dispatchEvent(new Event("afterprint"));
    await waitFor(() => expect(document.querySelector("[data-print-sheet]")).toBeNull());
    print.mockRestore();
  });

  test("a check that nobody reviewed says so, and signs keep their careful words", async () => {
    const print = vi.spyOn(window, "print").mockImplementation(() => undefined);
    const { user } = await openCheck({ result: "stroke_detected" });
    await user.click(await screen.findByRole("button", { name: "Print or save as PDF" }));
    const words = document.querySelector("[data-print-sheet]")?.textContent ?? "";
    expect(words).toMatch(/Signs that need urgent help/);
    expect(words).toMatch(/No clinician has reviewed this check\./);
    expect(words).not.toMatch(/stroke_detected|you have|diagnosed/i);
    print.mockRestore();
  });
});

// A point between two syllables of a word; mute vowels stay with the syllable before them.
const SPOKEN: Record<string, string> = {
  en: "Ear·ly in the morn·ing the bak·er o·pens her shop on the cor·ner of the mar·ket. She sets the warm bread in the win·dow and puts a ket·tle on for tea. Soon the first peo·ple come in from the cold. A teach·er asks for two small rolls, a driv·er wants a bag of ap·ples, and a boy with a red cap counts his coins for a slice of cake. They talk a·bout the rain, the late train and the gar·den be·hind the church. By noon the shelves are emp·ty, the floor is clean a·gain, and the bak·er sits down at last be·side the o·pen door.",
  fr: "Le ma·tin, la bou·lan·gère ouvre sa bou·tique au coin du mar·ché. Elle pose le pain chaud dans la vi·trine et met de l’eau à chauf·fer pour le thé. Bien·tôt les pre·miers cli·ents ar·rivent du froid. Une maî·tresse de·mande deux pe·tits pains, un chauf·feur veut un sac de pommes, et un gar·çon au bon·net rouge compte ses pièces pour une part de gâ·teau. On parle de la pluie, du train en re·tard et du jar·din der·rière l’é·glise. À mi·di les ra·yons sont vides, le sol est propre, et la bou·lan·gère s’as·sied en·fin près de la porte ou·verte.",
};

describe("the text to read", () => {
  test.each(["en", "fr"] as const)("has as many syllables as are given to the measures: %s", async (language) => {
    const spoken = SPOKEN[language] ?? "";
    await speak(language);
    expect(i18n._(READING_TEXT)).toBe(spoken.replaceAll("·", ""));
    await speak("en");
    expect(spoken.split(/[ ·]+/)).toHaveLength(READING_SYLLABLES[language] ?? 0);
  });
});
