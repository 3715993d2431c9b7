//! Conditions, allergies and medicines → their resources.

use super::{Given, Giving, one_code, own_extension, sheet::Sheet, worded};
use crate::fhir::{codes, node::Node, take};
use model::{
    Allergy, Asked, ChronicCondition, ClinicalStatus, Date, HistoryEntry, Medication, MedicationSource,
    MedicationStatus, Origin, Severity,
};
use serde_json::{Value, json};
use uuid::Uuid;

/// A condition of either list.
struct Illness<'p> {
    name: &'p str,
    code: Option<&'p str>,
    since: Option<&'p Date>,
    status: ClinicalStatus,
    /// End and remarks: only the history has them.
    past: Option<(Option<&'p Date>, Option<&'p str>)>,
}

impl<'p> Illness<'p> {
    fn chronic(of: &'p ChronicCondition) -> Self {
        Illness { name: &of.name, code: of.code.as_deref(), since: of.since.as_ref(), status: of.status, past: None }
    }

    fn history(of: &'p HistoryEntry) -> Self {
        let past = Some((of.resolved_at.as_ref(), of.notes.as_deref()));
        Illness {
            name: &of.condition,
            code: of.code.as_deref(),
            since: of.diagnosed_at.as_ref(),
            status: of.status,
            past,
        }
    }
}

/// Long-standing conditions.
pub(crate) fn problems(giving: &Giving) -> Vec<Given> {
    let chosen = giving.chart.patient.chronic_conditions.iter().filter(|one| giving.chosen(one.id));
    chosen.map(|one| condition(giving, one.id, one.origin.as_ref(), &Illness::chronic(one))).collect()
}

/// The history.
pub(crate) fn history(giving: &Giving) -> Vec<Given> {
    let chosen = giving.chart.patient.medical_history.iter().filter(|one| giving.chosen(one.id));
    chosen.map(|one| condition(giving, one.id, one.origin.as_ref(), &Illness::history(one))).collect()
}

fn condition(giving: &Giving, id: Uuid, origin: Option<&Origin>, now: &Illness) -> Given {
    let mut sheet = Sheet::start(giving, origin, "Condition");
    let mapped = sheet.before(|of, _, notes| take::condition(of, notes).ok());
    let before = mapped.as_ref().map(|mapped| match mapped {
        take::Condition::Chronic(one) => Illness::chronic(one),
        take::Condition::History(one) => Illness::history(one),
    });
    if sheet.is_fresh() {
        sheet.set("verificationStatus", one_code(&codes::hl7("condition-ver-status"), "unconfirmed", None));
        let category = one_code(&codes::hl7("condition-category"), "problem-list-item", Some("Problem List Item"));
        sheet.set("category", json!([category]));
    }
    write_condition(&mut sheet, now, before.as_ref());
    sheet.give(id, "condition-id", Some(("subject", giving.subject())))
}

fn write_condition(sheet: &mut Sheet, now: &Illness, before: Option<&Illness>) {
    if before.is_none_or(|before| (before.name, before.code) != (now.name, now.code)) {
        sheet.set("code", worded(now.name, now.code));
    }
    if before.is_none_or(|before| before.since != now.since) {
        since(sheet, now.since);
    }
    if before.is_none_or(|before| before.status != now.status) {
        sheet.set("clinicalStatus", one_code(&codes::hl7("condition-clinical"), now.status.word(), None));
    }
    let (ended, remarks) = now.past.unwrap_or_default();
    let had = before.map(|before| before.past.unwrap_or_default());
    if had.is_none_or(|had| had.0 != ended) || now.status == ClinicalStatus::Active {
        sheet.remove(&["abatementDateTime", "abatementPeriod", "abatementAge", "abatementRange", "abatementString"]);
        sheet.put("abatementDateTime", ended.map(|day| json!(day.as_str())));
    }
    if now.past.is_some() && had.is_none_or(|had| had.1 != remarks) {
        sheet.put("note", remarks.map(|text| json!([{ "text": text }])));
    }
    // The list follows from the status; only where it does not, it is said.
    let list = match (now.past.is_some(), now.status == ClinicalStatus::Active) {
        (true, true) => Some("medical_history"),
        (false, false) => Some("chronic_conditions"),
        _ => None,
    };
    sheet.extend(&codes::ns("StructureDefinition/list"), list.map(|list| own_extension("list", "valueCode", list)));
}

fn since(sheet: &mut Sheet, day: Option<&Date>) {
    sheet.remove(&["onsetDateTime", "onsetPeriod", "onsetAge", "onsetRange", "onsetString"]);
    sheet.put("onsetDateTime", day.map(|day| json!(day.as_str())));
    let asserted = day.map(|day| json!({"url": codes::ASSERTED, "valueDateTime": day.as_str()}));
    sheet.extend(codes::ASSERTED, asserted);
    if day.is_none() {
        // Read back, it would be the beginning.
        sheet.remove(&["recordedDate"]);
    }
}

