//! Vital signs: newest values, trends, and where a value lies.

use crate::{Problem, Session, names, problem::invalid, session::fields, views::*};
use model::{BmiPart, Id, Observation, Patient};
use serde_json::json;
use std::{collections::BTreeMap, sync::Arc};
use uuid::Uuid;
use vault::Row;

/// LOINC codes of the signs that are kept.
pub mod loinc {
    /// Systolic blood pressure.
    pub const SYSTOLIC: &str = "8480-6";
    /// Diastolic blood pressure.
    pub const DIASTOLIC: &str = "8462-4";
    /// Blood pressure panel; the code under which both are shown.
    pub const PRESSURE: &str = "85354-9";
    /// Heart rate.
    pub const HEART_RATE: &str = "8867-4";
    /// Oxygen saturation.
    pub const SPO2: &str = "59408-5";
    /// Body temperature.
    pub const TEMPERATURE: &str = "8310-5";
    /// Respiratory rate.
    pub const RESPIRATION: &str = "9279-1";
    /// Glucose in blood.
    pub const GLUCOSE: &str = "2339-0";
    /// Body height.
    pub const HEIGHT: &str = "8302-2";
    /// Body weight.
    pub const WEIGHT: &str = "29463-7";
    /// Body mass index.
    pub const BMI: &str = "39156-5";
}

/// What is known of one sign: its unit, what can be true of a person at all, the usual range of adults and where danger begins.
struct Sign {
    code: &'static str,
    unit: &'static str,
    possible: (f64, f64),
    usual: Option<(f64, f64)>,
    danger: Option<(f64, f64)>,
}

/// Usual and dangerous ranges of adults at rest. Blood pressure: ESC/ESH 2018 (140/90) and NEWS2 (90, 220). Heart rate,
/// respiration, saturation, temperature: NEWS2 (Royal College of Physicians 2017), score 0 and score 3. Glucose: WHO 2006
/// (fasting to random) and ADA (3.0 mmol/L is 54 mg/dL). Body mass index: WHO 2000.
const SIGNS: &[Sign] = &[
    Sign {
        code: loinc::SYSTOLIC,
        unit: "mm[Hg]",
        possible: (40.0, 320.0),
        usual: Some((100.0, 139.0)),
        danger: Some((90.0, 220.0)),
    },
    Sign {
        code: loinc::DIASTOLIC,
        unit: "mm[Hg]",
        possible: (10.0, 220.0),
        usual: Some((60.0, 89.0)),
        danger: Some((40.0, 120.0)),
    },
    Sign {
        code: loinc::HEART_RATE,
        unit: "/min",
        possible: (20.0, 300.0),
        usual: Some((51.0, 90.0)),
        danger: Some((40.0, 131.0)),
    },
    Sign {
        code: loinc::SPO2,
        unit: "%",
        possible: (30.0, 100.0),
        usual: Some((96.0, 100.0)),
        danger: Some((91.0, 101.0)),
    },
    Sign {
        code: loinc::TEMPERATURE,
        unit: "Cel",
        possible: (25.0, 45.0),
        usual: Some((36.1, 38.0)),
        danger: Some((35.0, 39.1)),
    },
    Sign {
        code: loinc::RESPIRATION,
        unit: "/min",
        possible: (2.0, 90.0),
        usual: Some((12.0, 20.0)),
        danger: Some((8.0, 25.0)),
    },
    Sign {
        code: loinc::GLUCOSE,
        unit: "mg/dL",
        possible: (10.0, 1500.0),
        usual: Some((70.0, 140.0)),
        danger: Some((54.0, 400.0)),
    },
    Sign { code: loinc::HEIGHT, unit: "cm", possible: (20.0, 260.0), usual: None, danger: None },
    Sign { code: loinc::WEIGHT, unit: "kg", possible: (0.3, 500.0), usual: None, danger: None },
    Sign {
        code: loinc::BMI,
        unit: "kg/m2",
        possible: (5.0, 150.0),
        usual: Some((18.5, 24.9)),
        danger: Some((15.0, 40.0)),
    },
];

fn sign(code: &str) -> Option<&'static Sign> {
    SIGNS.iter().find(|sign| sign.code == code)
}

/// All signs of a chart.
pub fn view(session: &Arc<Session>, ask: OfPatient) -> Result<VitalsView, Problem> {
    let series = all_series(session, ask.patient)?;
    Ok(VitalsView { tiles: series.iter().filter_map(tile).collect(), series })
}

