//! What somebody meant by a value that does not have the form of its field:
//! dates, times, words, yes and no, numbers. And what an object needs, as an
//! example to copy. Knows no file.

mod example;
mod fields;
mod words;

use std::collections::BTreeMap;

use serde_json::Value;

pub use example::{example, listed};
pub use fields::field;
use words::{FINAL, NO, WORDS, YES};

use super::schema::{collect_options, resolve};
use crate::locale::folded;
use crate::model::typed;

/// What to write in place of a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Meant {
    pub value: Value,
    /// Whether nothing else can have been meant.
    pub sure: bool,
}

/// The accepted word that a word of another language stands for.
pub fn word(found: &str, options: &[String]) -> Option<Meant> {
    let wanted = folded(found);
    let joined = wanted.replace([' ', '_'], "-");
    // what is final is issued: only the very word says so
    let ready = |word: &str| word == "final" && !FINAL.contains(&wanted.as_str());
    let sure = |word: &str| Some(Meant { value: word.into(), sure: !ready(word) });
    if let Some(same) = options.iter().find(|option| **option == wanted || **option == joined) {
        return sure(same);
    }
    let of = WORDS.iter().filter(|(value, _)| options.iter().any(|option| option == value));
    let mut meanings = of.filter(|(_, words)| words.contains(&wanted.as_str()));
    match (meanings.next(), meanings.next()) {
        (Some((value, _)), None) => sure(value),
        _ => None,
    }
}

/// What a field takes: a form, some words, or whole numbers.
#[derive(Debug)]
pub struct Takes {
    accepts: String,
    options: Vec<String>,
    whole: bool,
}

/// What the fields of these schemas take, by their names.
pub fn fields(schemas: &[&Value]) -> BTreeMap<String, Vec<Takes>> {
    let mut found = BTreeMap::new();
    for schema in schemas {
        named(schema, schema, &mut found);
    }
    found
}

/// A value without quotation marks, in a field of this name: where all fields of
/// that name take a date, a time, a number or one of some words.
pub fn bare(name: &str, found: &str, fields: &BTreeMap<String, Vec<Takes>>) -> Option<Meant> {
    let mut meanings = fields.get(name)?.iter().map(|field| match field.accepts.as_str() {
        _ if !field.options.is_empty() => word(found, &field.options),
        _ if field.whole => whole(found),
        accepts => form(accepts, found),
    });
    let first = meanings.next()??;
    meanings.all(|other| other.as_ref() == Some(&first)).then_some(first)
}

fn named(node: &Value, schema: &Value, found: &mut BTreeMap<String, Vec<Takes>>) {
    let fields = node.get("properties").and_then(Value::as_object);
    for (name, field) in fields.into_iter().flatten() {
        let mut options = Vec::new();
        collect_options(field, schema, &mut options);
        let (accepts, whole) = (accepts(field, schema), takes(field, schema, "integer"));
        found.entry(name.clone()).or_default().push(Takes { accepts, options, whole });
    }
    match node {
        Value::Object(inner) => inner.values().for_each(|n| named(n, schema, found)),
        Value::Array(inner) => inner.iter().for_each(|n| named(n, schema, found)),
        _ => {}
    }
}

/// Whether a field may hold a value of this type.
pub fn takes(node: &Value, schema: &Value, kind: &str) -> bool {
    let node = resolve(node, schema);
    let own = match node.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().any(|own| own.as_str() == Some(kind)),
        own => own.and_then(Value::as_str) == Some(kind),
    };
    let branches = ["anyOf", "oneOf"].iter().filter_map(|key| node.get(key)?.as_array());
    own || branches.flatten().any(|branch| takes(branch, schema, kind))
}

/// A whole number as it was typed: 04, 4. and 4.0 are 4. What has three digits
/// behind its stop may be thousands.
fn whole(found: &str) -> Option<Meant> {
    let (digits, rest) = found.split_once('.').unwrap_or((found, ""));
    let number: i64 = digits.parse().ok().filter(|_| rest.bytes().all(|b| b == b'0'))?;
    let small = (-1_000_000_000..1_000_000_000).contains(&number);
    small.then(|| Meant { value: number.into(), sure: rest.len() != 3 })
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

/// A date or a time in the form of records.
pub fn form(accepts: &str, found: &str) -> Option<Meant> {
    match accepts {
        "date" => typed::date(found)
            .map(|typed| Meant { value: typed.value.to_string().into(), sure: typed.sure }),
        "time" => typed::time(found)
            .map(|typed| Meant { value: typed.value.to_string().into(), sure: typed.sure }),
        "id" => id(found).map(|id| Meant { value: id.into(), sure: false }),
        _ => None,
    }
}

/// An id made of a text: ids are referred to, so nobody can be sure of it.
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

/// A value of another type than the field wants.
pub fn value(wanted: &str, accepts: &str, found: &Value, raw: &str) -> Option<Meant> {
    let sure = |value: Value| Some(Meant { value, sure: true });
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
            Some(1) => Some(Meant { value: true.into(), sure: false }),
            Some(0) => Some(Meant { value: false.into(), sure: false }),
            _ => None,
        },
        ("integer" | "number", Value::String(text)) => {
            let digits = text.trim().replace(['\u{a0}', ' '], "");
            digits.parse::<i64>().ok().filter(|_| digits.len() < 10).and_then(|n| sure(n.into()))
        }
        ("integer", Value::Number(number)) => {
            let whole = number.as_f64().filter(|number| number.fract() == 0.0)?;
            // 1.000 may be a thousand
            let sure = raw.split_once('.').is_none_or(|(_, rest)| rest.len() != 3);
            (whole.abs() < 1e9).then(|| Meant { value: (whole as i64).into(), sure })
        }
        ("string", Value::Number(_)) => match accepts {
            "time" | "date" => form(accepts, raw),
            "id" | "statute" => None,
            _ => sure(raw.into()),
        },
        _ => None,
    }
}

