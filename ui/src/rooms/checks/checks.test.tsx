import { screen, waitFor, within } from "@testing-library/react";
import { readFileSync } from "node:fs";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { expectAccessible } from "../../testing/axe";
import { at, balancePicture, checkRow, checkView, emptySummary, openChart, patient, picture, spectrogramBytes } from "../../testing/chart-world";
import { renderApp } from "../../testing/render";
import { id } from "../../testing/world";
import { gateWord, qualityAdvice } from "./check-words";
import { measureWords } from "./measure-words";
import { usualRange } from "./norm";
import { reachOf } from "./StancePicture";
import { thinned } from "./VoicePicture";

// The chart is loaded when it is first shown; a test should not wait for that.
beforeAll(async () => void (await import("../chart")));

const signs = { result: "stroke_detected", input_type: "balance", task: "stance_eyes_open" } as const;
const STORED_CODES = /stroke_detected|insufficient_quality|no_reference/;

// A place for dialogs left by an earlier test would stand before the window's skip link, which no page does.
afterEach(() => document.querySelectorAll("[data-portal]").forEach((left) => left.remove()));

describe("syllables and reading", () => {
  const spoken = { ...picture, f0: [], level: [{ at_s: 0.5, value: -3 }, { at_s: 1, value: -20 }], onsets: [0.5, 0.75, 1.01] };

  test("a train of syllables has a picture and the same as a table", async () => {
    const { user } = renderApp(at("checks"), { answers: openChart({ "checks.list": [checkRow({ task: "ddk_pataka" })], "checks.view": checkView({ task: "ddk_pataka" }), "checks.picture": spoken }) });
    await user.click(await screen.findByRole("button", { name: /Syllables/ }));
    expect(await screen.findByRole("img", { name: "Recording of 6.0 seconds with 3 syllables." })).toBeVisible();
    await user.click(screen.getByText("As a table"));
    expect(screen.getByRole("row", { name: "1 0.50 0.250" })).toBeVisible();
    await expectAccessible();
  });

  test("a text read aloud shows its pauses and the same as a table", async () => {
    const read = { ...spoken, marked: [{ from_s: 0.5, to_s: 2 }, { from_s: 2.75, to_s: 5 }] };
    const { user } = renderApp(at("checks"), { answers: openChart({ "checks.list": [checkRow({ task: "reading" })], "checks.view": checkView({ task: "reading" }), "checks.picture": read }) });
    await user.click(await screen.findByRole("button", { name: /Reading|read/ }));
    expect(await screen.findByRole("img", { name: "Recording of 6.0 seconds with 2 stretches of speech." })).toBeVisible();
    await user.click(screen.getByText("As a table"));
    expect(screen.getByRole("row", { name: "0.50 2.00 0.75" })).toBeVisible();
  });
});

describe("on the summary", () => {
  test("signs are said in careful words, unconfirmed, with whom to call", async () => {
    const latest = checkView(signs, { only_supports: false });
    renderApp(at("summary"), { answers: openChart({ "summary.view": { ...emptySummary, latest_check: latest, emergency_number: "999" }, "checks.picture": balancePicture }) });
    expect(await screen.findByText("Signs that need urgent help")).toBeVisible();
    expect(screen.getByText("Unconfirmed, needs a clinician")).toBeVisible();
    expect(screen.getByRole("alert")).toHaveTextContent("call 999 now");
    expect(screen.getByRole("link", { name: "Call emergency 999" })).toHaveAttribute("href", "tel:999");
    expect(screen.getByRole("link", { name: /Call James Okafor/ })).toHaveAttribute("href", "tel:+447700900310");
    expect(screen.getByText("good")).toBeVisible();
    expect(screen.getByText(/0\.93/)).toBeVisible();
    expect(document.body.textContent).not.toMatch(STORED_CODES);
    await expectAccessible();
  });

  test("nothing unusual never reads as an all-clear, and a vowel says that it cannot decide", async () => {
    renderApp(at("summary"), { answers: openChart({ "summary.view": { ...emptySummary, latest_check: checkView() } }) });
    expect(await screen.findByText("This does not rule out a stroke.")).toBeVisible();
    expect(screen.getByText("This cannot decide alone.")).toBeVisible();
    expect(await screen.findByRole("img", { name: /Voice recording of 6.0 seconds\. Analysed 0:01–0:06/ })).toBeVisible();
    expect(document.body.textContent).not.toMatch(/\bnormal\b/i);
  });

  test("a clinician reviews with their own finding", async () => {
    const { user, host } = renderApp(at("summary"), { answers: openChart({ "summary.view": { ...emptySummary, latest_check: checkView(signs) }, "checks.picture": balancePicture, "checks.review": checkView() }) });
    await user.click(await screen.findByRole("button", { name: "Review and record" }));
    const dialog = await screen.findByRole("dialog");
    await user.click(within(dialog).getByRole("button", { name: "Record with my name" }));
    expect(within(dialog).getByText("Choose a finding or write one.")).toBeVisible();
    await user.type(within(dialog).getByRole("textbox", { name: /last seen well/ }), "today 07:10");
    await user.click(within(dialog).getByRole("radio", { name: "Signs confirmed by examination" }));
    await user.click(within(dialog).getByRole("button", { name: "Record with my name" }));
    expect(host.inputsOf("checks.review")).toEqual([{ id: id(2000), review: "Signs confirmed by examination. Last seen well: today 07:10" }]);
  });
});

