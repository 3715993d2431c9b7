//! The International Patient Summary: a `document` with its sections (fixed ones are never empty, and never lie).

use super::{Author, Given, Giving, clinical, entries, front, one_code, urn, vitals};
use crate::fhir::{codes, json::concept, node::Node};
use model::{Asked, ClinicalStatus};
use serde_json::{Value, json};
use uuid::Uuid;

const PROFILES: &str = "http://hl7.org/fhir/uv/ips/StructureDefinition/";

struct Section {
    title: &'static str,
    code: &'static str,
    display: &'static str,
    given: Vec<Given>,
    /// Why there is nothing, from HL7's list-empty-reason.
    empty: Option<&'static str>,
}

/// The whole document.
pub(crate) fn document(giving: &Giving, author: Author) -> Node {
    let sections = sections(giving);
    let key = format!("{}|{:?}", giving.at, giving.choice);
    let (id, writer) = (giving.derived("summary", &key), writer(giving, author));
    let composition = composition(giving, id, writer.id, &sections);
    let mut given = vec![Given { id, node: composition }, front::patient(giving), writer];
    given.extend(sections.into_iter().flat_map(|section| section.given));
    let mut bundle = Node::from(json!({
        "resourceType": "Bundle",
        "meta": {"profile": [format!("{PROFILES}Bundle-uv-ips")]},
        "identifier": {"system": "urn:ietf:rfc:3986", "value": urn(giving.derived("summary-bundle", &key))},
        "type": "document",
        "timestamp": giving.at.to_string(),
    }));
    bundle.set("entry", entries(given));
    bundle
}

fn writer(giving: &Giving, author: Author) -> Given {
    let (id, node) = match author {
        Author::Person { name } => {
            let id = giving.derived("author", name);
            (id, json!({"resourceType": "Practitioner", "id": id.to_string(), "name": [{"text": name}]}))
        }
        Author::Program { version } => {
            let id = giving.derived("author-program", version);
            let names = json!([{"name": "Aidpost", "type": "user-friendly-name"}]);
            let device = json!({"resourceType": "Device", "id": id.to_string(), "deviceName": names, "version": [{"value": version}]});
            (id, device)
        }
    };
    Given { id, node: node.into() }
}

fn composition(giving: &Giving, id: Uuid, author: Uuid, sections: &[Section]) -> Node {
    let name = &giving.chart.patient.name;
    let title = format!("Patient summary, {name}, {}", giving.at.utc_day());
    let composition = json!({
        "resourceType": "Composition",
        "id": id.to_string(),
        "meta": {"profile": [format!("{PROFILES}Composition-uv-ips")]},
        "text": narrative(std::slice::from_ref(&title)),
        "status": "final",
        "type": one_code(codes::LOINC, codes::SUMMARY_TYPE, Some("Patient summary Document")),
        "subject": front::reference(giving),
        "date": giving.at.to_string(),
        "author": [{"reference": urn(author)}],
        "title": title,
        "section": sections.iter().map(section).collect::<Vec<_>>(),
    });
    composition.into()
}

fn section(section: &Section) -> Value {
    let mut value = json!({
        "title": section.title,
        "code": one_code(codes::LOINC, section.code, Some(section.display)),
        "text": narrative(&lines(section)),
    });
    if section.given.is_empty() {
        let reason = section.empty.unwrap_or("unavailable");
        value["emptyReason"] = one_code(&codes::hl7("list-empty-reason"), reason, None);
    } else {
        value["entry"] = section.given.iter().map(|given| json!({"reference": urn(given.id)})).collect();
    }
    value
}

fn sections(giving: &Giving) -> Vec<Section> {
    let make = |title, code, display, given, empty| Section { title, code, display, given, empty };
    let (problems, problems_empty) = problems(giving);
    let (allergies, allergies_empty) = allergies(giving);
    let (medications, medications_empty) = medications(giving);
    let required = [
        make("Problems", "11450-4", "Problem list - Reported", problems, problems_empty),
        make(
            "Allergies and intolerances",
            "48765-2",
            "Allergies and adverse reactions Document",
            allergies,
            allergies_empty,
        ),
        make("Medication", "10160-0", "History of Medication use Narrative", medications, medications_empty),
    ];
    let vitals = vitals::observations(giving).into_iter().chain(vitals::body_mass_index(giving)).collect();
    let results = vitals::blood_group(giving).into_iter().collect();
    let optional = [
        make("Results", "30954-2", "Relevant diagnostic tests/laboratory data note", results, None),
        make("Past problems", "11348-0", "History of Past illness note", past(giving), None),
        make("Vital signs", "8716-3", "Vital signs note", vitals, None),
    ];
    required.into_iter().chain(optional.into_iter().filter(|section| !section.given.is_empty())).collect()
}

/// Nothing chosen of a list that is not empty is withheld; an empty one is what was answered; no answer is "not asked".
fn or_statement(
    given: Vec<Given>,
    here: usize,
    statement: impl FnOnce() -> Option<Given>,
) -> (Vec<Given>, Option<&'static str>) {
    if !given.is_empty() {
        return (given, None);
    }
    if here > 0 {
        return (given, Some("withheld"));
    }
    (statement().into_iter().collect(), Some("notasked"))
}

