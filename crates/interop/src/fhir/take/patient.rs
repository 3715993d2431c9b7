//! `Patient` → the chart's front page.

use crate::fhir::{
    codes,
    draft::PatientIdentifier,
    json::{Notes, concept, extension, joined, list, word},
};
use model::{Gender, Origin, Patient, Time};
use serde_json::Value;
use std::collections::BTreeSet;

/// A front page that says nothing.
pub(crate) fn blank() -> Patient {
    Patient {
        user_id: None,
        patient_number: None,
        name: String::new(),
        date_of_birth: None,
        gender: None,
        gender_as_entered: None,
        address: None,
        phone: None,
        email: None,
        blood_group: None,
        preferred_language: None,
        photo: None,
        voice_sample: None,
        bmi: None,
        allergies_asked: None,
        allergies_asked_at: None,
        allergies_asked_by: None,
        allergies: Vec::new(),
        chronic_conditions: Vec::new(),
        medical_history: Vec::new(),
        emergency_contacts: Vec::new(),
        registered_by: None,
        origin: None,
        is_archived: false,
        is_restricted: None,
        allowed_members: Vec::new(),
    }
}

/// The single fields. Lists are filled from other resources.
pub(crate) fn front_page(of: &Value, origin: Origin, notes: &mut Notes) -> Patient {
    let (gender, gender_as_entered) = gender(of, notes);
    let mut patient = Patient { gender, gender_as_entered, origin: Some(origin), ..blank() };
    patient.name = name(of).unwrap_or_else(|| {
        notes.say("name", "missing", "The patient has no name. The field is empty: fill it in.");
        String::new()
    });
    patient.date_of_birth = notes.day(of, "birthDate");
    patient.address = address(of);
    patient.phone = telecom(of, "phone");
    patient.email = telecom(of, "email");
    patient.preferred_language = languages(of);
    warn(of, notes);
    patient
}

/// What the front page has no field for but a clinician must not miss.
fn warn(of: &Value, notes: &mut Notes) {
    let died = of.get("deceasedDateTime").is_some() || notes.boolean(of, "deceasedBoolean") == Some(true);
    if died {
        notes.say(
            "deceased",
            "deceased",
            "The file says that this person has died. The front page has no field for it.",
        );
    }
    if notes.boolean(of, "active") == Some(false) {
        notes.say("active", "inactive", "The sender no longer uses this patient record.");
    }
    if list(of, "link").iter().any(|link| word(link, "type") == Some("replaced-by")) {
        notes.say("link", "replaced", "The sender has replaced this patient record by another.");
    }
    if !list(of, "modifierExtension").is_empty() {
        notes.say(
            "modifierExtension",
            "modifier",
            "It carries a modifier that is not understood. Compare with the original file.",
        );
    }
}

/// The best of the names: official, then usual, then one without use, then any that is still in use.
pub(crate) fn name(of: &Value) -> Option<String> {
    let names = list(of, "name");
    let by_use = |wanted: Option<&'static str>| names.iter().filter(move |name| word(name, "use") == wanted);
    let current =
        || names.iter().filter(|name| !matches!(word(name, "use"), Some("old" | "maiden" | "nickname" | "anonymous")));
    let ranked =
        by_use(Some("official")).chain(by_use(Some("usual"))).chain(by_use(None)).chain(current()).chain(names);
    ranked.into_iter().find_map(one_name)
}

fn one_name(name: &Value) -> Option<String> {
    if let Some(text) = word(name, "text") {
        return Some(text.to_owned());
    }
    let parts = ["prefix", "given", "family", "suffix"].iter().flat_map(|part| words(name, part));
    joined(parts.collect::<Vec<_>>(), " ")
}

/// A text, or a list of texts: old senders wrote a list where one text belongs, and the other way round.
fn words(of: &Value, name: &str) -> Vec<String> {
    let texts = match of.get(name) {
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(text)) => vec![text.as_str()],
        _ => Vec::new(),
    };
    texts.into_iter().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect()
}

fn gender(of: &Value, notes: &mut Notes) -> (Option<Gender>, Option<String>) {
    let entered = extension(of, &codes::ns("StructureDefinition/gender-as-entered"));
    let entered = entered.and_then(|extension| word(extension, "valueString")).map(str::to_owned);
    let Some(text) = notes.text(of, "gender") else { return (None, entered) };
    match codes::gender(text) {
        Some(gender) => (Some(gender), entered),
        None if text.eq_ignore_ascii_case("unknown") => (None, entered),
        None => (Some(Gender::Other), entered.or_else(|| Some(text.to_owned()))),
    }
}

/// Text, else line, postal code, city, state and country; the home address before others, one that is over last.
fn address(of: &Value) -> Option<String> {
    let addresses = list(of, "address");
    let home = addresses.iter().filter(|address| word(address, "use") == Some("home"));
    let current = addresses.iter().filter(|address| word(address, "use") != Some("old"));
    home.chain(current).chain(addresses).find_map(|address| {
        if let Some(text) = word(address, "text") {
            return Some(text.to_owned());
        }
        let lines = words(address, "line").into_iter();
        let rest = ["postalCode", "city", "state", "country"].iter().flat_map(|part| words(address, part));
        joined(lines.chain(rest).collect::<Vec<_>>(), ", ")
    })
}

/// The first contact point of a system: mobile before others, then by rank; one that is over does not count.
pub(crate) fn telecom(of: &Value, system: &str) -> Option<String> {
    let of_system = |point: &&Value| word(point, "system") == Some(system) && word(point, "use") != Some("old");
    let mut points: Vec<&Value> = list(of, "telecom").iter().filter(of_system).collect();
    let rank = |point: &Value| point.get("rank").and_then(Value::as_u64).unwrap_or(u64::MAX);
    points.sort_by_key(|point| (word(point, "use") != Some("mobile"), rank(point)));
    points.into_iter().find_map(|point| word(point, "value")).map(str::to_owned)
}

/// BCP 47 codes, the preferred first.
fn languages(of: &Value) -> Option<String> {
    let mut spoken: Vec<&Value> = list(of, "communication").iter().collect();
    spoken.sort_by_key(|language| language.get("preferred").and_then(Value::as_bool) != Some(true));
    let code = |language: &&Value| {
        let concept = language.get("language")?;
        list(concept, "coding").iter().find_map(|coding| word(coding, "code")).map(str::to_owned)
    };
    let mut seen = BTreeSet::new();
    let codes = spoken.iter().filter_map(code).filter(|code| seen.insert(code.clone()));
    joined(codes.collect::<Vec<_>>(), ",")
}

/// Numbers that other systems gave; this program's own do not count.
pub(crate) fn identifiers(of: &Value) -> Vec<PatientIdentifier> {
    let one = |identifier: &Value| {
        let system = word(identifier, "system").map(str::to_owned);
        let value = word(identifier, "value")?.to_owned();
        Some(PatientIdentifier { system, value, kind: identifier.get("type").and_then(concept) })
    };
    let foreign =
        |identifier: &PatientIdentifier| !identifier.system.as_ref().is_some_and(|system| codes::is_own(system));
    list(of, "identifier").iter().filter_map(one).filter(foreign).collect()
}

/// When this program's own export says that allergies were asked about.
pub(crate) fn allergies_asked_at(of: &Value) -> Option<Time> {
    let asked = extension(of, &codes::ns("StructureDefinition/allergies-asked-at"))?;
    Time::parse(word(asked, "valueDateTime")?)
}