describe("the list and one check", () => {
  test("a rejected recording gives its reason and no result", async () => {
    const row = { status: "insufficient_quality", result: null, confidence: null } as const;
    const view = checkView(row, { measures: [], score: null, has_recording: false, quality_verdict: "reject", quality: [{ code: "snr", value: 6, unit: "dB", limit: 10, verdict: "reject" }] });
    const { user } = renderApp(at("checks"), { answers: openChart({ "checks.list": [checkRow(row)], "checks.view": view }) });
    await user.click(await screen.findByRole("button", { name: /Sustained vowel/ }));
    expect(await screen.findByText("No result.")).toBeVisible();
    expect(screen.getAllByText("Too noisy here. Find a quieter place.").length).toBeGreaterThan(0);
    expect(screen.getByText(/do not repeat the test; call 112/)).toBeVisible();
    expect(screen.queryByText(/Nothing unusual/)).toBeNull();
    expect(screen.queryByText(/Would a repeat/)).toBeNull();
    await expectAccessible();
  });

  test("a check shows measures with their range, missing ones with the reason, and the sum of points", async () => {
    const { user } = renderApp(at("checks"), { answers: openChart({ "checks.list": [checkRow()], "checks.view": checkView() }) });
    await user.click(await screen.findByRole("button", { name: /Sustained vowel/ }));
    const hnr = await screen.findByRole("row", { name: /Harmonics to noise/ });
    expect(hnr).toHaveTextContent("14.2–26.6");
    expect(within(hnr).getByRole("img", { name: /1\.0 standard deviations: within the usual range/ })).toBeVisible();
    await user.click(screen.getByRole("button", { name: "All 2 measures" }));
    expect(screen.getByRole("row", { name: /Cepstral peak/ })).toHaveTextContent("needs 16 kHz or more");
    expect(screen.getByRole("row", { name: /Voice quality \(vowel\)/ })).toHaveTextContent("few other people, provisional");
    expect(screen.getByText(/about 41 score at least as high/)).toBeVisible();
    expect(document.body.textContent).not.toMatch(STORED_CODES);
  });
});

