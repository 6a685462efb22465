//! Generated record sets that try a template out: the smallest that are valid,
//! the largest that a year can bring, overlong words, and texts full of markup.
//! Pure; knows no template and no document.

mod records;
mod sessions;
mod words;

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;

use crate::model::{Language, Record, RecordError, RecordSet, Source, Status};
pub use words::Style;

/// What a generated record set is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Name of the set, for reports: `[a-z0-9-]`.
    pub name: &'static str,
    pub style: Style,
    pub status: Status,
    /// Whether fields that may be left out are filled.
    pub full: bool,
    /// Whether every text is in a second language too.
    pub bilingual: bool,
    /// Whether the records are corrections that hold something secret.
    pub restricted: bool,
    pub groups: usize,
    /// People in each session.
    pub people: usize,
    pub priorities: usize,
    pub areas: usize,
    /// Notes in each cell.
    pub notes: usize,
    /// Notes in one cell more.
    pub crowd: usize,
    /// Characters of a note.
    pub note_length: usize,
    /// Characters of titles and other single lines.
    pub line_length: usize,
}

/// What a year usually brings; the shapes differ from it.
const USUAL: Shape = Shape {
    name: "usual",
    style: Style::Plain,
    status: Status::Final,
    full: true,
    bilingual: false,
    restricted: false,
    groups: 3,
    people: 12,
    priorities: 3,
    areas: 5,
    notes: 1,
    crowd: 0,
    note_length: 90,
    line_length: 40,
};

/// Every shape that templates are tried with.
pub const SHAPES: [Shape; 15] = [
    Shape {
        name: "smallest",
        status: Status::Draft,
        full: false,
        groups: 1,
        people: 0,
        priorities: 0,
        areas: 0,
        notes: 0,
        line_length: 12,
        ..USUAL
    },
    USUAL,
    Shape { name: "draft", status: Status::Draft, ..USUAL },
    Shape { name: "bilingual", bilingual: true, groups: 2, ..USUAL },
    Shape { name: "restricted", restricted: true, ..USUAL },
    Shape { name: "no-notes", notes: 0, ..USUAL },
    Shape { name: "one-note", notes: 0, crowd: 1, ..USUAL },
    Shape { name: "three-in-every-cell", notes: 3, ..USUAL },
    Shape { name: "fifteen-in-one-cell", notes: 0, crowd: 15, ..USUAL },
    Shape { name: "long-notes", notes: 1, note_length: 600, groups: 2, ..USUAL },
    Shape { name: "many-groups", groups: 12, people: 40, ..USUAL },
    Shape { name: "long-lines", line_length: 180, groups: 2, ..USUAL },
    Shape { name: "long-words", style: Style::LongWords, groups: 2, ..USUAL },
    Shape { name: "hostile", style: Style::Hostile, groups: 2, ..USUAL },
    Shape {
        name: "largest",
        groups: 12,
        people: 40,
        priorities: 4,
        areas: 6,
        notes: 3,
        crowd: 12,
        note_length: 240,
        line_length: 90,
        ..USUAL
    },
];

/// The records of a shape in a language.
///
/// # Errors
/// When a generated record does not fit its kind, which a test forbids.
pub fn records(shape: &Shape, language: Language) -> Result<RecordSet, RecordError> {
    let mut values = records::all(shape, language);
    if shape.bilingual {
        let other = if language == Language::Fi { Language::Sv } else { Language::Fi };
        let others = records::all(shape, other);
        for (value, other_value) in values.iter_mut().zip(&others) {
            *value = both(value, language, other_value, other);
            if let Value::Object(record) = value {
                record.insert("language".into(), language.code().into());
                record.insert("also_in".into(), vec![other.code()].into());
            }
        }
    }
    let sources: Vec<Source> = values.iter().map(source).collect::<Result<_, _>>()?;
    Ok(RecordSet::new(sources, Vec::new()))
}

/// One value of two that differ in their texts only: those become texts in two
/// languages.
fn both(one: &Value, language: Language, two: &Value, other: Language) -> Value {
    match (one, two) {
        (Value::Object(fields), Value::Object(others)) => {
            let join = |(name, value): (&String, &Value)| {
                let other_value = others.get(name).unwrap_or(value);
                (name.clone(), both(value, language, other_value, other))
            };
            Value::Object(fields.iter().map(join).collect())
        }
        (Value::Array(items), Value::Array(others)) => {
            let pairs = items.iter().zip(others);
            pairs.map(|(a, b)| both(a, language, b, other)).collect()
        }
        (Value::String(a), Value::String(b)) if a != b => {
            serde_json::json!({ language.code(): a, other.code(): b })
        }
        _ => one.clone(),
    }
}

fn source(value: &Value) -> Result<Source, RecordError> {
    let text: Arc<str> = format!("{value:#}\n").into();
    let read = Record::read(&text)?;
    let file = PathBuf::from(format!("{}.json", read.own.id()));
    let translations = read.others.into_iter().map(Arc::new).collect();
    Ok(Source { file, text, record: Arc::new(read.own), translations })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_makes_records_of_every_kind() {
        for shape in SHAPES {
            for language in Language::ALL {
                let set = records(&shape, language)
                    .unwrap_or_else(|e| panic!("{} {language:?}: {e:?}", shape.name));
                for kind in crate::model::Kind::ALL {
                    let there = set.iter().any(|source| source.record.kind() == kind);
                    assert!(there, "{}: no {kind:?}", shape.name);
                }
            }
        }
    }
}
