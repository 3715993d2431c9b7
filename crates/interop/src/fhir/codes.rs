//! Code systems, and the tables between their codes and the model's words.

use model::{BloodGroup, DocumentType, Gender};

/// The project's own URI base: extensions, local codes and identifier systems. In one place.
pub(crate) const NS: &str = "https://ns.example.org/clinic";
pub(crate) const LOINC: &str = "http://loinc.org";
pub(crate) const SNOMED: &str = "http://snomed.info/sct";
pub(crate) const UCUM: &str = "http://unitsofmeasure.org";
pub(crate) const T: &str = "http://terminology.hl7.org/CodeSystem/";
pub(crate) const DATA_ABSENT: &str = "http://terminology.hl7.org/CodeSystem/data-absent-reason";
pub(crate) const DATA_ABSENT_EXTENSION: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
pub(crate) const ASSERTED: &str = "http://hl7.org/fhir/StructureDefinition/condition-assertedDate";
pub(crate) const ABSENT_UNKNOWN: &str = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips";
/// LOINC: patient summary document.
pub(crate) const SUMMARY_TYPE: &str = "60591-5";

/// Kinds whose content is mapped, or looked up from a mapped one.
pub(crate) const LOOKED_INTO: &[&str] = &[
    "Patient",
    "RelatedPerson",
    "Condition",
    "AllergyIntolerance",
    "MedicationRequest",
    "MedicationStatement",
    "Medication",
    "Observation",
    "DocumentReference",
    "DiagnosticReport",
    "Media",
    "Binary",
    "Composition",
    "Practitioner",
    "PractitionerRole",
    "Organization",
    "Device",
    "MedicationOrder",
    "DiagnosticOrder",
];

/// Is it an address in the project's own base?
pub(crate) fn is_own(address: &str) -> bool {
    address.strip_prefix(NS).is_some_and(|rest| rest.starts_with('/'))
}

/// An address in the project's own base.
pub(crate) fn ns(rest: &str) -> String {
    format!("{NS}/{rest}")
}

/// An HL7 code system.
pub(crate) fn hl7(name: &str) -> String {
    format!("{T}{name}")
}

/// Gender as written anywhere, in English and French; `None` for words that fit no code.
pub(crate) fn gender(word: &str) -> Option<Gender> {
    match word.trim().to_lowercase().as_str() {
        "male" | "m" | "man" | "homme" | "masculin" => Some(Gender::Male),
        "female" | "f" | "woman" | "femme" | "féminin" => Some(Gender::Female),
        "other" | "o" | "non-binary" | "autre" => Some(Gender::Other),
        _ => None,
    }
}

/// (v3-RoleCode, words that mean it): the first word is the one that is shown.
const RELATIONS: &[(&str, &[&str])] = &[
    ("WIFE", &["wife"]),
    ("HUSB", &["husband"]),
    ("SPS", &["spouse"]),
    ("DOMPART", &["partner", "domestic partner"]),
    ("MTH", &["mother"]),
    ("FTH", &["father"]),
    ("PRN", &["parent"]),
    ("SONC", &["son"]),
    ("DAUC", &["daughter"]),
    ("CHILD", &["child"]),
    ("BRO", &["brother"]),
    ("SIS", &["sister"]),
    ("GRMTH", &["grandmother"]),
    ("GRFTH", &["grandfather"]),
    ("FRND", &["friend"]),
    ("NBOR", &["neighbour", "neighbor"]),
];

/// The v3-RoleCode of a relation in words.
pub(crate) fn relation_code(words: &str) -> Option<&'static str> {
    let words = words.trim().to_lowercase();
    RELATIONS.iter().find(|(_, names)| names.contains(&words.as_str())).map(|(code, _)| *code)
}

/// Words for a v3-RoleCode.
pub(crate) fn relation_word(code: &str) -> Option<&'static str> {
    RELATIONS.iter().find(|(known, _)| *known == code).and_then(|(_, names)| names.first().copied())
}