fn problems(giving: &Giving) -> (Vec<Given>, Option<&'static str>) {
    let patient = giving.chart.patient;
    let present = |id: Uuid| is_present(giving, id);
    let all = clinical::problems(giving).into_iter().chain(clinical::history(giving));
    let given: Vec<Given> = all.filter(|given| present(given.id)).collect();
    let active = patient.medical_history.iter().filter(|one| one.status == ClinicalStatus::Active).count();
    let here = active + patient.chronic_conditions.iter().filter(|one| one.status == ClinicalStatus::Active).count();
    let answer: Option<Asked> = giving.choice.answers.problems;
    or_statement(given, here, || clinical::statement(giving, "problems", answer?))
}

fn past(giving: &Giving) -> Vec<Given> {
    let all = clinical::problems(giving).into_iter().chain(clinical::history(giving));
    all.filter(|given| !is_present(giving, given.id)).collect()
}

fn is_present(giving: &Giving, id: Uuid) -> bool {
    let patient = giving.chart.patient;
    let chronic = patient.chronic_conditions.iter().find(|one| one.id == id).map(|one| one.status);
    let status = chronic.or_else(|| patient.medical_history.iter().find(|one| one.id == id).map(|one| one.status));
    status == Some(ClinicalStatus::Active)
}

fn allergies(giving: &Giving) -> (Vec<Given>, Option<&'static str>) {
    or_statement(clinical::allergies(giving), giving.chart.patient.allergies.len(), || {
        clinical::allergy_statement(giving)
    })
}

fn medications(giving: &Giving) -> (Vec<Given>, Option<&'static str>) {
    let answer = giving.choice.answers.medications;
    or_statement(clinical::medications(giving), giving.chart.medications.len(), || {
        clinical::statement(giving, "medications", answer?)
    })
}

/// What stands in a section, in words: the names of its entries, or why there are none.
fn lines(section: &Section) -> Vec<String> {
    if section.given.is_empty() {
        let words = match section.empty {
            Some("withheld") => "Not given in this summary.",
            Some("notasked") => "Not asked.",
            _ => "No information available.",
        };
        return vec![words.to_owned()];
    }
    section.given.iter().filter_map(|given| serde_json::to_value(&given.node).ok()).map(|of| line(&of)).collect()
}

fn line(of: &Value) -> String {
    let code = of.get("code").or_else(|| of.get("medicationCodeableConcept"));
    let name = code
        .and_then(concept)
        .or_else(|| of.pointer("/medicationReference/display").and_then(Value::as_str).map(str::to_owned));
    let components = of.get("component").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let numbers = of
        .get("valueQuantity")
        .into_iter()
        .chain(components.iter().filter_map(|one| one.get("valueQuantity")))
        .filter_map(number);
    let reactions = of.pointer("/reaction/0/manifestation/0").and_then(concept);
    let severity = of.pointer("/reaction/0/severity").and_then(Value::as_str).map(str::to_owned);
    let dosage = ["/dosageInstruction/0/text", "/dosage/0/text"]
        .iter()
        .find_map(|path| of.pointer(path))
        .and_then(Value::as_str);
    let since = ["onsetDateTime", "effectiveDateTime"].iter().find_map(|name| of.get(*name)).and_then(Value::as_str);
    let value = of.get("valueCodeableConcept").and_then(concept);
    let status = ["clinicalStatus"]
        .iter()
        .find_map(|name| of.get(*name))
        .and_then(|status| status.pointer("/coding/0/code"))
        .and_then(Value::as_str);
    let more = numbers.chain(value).chain(reactions).chain(severity).chain(dosage.map(str::to_owned));
    let more = more.chain(since.map(|day| day.chars().take(10).collect())).chain(status.map(str::to_owned));
    name.into_iter().chain(more).collect::<Vec<String>>().join(", ")
}

fn number(quantity: &Value) -> Option<String> {
    let unit = quantity.get("unit").and_then(Value::as_str).unwrap_or("");
    Some(format!("{} {unit}", quantity.get("value")?))
}

/// A list in XHTML; every word is escaped.
fn narrative(lines: &[String]) -> Value {
    let items: String = lines.iter().map(|line| format!("<li>{}</li>", escaped(line))).collect();
    json!({"status": "generated", "div": format!("<div xmlns=\"http://www.w3.org/1999/xhtml\"><ul>{items}</ul></div>")})
}

/// XML text: the five characters that mean something, and no control characters, which XML cannot hold.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(' '),
            character if character.is_control() => {}
            character => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn narrative_is_escaped() {
        let text = narrative(&["<script>alert('x')</script> & \u{7}".to_owned()]);
        let div = text["div"].as_str().expect("text");
        assert!(div.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; "));
        assert!(!div.contains("<script") && !div.contains('\u{7}'));
    }
}
