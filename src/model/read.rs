//! From JSON text to a record, or to one record for each of its languages.

use serde::Deserialize;
use serde::de::Error as _;
use serde_json::Value;

use super::translation::{self, in_language, languages};
use super::{Kind, Language, Record};

/// A record's text is not a record of its kind.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The text is not a JSON object with a known `kind`.
    #[error("the record's kind cannot be read")]
    Kind(#[source] serde_json::Error),
    /// The object does not fit its kind.
    #[error("the record does not fit its kind {}", kind.as_str())]
    Shape { kind: Kind, source: serde_json::Error },
}

impl Record {
    /// Reads one record in one language from UTF-8 JSON.
    ///
    /// # Errors
    /// When the text is not JSON, names no known kind, or does not fit it.
    pub fn from_json(text: &str) -> Result<Self, RecordError> {
        let kind = peek_kind(text).map_err(RecordError::Kind)?;
        let shape = |source| RecordError::Shape { kind, source };
        Ok(match kind {
            Kind::Round => Record::Round(serde_json::from_str(text).map_err(shape)?),
            Kind::Session => Record::Session(serde_json::from_str(text).map_err(shape)?),
            Kind::Proposal => Record::Proposal(serde_json::from_str(text).map_err(shape)?),
            Kind::Summary => Record::Summary(serde_json::from_str(text).map_err(shape)?),
            Kind::Measures => Record::Measures(serde_json::from_str(text).map_err(shape)?),
        })
    }

    /// Reads a record in its own language, and in every other that it is also
    /// in.
    ///
    /// # Errors
    /// As `from_json`; also when a text lacks one of the languages, or has one
    /// that the record is not in.
    pub fn read(text: &str) -> Result<(Self, Vec<Self>), RecordError> {
        let plain = Self::from_json(text);
        if matches!(&plain, Ok(record) if record.envelope().also_in.is_empty()) {
            return plain.map(|record| (record, Vec::new()));
        }
        let Ok(value) = serde_json::from_str::<Value>(text) else {
            return plain.map(|record| (record, Vec::new()));
        };
        if plain.is_err() && translation::paths(&value, &|_| true).is_empty() {
            return plain.map(|record| (record, Vec::new()));
        }
        let kind = peek_kind(text).map_err(RecordError::Kind)?;
        let shape = |source| RecordError::Shape { kind, source };
        let languages = languages(&value);
        let lacks = languages.iter().any(|l| !translation::missing(&value, *l).is_empty());
        if lacks || !translation::unused(&value, &languages).is_empty() {
            let reason = "some texts and `also_in` do not agree about the languages";
            return Err(shape(serde_json::Error::custom(reason)));
        }
        let mut records = languages.into_iter().map(|language| of_language(&value, kind, language));
        match records.next() {
            Some(own) => Ok((own?, records.collect::<Result<_, _>>()?)),
            None => plain.map(|record| (record, Vec::new())),
        }
    }
}

/// The record in one of its languages, which then is its own.
fn of_language(value: &Value, kind: Kind, language: Language) -> Result<Record, RecordError> {
    let mut value = in_language(value, language);
    if let Some(own) = value.get_mut("language") {
        *own = language.code().into();
    }
    let shape = |source| RecordError::Shape { kind, source };
    Ok(match kind {
        Kind::Round => Record::Round(Deserialize::deserialize(value).map_err(shape)?),
        Kind::Session => Record::Session(Deserialize::deserialize(value).map_err(shape)?),
        Kind::Proposal => Record::Proposal(Deserialize::deserialize(value).map_err(shape)?),
        Kind::Summary => Record::Summary(Deserialize::deserialize(value).map_err(shape)?),
        Kind::Measures => Record::Measures(Deserialize::deserialize(value).map_err(shape)?),
    })
}

/// Reads only the `kind` of a record.
///
/// # Errors
/// When the text is not a JSON object with a known kind.
pub fn peek_kind(text: &str) -> Result<Kind, serde_json::Error> {
    #[derive(Deserialize)]
    struct Peek {
        kind: Kind,
    }
    serde_json::from_str::<Peek>(text).map(|peek| peek.kind)
}
