//! What an object needs, as an example to copy, by its schema.

use serde_json::{Map, Value, json};

use super::{Meant, accepts, form, takes, value, word};
use crate::intake::schema::{collect_options, resolve};

/// An object with what it needs, as an example to copy; `None` for anything but
/// an object or a list of them.
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

/// A single value where a list belongs, as a list of this one, complete: what is
/// copied from a message is no fault again. `None` when no list would hold it.
pub fn listed(list: &Value, schema: &Value, found: &Value, raw: &str) -> Option<Meant> {
    let items = resolve(list, schema).get("items")?;
    let may_be = |kind: &str| takes(items, schema, kind);
    let item = match found {
        Value::Object(_) if may_be("object") => found.clone(),
        Value::String(text) if text.trim().is_empty() => return None,
        Value::String(text) if may_be("string") => item(items, schema, text)?,
        Value::String(text) if may_be("object") => around(items, schema, text)?,
        Value::String(_) | Value::Number(_) if may_be("integer") => {
            value("integer", "", found, raw)?.value
        }
        Value::Number(_) if may_be("string") => item(items, schema, raw)?,
        _ => return None,
    };
    Some(Meant { value: json!([item]), sure: false })
}

/// A text as one item of a list of texts, in the form that these take.
fn item(items: &Value, schema: &Value, text: &str) -> Option<Value> {
    let mut options = Vec::new();
    collect_options(items, schema, &mut options);
    if !options.is_empty() {
        return word(text, &options).map(|meant| meant.value);
    }
    match accepts(items, schema).as_str() {
        accepts @ ("date" | "time" | "id") => form(accepts, text).map(|meant| meant.value),
        _ => Some(text.into()),
    }
}

/// An object with what it needs and with this text in it: as its text, or as
/// the first that it must have.
fn around(items: &Value, schema: &Value, text: &str) -> Option<Value> {
    let Value::Object(made) = example(items, schema)? else { return None };
    let required = resolve(items, schema).get("required").and_then(Value::as_array);
    let required: Vec<&str> = required.into_iter().flatten().filter_map(Value::as_str).collect();
    let open = |name: &str| made.get(name).and_then(Value::as_str) == Some("…");
    let any = || made.keys().map(String::as_str).find(|name| open(name));
    let first = || required.iter().copied().find(|name| open(name));
    let place = if open("text") { "text" } else { first().or_else(any)? };
    let place = place.to_owned();
    // whose name it would be, nobody knows
    let stays = |name: &str| name != "name" || required.contains(&name) || place == name;
    let fields = made.into_iter().filter(|(name, _)| stays(name));
    let fields = fields.map(|(name, sample)| match name == place {
        true => (name, Value::from(text)),
        false => (name, sample),
    });
    Some(Value::Object(fields.collect()))
}

/// Deepest example.
const DEEP: usize = 3;

/// What rules ask for beside what the schema does: of objects that may have all
/// these fields, the first one. How long something is kept, who meets, what a
/// section says.
const ASKED: [&[&str]; 3] =
    [&["years", "permanent", "reason"], &["forum", "group", "mode"], &["text", "heading", "block"]];

fn object(node: &Value, schema: &Value, depth: usize) -> Option<Value> {
    let properties = node.get("properties")?.as_object()?;
    let required = node.get("required").and_then(Value::as_array);
    let required: Vec<&str> = required.into_iter().flatten().filter_map(Value::as_str).collect();
    let mut names: Vec<&str> = required.clone();
    if names.is_empty() {
        // an object that needs nothing is shown with its first field
        names.extend(properties.keys().next().map(String::as_str));
    }
    for asked in ASKED {
        if asked.iter().all(|name| properties.contains_key(*name)) && !names.contains(&asked[0]) {
            names.push(asked[0]);
        }
    }
    // people are recorded with their name
    if properties.contains_key("role")
        && properties.contains_key("name")
        && !names.contains(&"name")
    {
        names.insert(0, "name");
    }
    let mut made = Map::new();
    for name in names {
        let made_up = || sample(properties.get(name)?, schema, depth + 1);
        made.insert(name.to_owned(), real(name, properties).or_else(made_up)?);
    }
    Some(Value::Object(made))
}

/// A value that stands for a real thing, which rules look up.
fn real(name: &str, properties: &Map<String, Value>) -> Option<Value> {
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

/// A year, or a number that counts something.
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
        (_, Some("array")) if depth < DEEP => {
            json!([sample(node.get("items")?, schema, depth + 1)?])
        }
        (_, Some("object")) if depth < DEEP => object(node, schema, depth)?,
        _ => return None,
    })
}