/// SNOMED CT codes of the eight groups.
const BLOOD_GROUPS: &[(BloodGroup, &str)] = &[
    (BloodGroup::OPos, "278147001"),
    (BloodGroup::ONeg, "278148006"),
    (BloodGroup::APos, "278149003"),
    (BloodGroup::ANeg, "278152006"),
    (BloodGroup::BPos, "278150003"),
    (BloodGroup::BNeg, "278153001"),
    (BloodGroup::AbPos, "278151004"),
    (BloodGroup::AbNeg, "278154007"),
];

pub(crate) fn blood_group_code(group: BloodGroup) -> Option<&'static str> {
    BLOOD_GROUPS.iter().find(|(known, _)| *known == group).map(|(_, code)| *code)
}

pub(crate) fn blood_group_of(code: &str) -> Option<BloodGroup> {
    BLOOD_GROUPS.iter().find(|(_, known)| *known == code).map(|(group, _)| *group)
}

/// (LOINC, type): the first of each type is the one that is written.
const DOCUMENT_TYPES: &[(&str, &str, DocumentType)] = &[
    ("57833-6", "Prescription for medication", DocumentType::Prescription),
    ("11502-2", "Laboratory report", DocumentType::LabReport),
    ("18748-4", "Diagnostic imaging study", DocumentType::Scan),
    ("68604-8", "Radiology Diagnostic study note", DocumentType::Scan),
    ("47045-0", "Study report", DocumentType::Scan),
];

pub(crate) fn document_type_of(code: &str) -> Option<DocumentType> {
    DOCUMENT_TYPES.iter().find(|(known, ..)| *known == code).map(|(.., kind)| *kind)
}

/// LOINC code and display of a type; `None` where words must do.
pub(crate) fn document_type_code(kind: DocumentType) -> Option<(&'static str, &'static str)> {
    DOCUMENT_TYPES.iter().find(|(.., known)| *known == kind).map(|(code, display, _)| (*code, *display))
}

/// A vital sign: LOINC, display, canonical UCUM unit.
pub(crate) struct Vital {
    pub code: &'static str,
    pub display: &'static str,
    pub unit: &'static str,
}

const fn vital(code: &'static str, display: &'static str, unit: &'static str) -> Vital {
    Vital { code, display, unit }
}

pub(crate) const HEIGHT: &str = "8302-2";
pub(crate) const WEIGHT: &str = "29463-7";
pub(crate) const BMI: &str = "39156-5";
pub(crate) const SYSTOLIC: &str = "8480-6";
pub(crate) const DIASTOLIC: &str = "8462-4";
pub(crate) const PRESSURE_PANEL: &str = "85354-9";

/// The vital signs of the model. Glucose keeps the unit it came in: mg/dL and mmol/L are both in daily use.
pub(crate) const VITALS: &[Vital] = &[
    vital(HEIGHT, "Body height", "cm"),
    vital(WEIGHT, "Body weight", "kg"),
    vital(BMI, "Body mass index (BMI) [Ratio]", "kg/m2"),
    vital(SYSTOLIC, "Systolic blood pressure", "mm[Hg]"),
    vital(DIASTOLIC, "Diastolic blood pressure", "mm[Hg]"),
    vital("8867-4", "Heart rate", "/min"),
    vital("59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry", "%"),
    vital("2708-6", "Oxygen saturation in Arterial blood", "%"),
    vital("8310-5", "Body temperature", "Cel"),
    vital("9279-1", "Respiratory rate", "/min"),
    vital("2339-0", "Glucose [Mass/volume] in Blood", "mg/dL"),
    vital("2345-7", "Glucose [Mass/volume] in Serum or Plasma", "mg/dL"),
];

pub(crate) fn vital_of(code: &str) -> Option<&'static Vital> {
    // Oral temperature (8331-1) is a body temperature; older senders use it for every temperature.
    let code = if code == "8331-1" { "8310-5" } else { code };
    VITALS.iter().find(|vital| vital.code == code)
}

/// Is it a panel of both blood pressures? 55284-4 and 35094-2 are its older codes.
pub(crate) fn is_pressure_panel(code: &str) -> bool {
    matches!(code, PRESSURE_PANEL | "55284-4" | "35094-2")
}

