//! What the JSON Schema of a kind says about the place where a value does not
//! fit it. Knows no record and no file.

use jsonschema::ValidationError;
use serde_json::Value;

use crate::model::problem::quoted;

/// The part of the schema that holds the keyword which failed.
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

/// What a missing field wants, as a key of the labels `accepts.*`.
pub fn wanted_for(name: &str, error: &ValidationError<'_>, schema: &Value) -> String {
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

/// The words that an `enum`, a `const` or a choice of them accepts.
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
