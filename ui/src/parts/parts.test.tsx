import { act, screen } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import { Problem } from "../host/problem";
import { expectAccessible } from "../testing/axe";
import { renderPart } from "../testing/render";
import { Chip } from "./Chip";
import { ConfirmDialog } from "./ConfirmDialog";
import { Failed, Waiting } from "./DataState";
import { Highlight } from "./Highlight";
import { formatBytes, NumberText } from "./NumberText";
import { bounds, ticks } from "./scale";
import { Stabilogram } from "./Stabilogram";
import { TrendChart } from "./TrendChart";
import { Waveform } from "./Waveform";

describe("numbers", () => {
  test("missing is said, never 0 or a dash", () => {
    renderPart(<NumberText value={null} unit="kg" />);
    expect(screen.getByText("Not recorded")).toBeVisible();
  });
  test("a unit stands smaller beside its number", () => {
    renderPart(<NumberText value={27.24} unit="kg/m²" digits={1} />);
    expect(screen.getByText("kg/m²")).toHaveClass("unit");
    expect(screen.getByText(/27\.2/)).toBeVisible();
  });
  test("sizes are short", () => expect([0, 999, 212_000, 1_800_000, 250_000_000].map(formatBytes)).toEqual(["0 B", "999 B", "212 kB", "1.8 MB", "250 MB"]));
});

test("a skeleton shows only after 150 ms", () => {
  vi.useFakeTimers();
  try {
    renderPart(<Waiting />);
    expect(screen.queryByRole("status", { name: "Loading" })).not.toBeInTheDocument();
    act(() => void vi.advanceTimersByTime(160));
    expect(screen.getByRole("status", { name: "Loading" })).toBeInTheDocument();
  } finally {
    vi.useRealTimers();
  }
});

test("a failure offers to try again only where that can help", () => {
  const retry = vi.fn();
  const { rerender } = renderPart(<Failed problem={new Problem({ code: "not_allowed", detail: null, retry: false })} onRetry={retry} />);
  expect(screen.queryByRole("button", { name: "Try again" })).not.toBeInTheDocument();
  expect(screen.getByRole("button", { name: "Copy reference" })).toBeVisible();
  rerender(<></>);
});

test("every tone but neutral has an icon beside its word", () => {
  for (const tone of ["crit", "warn", "ok", "info", "device"] as const) {
    const { container, unmount } = renderPart(<Chip tone={tone}>word</Chip>);
    expect(container.querySelector("svg")).not.toBeNull();
    unmount();
  }
});

test("the found part is marked whatever its accents", () => {
  const { container } = renderPart(<Highlight text="Jean-Luc Béranger" part="BERA" />);
  expect(container.querySelector("mark")).toHaveTextContent("Béra");
  expect(container).toHaveTextContent("Jean-Luc Béranger");
});

test("what cannot be undone asks for a typed word, and leaves everything as it is by default", async () => {
  const run = vi.fn();
  const { user } = renderPart(
    <ConfirmDialog opened onClose={() => {}} title="Erase the record?" confirm="Erase" danger typed="ERASE" onConfirm={run}>
      All of it.
    </ConfirmDialog>,
  );
  const erase = await screen.findByRole("button", { name: "Erase" });
  expect(erase).toBeDisabled();
  await user.type(screen.getByLabelText("Type ERASE to go on"), "ERASE");
  await user.click(erase);
  expect(run).toHaveBeenCalledTimes(1);
});

describe("charts", () => {
  const points = [
    { at: Date.UTC(2025, 0, 10), value: 29.8 },
    { at: Date.UTC(2026, 2, 3), value: 27.2 },
  ];
  test("a trend has a sentence, and a table behind a button", async () => {
    const { user } = renderPart(
      <main>
        <TrendChart points={points} unit="kg/m²" name="BMI" summary="BMI fell from 29.8 to 27.2" levels={[{ value: 30, label: "Obesity from 30", tone: "crit" }]} />
      </main>,
    );
    expect(screen.getByRole("img", { name: "BMI fell from 29.8 to 27.2" })).toBeInTheDocument();
    expect(screen.getByText("Obesity from 30")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Show as table" }));
    expect(screen.getByRole("row", { name: /3 Mar 2026 27\.2/ })).toBeVisible();
    await expectAccessible();
  });
  test("round numbers on the axis, room around equal values", () => {
    expect(ticks(24, 31, 4)).toEqual([24, 26, 28, 30]);
    const [low, high] = bounds([5, 5]);
    expect(low).toBeLessThan(5);
    expect(high).toBeGreaterThan(5);
    expect(bounds([0.01, 0.01])[0]).toBe(0);
    expect(bounds([-1, 1])[0]).toBeLessThan(-1);
  });
  test("marked spans of a recording are also words", () => {
    renderPart(<Waveform peaks={Array.from({ length: 40 }, () => [-0.4, 0.5] as const)} seconds={25} spans={[{ from: 9, to: 13, label: "Analysed" }]} label="Recording of 25 seconds" />);
    expect(screen.getByText("Analysed 0:09–0:13")).toBeVisible();
  });
  test("sway is drawn at one scale in both directions", () => {
    const { container } = renderPart(<Stabilogram path={[[-10, 0], [10, 0], [0, 10]]} ellipse={{ centreX: 0, centreY: 0, semiMajor: 10, semiMinor: 10, angle: 0 }} summary="Sway" />);
    const ellipse = container.querySelector("ellipse");
    expect(ellipse?.getAttribute("rx")).toBe(ellipse?.getAttribute("ry"));
  });
});