/// Allergies and intolerances.
pub(crate) fn allergies(giving: &Giving) -> Vec<Given> {
    let chosen = giving.chart.patient.allergies.iter().filter(|one| giving.chosen(one.id));
    chosen.map(|one| allergy(giving, one)).collect()
}

fn allergy(giving: &Giving, now: &Allergy) -> Given {
    let mut sheet = Sheet::start(giving, now.origin.as_ref(), "AllergyIntolerance");
    let before = sheet.before(|of, _, notes| take::allergy(of, notes).ok());
    if sheet.is_fresh() {
        sheet.set("clinicalStatus", one_code(&codes::hl7("allergyintolerance-clinical"), "active", None));
    }
    if before.as_ref().is_none_or(|before| before.confirmed != now.confirmed) {
        let word = if now.confirmed { "confirmed" } else { "unconfirmed" };
        sheet.set("verificationStatus", one_code(&codes::hl7("allergyintolerance-verification"), word, None));
    }
    if before.as_ref().is_none_or(|before| (&before.substance, &before.code) != (&now.substance, &now.code)) {
        sheet.set("code", worded(&now.substance, now.code.as_deref()));
    }
    let reacted = |of: &Allergy| (of.reaction.clone(), of.severity);
    if before.as_ref().is_none_or(|before| reacted(before) != reacted(now)) {
        sheet.put("reaction", reaction(now));
        sheet.put("criticality", (now.severity == Some(Severity::Severe)).then(|| json!("high")));
    }
    sheet.give(now.id, "allergy-id", Some(("patient", giving.subject())))
}

fn reaction(now: &Allergy) -> Option<Value> {
    if now.reaction.is_none() && now.severity.is_none() {
        return None;
    }
    // A manifestation is required; where none was recorded, that is what it says.
    let unknown = || one_code(codes::DATA_ABSENT, "unknown", None);
    let manifestation = now.reaction.as_ref().map_or_else(unknown, |words| json!({ "text": words }));
    let mut reaction = json!({"manifestation": [manifestation]});
    if let Some(severity) = now.severity {
        reaction["severity"] = json!(severity.word());
    }
    Some(json!([reaction]))
}

/// "None known" or "not known", where that was the answer; nothing where nobody asked.
pub(crate) fn allergy_statement(giving: &Giving) -> Option<Given> {
    let patient = giving.chart.patient;
    let code = absent_code("allergies", patient.allergies_asked?)?;
    if !patient.allergies.is_empty() {
        return None;
    }
    let mut sheet = Sheet::start(giving, None, "AllergyIntolerance");
    sheet.set("clinicalStatus", one_code(&codes::hl7("allergyintolerance-clinical"), "active", None));
    sheet.set("code", one_code(codes::ABSENT_UNKNOWN, code, None));
    sheet.put("recordedDate", patient.allergies_asked_at.map(|at| json!(at.to_string())));
    Some(sheet.give(giving.derived("statement", "allergies"), "statement-id", Some(("patient", giving.subject()))))
}

/// The same for illnesses and medicines, in a summary.
pub(crate) fn statement(giving: &Giving, about: &str, asked: Asked) -> Option<Given> {
    let code = one_code(codes::ABSENT_UNKNOWN, absent_code(about, asked)?, None);
    let mut sheet = Sheet::start(giving, None, if about == "problems" { "Condition" } else { "MedicationStatement" });
    if about == "problems" {
        sheet.set("clinicalStatus", one_code(&codes::hl7("condition-clinical"), "active", None));
        sheet.set("code", code);
    } else {
        sheet.set("status", json!("unknown"));
        sheet.set("medicationCodeableConcept", code);
        sheet.set("_effectiveDateTime", absent_reason());
    }
    Some(sheet.give(giving.derived("statement", about), "statement-id", Some(("subject", giving.subject()))))
}

fn absent_code(about: &str, asked: Asked) -> Option<&'static str> {
    Some(match (about, asked) {
        ("allergies", Asked::NoneKnown) => "no-known-allergies",
        ("allergies", Asked::Unknown) => "no-allergy-info",
        ("problems", Asked::NoneKnown) => "no-known-problems",
        ("problems", Asked::Unknown) => "no-problem-info",
        ("medications", Asked::NoneKnown) => "no-known-medications",
        ("medications", Asked::Unknown) => "no-medication-info",
        _ => return None,
    })
}

pub(crate) fn absent_reason() -> Value {
    json!({"extension": [{"url": codes::DATA_ABSENT_EXTENSION, "valueCode": "unknown"}]})
}

/// Medicines, prescribed and taken.
pub(crate) fn medications(giving: &Giving) -> Vec<Given> {
    let chosen = giving.chart.medications.iter().filter(|(id, _)| giving.chosen(*id));
    chosen.map(|(id, one)| medication(giving, *id, one)).collect()
}

