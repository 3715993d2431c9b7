//! Statements that there is nothing to list. "Not asked" is never one of them.

use crate::fhir::{
    codes,
    json::{codings, has_code, word},
};
use model::Asked;
use serde_json::Value;

/// What a resource says when it is a statement rather than an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Statement {
    /// About the whole list.
    Whole(Asked),
    /// About a part of it (no known drug allergy): no entry, and no answer about the whole.
    Partly,
}

/// SNOMED CT and IPS codes (IPS 1.1 absent-unknown-uv-ips; IPS 2.0 uses SNOMED CT).
const CODES: &[(&str, &str, Statement)] = &[
    (codes::ABSENT_UNKNOWN, "no-known-allergies", Statement::Whole(Asked::NoneKnown)),
    (codes::ABSENT_UNKNOWN, "no-allergy-info", Statement::Whole(Asked::Unknown)),
    (codes::ABSENT_UNKNOWN, "no-known-problems", Statement::Whole(Asked::NoneKnown)),
    (codes::ABSENT_UNKNOWN, "no-problem-info", Statement::Whole(Asked::Unknown)),
    (codes::ABSENT_UNKNOWN, "no-known-medications", Statement::Whole(Asked::NoneKnown)),
    (codes::ABSENT_UNKNOWN, "no-medication-info", Statement::Whole(Asked::Unknown)),
    (codes::ABSENT_UNKNOWN, "no-known-medication-allergies", Statement::Partly),
    (codes::ABSENT_UNKNOWN, "no-known-food-allergies", Statement::Partly),
    (codes::ABSENT_UNKNOWN, "no-known-environmental-allergies", Statement::Partly),
    (codes::SNOMED, "716186003", Statement::Whole(Asked::NoneKnown)),
    (codes::SNOMED, "160244002", Statement::Whole(Asked::NoneKnown)),
    (codes::SNOMED, "160245001", Statement::Whole(Asked::NoneKnown)),
    (codes::SNOMED, "787481004", Statement::Whole(Asked::NoneKnown)),
    (codes::SNOMED, "1287211007", Statement::Whole(Asked::Unknown)),
    (codes::SNOMED, "409137002", Statement::Partly),
    (codes::SNOMED, "428607008", Statement::Partly),
    (codes::SNOMED, "429625007", Statement::Partly),
];

/// The same in words, where there is no code at all; "current" is left out before they are compared.
const WORDS: &[(&str, Statement)] = &[
    ("none", Statement::Whole(Asked::NoneKnown)),
    ("none known", Statement::Whole(Asked::NoneKnown)),
    ("nil known", Statement::Whole(Asked::NoneKnown)),
    ("no known allergies", Statement::Whole(Asked::NoneKnown)),
    ("no known allergy", Statement::Whole(Asked::NoneKnown)),
    ("nka", Statement::Whole(Asked::NoneKnown)),
    ("no known problems", Statement::Whole(Asked::NoneKnown)),
    ("no known problems or disability", Statement::Whole(Asked::NoneKnown)),
    ("no problems or disability", Statement::Whole(Asked::NoneKnown)),
    ("no known medications", Statement::Whole(Asked::NoneKnown)),
    ("nkda", Statement::Partly),
    ("no known drug allergies", Statement::Partly),
    ("no known drug allergy", Statement::Partly),
    ("no known medication allergies", Statement::Partly),
];

/// Reads a `code` as a statement of absence; `None` when it names something.
pub(crate) fn statement(concept: &Value) -> Option<Statement> {
    let coded =
        CODES.iter().find(|(system, code, _)| has_code(concept, system, code)).map(|(.., statement)| *statement);
    if coded.is_some() || codings(concept).any(|(system, _)| system != codes::DATA_ABSENT) {
        return coded;
    }
    let text = word(concept, "text")?.trim_end_matches('.').to_lowercase().replace(" current", "");
    WORDS.iter().find(|(words, _)| *words == text).map(|(_, statement)| *statement)
}

/// What an empty section says about the list it stands for.
pub(crate) fn section(section: &Value) -> Option<(&'static str, Asked)> {
    let code = section.get("code")?;
    let about = [("48765-2", "allergies"), ("11450-4", "problems"), ("10160-0", "medications")];
    let (_, about) = about.into_iter().find(|(loinc, _)| has_code(code, codes::LOINC, loinc))?;
    let reason = codings(section.get("emptyReason")?).map(|(_, code)| code).next()?;
    match reason {
        "nilknown" => Some((about, Asked::NoneKnown)),
        "unavailable" => Some((about, Asked::Unknown)),
        // Not asked, withheld, not started, closed: nobody said that there is nothing.
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_the_whole_list_is_an_answer() {
        let of = |system: &str, code: &str| statement(&json!({"coding": [{"system": system, "code": code}]}));
        assert_eq!(of(codes::ABSENT_UNKNOWN, "no-known-allergies"), Some(Statement::Whole(Asked::NoneKnown)));
        assert_eq!(of(codes::ABSENT_UNKNOWN, "no-allergy-info"), Some(Statement::Whole(Asked::Unknown)));
        assert_eq!(of(codes::SNOMED, "409137002"), Some(Statement::Partly));
        assert_eq!(of(codes::SNOMED, "91936005"), None);
        assert_eq!(statement(&json!({"text": "NKDA."})), Some(Statement::Partly));
        assert_eq!(statement(&json!({"text": "Penicillin"})), None);
    }

    #[test]
    fn not_asked_is_no_answer() {
        let of = |reason: &str| {
            section(
                &json!({"code": {"coding": [{"system": codes::LOINC, "code": "48765-2"}]}, "emptyReason": {"coding": [{"code": reason}]}}),
            )
        };
        assert_eq!(of("nilknown"), Some(("allergies", Asked::NoneKnown)));
        assert_eq!(of("unavailable"), Some(("allergies", Asked::Unknown)));
        assert_eq!((of("notasked"), of("withheld")), (None, None));
    }
}
