//! `Condition` → a long-standing condition, or an entry of the history.

use super::status;
use crate::fhir::{
    codes,
    json::{Notes, coded, concept, extension, joined, list, word},
    report::Ignored,
};
use model::{ChronicCondition, ClinicalStatus, Date, HistoryEntry};
use serde_json::Value;
use uuid::Uuid;

/// Where a condition belongs.
pub(crate) enum Condition {
    /// Present now.
    Chronic(ChronicCondition),
    /// Over, or not present at the moment.
    History(HistoryEntry),
}

/// Maps a condition; `id` and `origin` are the caller's.
pub(crate) fn condition(of: &Value, notes: &mut Notes) -> Result<Condition, Ignored> {
    match status(of, "verificationStatus") {
        Some("refuted") => return Err(Ignored::Refuted),
        Some("entered-in-error") => return Err(Ignored::EnteredInError),
        Some("provisional" | "differential") => {
            notes.say(
                "verificationStatus",
                "provisional",
                "The sender is not sure of this condition. Check it before you rely on it.",
            );
        }
        _ => {}
    }
    let Some(name) = of.get("code").and_then(concept) else {
        notes.say("code", "missing", "The condition has no name. It is only in the original file.");
        return Err(Ignored::Unusable);
    };
    let code = of.get("code").and_then(coded);
    let (since, ended) = (since(of, notes), ended(of, notes));
    let (id, origin) = (Uuid::nil(), None);
    let status = clinical_status(of, notes);
    let condition = match own_list(of).unwrap_or(status == ClinicalStatus::Active) {
        true => Condition::Chronic(ChronicCondition { id, name, code, since, status, origin }),
        false => {
            let (condition, diagnosed_at, resolved_at, notes) = (name, since, ended, remarks(of));
            Condition::History(HistoryEntry { id, condition, code, diagnosed_at, resolved_at, status, notes, origin })
        }
    };
    Ok(condition)
}

/// Whether this program's own export says which list it was in: long-standing or history.
fn own_list(of: &Value) -> Option<bool> {
    let list = extension(of, &codes::ns("StructureDefinition/list"))?;
    word(list, "valueCode").map(|list| list == "chronic_conditions")
}

fn clinical_status(of: &Value, notes: &mut Notes) -> ClinicalStatus {
    let is_over = ["abatementDateTime", "abatementPeriod", "abatementAge", "abatementString", "abatementRange"];
    match status(of, "clinicalStatus") {
        Some("resolved") => ClinicalStatus::Resolved,
        Some("inactive" | "remission") => ClinicalStatus::Inactive,
        Some("active" | "recurrence" | "relapse") => ClinicalStatus::Active,
        _ if is_over.iter().any(|name| of.get(*name).is_some()) => ClinicalStatus::Resolved,
        _ => {
            notes.say(
                "clinicalStatus",
                "missing",
                "The file does not say whether the condition is present. It was taken as present.",
            );
            ClinicalStatus::Active
        }
    }
}

/// Asserted, else onset, else when it was written down. An age or words stay in the original.
fn since(of: &Value, notes: &mut Notes) -> Option<Date> {
    let asserted = extension(of, codes::ASSERTED).and_then(|extension| notes.day(extension, "extension.valueDateTime"));
    let onset = asserted.or_else(|| notes.day(of, "onsetDateTime"));
    let onset = onset.or_else(|| notes.day(of.get("onsetPeriod")?, "onsetPeriod.start"));
    let in_words = ["onsetAge", "onsetString", "onsetRange"].iter().find(|name| of.get(**name).is_some());
    if let (None, Some(name)) = (&onset, in_words) {
        notes.say(name, "words", "The beginning is given as an age or in words. It is only in the original.");
    }
    onset.or_else(|| notes.day(of, "recordedDate"))
}

fn ended(of: &Value, notes: &mut Notes) -> Option<Date> {
    let ended = notes.day(of, "abatementDateTime");
    ended.or_else(|| notes.day(of.get("abatementPeriod")?, "abatementPeriod.end"))
}

/// All remarks, a blank line between them.
pub(crate) fn remarks(of: &Value) -> Option<String> {
    joined(list(of, "note").iter().filter_map(|note| word(note, "text")).map(str::to_owned).collect::<Vec<_>>(), "\n\n")
}
