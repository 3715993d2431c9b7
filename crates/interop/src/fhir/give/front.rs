//! The front page → `Patient`.

use super::{Given, Giving, own_extension, sheet::Sheet, urn};
use crate::fhir::{codes, node::Node, take};
use model::{EmergencyContact, Gender, Origin, Patient, Time};
use serde_json::{Value, json};

/// The patient, without account, numbers of this clinic, pictures and recordings.
pub(crate) fn patient(giving: &Giving) -> Given {
    let now = giving.chart.patient;
    let mut sheet = Sheet::start(giving, now.origin.as_ref(), "Patient");
    // Pictures are large and were not chosen; links lead to records of the sender.
    sheet.remove(&["photo", "link"]);
    let before = before(&sheet).unwrap_or_else(take::blank_patient);
    who(&mut sheet, now, &before);
    reach(&mut sheet, now, &before);
    if now.preferred_language != before.preferred_language {
        sheet.put("communication", now.preferred_language.as_deref().map(languages));
    }
    contacts(giving, &mut sheet, now);
    let asked_at = giving.everything().then_some(now.allergies_asked_at).flatten();
    let asked = asked_at.map(|at| own_extension("allergies-asked-at", "valueDateTime", &at.to_string()));
    sheet.extend(&codes::ns("StructureDefinition/allergies-asked-at"), asked);
    sheet.give(giving.chart.chart_id, "patient-uuid", None)
}

fn before(sheet: &Sheet) -> Option<Patient> {
    sheet.before(|of, _, notes| {
        let origin = Origin { source: String::new(), taken_in_at: Time::from_ms(0), identifier: None, resource: None };
        Some(take::patient::front_page(of, origin, notes))
    })
}

fn who(sheet: &mut Sheet, now: &Patient, before: &Patient) {
    if now.name != before.name || sheet.get("name").is_none() {
        let name = if now.name.is_empty() { absent("unknown") } else { json!({"use": "official", "text": now.name}) };
        sheet.set("name", json!([name]));
    }
    if now.date_of_birth != before.date_of_birth || sheet.get("birthDate").is_none() {
        sheet.remove(&["birthDate"]);
        match &now.date_of_birth {
            Some(day) => sheet.set("birthDate", json!(day.as_str())),
            // A summary needs the element, if only to say that nobody knows it.
            None => sheet.set("_birthDate", absent("unknown")),
        }
    }
    if (now.gender, &now.gender_as_entered) != (before.gender, &before.gender_as_entered)
        || sheet.get("gender").is_none()
    {
        sheet.set("gender", json!(now.gender.map_or("unknown", Gender::word)));
        let words =
            now.gender_as_entered.as_deref().map(|words| own_extension("gender-as-entered", "valueString", words));
        sheet.extend(&codes::ns("StructureDefinition/gender-as-entered"), words);
    }
}

fn absent(why: &str) -> Value {
    json!({"extension": [{"url": codes::DATA_ABSENT_EXTENSION, "valueCode": why}]})
}

fn reach(sheet: &mut Sheet, now: &Patient, before: &Patient) {
    if now.address != before.address {
        sheet.put("address", now.address.as_ref().map(|address| json!([{"use": "home", "text": address}])));
    }
    let phone = json!({"system": "phone", "value": now.phone, "use": "mobile", "rank": 1});
    point(sheet, "phone", (&now.phone, &before.phone), phone);
    point(sheet, "email", (&now.email, &before.email), json!({"system": "email", "value": now.email}));
}

/// A changed contact point takes the place of all of its system; a person may have left the older ones for good.
fn point(sheet: &mut Sheet, system: &str, (now, before): (&Option<String>, &Option<String>), new: Value) {
    if now != before {
        let is_old = |node: &Node| node.get("system").and_then(Node::text).as_deref() == Some(system);
        sheet.replace_in("telecom", is_old, now.iter().map(|_| new.clone()).collect());
    }
}

fn languages(codes: &str) -> Value {
    let one = |(place, code): (usize, &str)| {
        let mut language = json!({"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": code.trim()}]}});
        if place == 0 {
            language["preferred"] = json!(true);
        }
        language
    };
    codes.split(',').enumerate().map(one).collect()
}

/// Contacts are other people's names and numbers: each is given only where it was chosen.
fn contacts(giving: &Giving, sheet: &mut Sheet, now: &Patient) {
    let given: Vec<&EmergencyContact> =
        now.emergency_contacts.iter().filter(|contact| giving.chosen(contact.id)).collect();
    let chart = giving.chart.chart_id;
    let before = sheet.before(|of, _, notes| Some(take::contacts(of, chart, notes))).unwrap_or_default();
    let told = |contact: &EmergencyContact| (contact.name.clone(), contact.relation.clone(), contact.phone.clone());
    if !given.iter().map(|contact| told(contact)).eq(before.iter().map(told)) {
        let contacts: Vec<Value> = given.into_iter().enumerate().map(|(place, one)| contact(place, one)).collect();
        sheet.put("contact", (!contacts.is_empty()).then(|| json!(contacts)));
    }
}

fn contact(place: usize, one: &EmergencyContact) -> Value {
    let mut relationship = vec![super::one_code(&codes::hl7("v2-0131"), "C", Some("Emergency Contact"))];
    if let Some(words) = &one.relation {
        let mut relation = codes::relation_code(words)
            .map_or_else(|| json!({}), |code| super::one_code(&codes::hl7("v3-RoleCode"), code, None));
        relation["text"] = json!(words);
        relationship.push(relation);
    }
    let mut contact = json!({"relationship": relationship, "name": {"text": one.name}});
    if !one.phone.is_empty() {
        contact["telecom"] = json!([{"system": "phone", "value": one.phone, "rank": place + 1}]);
    }
    contact
}

/// A reference to the patient with the name beside it.
pub(crate) fn reference(giving: &Giving) -> Value {
    json!({ "reference": urn(giving.chart.chart_id) })
}
