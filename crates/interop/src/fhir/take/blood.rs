//! Blood group: one observation (882-1), or ABO (883-9) with Rh (10331-7).

use crate::fhir::{
    codes,
    json::{Notes, codings, concept, has_code, word},
    report::{Fate, Ignored, Problem},
};
use model::BloodGroup;
use serde_json::Value;

/// What was seen so far.
#[derive(Default)]
pub(crate) struct Found {
    groups: Vec<BloodGroup>,
    abo: Option<String>,
    rh: Option<char>,
}

impl Found {
    /// Looks at an observation; `None` when it is not about blood groups.
    pub fn look(&mut self, of: &Value, notes: &mut Notes) -> Option<Fate> {
        let code = of.get("code")?;
        let is = |loinc: &str| has_code(code, codes::LOINC, loinc);
        if !(is("882-1") || is("883-9") || is("10331-7")) {
            return None;
        }
        match word(of, "status") {
            Some("entered-in-error") => return Some(Fate::Ignored(Ignored::EnteredInError)),
            Some("cancelled") => return Some(Fate::Ignored(Ignored::Cancelled)),
            _ => {}
        }
        let words = value_words(of);
        let seen = if is("882-1") {
            coded(of).or_else(|| group(&words)).map(|group| self.groups.push(group))
        } else if is("883-9") {
            letters(&words).map(|abo| self.abo = Some(abo))
        } else {
            sign(&words).map(|rh| self.rh = Some(rh))
        };
        Some(seen.map_or_else(|| unread(notes), |()| Fate::Mapped))
    }

    /// The one group, or none with the reason when the file contradicts itself.
    pub fn settle(self) -> (Option<BloodGroup>, Option<Problem>) {
        let parts = self.abo.zip(self.rh).and_then(|(abo, rh)| BloodGroup::from_word(&format!("{abo}{rh}")));
        let mut groups = self.groups;
        groups.extend(parts);
        groups.sort();
        groups.dedup();
        if groups.len() < 2 {
            return (groups.first().copied(), None);
        }
        let mut notes = Notes::new("Observation");
        notes.say(
            "value",
            "contradiction",
            "The file gives more than one blood group. None was taken: determine it again.",
        );
        (None, notes.problems.pop())
    }
}

fn unread(notes: &mut Notes) -> Fate {
    notes.say("value", "blood_group", "The blood group could not be read. It was left out.");
    Fate::Ignored(Ignored::Unusable)
}

fn coded(of: &Value) -> Option<BloodGroup> {
    codings(of.get("valueCodeableConcept")?)
        .filter(|(system, _)| *system == codes::SNOMED)
        .find_map(|(_, code)| codes::blood_group_of(code))
}

fn value_words(of: &Value) -> String {
    let concept = of.get("valueCodeableConcept").and_then(concept);
    concept.or_else(|| word(of, "valueString").map(str::to_owned)).unwrap_or_default()
}

fn group(words: &str) -> Option<BloodGroup> {
    BloodGroup::from_word(&format!("{}{}", letters(words)?, sign(words)?))
}

/// The ABO letters: a word of their own, with or without a sign at its end. The digit 0 is common for O.
fn letters(words: &str) -> Option<String> {
    let words = words.to_uppercase();
    let mut parts = words.split(|letter: char| !letter.is_alphanumeric()).filter(|part| !part.is_empty());
    let found = parts.find(|part| matches!(*part, "A" | "B" | "AB" | "O" | "0"))?;
    Some(if found == "0" { "O".to_owned() } else { found.to_owned() })
}

fn sign(words: &str) -> Option<char> {
    let words = words.to_lowercase();
    let positive = words.contains("pos") || words.trim_end().ends_with('+');
    let negative = words.contains("neg") || words.trim_end().ends_with('-');
    match (positive, negative) {
        (true, false) => Some('+'),
        (false, true) => Some('-'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_read_from_words() {
        assert_eq!(group("O+"), Some(BloodGroup::OPos));
        assert_eq!(group("Blood group AB Rh(D) negative"), Some(BloodGroup::AbNeg));
        assert_eq!(group("0 neg"), Some(BloodGroup::ONeg));
        assert_eq!(group("Group A"), None);
        assert_eq!(group("unknown"), None);
    }
}
