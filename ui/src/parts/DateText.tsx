import { useLingui } from "@lingui/react/macro";
import { useEffect, useState } from "react";
import { calendarDay, exactly, when } from "../words/dates";

/** A moment that moves every half minute, so that "5 min ago" stays true. */
export function useNow(every = 30_000): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}

interface DateProps {
  at: string | number | null | undefined;
  /** Inside a sentence: "since today 10:30". */
  inline?: boolean;
}

const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

/** An instant as people say it, with the exact time on hover. Missing is "Not recorded". */
export function DateText({ at, inline }: DateProps) {
  const { t } = useLingui();
  const now = useNow();
  const instant = at === null || at === undefined ? null : new Date(at);
  if (!instant || Number.isNaN(instant.getTime())) return <span>{t`Not recorded`}</span>;
  return (
    <time dateTime={instant.toISOString()} title={exactly(instant)} className="nowrap">
      {inline ? lower(when(instant, now)) : when(instant, now)}
    </time>
  );
}

/** A calendar date ("1967-08-14"), which has no time and no time zone. */
export function CalendarText({ date }: { date: string | null | undefined }) {
  const { t } = useLingui();
  if (!date) return <span>{t`Not recorded`}</span>;
  return (
    <time dateTime={date} className="nowrap">
      {calendarDay(date)}
    </time>
  );
}
