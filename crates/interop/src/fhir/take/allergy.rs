//! `AllergyIntolerance` → something that a person does not tolerate.

use super::status;
use crate::fhir::{
    json::{Notes, coded, concept, joined, list, word},
    report::Ignored,
};
use model::{Allergy, Severity};
use serde_json::Value;
use uuid::Uuid;

/// Maps an allergy; `id` and `origin` are the caller's.
pub(crate) fn allergy(of: &Value, notes: &mut Notes) -> Result<Allergy, Ignored> {
    match status(of, "verificationStatus") {
        Some("refuted") => return Err(Ignored::Refuted),
        Some("entered-in-error") => return Err(Ignored::EnteredInError),
        _ => {}
    }
    if matches!(status(of, "clinicalStatus"), Some("resolved" | "inactive")) {
        return Err(Ignored::Resolved);
    }
    // Some senders name the substance only with the reaction.
    let code = of.get("code").filter(|code| concept(code).is_some());
    let code = code.or_else(|| list(of, "reaction").iter().find_map(|reaction| reaction.get("substance")));
    let Some(substance) = code.and_then(concept) else {
        notes.say("code", "missing", "The allergy names no substance. It is only in the original file.");
        return Err(Ignored::Unusable);
    };
    Ok(Allergy {
        id: Uuid::nil(),
        substance,
        reaction: reaction(of),
        severity: severity(of),
        confirmed: status(of, "verificationStatus") == Some("confirmed"),
        code: code.and_then(coded),
        origin: None,
    })
}

/// Every manifestation of every reaction, else its description.
fn reaction(of: &Value) -> Option<String> {
    let words = |reaction: &Value| {
        let manifestations: Vec<String> = list(reaction, "manifestation").iter().filter_map(concept).collect();
        joined(manifestations, ", ").or_else(|| word(reaction, "description").map(str::to_owned))
    };
    joined(list(of, "reaction").iter().filter_map(words).collect::<Vec<_>>(), ", ")
}

/// The worst that happened. Criticality says what could happen, which is another question.
fn severity(of: &Value) -> Option<Severity> {
    let severities = list(of, "reaction").iter().filter_map(|reaction| word(reaction, "severity"));
    severities.filter_map(Severity::from_word).max()
}
