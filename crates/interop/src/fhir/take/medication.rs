//! `MedicationRequest` and `MedicationStatement` → a medicine in use.

use super::{Around, dosage::dosage};
use crate::fhir::{
    codes,
    json::{Notes, coded, concept, extension, joined, list, word},
    report::Ignored,
};
use model::{Date, Id, Medication, MedicationSource, MedicationStatus};
use serde_json::Value;
use uuid::Uuid;

/// Maps a medicine; `patient_id` and `origin` are the caller's.
pub(crate) fn medication(of: &Value, around: &Around, notes: &mut Notes) -> Result<Medication, Ignored> {
    if word(of, "status") == Some("entered-in-error") {
        return Err(Ignored::EnteredInError);
    }
    if notes.boolean(of, "doNotPerform") == Some(true) {
        notes.say(
            "doNotPerform",
            "do_not_perform",
            "This is an order NOT to give a medicine. It is only in the original file.",
        );
        return Err(Ignored::DoNotPerform);
    }
    let medication = described(of, around, notes);
    if medication.name.is_empty() {
        notes.say("medication", "missing", "The medicine has no name. It is only in the original file.");
        return Err(Ignored::Unusable);
    }
    Ok(medication)
}

/// What the resource says of the medicine; the name is empty where it stands in a resource that is not at hand.
pub(crate) fn described(of: &Value, around: &Around, notes: &mut Notes) -> Medication {
    let is_order = word(of, "resourceType") == Some("MedicationRequest");
    let status = read_status(word(of, "status"), notes);
    let instructions = if is_order { "dosageInstruction" } else { "dosage" };
    let (started_on, ended_on) = if is_order { order_period(of, notes) } else { taken_period(of, notes) };
    Medication {
        patient_id: Id::new(Uuid::nil()),
        source: if is_order { MedicationSource::Prescribed } else { MedicationSource::Taken },
        name: name(of, around).unwrap_or_default(),
        code: concept_of(of, around).and_then(coded),
        dosage: joined(list(of, instructions).iter().filter_map(dosage).collect::<Vec<_>>(), "\n"),
        status,
        started_on,
        ended_on,
        reason: reason(of, around),
        prescriber: prescriber(of, around),
        origin: None,
    }
}

/// The concept that names the medicine: in place, contained, or in the file.
pub(crate) fn concept_of<'v>(of: &'v Value, around: &Around<'v>) -> Option<&'v Value> {
    let in_place = of.get("medicationCodeableConcept");
    in_place.or_else(|| around.find(of, of.get("medicationReference")?)?.get("code"))
}

fn name(of: &Value, around: &Around) -> Option<String> {
    let reference = of.get("medicationReference");
    let display = || word(reference?, "display").map(str::to_owned);
    let ingredients = || {
        let found = around.find(of, reference?)?;
        let names =
            list(found, "ingredient").iter().filter_map(|part| part.get("itemCodeableConcept").and_then(concept));
        joined(names.collect::<Vec<_>>(), " + ")
    };
    concept_of(of, around).and_then(concept).or_else(display).or_else(ingredients)
}

fn read_status(status: Option<&str>, notes: &mut Notes) -> MedicationStatus {
    match status {
        Some("active") => MedicationStatus::Active,
        Some("completed") => MedicationStatus::Completed,
        Some("stopped" | "cancelled") => MedicationStatus::Stopped,
        Some("on-hold") => MedicationStatus::OnHold,
        Some("not-taken") => {
            notes.say("status", "not_taken", "The person does not take this medicine. It was taken in as stopped.");
            MedicationStatus::Stopped
        }
        Some("unknown" | "intended" | "draft") => MedicationStatus::Unknown,
        _ => {
            notes.say("status", "code", "The status is missing or is no code of R4. It was taken in as unknown.");
            MedicationStatus::Unknown
        }
    }
}

/// The bounds of the dosage's timing, else the day it was ordered.
fn order_period(of: &Value, notes: &mut Notes) -> (Option<Date>, Option<Date>) {
    let instruction = list(of, "dosageInstruction").first();
    let bounds = instruction.and_then(|instruction| instruction.pointer("/timing/repeat/boundsPeriod"));
    let (start, end) = match bounds {
        Some(bounds) => (notes.day(bounds, "boundsPeriod.start"), notes.day(bounds, "boundsPeriod.end")),
        None => (None, None),
    };
    (start.or_else(|| notes.day(of, "authoredOn")), end)
}

fn taken_period(of: &Value, notes: &mut Notes) -> (Option<Date>, Option<Date>) {
    match of.get("effectivePeriod") {
        Some(period) => (notes.day(period, "effectivePeriod.start"), notes.day(period, "effectivePeriod.end")),
        None => (notes.day(of, "effectiveDateTime"), None),
    }
}

fn reason(of: &Value, around: &Around) -> Option<String> {
    let named = list(of, "reasonCode").iter().filter_map(concept);
    let referred = list(of, "reasonReference").iter().filter_map(|reference| {
        let found = around.find(of, reference).and_then(|found| found.get("code")).and_then(concept);
        found.or_else(|| word(reference, "display").map(str::to_owned))
    });
    joined(named.chain(referred).collect::<Vec<_>>(), ", ")
}

fn prescriber(of: &Value, around: &Around) -> Option<String> {
    let own = extension(of, &codes::ns("StructureDefinition/prescriber"))
        .and_then(|extension| word(extension, "valueString"));
    own.map(str::to_owned).or_else(|| around.name(of, of.get("requester")?))
}
