//! Reads a record from JSON text, or one record for each of its languages.

use std::sync::LazyLock;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::translation::{self, in_language, languages};
use super::{Kind, Language, Record};

/// A text that is not a record of its kind.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The text is not a JSON object with a known `kind`.
    #[error("the record's kind cannot be read")]
    Kind(#[source] serde_json::Error),
    /// The object does not match the schema of its kind.
    #[error("the record does not fit its kind {}", kind.as_str())]
    Shape { kind: Kind, source: serde_json::Error },
}

/// A record in all its languages.
#[derive(Debug, Clone)]
pub struct Languages {
    /// In its own language.
    pub own: Record,
    /// In its other languages.
    pub others: Vec<Record>,
    /// True if it was parsed to a JSON value first, which keeps only the last of two fields
    /// with the same name.
    pub taken_apart: bool,
}

static SCHEMAS: LazyLock<Vec<(Kind, Value)>> =
    LazyLock::new(|| Kind::ALL.map(|kind| (kind, kind.schema().to_value())).into());

/// The JSON Schema of a kind, generated once.
pub fn schema_of(kind: Kind) -> &'static Value {
    static NONE: Value = Value::Null;
    SCHEMAS.iter().find(|(of, _)| *of == kind).map_or(&NONE, |(_, schema)| schema)
}

impl Record {
    /// Reads one record in one language from UTF-8 JSON.
    ///
    /// # Errors
    /// Fails if the text is not JSON, names no known kind, or does not fit it.
    pub fn from_json(text: &str) -> Result<Self, RecordError> {
        let kind = peek_kind(text).map_err(RecordError::Kind)?;
        let mut json = serde_json::Deserializer::from_str(text);
        let record = of_kind(kind, &mut json).and_then(|record| json.end().map(|()| record));
        record.map_err(|source| RecordError::Shape { kind, source })
    }

    /// Reads a record in all its languages.
    ///
    /// # Errors
    /// As `from_json`; also fails if a text lacks a language of the record, or has another
    /// one.
    pub fn read(text: &str) -> Result<Languages, RecordError> {
        let plain = Self::from_json(text);
        let alone = |own| Languages { own, others: Vec::new(), taken_apart: false };
        if matches!(&plain, Ok(record) if record.envelope().also_in.is_empty()) {
            return plain.map(alone);
        }
        let (Ok(value), Ok(kind)) = (serde_json::from_str::<Value>(text), peek_kind(text)) else {
            return plain.map(alone);
        };
        let schema = schema_of(kind);
        if plain.is_err() && translation::paths(&value, schema, &|_| true).is_empty() {
            return plain.map(alone);
        }
        let languages = languages(&value);
        let lacks =
            |language: &Language| !translation::missing(&value, schema, *language).is_empty();
        let unused = translation::unused(&value, schema, &languages);
        if languages.iter().any(lacks) || !unused.is_empty() {
            let reason = "some texts and `also_in` do not agree about the languages";
            let source = serde_json::Error::custom(reason);
            return Err(RecordError::Shape { kind, source });
        }
        let mut records = languages.into_iter().map(|language| of_language(&value, kind, language));
        match records.next() {
            Some(own) => {
                let others = records.collect::<Result<_, _>>()?;
                Ok(Languages { own: own?, others, taken_apart: true })
            }
            None => plain.map(alone),
        }
    }
}

/// The record in one of its languages, as if it were its own.
fn of_language(value: &Value, kind: Kind, language: Language) -> Result<Record, RecordError> {
    let mut value = in_language(value, schema_of(kind), language);
    if let Some(own) = value.get_mut("language") {
        *own = language.code().into();
    }
    of_kind(kind, value).map_err(|source| RecordError::Shape { kind, source })
}

fn of_kind<'de, D: Deserializer<'de>>(kind: Kind, json: D) -> Result<Record, D::Error> {
    Ok(match kind {
        Kind::Round => Record::Round(Deserialize::deserialize(json)?),
        Kind::Session => Record::Session(Deserialize::deserialize(json)?),
        Kind::Proposal => Record::Proposal(Deserialize::deserialize(json)?),
        Kind::Summary => Record::Summary(Deserialize::deserialize(json)?),
        Kind::Measures => Record::Measures(Deserialize::deserialize(json)?),
    })
}

/// Reads only the `kind` of a record.
///
/// # Errors
/// Fails if the text is not a JSON object with a known kind.
pub fn peek_kind(text: &str) -> Result<Kind, serde_json::Error> {
    #[derive(Deserialize)]
    struct Peek {
        kind: Kind,
    }
    serde_json::from_str::<Peek>(text).map(|peek| peek.kind)
}
