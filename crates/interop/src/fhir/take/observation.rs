//! `Observation` → vital signs, in the model's units.

use crate::fhir::{
    codes,
    json::{Notes, When, codings, list, word},
    report::Ignored,
};
use model::{BmiPart, Id, Observation, Origin, Patient, Time};
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

/// One number of an observation, before it is filed in a chart.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Measured {
    pub code: &'static str,
    pub value: f64,
    pub unit: String,
    /// Absent for a height or weight that nobody dated.
    pub at: Option<Time>,
    /// The id that this program's own export gave it within a panel.
    pub own: Option<Uuid>,
}

impl Measured {
    /// Files it under its time.
    pub fn of(self, observed_at: Time, patient_id: Id<Patient>, panel: Option<Uuid>, origin: Origin) -> Observation {
        Observation {
            patient_id,
            code: self.code.to_owned(),
            value: self.value,
            unit: self.unit,
            observed_at,
            entered_by: None,
            panel,
            is_withdrawn: false,
            origin: Some(origin),
        }
    }
}

/// The vital signs in an observation: one, or both numbers of a blood pressure. `None` for everything else.
pub(crate) fn measured(of: &Value, notes: &mut Notes) -> Result<Option<Vec<Measured>>, Ignored> {
    let Some(code) = of.get("code") else { return Ok(None) };
    let is_panel = loinc(code).any(codes::is_pressure_panel);
    let vital = loinc(code).find_map(codes::vital_of);
    if !is_panel && vital.is_none() {
        return Ok(None);
    }
    match word(of, "status") {
        Some("entered-in-error") => return Err(Ignored::EnteredInError),
        Some("cancelled") => return Err(Ignored::Cancelled),
        _ => {}
    }
    let at = measured_at(of, notes);
    let is_body = vital.is_some_and(|vital| matches!(vital.code, codes::HEIGHT | codes::WEIGHT));
    if at.is_none() {
        let (kept, sentence) = match is_body {
            true => ("undated", "The day of the measurement is missing. The value stands on the front page only."),
            false => {
                ("missing", "The day of the measurement is missing or unreadable. It is only in the original file.")
            }
        };
        notes.say("effectiveDateTime", kept, sentence);
    }
    if at.is_none() && !is_body {
        return Err(Ignored::Unusable);
    }
    let values = match vital {
        Some(vital) => number(of, "valueQuantity", vital, at, notes).into_iter().collect(),
        None => components(of, at, notes),
    };
    if values.is_empty() { Err(Ignored::Unusable) } else { Ok(Some(values)) }
}

fn loinc(concept: &Value) -> impl Iterator<Item = &str> {
    codings(concept).filter(|(system, _)| *system == codes::LOINC).map(|(_, code)| code)
}

fn components(of: &Value, at: Option<Time>, notes: &mut Notes) -> Vec<Measured> {
    let mut values: Vec<Measured> = Vec::new();
    for component in list(of, "component") {
        let vital = component.get("code").and_then(|code| loinc(code).find_map(codes::vital_of));
        let pressure = vital.filter(|vital| matches!(vital.code, codes::SYSTOLIC | codes::DIASTOLIC));
        let Some(vital) = pressure.filter(|vital| !values.iter().any(|value| value.code == vital.code)) else {
            continue;
        };
        values.extend(number(component, "component.valueQuantity", vital, at, notes));
    }
    if values.is_empty() {
        notes.say("component", "missing", "The blood pressure has no numbers. It is only in the original file.");
    }
    values
}

fn number(of: &Value, path: &str, vital: &codes::Vital, at: Option<Time>, notes: &mut Notes) -> Option<Measured> {
    let Some(quantity) = of.get("valueQuantity") else {
        notes.say(path, "missing", "There is no number, or not one with a unit. The value was left out.");
        return None;
    };
    if word(quantity, "comparator").is_some() {
        notes.say(
            path,
            "comparator",
            "The number is a bound (less than, more than), not a measurement. It was left out.",
        );
        return None;
    }
    let Some(value) = notes.number(quantity, "valueQuantity.value") else {
        notes.say(path, "missing", "The number is missing. The value was left out.");
        return None;
    };
    let unit = word(quantity, "code").or_else(|| word(quantity, "unit")).unwrap_or("");
    let readable = word(quantity, "unit").and_then(|unit| codes::in_unit(value, unit, vital));
    let Some((value, unit)) = codes::in_unit(value, unit, vital).or(readable) else {
        let short: String = unit.chars().take(20).collect();
        notes.say(
            path,
            "unit",
            format!("The unit “{short}” does not fit {} ({}). The value was left out.", vital.code, vital.unit),
        );
        return None;
    };
    Some(Measured { code: vital.code, value, unit, at, own: word(of, "id").and_then(|id| Uuid::try_parse(id).ok()) })
}

/// When it was measured. A day without a time is kept as the beginning of that day in UTC; less than a day is no time.
fn measured_at(of: &Value, notes: &mut Notes) -> Option<Time> {
    let mut when = notes.when(of, "effectiveDateTime");
    when = when.or_else(|| notes.when(of, "effectiveInstant"));
    when = when.or_else(|| notes.when(of.get("effectivePeriod")?, "effectivePeriod.start"));
    when = when.or_else(|| notes.when(of, "issued"));
    match &when {
        Some(When::Instant { at, .. }) => Some(*at),
        Some(When::Day(day)) if day.as_str().len() == 10 => Time::parse(&format!("{day}T00:00:00Z")),
        _ => None,
    }
}

/// The newest height and weight; one without a date only where there is none with.
pub(crate) fn newest_body(observations: &[(Uuid, Observation)], undated: &BTreeMap<&str, f64>) -> Option<BmiPart> {
    let newest = |code: &str| {
        let of_code =
            observations.iter().map(|(_, value)| value).filter(|value| value.code == code && !value.is_withdrawn);
        of_code.max_by_key(|value| value.observed_at).map(|value| value.value).or_else(|| undated.get(code).copied())
    };
    let part = BmiPart { height_cm: newest(codes::HEIGHT), weight_kg: newest(codes::WEIGHT) };
    (part.height_cm.is_some() || part.weight_kg.is_some()).then_some(part)
}
