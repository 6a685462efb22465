//! The pages of the kinds of records, generated from their JSON Schemas.

use kirjuri::model::Kind;
use serde_json::Value;

use super::{code, compare, one_line, table};

/// Types that `docs/reference/README.md` explains, with their names there.
const SHARED: &[(&str, &str)] = &[
    ("Short", "one-line text"),
    ("Long", "long text"),
    ("Id", "id"),
    ("Date", "date"),
    ("Time", "time"),
    ("StatuteNumber", "statute number"),
];

/// Items of a list, unless its field says otherwise.
const MOST_ITEMS: u64 = 10_000;

#[test]
fn the_pages_of_records_are_generated_from_their_schemas() {
    for kind in Kind::ALL {
        compare(&format!("records/{}.md", kind.as_str()), &page(&kind.published_schema()));
    }
}

fn page(schema: &Value) -> String {
    let types = &schema["$defs"];
    let mut page = format!("## Fields\n\n{}", fields(schema, types));
    for (name, one) in types.as_object().unwrap() {
        let rows = if !is_section(name, types) {
            continue;
        } else if one["oneOf"].is_array() {
            let values = one["oneOf"].as_array().unwrap().iter();
            let value = |one: &Value| [code([one["const"].as_str().unwrap()]), description(one)];
            table(["Value", "Meaning"], values.map(value))
        } else {
            fields(one, types)
        };
        page += &format!("\n## {name}\n\n{}\n\n{rows}", description(one));
    }
    page
}

/// Whether a type has a section of its own: an object, or words with their meanings.
fn is_section(name: &str, types: &Value) -> bool {
    let shared = SHARED.iter().any(|(shared, _)| *shared == name);
    !shared && (types[name]["properties"].is_object() || types[name]["oneOf"].is_array())
}

fn fields(object: &Value, types: &Value) -> String {
    let required = |name: &String| match &object["required"] {
        Value::Array(all) if all.iter().any(|one| one == name) => "yes".to_owned(),
        _ => String::new(),
    };
    let row = |(name, field): (&String, &Value)| {
        let own = description(field);
        let text = if own.is_empty() { referred(field, types) } else { own };
        [code([name]), type_of(field, types), required(name), text]
    };
    let rows = object["properties"].as_object().unwrap().iter().map(row);
    table(["Field", "Type", "Required", "Description"], rows)
}

fn description(of: &Value) -> String {
    one_line(of["description"].as_str().unwrap_or_default())
}

/// What the description of a field's type says.
fn referred(field: &Value, types: &Value) -> String {
    let name = alternatives(field).iter().find_map(|one| type_name(one));
    name.map_or_else(String::new, |name| description(&types[name]))
}

fn type_name(field: &Value) -> Option<&str> {
    field["$ref"].as_str()?.strip_prefix("#/$defs/")
}

/// The field itself, or its types beside `null`.
fn alternatives(field: &Value) -> Vec<&Value> {
    let Some(all) = field["anyOf"].as_array() else { return vec![field] };
    all.iter().filter(|one| one["type"] != "null").collect()
}

fn type_of(field: &Value, types: &Value) -> String {
    let types = alternatives(field).into_iter().map(|one| one_type(one, types));
    types.collect::<Vec<_>>().join(" or ")
}

fn one_type(field: &Value, types: &Value) -> String {
    if let Some(name) = type_name(field) {
        return named(name, types);
    }
    let of = &field["type"];
    match of.as_str().or_else(|| of[0].as_str()).unwrap() {
        "boolean" => "`true` or `false`".to_owned(),
        "string" => "text".to_owned(),
        "integer" => format!("number {}–{}", field["minimum"], field["maximum"]),
        "array" => {
            let least = field["minItems"].as_u64().map(|least| format!(", at least {least}"));
            let most = field["maxItems"].as_u64().filter(|most| *most != MOST_ITEMS);
            let most = most.map(|most| format!(", at most {most}"));
            let items = type_of(&field["items"], types);
            format!("list of {items}{}{}", least.unwrap_or_default(), most.unwrap_or_default())
        }
        other => panic!("no name for the type {other}"),
    }
}

fn named(name: &str, types: &Value) -> String {
    if let Some((_, shared)) = SHARED.iter().find(|(shared, _)| *shared == name) {
        return (*shared).to_owned();
    }
    if is_section(name, types) {
        return format!("[{name}](#{})", name.to_lowercase());
    }
    code(types[name]["enum"].as_array().unwrap().iter().map(|word| word.as_str().unwrap()))
}