describe("a new check", () => {
  const draft = { draft: id(9500), view: checkView(), picture };

  async function open(answers = {}, askBytes = {}) {
    const shown = renderApp(at("checks"), { answers: openChart({ "checks.discard": {}, "checks.keep": checkView(), "checks.view": checkView(), ...answers }), byteAnswers: { askBytes, bytes: { "checks.spectrogram": () => spectrogramBytes() } } });
    await shown.user.click((await screen.findAllByRole("button", { name: "Start stroke check" }))[0] as HTMLElement);
    return shown;
  }

  test("signs seen by eye come before any measurement", async () => {
    await open();
    const dialog = await screen.findByRole("dialog");
    expect(within(dialog).getByText("Face drooping, arm weak, speech strange?")).toBeVisible();
    expect(within(dialog).getByRole("link", { name: /Call emergency/ })).toBeVisible();
    await expectAccessible();
  });

  test("records from the microphone with a live level, and keeps with the circumstances", async () => {
    const { user, host } = await open({ "checks.start_recording": {}, "checks.stop_recording": draft });
    await user.click(await screen.findByRole("button", { name: /^Voice/ }));
    await user.selectOptions(await screen.findByRole("combobox", { name: "Recorded with" }), "Headset on a computer");
    await user.click(await screen.findByRole("button", { name: "Start recording" }));
    expect(await screen.findByText("Silence, please")).toBeVisible();
    host.tell({ kind: "level", peak_db: -45, seconds: 0.4 });
    expect(await screen.findByText("Too quiet: come closer")).toBeVisible();
    host.tell({ kind: "level", peak_db: -12, seconds: 3.2 });
    expect(await screen.findByText("Now: “aaah”")).toBeVisible();
    expect(screen.getByRole("meter")).toHaveAttribute("aria-valuetext", "Good level");
    expect(screen.getByText("0:03")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Stop and look at the result" }));
    expect(await screen.findByText("This does not rule out a stroke.")).toBeVisible();
    await user.click(screen.getByRole("checkbox", { name: "tired" }));
    await user.click(screen.getByRole("button", { name: "Keep in the chart" }));
    expect(host.inputsOf("checks.start_recording")).toEqual([{ patient, task: "vowel", device: "computer-headset", syllables: null }]);
    expect(host.inputsOf("checks.keep")).toEqual([{ draft: id(9500), notes: "Circumstances: tired" }]);
  });

  test("the recording ends by itself, and leaving in the middle stops the microphone and throws the draft away", async () => {
    const { user, host } = await open({ "checks.start_recording": {}, "checks.stop_recording": draft });
    await user.click(await screen.findByRole("button", { name: /^Voice/ }));
    await user.click(await screen.findByRole("button", { name: "Start recording" }));
    await screen.findByText("Silence, please");
    await user.click(screen.getByRole("button", { name: "Back" }));
    await waitFor(() => expect(host.inputsOf("checks.discard")).toEqual([{ draft: id(9500) }]));
    await user.click(await screen.findByRole("button", { name: /^Voice/ }));
    await user.click(await screen.findByRole("button", { name: "Start recording" }));
    host.tell({ kind: "level", peak_db: -12, seconds: 11.1 });
    expect(await screen.findByText("Recording and pitch")).toBeVisible();
    expect(host.inputsOf("checks.stop_recording")).toHaveLength(2);
  });

  test("analyses a balance file of the chosen stance and asks before discarding", async () => {
    const view = checkView(signs, { only_supports: false });
    const asked: unknown[] = [];
    const { user, host } = await open({}, { "checks.analyse": (meta: unknown) => (asked.push(meta), { draft: id(9501), view, picture: balancePicture }) });
    await user.click(await screen.findByRole("button", { name: /^Balance/ }));
    expect(screen.getByText("Safety first.")).toBeVisible();
    await user.click(screen.getByText("Eyes closed"));
    await user.upload(screen.getByTestId("file-input"), new File(["time_s,ml_cm,ap_cm"], "stance.csv", { type: "text/csv" }));
    expect(await screen.findByText("Signs that need urgent help.")).toBeVisible();
    expect(asked).toEqual([{ patient, task: "stance_eyes_closed", file_name: "stance.csv", device: null, syllables: null }]);
    expect(screen.getByRole("textbox", { name: /last seen well/ })).toBeVisible();
    expect(screen.getByRole("img", { name: /Sway seen from above over 60 seconds/ })).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Discard" }));
    expect(host.inputsOf("checks.discard")).toEqual([]);
    await user.click(await screen.findByRole("button", { name: "Discard the check" }));
    expect(host.inputsOf("checks.discard")).toEqual([{ draft: id(9501) }]);
  });
});

describe("catalogue", () => {
  const source = (path: string) => readFileSync(`../crates/detect/src/${path}`, "utf8");

  test("every gate has a name and advice", () => {
    const codes = [...source("quality/gate.rs").matchAll(/Self::\w+ => "(\w+)",/g)].map((found) => found[1] as string);
    expect(codes.length).toBeGreaterThan(10);
    expect(codes.filter((code) => qualityAdvice(code) === null || typeof gateWord(code) === "string")).toEqual([]);
  });

  test("every measure has a name", () => {
    // Measures of one axis carry its name behind theirs.
    const perAxis = (name: string) => ["ml", "ap"].every((axis) => measureWords(`${name}_${axis}`) !== null);
    const files = ["heard", "reading", "stance", "syllables", "trunk", "voice", "vowel"].map((name) => `analyse/${name}.rs`);
    const ids = files.flatMap((path) => [...source(path).matchAll(/^\s+\("(\w+)", "[^"]*",/gm)].map((found) => found[1] as string));
    expect(ids.length).toBeGreaterThan(40);
    expect(ids.filter((name) => measureWords(name) === null && !perAxis(name))).toEqual([]);
  });
});

describe("numbers", () => {
  test("a usual range is given in the unit of the measure, also where the norm is kept as a logarithm", () => {
    expect(usualRange({ value: 17.3, norm_mean: 20.4, norm_sd: 3.1, z: 1 })).toEqual([14.2, 26.6].map((value) => expect.closeTo(value, 6)));
    const [low, high] = usualRange({ value: 2, norm_mean: 0.69275, norm_sd: 0.71561, z: (Math.log(2) - 0.69275) / 0.71561 }) ?? [0, 0];
    expect([low, high]).toEqual([expect.closeTo(Math.exp(0.69275 - 2 * 0.71561), 6), expect.closeTo(Math.exp(0.69275 + 2 * 0.71561), 6)]);
    expect(usualRange({ value: 5, norm_mean: 1, norm_sd: 1, z: 0.1 })).toBeNull();
  });

  test("thinning keeps the extremes", () => {
    const many = Array.from({ length: 1000 }, (_, n) => ({ min: n === 500 ? -1 : -0.1, max: n === 10 ? 1 : 0.1 }));
    const few = thinned(many, 50);
    expect(few).toHaveLength(50);
    expect([Math.min(...few.map((one) => one.min)), Math.max(...few.map((one) => one.max))]).toEqual([-1, 1]);
  });

  test("both axes of the sway share one reach", () => {
    expect(reachOf([{ at_s: 0, ml: 0.2, ap: -2.1 }])).toBe(2.5);
    expect(reachOf([])).toBe(0.5);
  });
});
