import { i18n } from "@lingui/core";
import { describe, expect, test } from "vitest";
import { age, calendarDay, span, typedDate, when } from "./dates";
import { messages as french } from "./fr";

const at = (text: string) => new Date(text);

describe("an instant as people say it", () => {
  const now = at("2026-03-13T10:30:00");
  test.each([
    ["2026-03-13T10:29:40", "Just now"],
    ["2026-03-13T10:05:00", "25 min ago"],
    ["2026-03-13T08:42:00", "Today 08:42"],
    ["2026-03-12T19:05:00", "Yesterday 19:05"],
    ["2026-03-14T09:15:00", "Tomorrow 09:15"],
    ["2026-01-11T09:15:00", "11 Jan 2026"],
  ])("%s is %s", (text, words) => expect(when(at(text), now)).toBe(words));

  test("in French", () => {
    i18n.loadAndActivate({ locale: "fr", messages: french });
    expect(when(at("2026-03-13T08:42:00"), now)).toBe("Aujourd’hui 08:42");
    expect(when(at("2026-03-13T10:05:00"), now)).toBe("il y a 25 min");
  });
});

describe("a calendar date", () => {
  test("never moves by a time zone", () => {
    expect(calendarDay("1967-08-14")).toBe("14 Aug 1967");
    expect(calendarDay("1999-12-31")).toBe("31 Dec 1999");
  });
  test("may be partial", () => {
    expect(calendarDay("2020-05")).toBe("May 2020");
    expect(calendarDay("2020")).toBe("2020");
  });
});

describe("age follows the patient banner guidance", () => {
  const today = { year: 2026, month: 3, day: 13 };
  test.each([
    ["2026-03-01", "12 days"],
    ["2026-03-12", "1 day"],
    ["2025-12-13", "12 weeks"],
    ["2024-09-20", "17 months"],
    ["1967-08-14", "58 y"],
    ["1967-03-13", "59 y"],
    ["1967-03-14", "58 y"],
  ])("born %s is %s", (birth, words) => expect(age(birth, today)).toBe(words));
  test("a birth in the future has no age", () => expect(age("2026-04-01", today)).toBeNull());
});

describe("a typed date", () => {
  test.each(["14/08/1967", "14.8.1967", "14 aug 1967", "14 août 1967", "1967-08-14", " 14  August 1967 "])("%s is understood", (text) => expect(typedDate(text)).toBe("1967-08-14"));
  test.each(["", "14/8", "31/02/2020", "14/13/1967", "08-14-67", "14 xx 1967", "14 ma 1967"])("%s is not guessed", (text) => expect(typedDate(text)).toBeNull());
});

test("a length of time uses the largest fitting unit", () => {
  expect(span(9 * 60_000)).toBe("9 min");
  expect(span(3 * 3_600_000)).toBe("3 h");
  expect(span(50 * 3_600_000)).toBe("2 days");
});
