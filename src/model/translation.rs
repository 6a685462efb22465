//! Records in more than one language: wherever a text may stand, an object of
//! the same text in several languages may stand too, as in
//! `{"fi": "Muistio", "sv": "Promemoria"}`. What is a text, the schema of the
//! kind says: ids, dates and fixed words are the same in every language.

use serde_json::{Map, Value};

use super::Language;

/// The record with every text in one language. A text that lacks the language keeps what it
/// has, which `missing` reports. An object of languages in place of anything but a text is
/// left for the types to refuse.
#[must_use]
pub fn in_language(value: &Value, schema: &Value, language: Language) -> Value {
    change(value, Some(schema), schema, &|texts| {
        let text = texts.get(language.code()).or_else(|| texts.values().next());
        text.cloned().unwrap_or_default()
    })
}

/// Field paths of the translated texts that pass `test`, in order.
pub fn paths(
    value: &Value,
    schema: &Value,
    test: &dyn Fn(&Map<String, Value>) -> bool,
) -> Vec<String> {
    let mut found = Vec::new();
    collect(value, Some(schema), schema, String::new(), test, &mut found);
    found
}

/// A text of a record in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prose {
    /// Field path such as `notes[3].text`.
    pub field: String,
    pub text: String,
    /// True for long text, false for one line of plain text.
    pub long: bool,
}

/// All texts of a record in order, without ids, dates and fixed words.
pub fn texts(value: &Value, schema: &Value) -> Vec<Prose> {
    let mut found = Vec::new();
    collect_texts(value, Some(schema), schema, String::new(), &mut found);
    found
}

/// Field paths of the texts that lack a language.
pub fn missing(value: &Value, schema: &Value, language: Language) -> Vec<String> {
    paths(value, schema, &|texts| !texts.contains_key(language.code()))
}

/// Field paths of the texts with a language that the record does not have.
pub fn unused(value: &Value, schema: &Value, languages: &[Language]) -> Vec<(String, Language)> {
    let others = Language::ALL.into_iter().filter(|language| !languages.contains(language));
    others
        .flat_map(|language| {
            let there = paths(value, schema, &|texts| texts.contains_key(language.code()));
            there.into_iter().map(move |path| (path, language))
        })
        .collect()
}

/// The record's own language, then its other languages, as far as they can be read.
pub fn languages(value: &Value) -> Vec<Language> {
    let own = value.get("language").and_then(Value::as_str).and_then(code);
    let also = value.get("also_in").and_then(Value::as_array).into_iter().flatten();
    let mut languages: Vec<Language> = own.into_iter().collect();
    for language in also.filter_map(Value::as_str).filter_map(code) {
        if !languages.contains(&language) {
            languages.push(language);
        }
    }
    languages
}

fn code(text: &str) -> Option<Language> {
    Language::ALL.into_iter().find(|language| language.code() == text)
}

/// True if an object of languages is in place of a text.
fn is_translated(value: &Value, node: Option<&Value>, root: &Value) -> bool {
    let languages = value.as_object().is_some_and(|texts| {
        !texts.is_empty() && texts.iter().all(|(key, text)| code(key).is_some() && text.is_string())
    });
    languages && node.is_some_and(|node| takes_text(node, root))
}

fn takes_text(node: &Value, root: &Value) -> bool {
    is_long(node, root).is_some()
}

/// Whether the text that a schema node accepts is long; `None` if it accepts none.
fn is_long(node: &Value, root: &Value) -> Option<bool> {
    let node = resolve(node, root);
    match node.get("x-accepts").and_then(Value::as_str) {
        Some("short") => Some(false),
        Some("long") => Some(true),
        _ => branches(node).find_map(|branch| is_long(branch, root)),
    }
}

/// The schema of a field, or of the items of a list, anywhere in `node`.
fn below<'a>(node: &'a Value, root: &'a Value, name: Option<&str>) -> Option<&'a Value> {
    let node = resolve(node, root);
    let own = match name {
        Some(name) => node.get("properties").and_then(|properties| properties.get(name)),
        None => node.get("items"),
    };
    own.or_else(|| branches(node).find_map(|branch| below(branch, root, name)))
}

