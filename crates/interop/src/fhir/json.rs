//! Looking into a resource: typed access that names what it cannot read, and the texts of coded elements.

use super::report::Problem;
use model::{Date, Time};
use serde_json::Value;

/// Reads elements of one resource and keeps what was wrong with them.
pub(crate) struct Notes {
    resource: String,
    pub problems: Vec<Problem>,
}

/// A FHIR `dateTime`: an instant, or a day that may be partial.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum When {
    Instant { at: Time, day: Date },
    Day(Date),
}

impl When {
    /// The calendar day as it was written, in the writer's own zone.
    pub fn day(self) -> Date {
        match self {
            When::Instant { day, .. } | When::Day(day) => day,
        }
    }
}

impl Notes {
    pub fn new(resource: impl Into<String>) -> Self {
        Notes { resource: resource.into(), problems: Vec::new() }
    }

    pub fn say(&mut self, element: &str, code: &'static str, sentence: impl Into<String>) {
        let (resource, element) = (self.resource.clone(), element.to_owned());
        self.problems.push(Problem { resource, element, code, sentence: sentence.into() });
    }

    fn wrong_kind(&mut self, path: &str, wanted: &str) {
        self.say(path, "kind", format!("{wanted} was expected here. The element was left out."));
    }

    /// Text at the last name of `path` within `of`; empty text counts as absent.
    pub fn text<'v>(&mut self, of: &'v Value, path: &str) -> Option<&'v str> {
        let value = member(of, path)?;
        let Some(text) = value.as_str() else {
            self.wrong_kind(path, "Text");
            return None;
        };
        Some(text.trim()).filter(|text| !text.is_empty())
    }

    pub fn boolean(&mut self, of: &Value, path: &str) -> Option<bool> {
        let value = member(of, path)?;
        if value.as_bool().is_none() {
            self.wrong_kind(path, "True or false");
        }
        value.as_bool()
    }

    pub fn number(&mut self, of: &Value, path: &str) -> Option<f64> {
        let value = member(of, path)?;
        let number = value.as_f64().filter(|number| number.is_finite());
        if number.is_none() {
            self.wrong_kind(path, "A number");
        }
        number
    }

    /// A `date` or `dateTime`. One with a time but no offset is refused: it could be a day off.
    pub fn when(&mut self, of: &Value, path: &str) -> Option<When> {
        let text = self.text(of, path)?;
        let when = read_when(text);
        if when.is_none() {
            self.say(path, "date", "The date could not be read, or has a time without an offset. It was left out.");
        }
        when
    }

    pub fn day(&mut self, of: &Value, path: &str) -> Option<Date> {
        self.when(of, path).map(When::day)
    }
}

fn read_when(text: &str) -> Option<When> {
    let Some((day, _)) = text.split_once('T') else {
        return Date::parse(text).map(When::Day);
    };
    Some(When::Instant { at: Time::parse(text)?, day: Date::parse(day)? })
}

fn member<'v>(of: &'v Value, path: &str) -> Option<&'v Value> {
    let name = path.rsplit('.').next().unwrap_or(path);
    of.get(name).filter(|value| !value.is_null())
}

/// The items of a list; a lone object where a list belongs counts as a list of one.
pub(crate) fn list<'v>(of: &'v Value, name: &str) -> &'v [Value] {
    match of.get(name) {
        Some(Value::Array(items)) => items,
        Some(item @ Value::Object(_)) => std::slice::from_ref(item),
        _ => &[],
    }
}

/// Text, silently absent where it is something else. For what no problem needs to be said about.
pub(crate) fn word<'v>(of: &'v Value, name: &str) -> Option<&'v str> {
    of.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
}

/// The codings of a `CodeableConcept` as (system, code).
pub(crate) fn codings(concept: &Value) -> impl Iterator<Item = (&str, &str)> {
    list(concept, "coding")
        .iter()
        .filter_map(|coding| Some((word(coding, "system").unwrap_or(""), word(coding, "code")?)))
}

/// Does the concept carry this code? A coding without a system is taken at its word.
pub(crate) fn has_code(concept: &Value, system: &str, code: &str) -> bool {
    codings(concept).any(|(of, word)| word == code && (of == system || of.is_empty()))
}

/// The first code of a concept within a system, or without any system.
pub(crate) fn code_in<'v>(concept: &'v Value, system: &str) -> Option<&'v str> {
    codings(concept).find(|(of, _)| *of == system || of.is_empty()).map(|(_, code)| code)
}

/// Words for a concept: its text, else a display, else a code. Codes for "there is no data" are no words.
pub(crate) fn concept(concept: &Value) -> Option<String> {
    if let Some(text) = word(concept, "text") {
        return Some(text.to_owned());
    }
    let real =
        || list(concept, "coding").iter().filter(|coding| word(coding, "system") != Some(super::codes::DATA_ABSENT));
    let display = real().find_map(|coding| word(coding, "display"));
    display.or_else(|| real().find_map(|coding| word(coding, "code"))).map(str::to_owned)
}

/// `system|code` of the first complete coding.
pub(crate) fn coded(concept: &Value) -> Option<String> {
    let mut full = codings(concept).filter(|(system, _)| !system.is_empty() && *system != super::codes::DATA_ABSENT);
    full.next().map(|(system, code)| format!("{system}|{code}"))
}

/// Texts joined, absent when there are none.
pub(crate) fn joined(texts: impl IntoIterator<Item = String>, by: &str) -> Option<String> {
    let texts: Vec<String> = texts.into_iter().collect();
    Some(texts.join(by)).filter(|text| !text.is_empty())
}

/// The value of an extension with this address.
pub(crate) fn extension<'v>(of: &'v Value, url: &str) -> Option<&'v Value> {
    list(of, "extension").iter().find(|extension| word(extension, "url") == Some(url))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn wrong_kinds_are_named_and_left_out() {
        let mut notes = Notes::new("Patient/1");
        let of = json!({"active": "yes", "birthDate": "13/03/2026", "name": 7});
        assert_eq!(notes.boolean(&of, "active"), None);
        assert_eq!(notes.day(&of, "birthDate"), None);
        assert_eq!(notes.text(&of, "name"), None);
        let codes: Vec<_> = notes.problems.iter().map(|problem| (problem.element.as_str(), problem.code)).collect();
        assert_eq!(codes, [("active", "kind"), ("birthDate", "date"), ("name", "kind")]);
        assert!(notes.problems.iter().all(|problem| !problem.sentence.contains("2026")));
    }

    #[test]
    fn a_time_needs_an_offset_and_a_day_stays_as_written() {
        assert_eq!(read_when("2020-03"), Date::parse("2020-03").map(When::Day));
        assert_eq!(read_when("2020-03-01T10:00:00"), None);
        let late = read_when("2020-03-01T23:30:00-05:00").map(When::day);
        assert_eq!(late, Date::parse("2020-03-01"));
    }

    #[test]
    fn words_prefer_text_then_display_then_code() {
        let both = json!({"text": "Asthma", "coding": [{"display": "Asthma (disorder)"}]});
        let display = json!({"coding": [{"code": "1"}, {"display": "Asthma (disorder)"}]});
        let absent = json!({"coding": [{"system": super::super::codes::DATA_ABSENT, "code": "unknown"}]});
        assert_eq!(concept(&both).as_deref(), Some("Asthma"));
        assert_eq!(concept(&display).as_deref(), Some("Asthma (disorder)"));
        assert_eq!((concept(&absent), coded(&absent)), (None, None));
    }
}
