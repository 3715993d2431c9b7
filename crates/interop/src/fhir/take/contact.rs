//! `Patient.contact` and `RelatedPerson` → whom to call.

use super::patient;
use crate::fhir::{
    codes, derive,
    json::{Notes, code_in, concept, has_code, list, word},
};
use model::EmergencyContact;
use serde_json::Value;
use uuid::Uuid;

/// The contacts on the front page itself.
pub(crate) fn contacts(patient: &Value, chart: Uuid, notes: &mut Notes) -> Vec<EmergencyContact> {
    let mut found = Vec::new();
    for one in list(patient, "contact") {
        if is_full(&found, notes) {
            break;
        }
        if let Some(contact) = contact(one, chart, notes) {
            add(&mut found, contact);
        }
    }
    found
}

/// Nobody has more people to call; a list without a bound would be an attack.
const MOST_CONTACTS: usize = 100;

/// Is the list full? Says so.
pub(crate) fn is_full(contacts: &[EmergencyContact], notes: &mut Notes) -> bool {
    if contacts.len() >= MOST_CONTACTS {
        notes.say(
            "contact",
            "too_many",
            "There are more than a hundred contacts. The rest is only in the original file.",
        );
    }
    contacts.len() >= MOST_CONTACTS
}

/// Adds a contact unless one with the same telephone, or without any and of the same name, is there.
pub(crate) fn add(contacts: &mut Vec<EmergencyContact>, contact: EmergencyContact) {
    if !contacts.iter().any(|other| other.id == contact.id) {
        contacts.push(contact);
    }
}

/// Is a related person somebody to call: emergency contact, emergency contact point or next of kin (HL7 v2 table 0131)?
pub(crate) fn is_contact(of: &Value) -> bool {
    let kinds = codes::hl7("v2-0131");
    let called = |relation: &Value| ["C", "EP", "N"].iter().any(|kind| has_code(relation, &kinds, kind));
    list(of, "relationship").iter().any(called) && of.get("active").and_then(Value::as_bool) != Some(false)
}

/// One contact: of a `Patient.contact` or of a `RelatedPerson`.
pub(crate) fn contact(of: &Value, chart: Uuid, notes: &mut Notes) -> Option<EmergencyContact> {
    let phone = patient::telecom(of, "phone").unwrap_or_default();
    let organisation =
        || of.get("organization").and_then(|organisation| word(organisation, "display")).map(str::to_owned);
    let Some(name) =
        patient::name(of).or_else(organisation).or_else(|| Some(phone.clone()).filter(|phone| !phone.is_empty()))
    else {
        notes.say("contact.name", "missing", "A contact has neither a name nor a telephone number. It was left out.");
        return None;
    };
    let digits: String = phone.chars().filter(|character| character.is_ascii_digit() || *character == '+').collect();
    let key = if digits.is_empty() { name.to_lowercase() } else { digits };
    Some(EmergencyContact { id: derive::id(chart, "contact", &key), name, relation: relation(of), phone })
}

/// Words for the relation; the mere fact of being a contact is none.
fn relation(of: &Value) -> Option<String> {
    let (kinds, roles) = (codes::hl7("v2-0131"), codes::hl7("v3-RoleCode"));
    list(of, "relationship").iter().find_map(|relation| {
        if word(relation, "text").is_none() && has_code(relation, &kinds, "C") {
            return None;
        }
        let by_code = || code_in(relation, &roles).and_then(codes::relation_word).map(str::to_owned);
        word(relation, "text").map(str::to_owned).or_else(by_code).or_else(|| concept(relation))
    })
}