/// Enters values measured together.
pub fn add(session: &Arc<Session>, ask: AddVitals) -> Result<VitalsView, Problem> {
    session.need::<Patient>(ask.patient)?;
    if ask.entries.is_empty() {
        return Err(invalid("entries"));
    }
    ask.entries.iter().try_for_each(check)?;
    let observed_at = ask.observed_at.unwrap_or_else(|| session.now());
    if observed_at.ms() > session.now().ms() + 300_000 {
        return Err(invalid("observed_at"));
    }
    let by = Id::new(session.me.user);
    session.write(|w| {
        let panel = w.new_id()?;
        for entry in &ask.entries {
            let id = w.new_id()?;
            let observation = Observation {
                patient_id: Id::new(ask.patient),
                code: entry.code.clone(),
                value: entry.value,
                unit: entry.unit.clone(),
                observed_at,
                entered_by: Some(by),
                panel: Some(panel),
                is_withdrawn: false,
                origin: None,
            };
            w.append(id, ask.patient, &observation)?;
        }
        Ok(())
    })?;
    remember_bmi(session, ask.patient)?;
    view(session, OfPatient { patient: ask.patient })
}

fn check(entry: &VitalEntry) -> Result<(), Problem> {
    let sign = sign(&entry.code).ok_or_else(|| invalid("code"))?;
    if entry.unit != sign.unit {
        return Err(invalid("unit"));
    }
    let (low, high) = sign.possible;
    if !entry.value.is_finite() || entry.value < low || entry.value > high {
        return Err(Problem::new("value_not_possible", format!("{low} to {high} {}", sign.unit)));
    }
    Ok(())
}

/// The older system kept the newest height and weight on the patient itself; they follow the observations.
fn remember_bmi(session: &Session, patient: Uuid) -> Result<(), Problem> {
    let series = all_series(session, patient)?;
    let newest = |code: &str| {
        series.iter().find(|one| one.code == code).and_then(|one| one.points.last()).map(|point| point.value)
    };
    let bmi = BmiPart { height_cm: newest(loinc::HEIGHT), weight_kg: newest(loinc::WEIGHT) };
    let now = session.need::<Patient>(patient)?.value.bmi;
    if (bmi.height_cm.is_none() && bmi.weight_kg.is_none()) || now == Some(bmi) {
        return Ok(());
    }
    session.write(|w| w.put::<Patient>(patient, patient, &fields(json!({ "bmi": bmi }))))
}

/// Takes a value back as entered in error; it stays in the history. Of a blood pressure both numbers go: one alone says nothing.
pub fn withdraw(session: &Arc<Session>, ask: ById) -> Result<Nothing, Problem> {
    let row = session.need::<Observation>(ask.id)?;
    let patient = row.value.patient_id.uuid;
    let rows = session.of_patient::<Observation>(patient, "observed_at", 20_000)?;
    let halves = rows.iter().filter(|other| are_one_pressure(&row.value, &other.value)).map(|other| other.id);
    let ids: Vec<Uuid> = halves.filter(|id| *id != row.id).chain([row.id]).collect();
    session.write(|w| {
        let withdrawn = fields(json!({ "is_withdrawn": true }));
        ids.iter().try_for_each(|id| w.amend::<Observation>(*id, &withdrawn))
    })?;
    remember_bmi(session, patient)?;
    Ok(Nothing {})
}

/// Are these the two numbers of one blood pressure that still stands: of one panel, or of one instant where there is none?
fn are_one_pressure(one: &Observation, other: &Observation) -> bool {
    let codes = [one.code.as_str(), other.code.as_str()];
    let halves = codes == [loinc::SYSTOLIC, loinc::DIASTOLIC] || codes == [loinc::DIASTOLIC, loinc::SYSTOLIC];
    halves && !one.is_withdrawn && !other.is_withdrawn && together(one, other)
}

/// Were these measured together?
fn together(one: &Observation, other: &Observation) -> bool {
    match one.panel {
        Some(panel) => other.panel == Some(panel),
        None => other.panel.is_none() && other.observed_at == one.observed_at,
    }
}

/// Every sign of a chart over time, the body mass index computed, a blood pressure as one.
pub fn all_series(session: &Session, patient: Uuid) -> Result<Vec<Series>, Problem> {
    let rows = session.of_patient::<Observation>(patient, "observed_at", 20_000)?;
    let mut by_code: BTreeMap<&str, Vec<&Row<Observation>>> = BTreeMap::new();
    for row in rows.iter().filter(|row| !row.value.is_withdrawn).rev() {
        by_code.entry(row.value.code.as_str()).or_default().push(row);
    }
    let mut series: Vec<Series> = by_code
        .iter()
        .filter(|(code, _)| **code != loinc::DIASTOLIC && **code != loinc::SYSTOLIC)
        .map(|(code, rows)| plain_series(session, code, rows))
        .collect();
    series.extend(pressure(session, &by_code));
    if !by_code.contains_key(loinc::BMI) {
        series.extend(bmi(&series));
    }
    Ok(series)
}

fn plain_series(session: &Session, code: &str, rows: &[&Row<Observation>]) -> Series {
    let unit = rows.last().map(|row| row.value.unit.clone()).unwrap_or_default();
    let points = rows.iter().filter(|row| row.value.unit == unit).map(|row| point(session, row, None)).collect();
    Series {
        code: code.to_owned(),
        unit,
        points,
        low: usual(code).map(|range| range.0),
        high: usual(code).map(|range| range.1),
    }
}

