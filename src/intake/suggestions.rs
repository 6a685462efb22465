//! Suggests valid values for invalid ones: dates, times, enumerated values, booleans,
//! numbers, and examples of required objects.

mod example;
mod field_names;
mod value_names;

use std::collections::BTreeMap;

use serde_json::Value;

pub use example::{example, listed};
pub use field_names::field;
use value_names::{FINAL, NO, VALUE_NAMES, YES};

use super::schema::{collect_options, resolve};
use crate::locale::folded;
use crate::model::typed;

/// A suggested value.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    pub value: Value,
    /// True when no other value can have been meant.
    pub sure: bool,
}

/// The accepted value that a word of another language means.
pub fn word(found: &str, options: &[String]) -> Option<Suggestion> {
    let wanted = folded(found);
    let joined = wanted.replace([' ', '_'], "-");
    // a final record is issued: only an unambiguous word means it
    let ready = |word: &str| word == "final" && !FINAL.contains(&wanted.as_str());
    let sure = |word: &str| Some(Suggestion { value: word.into(), sure: !ready(word) });
    if let Some(same) = options.iter().find(|option| **option == wanted || **option == joined) {
        return sure(same);
    }
    let of = VALUE_NAMES.iter().filter(|(value, _)| options.iter().any(|option| option == value));
    let mut meanings = of.filter(|(_, words)| words.contains(&wanted.as_str()));
    match (meanings.next(), meanings.next()) {
        (Some((value, _)), None) => sure(value),
        _ => None,
    }
}

/// Type of a field: a format, enumerated values, or integers.
#[derive(Debug)]
pub struct FieldType {
    accepts: String,
    options: Vec<String>,
    whole: bool,
}

/// Types of the fields of these schemas, by field name.
pub fn fields(schemas: &[&Value]) -> BTreeMap<String, Vec<FieldType>> {
    let mut found = BTreeMap::new();
    for schema in schemas {
        named(schema, schema, &mut found);
    }
    found
}

/// Interprets a value without quotation marks: when all fields of that name take a date,
/// a time, a number or enumerated values.
pub fn bare_value(
    name: &str,
    found: &str,
    fields: &BTreeMap<String, Vec<FieldType>>,
) -> Option<Suggestion> {
    let mut meanings = fields.get(name)?.iter().map(|field| match field.accepts.as_str() {
        _ if !field.options.is_empty() => word(found, &field.options),
        _ if field.whole => whole(found),
        accepts => form(accepts, found),
    });
    let first = meanings.next()??;
    meanings.all(|other| other.as_ref() == Some(&first)).then_some(first)
}

fn named(node: &Value, schema: &Value, found: &mut BTreeMap<String, Vec<FieldType>>) {
    let fields = node.get("properties").and_then(Value::as_object);
    for (name, field) in fields.into_iter().flatten() {
        let mut options = Vec::new();
        collect_options(field, schema, &mut options);
        let (accepts, whole) = (accepts(field, schema), takes(field, schema, "integer"));
        found.entry(name.clone()).or_default().push(FieldType { accepts, options, whole });
    }
    match node {
        Value::Object(inner) => inner.values().for_each(|n| named(n, schema, found)),
        Value::Array(inner) => inner.iter().for_each(|n| named(n, schema, found)),
        _ => {}
    }
}

/// True when a field accepts a value of this type.
pub fn takes(node: &Value, schema: &Value, kind: &str) -> bool {
    let node = resolve(node, schema);
    let own = match node.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().any(|own| own.as_str() == Some(kind)),
        own => own.and_then(Value::as_str) == Some(kind),
    };
    let branches = ["anyOf", "oneOf"].iter().filter_map(|key| node.get(key)?.as_array());
    own || branches.flatten().any(|branch| takes(branch, schema, kind))
}

