//! Builds example objects with their required fields from a schema.

use serde_json::{Map, Value, json};

use super::{Suggestion, accepts, form, takes, value, word};
use crate::intake::schema::{collect_options, resolve};

/// An example object with its required fields; `None` for anything but an object or a
/// list of objects.
pub fn example(node: &Value, schema: &Value) -> Option<Value> {
    let node = resolve(node, schema);
    let branches = ["anyOf", "oneOf"].iter().filter_map(|key| node.get(key)?.as_array());
    if let Some(found) = branches.flatten().find_map(|branch| example(branch, schema)) {
        return Some(found);
    }
    match node.get("type").and_then(Value::as_str) {
        Some("object") => object(node, schema, 0),
        Some("array") => {
            let item = object(resolve(node.get("items")?, schema), schema, 0)?;
            Some(json!([item]))
        }
        _ => None,
    }
}

/// Turns a single value in place of a list into a list with one complete item, so that a
/// copied suggestion is valid. `None` when the list does not accept it.
pub fn listed(list: &Value, schema: &Value, found: &Value, raw: &str) -> Option<Suggestion> {
    let items = resolve(list, schema).get("items")?;
    let may_be = |kind: &str| takes(items, schema, kind);
    let item = match found {
        Value::Object(_) if may_be("object") => found.clone(),
        Value::String(text) if text.trim().is_empty() => return None,
        Value::String(text) if may_be("string") => item(items, schema, text)?,
        Value::String(text) if may_be("object") => object_around(items, schema, text)?,
        Value::String(_) | Value::Number(_) if may_be("integer") => {
            value("integer", "", found, raw)?.value
        }
        Value::Number(_) if may_be("string") => item(items, schema, raw)?,
        _ => return None,
    };
    Some(Suggestion { value: json!([item]), sure: false })
}

/// A text as an item of a list of texts, in their format.
fn item(items: &Value, schema: &Value, text: &str) -> Option<Value> {
    let mut options = Vec::new();
    collect_options(items, schema, &mut options);
    if !options.is_empty() {
        return word(text, &options).map(|suggestion| suggestion.value);
    }
    match accepts(items, schema).as_str() {
        accepts @ ("date" | "time" | "id") => {
            form(accepts, text).map(|suggestion| suggestion.value)
        }
        _ => Some(text.into()),
    }
}

/// An example object containing a text: in its field `text`, or in the first required
/// text field.
fn object_around(items: &Value, schema: &Value, text: &str) -> Option<Value> {
    let Value::Object(made) = example(items, schema)? else { return None };
    let required = resolve(items, schema).get("required").and_then(Value::as_array);
    let required: Vec<&str> = required.into_iter().flatten().filter_map(Value::as_str).collect();
    let open = |name: &str| made.get(name).and_then(Value::as_str) == Some("…");
    let any = || made.keys().map(String::as_str).find(|name| open(name));
    let first = || required.iter().copied().find(|name| open(name));
    let place = if open("text") { "text" } else { first().or_else(any)? };
    let place = place.to_owned();
    // an example name would be invented
    let stays = |name: &str| name != "name" || required.contains(&name) || place == name;
    let fields = made.into_iter().filter(|(name, _)| stays(name));
    let fields = fields.map(|(name, sample)| match name == place {
        true => (name, Value::from(text)),
        false => (name, sample),
    });
    Some(Value::Object(fields.collect()))
}

/// Maximum depth of an example.
const MAX_DEPTH: usize = 3;

/// Fields required by rules but not by the schema, by the fields of the object; the first
/// of each list is added: a retention period, a meeting, the content of a section.
const REQUIRED_BY_RULES: [&[&str]; 3] =
    [&["years", "permanent", "reason"], &["forum", "group", "mode"], &["text", "heading", "block"]];

fn object(node: &Value, schema: &Value, depth: usize) -> Option<Value> {
    let properties = node.get("properties")?.as_object()?;
    let required = node.get("required").and_then(Value::as_array);
    let required: Vec<&str> = required.into_iter().flatten().filter_map(Value::as_str).collect();
    let mut names: Vec<&str> = required.clone();
    if names.is_empty() {
        // an object without required fields is shown with its first field
        names.extend(properties.keys().next().map(String::as_str));
    }
    for fields in REQUIRED_BY_RULES {
        if fields.iter().all(|name| properties.contains_key(*name)) && !names.contains(&fields[0]) {
            names.push(fields[0]);
        }
    }
    // people have names
    if properties.contains_key("role")
        && properties.contains_key("name")
        && !names.contains(&"name")
    {
        names.insert(0, "name");
    }
    let mut made = Map::new();
    for name in names {
        let made_up = || sample(properties.get(name)?, schema, depth + 1);
        made.insert(name.to_owned(), valid_example(name, properties).or_else(made_up)?);
    }
    Some(Value::Object(made))
}

/// An example value that passes the rules which look it up.
fn valid_example(name: &str, properties: &Map<String, Value>) -> Option<Value> {
    let beside = |other: &str| properties.contains_key(other);
    match name {
        "rule" if beside("reason") => Some("abbreviation-unknown".into()),
        "name" if beside("statute") => {
            Some("Laki sosiaali- ja terveydenhuollon järjestämisestä".into())
        }
        "years" if beside("permanent") => Some(10.into()),
        _ => None,
    }
}

/// An example year or count.
fn number(node: &Value) -> Value {
    match node.get("minimum").and_then(Value::as_u64) {
        Some(least) if least >= 1000 => 2025.into(),
        least => least.unwrap_or_default().max(1).into(),
    }
}

fn sample(node: &Value, schema: &Value, depth: usize) -> Option<Value> {
    let node = resolve(node, schema);
    let mut options = Vec::new();
    collect_options(node, schema, &mut options);
    if let Some(first) = options.into_iter().next() {
        return Some(first.into());
    }
    for key in ["anyOf", "oneOf"] {
        let branches = node.get(key).and_then(Value::as_array).into_iter().flatten();
        if let Some(made) = branches.filter_map(|branch| sample(branch, schema, depth)).next() {
            return Some(made);
        }
    }
    let accepts = node.get("x-accepts").and_then(Value::as_str).unwrap_or_default();
    Some(match (accepts, node.get("type").and_then(Value::as_str)) {
        ("date", _) => "2025-10-23".into(),
        ("time", _) => "13:00".into(),
        ("id", _) => "abc-1".into(),
        ("statute", _) => "612/2021".into(),
        (_, Some("string")) => "…".into(),
        (_, Some("integer" | "number")) => number(node),
        (_, Some("boolean")) => true.into(),
        (_, Some("array")) if depth < MAX_DEPTH => {
            json!([sample(node.get("items")?, schema, depth + 1)?])
        }
        (_, Some("object")) if depth < MAX_DEPTH => object(node, schema, depth)?,
        _ => return None,
    })
}
