//! Instants and calendar days. A day never passes through an instant; what cannot be read is an error, never "now".

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;
use time::{
    Date as Day, Month, OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339, macros::format_description,
};

/// An instant in UTC, to the millisecond. Written as RFC 3339 with exactly three decimals, so that text order is time order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

impl Time {
    /// From milliseconds since 1970; capped to the years 0 to 9999.
    pub fn from_ms(ms: i64) -> Self {
        Time(ms.clamp(MS_FIRST, MS_LAST))
    }

    /// From milliseconds since 1970 as the clocks give them; capped to the year 9999.
    pub fn from_unsigned_ms(ms: u64) -> Self {
        Time::from_ms(i64::try_from(ms).unwrap_or(i64::MAX))
    }

    /// Milliseconds since 1970.
    pub fn ms(self) -> i64 {
        self.0
    }

    /// Milliseconds since 1970 as the clocks want them; an instant before 1970 is 0.
    pub fn unsigned_ms(self) -> u64 {
        u64::try_from(self.0).unwrap_or(0)
    }

    /// Reads RFC 3339 with an offset. An instant without an offset is refused: it could be a day off.
    pub fn parse(text: &str) -> Option<Self> {
        let at = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        i64::try_from(at.unix_timestamp_nanos() / 1_000_000).ok().map(Time::from_ms)
    }

    /// The UTC calendar day of the instant. For days that people name, keep a [`Date`] instead.
    pub fn utc_day(self) -> Date {
        Date(self.text()[..10].to_owned())
    }

    fn text(self) -> String {
        let nanos = i128::from(self.0) * 1_000_000;
        let at = OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let shape = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
        at.to_offset(UtcOffset::UTC).format(shape).unwrap_or_else(|_| "1970-01-01T00:00:00.000Z".to_owned())
    }
}

const MS_FIRST: i64 = -62_167_219_200_000;
const MS_LAST: i64 = 253_402_300_799_999;

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.text())
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Time::parse(&text).ok_or_else(|| D::Error::custom("an instant is RFC 3339 with an offset"))
    }
}

/// A calendar day without a zone, perhaps partial: `1967-08-14`, `1967-08` or `1967`, as FHIR's `date`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(String);

impl Date {
    /// Reads `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; a day that does not exist is refused.
    pub fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('-').collect();
        let widths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
        if !matches!(widths.as_slice(), [4] | [4, 2] | [4, 2, 2])
            || !text.bytes().all(|b| b == b'-' || b.is_ascii_digit())
        {
            return None;
        }
        let year = parts.first()?.parse().ok()?;
        let month = parts.get(1).map_or(Some(1), |month| month.parse().ok())?;
        let day = parts.get(2).map_or(Some(1), |day| day.parse().ok())?;
        Day::from_calendar_date(year, Month::try_from(month).ok()?, day).ok()?;
        Some(Date(text.to_owned()))
    }

    /// The text form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whole years from this day to another; `None` where either lacks what is needed to say so.
    pub fn years_to(&self, other: &Date) -> Option<i32> {
        let (year, rest) = self.0.split_at_checked(4)?;
        let (other_year, other_rest) = other.0.split_at_checked(4)?;
        let years = other_year.parse::<i32>().ok()? - year.parse::<i32>().ok()?;
        let known = rest.len().min(other_rest.len());
        Some(if other_rest.get(..known)? < rest.get(..known)? { years - 1 } else { years })
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Date::parse(&text).ok_or_else(|| D::Error::custom("a day is YYYY, YYYY-MM or YYYY-MM-DD"))
    }
}

macro_rules! text_in_typescript {
    ($($name:ty),*) => {$(
        impl ts_rs::TS for $name {
            type WithoutGenerics = Self;
            type OptionInnerType = Self;

            fn name(_: &ts_rs::Config) -> String {
                "string".into()
            }
            fn inline(config: &ts_rs::Config) -> String {
                <Self as ts_rs::TS>::name(config)
            }
        }
    )*};
}
text_in_typescript!(Time, Date, crate::Stamp);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_need_an_offset_and_sort_as_text() {
        assert_eq!(Time::parse("2026-03-13T10:30:00"), None);
        let early = Time::parse("2026-03-13T10:30:00+02:00").expect("valid");
        let late = Time::parse("2026-03-13T08:30:00.001Z").expect("valid");
        assert_eq!(early.to_string(), "2026-03-13T08:30:00.000Z");
        assert!(early < late && early.to_string() < late.to_string());
    }

    #[test]
    fn days_may_be_partial_but_must_exist() {
        for good in ["1967", "1967-08", "1967-08-14", "2024-02-29"] {
            assert!(Date::parse(good).is_some(), "{good}");
        }
        for bad in ["", "67", "1967-13", "2023-02-29", "1967-8-4", "13/03/2026", "1967-08-14T00:00:00Z"] {
            assert!(Date::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn age_counts_whole_years() {
        let born = Date::parse("1967-08-14").expect("valid");
        let age = |day: &str| born.years_to(&Date::parse(day).expect("valid"));
        assert_eq!((age("2026-08-13"), age("2026-08-14")), (Some(58), Some(59)));
    }
}
