import { i18n } from "@lingui/core";
import { msg, plural } from "@lingui/core/macro";

const HOUR = 3_600_000;
const MINUTE = 60_000;

/** The language for dates and numbers: British order of day and month for English, as the rest of the texts. */
export function locale(): string {
  return i18n.locale === "fr" ? "fr-FR" : "en-GB";
}

function sameDay(a: Date, b: Date): boolean {
  return a.getFullYear() === b.getFullYear() && a.getMonth() === b.getMonth() && a.getDate() === b.getDate();
}

/** "10:30". */
export function clock(at: Date): string {
  return at.toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit" });
}

/** "13 Mar 2026" for an instant, in this computer's time zone. */
export function day(at: Date): string {
  return at.toLocaleDateString(locale(), { day: "numeric", month: "short", year: "numeric" });
}

/** An instant as people say it: minutes under an hour ago, "Today 10:30", "Yesterday 10:30", else "13 Mar 2026". */
export function when(at: Date, now: Date): string {
  const ago = now.getTime() - at.getTime();
  if (ago >= 0 && ago < MINUTE) return i18n._(msg`Just now`);
  if (ago >= 0 && ago < HOUR) return minutesAgo(Math.floor(ago / MINUTE));
  const time = clock(at);
  if (sameDay(at, now)) return i18n._(msg`Today ${time}`);
  if (sameDay(at, new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1))) return i18n._(msg`Yesterday ${time}`);
  if (sameDay(at, new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1))) return i18n._(msg`Tomorrow ${time}`);
  return day(at);
}

function minutesAgo(minutes: number): string {
  return i18n._(msg`${plural(minutes, { one: "# min ago", other: "# min ago" })}`);
}

/** The exact time, for the hover text. */
export function exactly(at: Date): string {
  return at.toLocaleString(locale(), { dateStyle: "full", timeStyle: "medium" });
}

/** Parts of a calendar date. A calendar date has no time zone and never passes through an instant. */
export interface CalendarDate {
  year: number;
  /** 1 to 12; absent when only the year is known. */
  month?: number;
  day?: number;
}

/** Reads "1967-08-14", "1967-08" or "1967". Anything else is null. */
export function readCalendarDate(text: string): CalendarDate | null {
  const found = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?/.exec(text);
  if (!found) return null;
  const [, year, month, dayOfMonth] = found;
  return { year: Number(year), month: month ? Number(month) : undefined, day: dayOfMonth ? Number(dayOfMonth) : undefined };
}

/** "14 Aug 1967", "Aug 1967" or "1967". Text that is no calendar date is given back as it is. */
export function calendarDay(text: string): string {
  const date = readCalendarDate(text);
  if (!date) return text;
  if (!date.month) return String(date.year);
  // Noon UTC shown in UTC: the computer's time zone cannot move the day.
  const at = new Date(Date.UTC(date.year, date.month - 1, date.day ?? 1, 12));
  return at.toLocaleDateString(locale(), { day: date.day ? "numeric" : undefined, month: "short", year: "numeric", timeZone: "UTC" });
}

/** "Fri 16 Jan, 10:00" for a wall time `YYYY-MM-DDTHH:MM`, which has a zone of its own and is shown as it stands. */
export function wallTime(text: string): string {
  const at = new Date(`${text}:00Z`);
  if (Number.isNaN(at.getTime())) return text;
  return at.toLocaleString(locale(), { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone: "UTC" });
}

const DAY = 24 * HOUR;

function daysBetween(from: CalendarDate, to: CalendarDate): number {
  const start = Date.UTC(from.year, (from.month ?? 1) - 1, from.day ?? 1);
  const end = Date.UTC(to.year, (to.month ?? 1) - 1, to.day ?? 1);
  return Math.round((end - start) / DAY);
}

function monthsBetween(from: CalendarDate, to: CalendarDate): number {
  const whole = (to.year - from.year) * 12 + ((to.month ?? 1) - (from.month ?? 1));
  return (to.day ?? 1) < (from.day ?? 1) ? whole - 1 : whole;
}

/** The calendar date of an instant on this computer. */
export function calendarOf(at: Date): CalendarDate {
  return { year: at.getFullYear(), month: at.getMonth() + 1, day: at.getDate() };
}

/**
 * Age as on a patient banner: days under 4 weeks, weeks under a year, months under two years, then years (NHS patient banner
 * guidance, as used by OpenMRS 3). Null when the birth date is unreadable or after `today`.
 */
export function age(birth: string, today: CalendarDate): string | null {
  const born = readCalendarDate(birth);
  if (!born) return null;
  const days = daysBetween(born, today);
  if (days < 0) return null;
  const months = monthsBetween(born, today);
  if (days < 28) return i18n._(msg`${plural(days, { one: "# day", other: "# days" })}`);
  if (months < 12) return weeks(Math.floor(days / 7));
  if (months < 24) return i18n._(msg`${plural(months, { one: "# month", other: "# months" })}`);
  const years = Math.floor(months / 12);
  return i18n._(msg`${years} y`);
}

function weeks(count: number): string {
  return i18n._(msg`${plural(count, { one: "# week", other: "# weeks" })}`);
}

/** A length of time in the largest fitting unit: "9 min", "3 h", "2 days". */
export function span(milliseconds: number): string {
  const minutes = Math.max(0, Math.ceil(milliseconds / MINUTE));
  if (minutes < 90) return i18n._(msg`${minutes} min`);
  const hours = Math.round(minutes / 60);
  if (hours < 36) return i18n._(msg`${hours} h`);
  const days = Math.round(hours / 24);
  return i18n._(msg`${plural(days, { one: "# day", other: "# days" })}`);
}

/**
 * Reads a calendar date as people type it: "14/08/1967", "14 8 1967", "14 aug 1967", "1967-08-14". Day first. Null when it is
 * no real date.
 */
export function typedDate(text: string): string | null {
  const parts = text.trim().toLowerCase().split(/[\s./-]+/).filter(Boolean);
  if (parts.length !== 3) return null;
  const [first, second, third] = parts as [string, string, string];
  const yearFirst = first.length === 4;
  const dayText = yearFirst ? third : first;
  const yearText = yearFirst ? first : third;
  const month = /^\d+$/.test(second) ? Number(second) : monthByName(second);
  if (!month || !/^\d{4}$/.test(yearText) || !/^\d{1,2}$/.test(dayText)) return null;
  return realDate(Number(yearText), month, Number(dayText));
}

function realDate(year: number, month: number, dayOfMonth: number): string | null {
  const at = new Date(Date.UTC(year, month - 1, dayOfMonth));
  if (at.getUTCMonth() !== month - 1 || at.getUTCDate() !== dayOfMonth) return null;
  const two = (value: number) => String(value).padStart(2, "0");
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(dayOfMonth)}`;
}

function monthByName(text: string): number | null {
  const plain = (word: string) => word.normalize("NFD").replace(/[^a-z]/gi, "").toLowerCase();
  const wanted = plain(text);
  if (wanted.length < 3) return null;
  for (let month = 1; month <= 12; month += 1) {
    const at = new Date(Date.UTC(2000, month - 1, 15));
    for (const language of ["en-GB", "fr-FR"]) {
      const long = plain(at.toLocaleDateString(language, { month: "long", timeZone: "UTC" }));
      if (long.startsWith(wanted)) return month;
    }
  }
  return null;
}