fn medication(giving: &Giving, id: Uuid, now: &Medication) -> Given {
    let is_order = now.source == MedicationSource::Prescribed;
    let mut sheet =
        Sheet::start(giving, now.origin.as_ref(), if is_order { "MedicationRequest" } else { "MedicationStatement" });
    let before = sheet.before(|of, around, notes| Some(take::medicine(of, around, notes)));
    if sheet.is_fresh() && is_order {
        sheet.set("intent", json!("order"));
    }
    let before = before.as_ref();
    if before.is_none_or(|before| before.status != now.status) {
        sheet.set("status", json!(status_word(now.status)));
    }
    if before.is_none_or(|before| (&before.name, &before.code) != (&now.name, &now.code)) {
        sheet.remove(&["medicationReference"]);
        sheet.set("medicationCodeableConcept", worded(&now.name, now.code.as_deref()));
    }
    let timed = |of: &Medication| (of.dosage.clone(), of.started_on.clone(), of.ended_on.clone());
    if before.is_none_or(|before| timed(before) != timed(now)) {
        if is_order { order_times(&mut sheet, now, before) } else { taken_times(&mut sheet, now, before) }
    }
    if before.is_none_or(|before| before.reason != now.reason) {
        sheet.remove(&["reasonCode", "reasonReference"]);
        sheet.put("reasonCode", now.reason.as_ref().map(|words| json!([{ "text": words }])));
    }
    prescriber(&mut sheet, now, before, is_order);
    if !is_order && sheet.get("effectivePeriod").is_none() && sheet.get("effectiveDateTime").is_none() {
        sheet.set("_effectiveDateTime", absent_reason());
    }
    sheet.give(id, "medication-id", Some(("subject", giving.subject())))
}

fn status_word(status: MedicationStatus) -> &'static str {
    match status {
        MedicationStatus::Active => "active",
        MedicationStatus::Completed => "completed",
        MedicationStatus::Stopped => "stopped",
        MedicationStatus::OnHold => "on-hold",
        MedicationStatus::Unknown => "unknown",
    }
}

fn order_times(sheet: &mut Sheet, now: &Medication, before: Option<&Medication>) {
    let is_dosed = before.is_some_and(|before| before.dosage == now.dosage && before.ended_on == now.ended_on);
    sheet.put("authoredOn", now.started_on.as_ref().map(|day| json!(day.as_str())));
    if is_dosed && sheet.get("dosageInstruction").and_then(bounds).is_none() {
        return;
    }
    let mut instruction = json!({});
    if let Some(words) = &now.dosage {
        instruction["text"] = json!(words);
    }
    if let Some(end) = &now.ended_on {
        let mut bounds = json!({});
        if let Some(start) = &now.started_on {
            bounds["start"] = json!(start.as_str());
        }
        bounds["end"] = json!(end.as_str());
        instruction["timing"] = json!({"repeat": {"boundsPeriod": bounds}});
    }
    let is_empty = instruction.as_object().is_some_and(serde_json::Map::is_empty);
    sheet.put("dosageInstruction", (!is_empty).then(|| json!([instruction])));
}

fn bounds(instructions: &Node) -> Option<&Node> {
    let Node::Array(items) = instructions else { return None };
    items.first()?.get("timing")?.get("repeat")?.get("boundsPeriod")
}

fn taken_times(sheet: &mut Sheet, now: &Medication, before: Option<&Medication>) {
    if before.is_none_or(|before| before.dosage != now.dosage) {
        sheet.put("dosage", now.dosage.as_ref().map(|words| json!([{ "text": words }])));
    }
    if before.is_some_and(|before| (&before.started_on, &before.ended_on) == (&now.started_on, &now.ended_on)) {
        return;
    }
    let mut period = json!({});
    for (name, day) in [("start", &now.started_on), ("end", &now.ended_on)] {
        if let Some(day) = day {
            period[name] = json!(day.as_str());
        }
    }
    sheet.remove(&["effectiveDateTime", "effectivePeriod"]);
    let is_empty = period.as_object().is_some_and(serde_json::Map::is_empty);
    sheet.put("effectivePeriod", (!is_empty).then_some(period));
}

fn prescriber(sheet: &mut Sheet, now: &Medication, before: Option<&Medication>, is_order: bool) {
    if before.is_some_and(|before| before.prescriber == now.prescriber) {
        return;
    }
    let url = codes::ns("StructureDefinition/prescriber");
    if is_order {
        sheet.extend(&url, None);
        sheet.put("requester", now.prescriber.as_ref().map(|name| json!({ "display": name })));
    } else {
        sheet.extend(&url, now.prescriber.as_ref().map(|name| own_extension("prescriber", "valueString", name)));
    }
}
