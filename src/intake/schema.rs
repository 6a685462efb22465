//! Reads the JSON Schema at the place of a violation.

use jsonschema::ValidationError;
use serde_json::Value;

use crate::model::problem::quoted;

/// The schema node with the violated keyword.
pub fn schema_at<'a>(error: &ValidationError<'_>, schema: &'a Value) -> Option<&'a Value> {
    let path = error.schema_path().as_str();
    schema.pointer(path.rsplit_once('/').map_or("", |(parent, _)| parent))
}

pub fn accepts_of(error: &ValidationError<'_>, schema: &Value) -> String {
    schema_at(error, schema)
        .and_then(|here| here.get("x-accepts"))
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

/// What a missing field expects, as a key of the labels `accepts.*`.
pub fn expected_value(name: &str, error: &ValidationError<'_>, schema: &Value) -> String {
    let property = schema_at(error, schema).and_then(|here| here.get("properties")?.get(name));
    let Some(property) = property.map(|property| resolve(property, schema)) else {
        return "any".into();
    };
    let accepts =
        property.get("x-accepts").or_else(|| property.get("type")).and_then(Value::as_str);
    let mut options = Vec::new();
    collect_options(property, schema, &mut options);
    match accepts {
        _ if !options.is_empty() => quoted(&options),
        Some(key) => key.to_owned(),
        None => "any".into(),
    }
}

pub fn resolve<'a>(node: &'a Value, schema: &'a Value) -> &'a Value {
    let target = node.get("$ref").and_then(Value::as_str).and_then(|at| at.strip_prefix('#'));
    target.and_then(|at| schema.pointer(at)).unwrap_or(node)
}

/// Collects the values of an `enum`, a `const`, or alternatives of them.
pub fn collect_options(node: &Value, schema: &Value, options: &mut Vec<String>) {
    let node = resolve(node, schema);
    let mut add = |value: &Value| {
        if let Some(word) = value.as_str() {
            options.push(word.to_owned());
        }
    };
    node.get("const").into_iter().for_each(&mut add);
    node.get("enum").and_then(Value::as_array).into_iter().flatten().for_each(&mut add);
    for key in ["oneOf", "anyOf"] {
        for branch in node.get(key).and_then(Value::as_array).into_iter().flatten() {
            collect_options(branch, schema, options);
        }
    }
}

pub fn property_names(node: Option<&Value>) -> Vec<String> {
    node.and_then(|node| node.get("properties")?.as_object())
        .map(|properties| properties.keys().cloned().collect())
        .unwrap_or_default()
}
