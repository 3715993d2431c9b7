//! A `Dosage` in words.

use crate::fhir::json::{concept, joined, list, word};
use serde_json::Value;

/// The sender's own words, else words made from the structure, so that a dose given only as numbers is not lost.
pub(crate) fn dosage(of: &Value) -> Option<String> {
    if let Some(text) = word(of, "text").or_else(|| word(of, "patientInstruction")) {
        return Some(text.to_owned());
    }
    let parts = [dose(of), timing(of), of.get("route").and_then(concept), as_needed(of), additional(of)];
    joined(parts.into_iter().flatten().collect::<Vec<_>>(), ", ")
}

fn dose(of: &Value) -> Option<String> {
    let rate = list(of, "doseAndRate").first()?;
    let ranged = || {
        let range = rate.get("doseRange")?;
        Some(format!("{} to {}", quantity(range.get("low")?)?, quantity(range.get("high")?)?))
    };
    rate.get("doseQuantity").and_then(quantity).or_else(ranged)
}

fn quantity(of: &Value) -> Option<String> {
    let value = of.get("value").filter(|value| value.is_number())?;
    // A bare number is shown as what it is: nobody is to read tablets, or milligrams, into it.
    let unit = word(of, "unit").or_else(|| word(of, "code")).unwrap_or("(no unit given)");
    Some(format!("{value} {unit}"))
}

fn timing(of: &Value) -> Option<String> {
    let timing = of.get("timing")?;
    timing.get("code").and_then(concept).or_else(|| repeat(timing.get("repeat")?))
}

/// "2 × every 1 d, at MORN": frequency, period and events (FHIR `Timing.repeat`).
fn repeat(of: &Value) -> Option<String> {
    let number = |name: &str| of.get(name).filter(|value| value.is_number());
    let often = number("period").map(|period| {
        let times = number("frequency").map_or_else(|| "1".to_owned(), ToString::to_string);
        let most = number("frequencyMax").map(|most| format!(" to {most}")).unwrap_or_default();
        format!("{times}{most} × every {period} {}", word(of, "periodUnit").unwrap_or("")).trim_end().to_owned()
    });
    let at = |name: &str| {
        let events = of.get(name)?.as_array()?.iter().filter_map(Value::as_str).map(str::to_owned);
        joined(events.collect::<Vec<_>>(), " ").map(|events| format!("at {events}"))
    };
    joined([often, at("when"), at("timeOfDay"), at("dayOfWeek")].into_iter().flatten().collect::<Vec<_>>(), ", ")
}

fn as_needed(of: &Value) -> Option<String> {
    let reason = of.get("asNeededCodeableConcept").and_then(concept).map(|reason| format!("as needed: {reason}"));
    reason.or_else(|| (of.get("asNeededBoolean") == Some(&Value::Bool(true))).then(|| "as needed".to_owned()))
}

fn additional(of: &Value) -> Option<String> {
    joined(list(of, "additionalInstruction").iter().filter_map(concept).collect::<Vec<_>>(), ", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_become_words_where_there_are_none() {
        let of = json!({
            "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d", "when": ["MORN", "EVE"]}},
            "route": {"text": "by mouth"},
            "asNeededBoolean": true,
            "doseAndRate": [{"doseQuantity": {"value": 2.5, "unit": "mg"}}],
        });
        assert_eq!(dosage(&of).as_deref(), Some("2.5 mg, 2 × every 1 d, at MORN EVE, by mouth, as needed"));
        assert_eq!(dosage(&json!({"text": "as told"})).as_deref(), Some("as told"));
        assert_eq!(dosage(&json!({"sequence": 1})), None);
        let bare = json!({"doseAndRate": [{"doseQuantity": {"value": 1}}]});
        assert_eq!(dosage(&bare).as_deref(), Some("1 (no unit given)"));
    }
}