/// An integer as typed: 04, 4. and 4.0 are 4. Three digits after the point may be
/// thousands.
fn whole(found: &str) -> Option<Suggestion> {
    let (digits, rest) = found.split_once('.').unwrap_or((found, ""));
    let number: i64 = digits.parse().ok().filter(|_| rest.bytes().all(|b| b == b'0'))?;
    let small = (-1_000_000_000..1_000_000_000).contains(&number);
    small.then(|| Suggestion { value: number.into(), sure: rest.len() != 3 })
}

fn accepts(node: &Value, schema: &Value) -> String {
    let node = resolve(node, schema);
    if let Some(accepts) = node.get("x-accepts").and_then(Value::as_str) {
        return accepts.to_owned();
    }
    let branches = node.get("anyOf").and_then(Value::as_array).into_iter().flatten();
    let found = branches.map(|branch| accepts(branch, schema));
    found.into_iter().find(|accepts| !accepts.is_empty()).unwrap_or_default()
}

/// A date, time or id in the format of records.
pub fn form(accepts: &str, found: &str) -> Option<Suggestion> {
    match accepts {
        "date" => typed::date(found)
            .map(|typed| Suggestion { value: typed.value.to_string().into(), sure: typed.sure }),
        "time" => typed::time(found)
            .map(|typed| Suggestion { value: typed.value.to_string().into(), sure: typed.sure }),
        "id" => id(found).map(|id| Suggestion { value: id.into(), sure: false }),
        _ => None,
    }
}

/// An id derived from a text; never certain, because other records refer to ids.
fn id(found: &str) -> Option<String> {
    let mut id = String::new();
    for c in folded(found).chars() {
        match c {
            'a'..='z' | '0'..='9' => id.push(c),
            'ä' | 'å' | 'á' | 'à' => id.push('a'),
            'ö' | 'ø' | 'ó' => id.push('o'),
            'é' | 'è' => id.push('e'),
            'ü' => id.push('u'),
            _ if !id.is_empty() && !id.ends_with('-') => id.push('-'),
            _ => {}
        }
    }
    let id = id.trim_end_matches('-');
    crate::model::Id::parse(id).map(|_| id.to_owned())
}

/// Converts a value of the wrong type.
pub fn value(wanted: &str, accepts: &str, found: &Value, raw: &str) -> Option<Suggestion> {
    let sure = |value: Value| Some(Suggestion { value, sure: true });
    match (wanted, found) {
        ("boolean", Value::String(text)) => {
            let text = folded(text);
            if YES.contains(&text.as_str()) {
                sure(true.into())
            } else if NO.contains(&text.as_str()) {
                sure(false.into())
            } else {
                None
            }
        }
        ("boolean", Value::Number(number)) => match number.as_i64() {
            Some(1) => Some(Suggestion { value: true.into(), sure: false }),
            Some(0) => Some(Suggestion { value: false.into(), sure: false }),
            _ => None,
        },
        ("integer" | "number", Value::String(text)) => {
            let digits = text.trim().replace(['\u{a0}', ' '], "");
            digits.parse::<i64>().ok().filter(|_| digits.len() < 10).and_then(|n| sure(n.into()))
        }
        ("integer", Value::Number(number)) => {
            let whole = number.as_f64().filter(|number| number.fract() == 0.0)?;
            // 1.000 may mean a thousand
            let sure = raw.split_once('.').is_none_or(|(_, rest)| rest.len() != 3);
            (whole.abs() < 1e9).then(|| Suggestion { value: (whole as i64).into(), sure })
        }
        ("string", Value::Number(_)) => match accepts {
            "time" | "date" => form(accepts, raw),
            "id" | "statute" => None,
            _ => sure(raw.into()),
        },
        _ => None,
    }
}

