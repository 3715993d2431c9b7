//! Which version of FHIR a file is written in. Files seldom say so; the shapes of some elements do.

use super::entry::Gathered;
use crate::Refused;
use serde_json::Value;

/// Refuses a file that says or shows that it is not R4. One odd element among many does not make another version.
pub(crate) fn check(gathered: &Gathered) -> Result<(), Refused> {
    if let Some(found) = gathered.declared.as_deref().and_then(declared) {
        return Err(Refused::OtherVersion { found });
    }
    let profiled = gathered.entries.iter().find_map(|entry| profiled(&entry.value));
    if let Some(found) = profiled {
        return Err(Refused::OtherVersion { found: found.to_owned() });
    }
    let signs: Vec<Sign> = gathered.entries.iter().filter_map(|entry| sign(&entry.kind, &entry.value)).collect();
    for found in ["R5", "STU3", "DSTU2"] {
        let votes = signs.iter().filter(|sign| **sign == Sign::Other(found)).count();
        if votes * 2 > signs.len() {
            return Err(Refused::OtherVersion { found: found.to_owned() });
        }
    }
    let older = signs.iter().filter(|sign| matches!(sign, Sign::Other("STU3" | "DSTU2"))).count();
    if older * 2 > signs.len() { Err(Refused::OtherVersion { found: "STU3".to_owned() }) } else { Ok(()) }
}

fn declared(version: &str) -> Option<String> {
    match version.get(..2)? {
        "4." => None,
        "5." | "6." => Some("R5".to_owned()),
        "3." | "1.4" => Some("STU3".to_owned()),
        "1." | "0." => Some("DSTU2".to_owned()),
        _ => Some(version.chars().take(12).collect()),
    }
}

/// The version in the address of a core profile: `http://hl7.org/fhir/3.0/StructureDefinition/Patient`.
fn profiled(resource: &Value) -> Option<&'static str> {
    let profiles = resource.pointer("/meta/profile")?.as_array()?;
    profiles.iter().filter_map(Value::as_str).find_map(|profile| {
        let rest = profile.strip_prefix("http://hl7.org/fhir/")?;
        let known = [("5.0/", "R5"), ("6.0/", "R5"), ("3.0/", "STU3"), ("1.0/", "DSTU2")];
        known.iter().find(|(prefix, _)| rest.starts_with(prefix)).map(|(_, version)| *version)
    })
}

#[derive(Debug, PartialEq)]
enum Sign {
    R4,
    Other(&'static str),
}

/// What one resource shows; `None` for kinds and shapes that are alike in every version.
fn sign(kind: &str, of: &Value) -> Option<Sign> {
    let is_text = |name: &str| of.get(name).is_some_and(Value::is_string);
    let is_object = |name: &str| of.get(name).is_some_and(Value::is_object);
    let has = |name: &str| of.get(name).is_some();
    let sign = match kind {
        "MedicationOrder" | "DiagnosticOrder" => Sign::Other("DSTU2"),
        "Condition" if has("patient") && !has("subject") => Sign::Other("DSTU2"),
        "Condition" | "AllergyIntolerance" if is_text("clinicalStatus") => Sign::Other("STU3"),
        "AllergyIntolerance" if has("substance") && !has("code") => Sign::Other("DSTU2"),
        "AllergyIntolerance" if is_object("type") => Sign::Other("R5"),
        "Condition" | "AllergyIntolerance" if is_object("clinicalStatus") => Sign::R4,
        "MedicationRequest" | "MedicationStatement" if is_object("medication") => Sign::Other("R5"),
        "MedicationStatement" if has("taken") => Sign::Other("STU3"),
        "MedicationStatement" if has("wasNotTaken") || (has("patient") && !has("subject")) => Sign::Other("DSTU2"),
        "MedicationRequest" | "Observation" if is_object("context") => Sign::Other("STU3"),
        "MedicationRequest" | "MedicationStatement" => Sign::R4,
        "DocumentReference" if has("indexed") => Sign::Other("STU3"),
        "DocumentReference" if of.get("context").is_some_and(Value::is_array) => Sign::Other("R5"),
        "Composition" if of.get("subject").is_some_and(Value::is_array) => Sign::Other("R5"),
        "Patient" if has("animal") || (has("careProvider") && !has("generalPractitioner")) => Sign::Other("STU3"),
        _ => return None,
    };
    Some(sign)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn shapes_tell_versions_apart() {
        let r4 = json!({"clinicalStatus": {"coding": []}, "subject": {}});
        assert_eq!(sign("Condition", &r4), Some(Sign::R4));
        assert_eq!(sign("Condition", &json!({"clinicalStatus": "active", "subject": {}})), Some(Sign::Other("STU3")));
        assert_eq!(sign("Condition", &json!({"patient": {}})), Some(Sign::Other("DSTU2")));
        assert_eq!(sign("MedicationStatement", &json!({"medication": {"concept": {}}})), Some(Sign::Other("R5")));
        assert_eq!(sign("Observation", &json!({})), None);
    }

    #[test]
    fn declared_versions_are_believed() {
        assert_eq!(declared("4.0.1"), None);
        assert_eq!(declared("5.0.0").as_deref(), Some("R5"));
        assert_eq!(declared("3.0.2").as_deref(), Some("STU3"));
    }
}
