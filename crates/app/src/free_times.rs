//! Times at which a doctor is free, near one that was wanted.

use jiff::{
    SignedDuration, Timestamp, ZonedDateTime,
    civil::{DateTime, Time as WallTime, Weekday},
    tz::TimeZone,
};
use model::{Availability, Time, TimeOff};

/// So many are proposed.
const PROPOSED: usize = 4;
/// So many days from the wanted one on are looked at.
const DAYS: i64 = 14;
/// The hours of a doctor who has not said when patients may come: every weekday, local time.
const OPENS: WallTime = jiff::civil::time(8, 0, 0, 0);
const CLOSES: WallTime = jiff::civil::time(18, 0, 0, 0);
/// How the wall time stands in an appointment.
const WALL: &str = "%Y-%m-%dT%H:%M";

/// What was wanted, and what stands in the way.
pub struct Wanted<'a> {
    /// The instant.
    pub at: Time,
    /// IANA zone.
    pub zone: &'a str,
    /// How long.
    pub minutes: u32,
    /// When the doctor says that patients may come.
    pub hours: &'a [Availability],
    /// Days away.
    pub off: &'a [TimeOff],
    /// When the doctor is taken: begin and end in milliseconds since 1970.
    pub taken: &'a [(i64, i64)],
    /// Nothing before this is proposed.
    pub now: Time,
}

/// A time that is free.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Free {
    /// The instant.
    pub at: Time,
    /// Wall time `YYYY-MM-DDTHH:MM` in the zone that was asked for.
    pub local_time: String,
}

impl Wanted<'_> {
    /// The nearest free times, in the order of time; none where the zone is unknown.
    pub fn nearest(&self) -> Vec<Free> {
        let Some(wanted) = zoned(self.at, self.zone) else { return Vec::new() };
        let mut found: Vec<ZonedDateTime> = (0..DAYS).flat_map(|day| self.of_day(&wanted, day)).collect();
        found.sort_by_key(|free| (free.timestamp().duration_since(wanted.timestamp()).abs(), free.timestamp()));
        found.truncate(PROPOSED);
        found.sort_by_key(ZonedDateTime::timestamp);
        found
            .iter()
            .map(|free| Free {
                at: Time::from_ms(free.timestamp().as_millisecond()),
                local_time: free.strftime(WALL).to_string(),
            })
            .collect()
    }

    /// What is free on a day: every beginning that fits between opening and closing.
    fn of_day(&self, wanted: &ZonedDateTime, day: i64) -> Vec<ZonedDateTime> {
        let Ok(date) = wanted.date().checked_add(jiff::Span::new().days(day)) else { return Vec::new() };
        let is_off = |off: &TimeOff| (off.from.as_str()..=off.to.as_str()).contains(&date.to_string().as_str());
        if self.off.iter().any(is_off) {
            return Vec::new();
        }
        let mut free = Vec::new();
        for (opens, closes) in self.open_on(date.weekday()) {
            let mut wall = date.to_datetime(opens);
            while let Some(end) = self.after(wall).filter(|end| *end <= date.to_datetime(closes)) {
                // A wall time that the change to summer time leaves out, or has twice, is not proposed.
                let instant = wanted.time_zone().to_ambiguous_zoned_datetime(wall).unambiguous();
                free.extend(instant.ok().filter(|at| self.is_free(at)));
                wall = end;
            }
        }
        free
    }

    fn after(&self, wall: DateTime) -> Option<DateTime> {
        let length = SignedDuration::from_mins(i64::from(self.minutes.max(5)));
        wall.checked_add(length).ok()
    }

    fn open_on(&self, day: Weekday) -> Vec<(WallTime, WallTime)> {
        if self.hours.is_empty() {
            let works = !matches!(day, Weekday::Saturday | Weekday::Sunday);
            return works.then_some((OPENS, CLOSES)).into_iter().collect();
        }
        let of_day = self.hours.iter().filter(|hours| weekday(hours) == day);
        of_day.filter_map(|hours| Some((wall_time(&hours.start_time)?, wall_time(&hours.end_time)?))).collect()
    }

    fn is_free(&self, at: &ZonedDateTime) -> bool {
        let begin = at.timestamp().as_millisecond();
        let end = begin + i64::from(self.minutes) * 60_000;
        begin > self.now.ms() && self.taken.iter().all(|(from, to)| end <= *from || *to <= begin)
    }
}

fn zoned(at: Time, zone: &str) -> Option<ZonedDateTime> {
    Some(Timestamp::from_millisecond(at.ms()).ok()?.to_zoned_datetime(TimeZone::get(zone).ok()?))
}

fn wall_time(text: &str) -> Option<WallTime> {
    WallTime::strptime("%H:%M", text).ok()
}

fn weekday(hours: &Availability) -> Weekday {
    use model::Weekday as Day;
    match hours.day {
        Day::Monday => Weekday::Monday,
        Day::Tuesday => Weekday::Tuesday,
        Day::Wednesday => Weekday::Wednesday,
        Day::Thursday => Weekday::Thursday,
        Day::Friday => Weekday::Friday,
        Day::Saturday => Weekday::Saturday,
        Day::Sunday => Weekday::Sunday,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Time {
        Time::parse(text).unwrap()
    }

    fn wanted<'a>(taken: &'a [(i64, i64)], hours: &'a [Availability], off: &'a [TimeOff]) -> Wanted<'a> {
        // A Friday; the clocks go forward on the night to Sunday.
        let (at, now) = (at("2026-03-27T10:00:00.000Z"), at("2026-03-27T09:40:00.000Z"));
        Wanted { at, zone: "Europe/London", minutes: 30, hours, off, taken, now }
    }

    fn walls(wanted: &Wanted<'_>) -> Vec<String> {
        wanted.nearest().into_iter().map(|free| free.local_time).collect()
    }

    #[test]
    fn the_nearest_free_times_are_proposed_and_none_that_is_past_or_taken() {
        let ten = at("2026-03-27T10:00:00.000Z").ms();
        let taken = [(ten, ten + 1_800_000), (ten + 3_600_000, ten + 5_400_000)];
        let found = walls(&wanted(&taken, &[], &[]));
        assert_eq!(found, ["2026-03-27T10:30", "2026-03-27T11:30", "2026-03-27T12:00", "2026-03-27T12:30"]);
    }

    #[test]
    fn a_doctors_own_hours_and_days_away_count_and_so_does_summer_time() {
        let id = uuid::Uuid::nil();
        let hours = [Availability {
            id,
            day: model::Weekday::Monday,
            start_time: "09:00".into(),
            end_time: "10:00".into(),
            slot_minutes: 30,
        }];
        let date = |text| model::Date::parse(text).unwrap();
        let found = wanted(&[], &hours, &[]).nearest();
        assert_eq!(found[0], Free { at: at("2026-03-30T08:00:00.000Z"), local_time: "2026-03-30T09:00".into() });
        assert_eq!(found.len(), 4);
        let off = [TimeOff { id, from: date("2026-03-28"), to: date("2026-04-02") }];
        assert_eq!(walls(&wanted(&[], &hours, &off)), ["2026-04-06T09:00", "2026-04-06T09:30"]);
    }

    #[test]
    fn an_unknown_zone_gives_no_proposal() {
        let nowhere = Wanted { zone: "Mars/Olympus", ..wanted(&[], &[], &[]) };
        assert_eq!(nowhere.nearest(), []);
    }
}