/// (from unit, to unit, factor, offset added before). Exact by definition (NIST SP 811, appendix B), except the
/// molar mass of glucose, 18.016 mg/dL per mmol/L, which is not converted.
const CONVERSIONS: &[(&str, &str, f64, f64)] = &[
    ("m", "cm", 100.0, 0.0),
    ("mm", "cm", 0.1, 0.0),
    ("[in_i]", "cm", 2.54, 0.0),
    ("[in_us]", "cm", 2.54, 0.0),
    ("[ft_i]", "cm", 30.48, 0.0),
    ("g", "kg", 0.001, 0.0),
    ("[lb_av]", "kg", 0.453_592_37, 0.0),
    ("[oz_av]", "kg", 0.028_349_523_125, 0.0),
    ("kPa", "mm[Hg]", 7.500_615_05, 0.0),
    ("[degF]", "Cel", 5.0 / 9.0, -32.0),
    ("K", "Cel", 1.0, -273.15),
];

/// UCUM spellings of units as people write them.
const SPELLINGS: &[(&str, &str)] = &[
    ("mmhg", "mm[Hg]"),
    ("mm hg", "mm[Hg]"),
    ("{beats}/min", "/min"),
    ("{breaths}/min", "/min"),
    ("{beats}/{min}", "/min"),
    ("beats/minute", "/min"),
    ("beats/min", "/min"),
    ("breaths/minute", "/min"),
    ("breaths/min", "/min"),
    ("bpm", "/min"),
    ("1/min", "/min"),
    ("°c", "Cel"),
    ("c", "Cel"),
    ("degc", "Cel"),
    ("°f", "[degF]"),
    ("degf", "[degF]"),
    ("lb", "[lb_av]"),
    ("lbs", "[lb_av]"),
    ("in", "[in_i]"),
    ("inch", "[in_i]"),
    ("inches", "[in_i]"),
    ("gram", "g"),
    ("kg/m^2", "kg/m2"),
    ("kg/m²", "kg/m2"),
    ("percent", "%"),
    ("%{vol}", "%"),
];

/// The value in the canonical unit of a vital sign; `None` for a unit that does not fit it.
pub(crate) fn in_unit(value: f64, unit: &str, vital: &Vital) -> Option<(f64, String)> {
    let spelled = unit.to_lowercase();
    let unit = SPELLINGS.iter().find(|(word, _)| *word == spelled).map_or(unit, |(_, unit)| *unit);
    if unit.eq_ignore_ascii_case(vital.unit) {
        return Some((value, vital.unit.to_owned()));
    }
    if vital.unit == "mg/dL" && unit.eq_ignore_ascii_case("mmol/L") {
        return Some((value, "mmol/L".to_owned()));
    }
    let (.., factor, offset) = CONVERSIONS.iter().find(|(from, to, ..)| *from == unit && *to == vital.unit)?;
    // Three decimals hide the binary tail of a conversion and keep more than any instrument shows.
    Some((((value + offset) * factor * 1000.0).round() / 1000.0, vital.unit.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn convert(value: f64, unit: &str, code: &str) -> Option<(f64, String)> {
        in_unit(value, unit, vital_of(code).expect("a vital sign"))
    }

    #[test]
    fn units_are_converted_or_refused() {
        assert_eq!(convert(70.0, "[in_i]", HEIGHT), Some((177.8, "cm".into())));
        assert_eq!(convert(150.0, "[lb_av]", WEIGHT), Some((68.039, "kg".into())));
        assert_eq!(convert(98.6, "[degF]", "8310-5"), Some((37.0, "Cel".into())));
        assert_eq!(convert(120.0, "mmHg", SYSTOLIC), Some((120.0, "mm[Hg]".into())));
        assert_eq!(convert(5.5, "mmol/L", "2339-0"), Some((5.5, "mmol/L".into())));
        assert_eq!(convert(70.0, "kg", HEIGHT), None);
        assert_eq!(convert(11.0, "[stone_av]", WEIGHT), None);
    }

    #[test]
    fn every_blood_group_has_a_code_that_leads_back() {
        for group in BloodGroup::EVERY {
            assert_eq!(blood_group_code(*group).and_then(blood_group_of), Some(*group));
        }
    }
}
