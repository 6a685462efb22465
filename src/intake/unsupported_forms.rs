//! Detects content that records do not support yet: meetings past midnight or on several
//! days, sections with a letter. Their problems say so instead of asking for a
//! correction.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

static MIDNIGHT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^\s*(?i:klo|kl\.?)?\s*2[4-9](?:[:.][0-5][0-9])?\s*$").ok());
static LETTER: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^\s*§?\s*[0-9]+\s*\p{L}\s*§?\s*$").ok());
static DAY: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}\.[0-9]{1,2}\.").ok());
static RANGE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[0-9]{1,2}\.?\s*[–-]\s*[0-9]{1,2}\.[0-9]{1,2}\.").ok());

/// The rule for an unsupported value.
pub fn rule(field: &str, value: &Value) -> Option<&'static str> {
    let name = field.rsplit('.').next().unwrap_or_default();
    let text = value.as_str();
    let fits = |pattern: &Option<Regex>| {
        pattern.as_ref().zip(text).is_some_and(|(pattern, text)| pattern.is_match(text))
    };
    let days = |pattern: &Option<Regex>| {
        pattern.as_ref().zip(text).map_or(0, |(pattern, text)| pattern.find_iter(text).count())
    };
    match name {
        "end" if fits(&MIDNIGHT) => Some("form-midnight"),
        "section" if fits(&LETTER) => Some("form-section-letter"),
        "date" if !of_meeting(field) => None,
        "date" if value.as_array().is_some_and(|days| days.len() > 1) => Some("form-days"),
        "date" if days(&DAY) > 1 || fits(&RANGE) => Some("form-days"),
        _ => None,
    }
}

/// True for the date of a meeting.
fn of_meeting(field: &str) -> bool {
    field == "date" || field.starts_with("schedule[") || field.starts_with("programme[")
}

/// The rule for a field that no record has, when it expresses unsupported content.
pub fn rule_of_name(parent: &str, name: &str, value: &Value) -> Option<&'static str> {
    let part = parent.rsplit('.').next().unwrap_or_default();
    let name = name.to_lowercase();
    let is = |names: &[&str]| names.contains(&name.as_str());
    let several = value.as_array().is_some_and(|values| values.len() > 1);
    match part.split('[').next().unwrap_or_default() {
        "sections" if is(&["letter", "suffix", "section_letter", "kirjain", "bokstav"]) => {
            Some("form-section-letter")
        }
        "" | "schedule" if is(&["end_date", "date_end", "continued", "sittings"]) => {
            Some("form-days")
        }
        // one day in such a field is a mistake
        "" | "schedule" if several && is(&["dates", "days"]) => Some("form-days"),
        _ => None,
    }
}

/// The text field for unsupported content.
pub fn text_field(field: &str) -> &'static str {
    match field.split(['[', '.']).next().unwrap_or_default() {
        "schedule" => "remark",
        "programme" => "bullets",
        _ => "follow_up",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn unsupported_forms_are_distinguished_from_mistakes() {
        let cases = [
            ("end", json!("24:00"), Some("form-midnight")),
            ("schedule[2].end", json!("24.00"), Some("form-midnight")),
            ("end", json!("25:30"), Some("form-midnight")),
            ("start", json!("24:00"), None),
            ("end", json!("23.30"), None),
            ("end", json!("240:0"), None),
            ("basis[0].sections[1].section", json!("7 a"), Some("form-section-letter")),
            ("basis[0].sections[1].section", json!("7a §"), Some("form-section-letter")),
            ("section", json!("80 B"), Some("form-section-letter")),
            ("basis[0].sections[1].section", json!("7"), None),
            ("basis[0].sections[1].section", json!("7 mom"), None),
            ("date", json!(["2025-10-23", "2025-10-30"]), Some("form-days")),
            ("date", json!("23.10.2025 ja 30.10.2025"), Some("form-days")),
            ("date", json!("23.–24.10.2025"), Some("form-days")),
            ("date", json!("2025-10-23/2025-10-24"), Some("form-days")),
            ("date", json!("23.10.2025"), None),
            ("date", json!("2025-10-32"), None),
            ("materials[0].date", json!("23.10.2025 ja 30.10.2025"), None),
            ("date", json!(["2025-10-23"]), None),
        ];
        for (field, value, expected) in cases {
            assert_eq!(rule(field, &value), expected, "{field} {value}");
        }
        let day = json!("2025-10-23");
        let letter = rule_of_name("basis[0].sections[1]", "letter", &json!("a"));
        assert_eq!(letter, Some("form-section-letter"));
        assert_eq!(rule_of_name("", "end_date", &day), Some("form-days"));
        assert_eq!(rule_of_name("", "dates", &json!([day, day])), Some("form-days"));
        assert_eq!(rule_of_name("", "dates", &day), None);
        assert_eq!(rule_of_name("present[0]", "days", &json!([day, day])), None);
    }
}
