import { screen, within } from "@testing-library/react";
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type { Series } from "../../bindings/Series";
import type { VitalsView } from "../../bindings/VitalsView";
import { expectAccessible } from "../../testing/axe";
import { at, openChart, patient } from "../../testing/chart-world";
import { renderApp } from "../../testing/render";
import { id } from "../../testing/world";
import { loinc } from "./loinc";
import { within as withinReach } from "./ranges";
import { doubt, SIGNS, typedNumber } from "./signs";

// The chart is loaded when it is first shown; a test should not wait for that.
beforeAll(async () => void (await import("../chart")));

const sign = (code: string) => SIGNS.find((one) => one.code === code)!;
const yesterday = new Date(Date.now() - 86_400_000).toISOString();
const pressure: Series = {
  code: loinc.PRESSURE,
  unit: "mm[Hg]",
  low: 100,
  high: 139,
  points: [
    { id: id(1), at: new Date(Date.now() - 90 * 86_400_000).toISOString(), value: 132, second: 84, level: "normal", by: "Dr Wei Chen" },
    { id: id(2), at: yesterday, value: 148, second: 92, level: "high", by: null },
  ],
};
const view: VitalsView = { tiles: [{ code: loinc.PRESSURE, value: 148, second: 92, unit: "mm[Hg]", observed_at: yesterday, delta: 16, delta_since: pressure.points[0]?.at ?? null, level: "high" }], series: [pressure] };

describe("numbers", () => {
  test("a comma is a decimal mark; words are no numbers", () => {
    expect(typedNumber(" 37,2 ")).toBe(37.2);
    expect(typedNumber("148")).toBe(148);
    expect(typedNumber("148/92")).toBeNull();
    expect(typedNumber("")).toBeNull();
  });

  test("typed units become the unit that is kept", () => {
    expect(sign(loinc.GLUCOSE).units[1]?.toKept(5.5)).toBe(99);
    expect(sign(loinc.TEMPERATURE).units[1]?.toKept(98.6)).toBe(37);
    expect(sign(loinc.WEIGHT).units[1]?.toKept(163.4)).toBe(74.1);
    expect(sign(loinc.HEIGHT).units[1]?.toKept(65)).toBe(165.1);
  });

  test("usual ranges and units are those of the program", () => {
    const rust = readFileSync("../crates/app/src/vitals.rs", "utf8");
    for (const one of SIGNS.filter((candidate) => candidate.usual)) {
      const name = Object.entries(loinc).find(([, code]) => code === one.code)?.[0];
      const row = new RegExp(`loinc::${name},\\s+unit: "([^"]+)",[^}]*?usual: Some\\(\\(([\\d.]+), ([\\d.]+)\\)\\)`).exec(rust);
      expect([name, row?.[1], Number(row?.[2]), Number(row?.[3])]).toEqual([name, one.ucum, ...(one.usual ?? [])]);
    }
  });

  test("doubts point out and have an order", () => {
    const temperature = sign(loinc.TEMPERATURE);
    expect([37, 38.6, 35.2, 47].map((value) => doubt(temperature, value))).toEqual([null, "high", "low", "unlikely"]);
  });

  test("a trend looks back as far as asked", () => {
    const now = new Date("2026-03-13T00:00:00Z");
    const points = ["2023-01-01", "2025-01-01", "2026-01-01"].map((day) => ({ at: `${day}T00:00:00Z` }));
    expect([withinReach(points, "6m", now).length, withinReach(points, "2y", now).length, withinReach(points, "all", now).length]).toEqual([1, 2, 3]);
  });
});

describe("room", () => {
  test("shows the newest value with its level, and says not recorded for the rest", async () => {
    renderApp(at("vitals"), { answers: openChart({ "vitals.view": view }) });
    const tile = await screen.findByRole("button", { name: /Blood pressure/ });
    expect(tile).toHaveTextContent("148/92");
    expect(tile).toHaveTextContent("High");
    expect(screen.getByRole("button", { name: /Heart rate/ })).toHaveTextContent("Not recorded");
    expect(screen.getByRole("img", { name: /Blood pressure: from 132 on .* to 148 mmHg/ })).toBeVisible();
    await expectAccessible();
  });

  test("the table has the same numbers, and a value is withdrawn only after a yes", async () => {
    const { user, host } = renderApp(at("vitals"), { answers: openChart({ "vitals.view": view, "vitals.withdraw": {} }) });
    await user.click(await screen.findByText("Table"));
    await user.click(await screen.findByRole("button", { name: "Withdraw 148/92 mmHg" }));
    expect(host.inputsOf("vitals.withdraw")).toEqual([]);
    const dialog = await screen.findByRole("dialog", { name: /\?$/ });
    expect(dialog).toHaveTextContent("Both numbers leave the list");
    await user.click(within(dialog).getByRole("button", { name: "Withdraw the value" }));
    expect(host.inputsOf("vitals.withdraw")).toEqual([{ id: id(2) }]);
  });
});

describe("measuring", () => {
  async function open() {
    const shown = renderApp(at("vitals"), { answers: openChart({ "vitals.view": view, "vitals.add": view }) });
    await shown.user.click(await screen.findByRole("button", { name: "Measure" }));
    await screen.findByRole("dialog");
    return shown;
  }

  test("an unusual value is pointed out and saved all the same", async () => {
    const { user, host } = await open();
    await user.type(screen.getByRole("textbox", { name: "Temperature" }), "41,6");
    expect(screen.getByText("Higher than usual")).toBeVisible();
    await user.type(screen.getByRole("textbox", { name: "Glucose" }), "5.5");
    await user.selectOptions(screen.getByRole("combobox", { name: "Unit of Glucose" }), "mmol/L");
    await expectAccessible();
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(host.inputsOf("vitals.add")).toEqual([
      {
        patient,
        observed_at: expect.stringMatching(/Z$/),
        entries: [
          { code: loinc.TEMPERATURE, value: 41.6, unit: "Cel" },
          { code: loinc.GLUCOSE, value: 99, unit: "mg/dL" },
        ],
      },
    ]);
  });

  test("half a blood pressure and what is no number stay unsaved, with the reason", async () => {
    const { user, host } = await open();
    await user.type(screen.getByRole("textbox", { name: "Blood pressure, upper" }), "148");
    await user.type(screen.getByRole("textbox", { name: "Heart rate" }), "fast");
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(screen.getByRole("alert")).toHaveTextContent("A blood pressure needs both numbers.");
    expect(screen.getByRole("alert")).toHaveTextContent("Heart rate is not a number.");
    expect(screen.getByRole("textbox", { name: "Blood pressure, upper" })).toHaveValue("148");
    expect(host.inputsOf("vitals.add")).toEqual([]);
  });
});