/// A value as JSON on one line.
pub fn literal(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let fields: Vec<String> = fields
                .iter()
                .map(|(name, value)| format!("{}: {}", Value::from(name.as_str()), literal(value)))
                .collect();
            format!("{{ {} }}", fields.join(", "))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(literal).collect::<Vec<_>>().join(", "))
        }
        value => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::Kind;

    fn options(words: &[&str]) -> Vec<String> {
        words.iter().map(|&word| word.to_owned()).collect()
    }

    #[test]
    fn values_in_other_languages_are_recognised() {
        let modes = options(&["in-person", "remote", "hybrid"]);
        for (found, value) in [
            ("läsnä", "in-person"),
            ("Etänä", "remote"),
            ("på plats", "in-person"),
            ("In_Person", "in-person"),
        ] {
            assert_eq!(word(found, &modes).map(|m| m.value), Some(value.into()), "{found}");
        }
        let statuses = options(&["draft", "final"]);
        for (found, value) in [
            ("lopullinen", "final"),
            ("slutlig", "final"),
            ("Luonnos", "draft"),
            ("FINAL", "final"),
        ] {
            assert_eq!(word(found, &statuses).map(|m| m.value), Some(value.into()), "{found}");
        }
        // the same word for the progress of a measure
        let progress = options(&["not-started", "under-way", "done", "dropped"]);
        assert_eq!(word("valmis", &progress).map(|m| m.value), Some("done".into()));
        assert_eq!(word("läsnä", &progress), None);
    }

    #[test]
    fn every_translated_value_is_accepted_by_a_schema() {
        let schemas: String =
            Kind::ALL.into_iter().map(|kind| kind.schema().to_value().to_string()).collect();
        for (value, words) in VALUE_NAMES {
            assert!(schemas.contains(&format!("\"{value}\"")), "{value}");
            assert!(words.iter().all(|word| folded(word) == *word), "{value}");
        }
    }

    /// All enumerations in a schema, with their paths.
    fn choices(node: &Value, path: &str, found: &mut Vec<(String, Vec<String>)>) {
        let mut options = Vec::new();
        collect_options(node, &Value::Null, &mut options);
        if options.len() > 1 {
            found.push((path.to_owned(), options));
        }
        match node {
            Value::Object(inner) => {
                inner.iter().for_each(|(name, n)| choices(n, &format!("{path}/{name}"), found));
            }
            Value::Array(inner) => inner.iter().for_each(|n| choices(n, path, found)),
            _ => {}
        }
    }

    #[test]
    fn every_accepted_value_has_translations() {
        let mut lists = vec![("kind".to_owned(), Kind::ALL.map(|k| k.as_str().to_owned()).into())];
        for kind in Kind::ALL {
            choices(&kind.schema().to_value(), kind.as_str(), &mut lists);
        }
        assert!(lists.len() > 20, "the schemas have enumerations");
        for (path, options) in lists {
            for option in &options {
                let known = VALUE_NAMES.iter().find(|(value, _)| value == option);
                let (_, words) = known.unwrap_or_else(|| panic!("{path}: {option}"));
                let own = words.iter().filter(|own| {
                    word(own, &options)
                        .is_some_and(|suggestion| suggestion.value == option.as_str())
                });
                assert!(own.count() > 0, "{path}: no word means only {option}");
            }
        }
    }

    #[test]
    fn common_names_of_records_mean_their_kind() {
        let kinds = Kind::ALL.map(|kind| kind.as_str().to_owned());
        for (found, value) in [
            ("Muistio", "session"),
            ("pöytäkirja", "session"),
            ("promemoria", "session"),
            ("protokoll", "session"),
            ("neuvottelukierros", "round"),
            ("omgång", "round"),
            ("pöytäkirjanote", "proposal"),
            ("beslutsförslag", "proposal"),
            ("koonti", "summary"),
            ("sammandrag", "summary"),
            ("toimenpiteet", "measures"),
            ("åtgärder", "measures"),
        ] {
            let suggestion = word(found, &kinds).unwrap_or_else(|| panic!("{found}"));
            assert_eq!((suggestion.value, suggestion.sure), (value.into(), true), "{found}");
        }
    }

    #[test]
    fn a_bare_value_is_interpreted_by_the_type_of_its_field() {
        let schemas: Vec<Value> =
            Kind::ALL.into_iter().map(|kind| kind.schema().to_value()).collect();
        let fields = fields(&schemas.iter().collect::<Vec<_>>());
        let suggestion =
            |name, found| bare_value(name, found, &fields).map(|suggestion| suggestion.value);
        assert_eq!(suggestion("date", "27.11.2026"), Some("2026-11-27".into()));
        assert_eq!(suggestion("start", "13.00"), Some("13:00".into()));
        assert_eq!(suggestion("mode", "läsnä"), Some("in-person".into()));
        assert_eq!(suggestion("title", "27.11.2026"), None);
        assert_eq!(suggestion("nonsense", "27.11.2026"), None);
        // a count is a number
        for (typed, number) in [("04", 4), ("+4", 4), ("4.", 4), ("004.00", 4)] {
            assert_eq!(suggestion("count", typed), Some(number.into()), "{typed}");
        }
        for unclear in ["4,5", "4.5.6", "04.5", "99999999999"] {
            assert_eq!(suggestion("count", unclear), None, "{unclear}");
        }
    }

    #[test]
    fn booleans_and_numbers_are_recognised() {
        let suggestion = |wanted, found: Value| {
            value(wanted, "", &found, &found.to_string()).map(|suggestion| suggestion.value)
        };
        assert_eq!(suggestion("boolean", "kyllä".into()), Some(true.into()));
        assert_eq!(suggestion("boolean", "Nej".into()), Some(false.into()));
        assert_eq!(suggestion("boolean", "ehkä".into()), None);
        assert_eq!(suggestion("integer", "12".into()), Some(12.into()));
        assert_eq!(suggestion("integer", "noin 12".into()), None);
        assert_eq!(suggestion("integer", json!(2026.0)), Some(2026.into()));
        assert_eq!(suggestion("string", json!(4)), Some("4".into()));
    }

    #[test]
    fn a_single_value_in_place_of_a_list_becomes_a_complete_item() {
        let suggestion = |kind: Kind, field: &str, found: Value| {
            let schema = kind.schema().to_value();
            let list = &schema["properties"][field];
            listed(list, &schema, &found, &found.to_string())
                .map(|suggestion| literal(&suggestion.value))
        };
        let session = |field, found: Value| suggestion(Kind::Session, field, found);
        for (field, text, item) in [
            (
                "present",
                "Kunnan edustajat",
                r#"[{ "sector": "municipality", "organisation": "Kunnan edustajat" }]"#,
            ),
            ("notes", "Nosto", r#"[{ "text": "Nosto" }]"#),
            ("distribution", "Kirjaamo", r#"[{ "recipient": "Kirjaamo" }]"#),
            ("agreed", "Sovittu", r#"[{ "what": "Sovittu", "who": "…" }]"#),
            ("questions", "Miten?", r#"["Miten?"]"#),
        ] {
            assert_eq!(session(field, text.into()).as_deref(), Some(item), "{field}");
        }
        assert_eq!(session("notes", " ".into()), None, "an empty text is not an item");
        assert_eq!(session("notes", true.into()), None);
        let note = json!({"text": "Nosto"});
        assert_eq!(session("notes", note).as_deref(), Some(r#"[{ "text": "Nosto" }]"#));
        assert_eq!(
            suggestion(Kind::Round, "roles", "kunta".into()).as_deref(),
            Some(r#"["municipality"]"#)
        );
        assert_eq!(suggestion(Kind::Round, "roles", "kissa".into()), None, "not an accepted value");
    }

    #[test]
    fn an_example_has_the_required_fields() {
        let schema = Kind::Session.schema().to_value();
        let chair = &schema["properties"]["chair"];
        let shown = literal(&example(chair, &schema).unwrap());
        assert_eq!(shown, r#"{ "name": "…", "role": "…" }"#);
        assert_eq!(example(&schema["properties"]["date"], &schema), None);
    }
}
