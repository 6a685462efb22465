//! Rules about every text of a record: characters that no font has, and slide references.

use serde_json::Value;

use super::{CheckContext, Report};
use crate::model::{Kind, markup};

/// Most characters of a text that a message quotes.
const NAMED: usize = 40;

/// A character that no font has would make the whole PDF invalid (PDF/UA-1, clause
/// 7.21.4.1). It is reported with its field before anything is typeset.
pub fn characters(report: &mut Report<'_>, context: &CheckContext<'_>) {
    // most records are plain: check the whole text before its fields
    if report.source.text.chars().all(context.has_glyph) && !report.source.text.contains("\\u") {
        return;
    }
    let Ok(value) = serde_json::to_value(&*report.source.record) else { return };
    let mut found = Vec::new();
    walk(&value, String::new(), &mut |field, text| {
        let mut unknown: Vec<char> = Vec::new();
        for c in text.chars().filter(|c| !(context.has_glyph)(*c)) {
            if !unknown.contains(&c) && unknown.len() < NAMED {
                unknown.push(c);
            }
        }
        if !unknown.is_empty() {
            found.push((field.to_owned(), unknown));
        }
    });
    for (field, unknown) in found {
        let named = unknown.iter().map(|c| format!("`{c}` (U+{:04X})", u32::from(*c)));
        let characters = named.collect::<Vec<_>>().join(", ");
        report.add(field, "character-unknown", &[("characters", &characters)]);
    }
}

/// Slide references are allowed in summaries only; other documents have no slides.
pub fn slide_references(report: &mut Report<'_>) {
    let summary = report.source.record.kind() == Kind::Summary;
    if summary || !report.source.text.contains("slides:") {
        return;
    }
    let Ok(value) = serde_json::to_value(&*report.source.record) else { return };
    let mut found = Vec::new();
    walk(&value, String::new(), &mut |field, text| {
        if let Some(key) = markup::slide_references(text).first() {
            found.push((field.to_owned(), (*key).to_owned()));
        }
    });
    for (field, key) in found {
        report.add(field, "slides-outside", &[("key", &key)]);
    }
}

/// Visits every text of a JSON value with its field path.
pub fn walk(value: &Value, path: String, visit: &mut impl FnMut(&str, &str)) {
    match value {
        Value::String(text) => visit(&path, text),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, format!("{path}[{index}]"), visit);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                let child = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                walk(field, child, visit);
            }
        }
        _ => {}
    }
}