/// A value as a record would have it on one line.
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
    fn words_of_other_languages_are_understood() {
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
        // the same word, of a measure
        let progress = options(&["not-started", "under-way", "done", "dropped"]);
        assert_eq!(word("valmis", &progress).map(|m| m.value), Some("done".into()));
        assert_eq!(word("läsnä", &progress), None);
    }

    #[test]
    fn every_value_with_words_is_one_that_a_record_accepts() {
        let schemas: String =
            Kind::ALL.into_iter().map(|kind| kind.schema().to_value().to_string()).collect();
        for (value, words) in WORDS {
            assert!(schemas.contains(&format!("\"{value}\"")), "{value}");
            assert!(words.iter().all(|word| folded(word) == *word), "{value}");
        }
    }

    /// Every list of words that some field accepts, with where it stands.
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
    fn every_word_that_a_field_accepts_is_known_in_other_languages() {
        let mut lists = vec![("kind".to_owned(), Kind::ALL.map(|k| k.as_str().to_owned()).into())];
        for kind in Kind::ALL {
            choices(&kind.schema().to_value(), kind.as_str(), &mut lists);
        }
        assert!(lists.len() > 20, "the schemas have lists of words");
        for (path, options) in lists {
            for option in &options {
                let known = WORDS.iter().find(|(value, _)| value == option);
                let (_, words) = known.unwrap_or_else(|| panic!("{path}: {option}"));
                let own = words.iter().filter(|own| {
                    word(own, &options).is_some_and(|meant| meant.value == option.as_str())
                });
                assert!(own.count() > 0, "{path}: no word says {option} and nothing else");
            }
        }
    }

    #[test]
    fn what_officials_call_their_records_tells_the_kind() {
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
            let meant = word(found, &kinds).unwrap_or_else(|| panic!("{found}"));
            assert_eq!((meant.value, meant.sure), (value.into(), true), "{found}");
        }
    }

    #[test]
    fn a_bare_value_is_understood_by_the_name_of_its_field() {
        let schemas: Vec<Value> =
            Kind::ALL.into_iter().map(|kind| kind.schema().to_value()).collect();
        let fields = fields(&schemas.iter().collect::<Vec<_>>());
        let meant = |name, found| bare(name, found, &fields).map(|meant| meant.value);
        assert_eq!(meant("date", "27.11.2026"), Some("2026-11-27".into()));
        assert_eq!(meant("start", "13.00"), Some("13:00".into()));
        assert_eq!(meant("mode", "läsnä"), Some("in-person".into()));
        assert_eq!(meant("title", "27.11.2026"), None);
        assert_eq!(meant("nonsense", "27.11.2026"), None);
        // how many people: no text
        for (typed, number) in [("04", 4), ("+4", 4), ("4.", 4), ("004.00", 4)] {
            assert_eq!(meant("count", typed), Some(number.into()), "{typed}");
        }
        for unclear in ["4,5", "4.5.6", "04.5", "99999999999"] {
            assert_eq!(meant("count", unclear), None, "{unclear}");
        }
    }

    #[test]
    fn yes_no_and_numbers_are_understood() {
        let meant = |wanted, found: Value| {
            value(wanted, "", &found, &found.to_string()).map(|meant| meant.value)
        };
        assert_eq!(meant("boolean", "kyllä".into()), Some(true.into()));
        assert_eq!(meant("boolean", "Nej".into()), Some(false.into()));
        assert_eq!(meant("boolean", "ehkä".into()), None);
        assert_eq!(meant("integer", "12".into()), Some(12.into()));
        assert_eq!(meant("integer", "noin 12".into()), None);
        assert_eq!(meant("integer", json!(2026.0)), Some(2026.into()));
        assert_eq!(meant("string", json!(4)), Some("4".into()));
    }

    #[test]
    fn a_single_value_where_a_list_belongs_is_one_complete_item() {
        let meant = |kind: Kind, field: &str, found: Value| {
            let schema = kind.schema().to_value();
            let list = &schema["properties"][field];
            listed(list, &schema, &found, &found.to_string()).map(|meant| literal(&meant.value))
        };
        let session = |field, found: Value| meant(Kind::Session, field, found);
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
        assert_eq!(session("notes", " ".into()), None, "nothing is no item");
        assert_eq!(session("notes", true.into()), None);
        let note = json!({"text": "Nosto"});
        assert_eq!(session("notes", note).as_deref(), Some(r#"[{ "text": "Nosto" }]"#));
        assert_eq!(
            meant(Kind::Round, "roles", "kunta".into()).as_deref(),
            Some(r#"["municipality"]"#)
        );
        assert_eq!(meant(Kind::Round, "roles", "kissa".into()), None, "no word of the list");
    }

    #[test]
    fn an_example_has_what_the_object_needs() {
        let schema = Kind::Session.schema().to_value();
        let chair = &schema["properties"]["chair"];
        let shown = literal(&example(chair, &schema).unwrap());
        assert_eq!(shown, r#"{ "name": "…", "role": "…" }"#);
        assert_eq!(example(&schema["properties"]["date"], &schema), None);
    }
}
