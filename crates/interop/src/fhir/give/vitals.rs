//! Vital signs and the blood group → `Observation`.

use super::{Given, Giving, clinical::absent_reason, one_code, sheet::Sheet, urn};
use crate::fhir::{codes, take};
use model::Observation;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Vital signs; both numbers of a blood pressure in one resource. What was withdrawn is not written.
pub(crate) fn observations(giving: &Giving) -> Vec<Given> {
    let mut singles = Vec::new();
    let mut panels: BTreeMap<Uuid, Vec<(Uuid, &Observation)>> = BTreeMap::new();
    let mut chosen: Vec<_> =
        giving.chart.observations.iter().filter(|(id, value)| !value.is_withdrawn && giving.chosen(*id)).collect();
    chosen.sort_by_key(|(id, value)| (value.observed_at, *id));
    for (id, value) in chosen {
        match value.panel {
            Some(panel) if matches!(value.code.as_str(), codes::SYSTOLIC | codes::DIASTOLIC) => {
                panels.entry(panel).or_default().push((*id, value))
            }
            _ => singles.push(single(giving, *id, value)),
        }
    }
    singles.extend(panels.into_iter().map(|(id, values)| panel(giving, id, &values)));
    singles.extend(undated(giving));
    singles
}

fn single(giving: &Giving, id: Uuid, now: &Observation) -> Given {
    let mut sheet = start(giving, &[now], &now.code);
    if sheet.is_fresh() {
        sheet.set("code", code(&now.code));
        sheet.set("effectiveDateTime", json!(now.observed_at.to_string()));
        sheet.set("valueQuantity", quantity(now.value, &now.unit));
    }
    sheet.give(id, "observation-id", Some(("subject", giving.subject())))
}

fn panel(giving: &Giving, id: Uuid, values: &[(Uuid, &Observation)]) -> Given {
    let numbers: Vec<&Observation> = values.iter().map(|(_, value)| *value).collect();
    let mut sheet = start(giving, &numbers, codes::PRESSURE_PANEL);
    if sheet.is_fresh() {
        sheet.set(
            "code",
            one_code(codes::LOINC, codes::PRESSURE_PANEL, Some("Blood pressure panel with all children optional")),
        );
        sheet.put("effectiveDateTime", numbers.first().map(|value| json!(value.observed_at.to_string())));
        let component = |(id, value): &(Uuid, &Observation)| json!({"id": id.to_string(), "code": code(&value.code), "valueQuantity": quantity(value.value, &value.unit)});
        sheet.set("component", values.iter().map(component).collect());
    }
    sheet.give(id, "observation-id", Some(("subject", giving.subject())))
}

/// The original, if it still says exactly this; else a fresh one. A measurement has nothing else to keep.
fn start(giving: &Giving, now: &[&Observation], main: &str) -> Sheet {
    let origin = now.first().and_then(|value| value.origin.as_ref());
    let sheet = Sheet::start(giving, origin, "Observation");
    let before = sheet.before(|of, _, notes| take::measured(of, notes).ok().flatten()).unwrap_or_default();
    let is_same = |value: &&Observation| {
        before.iter().any(|old| {
            (old.code, old.value, &old.unit, old.at)
                == (value.code.as_str(), value.value, &value.unit, Some(value.observed_at))
        })
    };
    if !sheet.is_fresh() && before.len() == now.len() && now.iter().all(is_same) {
        return sheet;
    }
    let mut fresh = Sheet::start(giving, None, "Observation");
    fresh.set("status", json!("final"));
    let word = if matches!(main, "2339-0" | "2345-7") { "laboratory" } else { "vital-signs" };
    fresh.set("category", json!([one_code(&codes::hl7("observation-category"), word, None)]));
    fresh
}

fn code(loinc: &str) -> Value {
    one_code(codes::LOINC, loinc, codes::vital_of(loinc).map(|vital| vital.display))
}

fn quantity(value: f64, unit: &str) -> Value {
    json!({"value": value, "unit": unit, "system": codes::UCUM, "code": unit})
}

/// Height and weight that stand on the front page alone: nobody wrote down when they were measured.
fn undated(giving: &Giving) -> Vec<Given> {
    let Some(part) = giving.chart.patient.bmi.filter(|_| giving.everything()) else { return Vec::new() };
    let is_dated =
        |code: &str| giving.chart.observations.iter().any(|(_, value)| value.code == code && !value.is_withdrawn);
    let values = [(codes::HEIGHT, part.height_cm, "cm"), (codes::WEIGHT, part.weight_kg, "kg")];
    let undated = values.into_iter().filter(|(code, ..)| !is_dated(code));
    undated.filter_map(|(loinc, value, unit)| Some(front_page_value(giving, loinc, value?, unit))).collect()
}

fn front_page_value(giving: &Giving, loinc: &str, value: f64, unit: &str) -> Given {
    let mut sheet = start(giving, &[], loinc);
    sheet.set("code", code(loinc));
    sheet.set("_effectiveDateTime", absent_reason());
    sheet.set("valueQuantity", quantity(value, unit));
    sheet.give(giving.derived("front-page", loinc), "front-page-id", Some(("subject", giving.subject())))
}

/// The blood group of the front page.
pub(crate) fn blood_group(giving: &Giving) -> Option<Given> {
    let group = giving.chart.patient.blood_group?;
    let mut value = json!({ "text": group.word() });
    if let Some(snomed) = codes::blood_group_code(group) {
        value["coding"] = json!([{"system": codes::SNOMED, "code": snomed}]);
    }
    let mut sheet = Sheet::start(giving, None, "Observation");
    sheet.set("status", json!("final"));
    sheet.set("category", json!([one_code(&codes::hl7("observation-category"), "laboratory", Some("Laboratory"))]));
    sheet.set("code", one_code(codes::LOINC, "882-1", Some("ABO and Rh group [Type] in Blood")));
    sheet.set("valueCodeableConcept", value);
    Some(sheet.give(giving.derived("front-page", "882-1"), "front-page-id", Some(("subject", giving.subject()))))
}

/// Body mass index of the newest height and weight, weight in kg over height in m squared, to one decimal; for summaries.
pub(crate) fn body_mass_index(giving: &Giving) -> Option<Given> {
    let newest = |code: &str| {
        let given = giving
            .chart
            .observations
            .iter()
            .filter(|(id, value)| value.code == code && !value.is_withdrawn && giving.chosen(*id));
        given.max_by_key(|(id, value)| (value.observed_at, *id))
    };
    let (height, weight) = (newest(codes::HEIGHT)?, newest(codes::WEIGHT)?);
    let metres = height.1.value / 100.0;
    let index = (weight.1.value / (metres * metres) * 10.0).round() / 10.0;
    if !index.is_finite() {
        return None;
    }
    let mut sheet = start(giving, &[], codes::BMI);
    sheet.set("code", code(codes::BMI));
    sheet.set("effectiveDateTime", json!(height.1.observed_at.max(weight.1.observed_at).to_string()));
    sheet.set("valueQuantity", quantity(index, "kg/m2"));
    sheet.set("derivedFrom", json!([{"reference": urn(height.0)}, {"reference": urn(weight.0)}]));
    Some(sheet.give(giving.derived("computed", codes::BMI), "front-page-id", Some(("subject", giving.subject()))))
}