fn point(session: &Session, row: &Row<Observation>, second: Option<f64>) -> Point {
    let mut level = level(&row.value.code, row.value.value);
    if let Some(second) = second {
        level = worse(level, self::level(loinc::DIASTOLIC, second));
    }
    Point {
        id: row.id,
        at: row.value.observed_at,
        value: row.value.value,
        second,
        level,
        by: row.value.entered_by.and_then(|user| names::of_user(session, user.uuid)),
    }
}

/// Systolic values with the diastolic one of the same panel, or of the same instant.
fn pressure(session: &Session, by_code: &BTreeMap<&str, Vec<&Row<Observation>>>) -> Option<Series> {
    let systolic = by_code.get(loinc::SYSTOLIC)?;
    let diastolic = by_code.get(loinc::DIASTOLIC).map(Vec::as_slice).unwrap_or_default();
    let partner = |row: &Row<Observation>| {
        diastolic.iter().find(|other| together(&row.value, &other.value)).map(|other| other.value.value)
    };
    let points = systolic.iter().map(|row| point(session, row, partner(row))).collect();
    let range = usual(loinc::SYSTOLIC);
    Some(Series {
        code: loinc::PRESSURE.to_owned(),
        unit: "mm[Hg]".to_owned(),
        points,
        low: range.map(|range| range.0),
        high: range.map(|range| range.1),
    })
}

/// Weight over the square of the newest height known at that time (WHO: kilograms, metres).
fn bmi(series: &[Series]) -> Option<Series> {
    let of = |code: &str| series.iter().find(|one| one.code == code);
    let (heights, weights) = (&of(loinc::HEIGHT)?.points, &of(loinc::WEIGHT)?.points);
    let points = weights
        .iter()
        .filter_map(|weight| {
            let before = heights.iter().rev().find(|height| height.at <= weight.at);
            let height = before.or(heights.first())?.value / 100.0;
            let value = (weight.value / (height * height) * 10.0).round() / 10.0;
            Some(Point { value, level: level(loinc::BMI, value), ..weight.clone() })
        })
        .collect();
    let range = usual(loinc::BMI);
    Some(Series {
        code: loinc::BMI.to_owned(),
        unit: "kg/m2".to_owned(),
        points,
        low: range.map(|range| range.0),
        high: range.map(|range| range.1),
    })
}

fn usual(code: &str) -> Option<(f64, f64)> {
    sign(code)?.usual
}

fn tile(series: &Series) -> Option<VitalTile> {
    let newest = series.points.last()?;
    let before = series.points.len().checked_sub(2).and_then(|at| series.points.get(at));
    Some(VitalTile {
        code: series.code.clone(),
        value: newest.value,
        second: newest.second,
        unit: series.unit.clone(),
        observed_at: newest.at,
        delta: before.map(|before| newest.value - before.value),
        delta_since: before.map(|before| before.at),
        level: newest.level,
    })
}

fn level(code: &str, value: f64) -> Level {
    let Some(Sign { usual: Some(usual), danger: Some(danger), .. }) = sign(code) else { return Level::Unrated };
    match value {
        value if value <= danger.0 => Level::CriticalLow,
        value if value >= danger.1 => Level::CriticalHigh,
        value if value < usual.0 => Level::Low,
        value if value > usual.1 => Level::High,
        _ => Level::Normal,
    }
}

fn worse(one: Level, other: Level) -> Level {
    let weight = |level: Level| match level {
        Level::Unrated => 0,
        Level::Normal => 1,
        Level::Low | Level::High => 2,
        Level::CriticalLow | Level::CriticalHigh => 3,
    };
    if weight(other) > weight(one) { other } else { one }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_follow_their_sources() {
        let of = |code, value| level(code, value);
        assert_eq!(of(loinc::SYSTOLIC, 148.0), Level::High);
        assert_eq!(of(loinc::SYSTOLIC, 88.0), Level::CriticalLow);
        assert_eq!(of(loinc::SPO2, 100.0), Level::Normal);
        assert_eq!(of(loinc::BMI, 27.2), Level::High);
        assert_eq!(of(loinc::HEIGHT, 165.0), Level::Unrated);
    }

    #[test]
    fn values_that_no_person_has_are_refused() {
        let entry = |value| VitalEntry { code: loinc::TEMPERATURE.into(), value, unit: "Cel".into() };
        assert!(check(&entry(37.2)).is_ok());
        assert_eq!(check(&entry(372.0)).unwrap_err().code, "value_not_possible");
        assert!(check(&entry(f64::NAN)).is_err());
        assert!(check(&VitalEntry { unit: "F".into(), ..entry(37.0) }).is_err());
    }
}