fn branches(node: &Value) -> impl Iterator<Item = &Value> {
    let lists = ["anyOf", "oneOf"].into_iter().filter_map(|key| node.get(key)?.as_array());
    lists.flatten()
}

fn resolve<'a>(node: &'a Value, root: &'a Value) -> &'a Value {
    let target = node.get("$ref").and_then(Value::as_str).and_then(|at| at.strip_prefix('#'));
    target.and_then(|at| root.pointer(at)).unwrap_or(node)
}

fn change(
    value: &Value,
    node: Option<&Value>,
    root: &Value,
    text: &dyn Fn(&Map<String, Value>) -> Value,
) -> Value {
    match value {
        Value::Object(texts) if is_translated(value, node, root) => text(texts),
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| {
                let node = node.and_then(|node| below(node, root, Some(name)));
                (name.clone(), change(value, node, root, text))
            };
            Value::Object(fields.iter().map(field).collect())
        }
        Value::Array(items) => {
            let node = node.and_then(|node| below(node, root, None));
            items.iter().map(|item| change(item, node, root, text)).collect()
        }
        other => other.clone(),
    }
}

fn collect(
    value: &Value,
    node: Option<&Value>,
    root: &Value,
    path: String,
    test: &dyn Fn(&Map<String, Value>) -> bool,
    found: &mut Vec<String>,
) {
    match value {
        Value::Object(texts) if is_translated(value, node, root) => {
            found.extend(test(texts).then_some(path));
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                let field = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                let node = node.and_then(|node| below(node, root, Some(name)));
                collect(value, node, root, field, test, found);
            }
        }
        Value::Array(items) => {
            let node = node.and_then(|node| below(node, root, None));
            for (index, item) in items.iter().enumerate() {
                collect(item, node, root, format!("{path}[{index}]"), test, found);
            }
        }
        _ => {}
    }
}

fn collect_texts(
    value: &Value,
    node: Option<&Value>,
    root: &Value,
    path: String,
    found: &mut Vec<Prose>,
) {
    match value {
        Value::String(text) => {
            if let Some(long) = node.and_then(|node| is_long(node, root)) {
                found.push(Prose { field: path, text: text.clone(), long });
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                let field = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                let node = node.and_then(|node| below(node, root, Some(name)));
                collect_texts(value, node, root, field, found);
            }
        }
        Value::Array(items) => {
            let node = node.and_then(|node| below(node, root, None));
            for (index, item) in items.iter().enumerate() {
                collect_texts(item, node, root, format!("{path}[{index}]"), found);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::Kind;

    #[test]
    fn a_text_in_several_languages_becomes_a_text_in_one() {
        let schema = Kind::Round.schema().to_value();
        let value = json!({
            "language": "fi", "also_in": ["sv", "fi"], "title": { "fi": "Otsikko", "sv": "Rubrik" },
            "goals": [{ "goal": { "fi": "Yksi" } }, { "goal": "Kaksi" }],
            "plan": { "title": { "fi": "Suunnitelma", "sv": "Plan" } }, "empty": {},
        });
        assert_eq!(languages(&value), [Language::Fi, Language::Sv]);
        let swedish = in_language(&value, &schema, Language::Sv);
        assert_eq!(swedish["title"], "Rubrik");
        assert_eq!(swedish["plan"]["title"], "Plan");
        assert_eq!(swedish["goals"], json!([{ "goal": "Yksi" }, { "goal": "Kaksi" }]));
        assert_eq!(missing(&value, &schema, Language::Sv), ["goals[0].goal"]);
        let unused = unused(&value, &schema, &[Language::Fi]);
        assert_eq!(unused.len(), 2);
        assert!(unused.contains(&("title".to_owned(), Language::Sv)));
    }

    #[test]
    fn nothing_but_texts_is_translated() {
        let schema = Kind::Session.schema().to_value();
        let both = json!({ "fi": "public", "sv": "secret" });
        let value = json!({
            "id": both, "status": both, "date": both, "round": both, "group": both,
            "case": { "publicity": both }, "present": [{ "sector": both }],
        });
        assert_eq!(in_language(&value, &schema, Language::Sv), value);
        assert!(paths(&value, &schema, &|_| true).is_empty());
    }
}
