//! Records in more than one language: wherever a text may stand, an object of
//! the same text in several languages may stand too, as in
//! `{"fi": "Muistio", "sv": "Promemoria"}`. Knows no kind of record.

use serde_json::{Map, Value};

use super::Language;

/// True when the value is a text in several languages.
pub fn is_translated(value: &Value) -> bool {
    value.as_object().is_some_and(|object| {
        !object.is_empty()
            && object.iter().all(|(key, text)| code(key).is_some() && text.is_string())
    })
}

/// The same record with every text in one language. A text that lacks the
/// language has what there is, which `missing` tells of.
#[must_use]
pub fn in_language(value: &Value, language: Language) -> Value {
    match value {
        Value::Object(object) if is_translated(value) => {
            let text = object.get(language.code()).or_else(|| object.values().next());
            text.cloned().unwrap_or_default()
        }
        Value::Object(object) => {
            let fields =
                object.iter().map(|(name, value)| (name.clone(), in_language(value, language)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().map(|item| in_language(item, language)).collect(),
        other => other.clone(),
    }
}

/// Field paths of the translated texts that fail `test`, in order.
pub fn paths(value: &Value, test: &dyn Fn(&Map<String, Value>) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    collect(value, String::new(), test, &mut found);
    found
}

/// Field paths of the texts that lack a language.
pub fn missing(value: &Value, language: Language) -> Vec<String> {
    paths(value, &|object| !object.contains_key(language.code()))
}

/// Field paths of the texts in a language that the record is not in.
pub fn unused(value: &Value, languages: &[Language]) -> Vec<(String, Language)> {
    let others = Language::ALL.into_iter().filter(|language| !languages.contains(language));
    others
        .flat_map(|language| {
            let there = paths(value, &|object| object.contains_key(language.code()));
            there.into_iter().map(move |path| (path, language))
        })
        .collect()
}

/// The record's own language, then those that it is also in, as far as they
/// can be read.
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

fn collect(
    value: &Value,
    path: String,
    test: &dyn Fn(&Map<String, Value>) -> bool,
    found: &mut Vec<String>,
) {
    match value {
        Value::Object(object) if is_translated(value) && test(object) => found.push(path),
        Value::Object(object) if !is_translated(value) => {
            for (name, value) in object {
                let field = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                collect(value, field, test, found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, format!("{path}[{index}]"), test, found);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_text_in_several_languages_becomes_a_text_in_one() {
        let value = json!({
            "language": "fi", "also_in": ["sv", "fi"], "title": { "fi": "Otsikko", "sv": "Rubrik" },
            "list": [{ "text": { "fi": "Yksi" } }, "Multia"], "empty": {},
        });
        assert_eq!(languages(&value), [Language::Fi, Language::Sv]);
        let swedish = in_language(&value, Language::Sv);
        assert_eq!(swedish["title"], "Rubrik");
        assert_eq!(swedish["list"], json!([{ "text": "Yksi" }, "Multia"]));
        assert_eq!(swedish["empty"], json!({}));
        assert_eq!(missing(&value, Language::Sv), ["list[0].text"]);
        assert_eq!(unused(&value, &[Language::Fi]), [("title".to_owned(), Language::Sv)]);
    }
}
