//! Shared text blocks, which records use instead of repeating the same text.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::bundle::{Bundle, BundleError};
use crate::model::{Id, Language};

/// Text blocks that several records share, by id and language
/// (`data/texts.json`).
#[derive(Debug, Clone, Default)]
pub struct SharedTexts(BTreeMap<String, SharedTextEntry>);

#[derive(Debug, Clone, Deserialize)]
struct SharedTextEntry {
    #[serde(rename = "version")]
    _version: u32,
    #[serde(flatten)]
    texts: BTreeMap<String, crate::model::Long>,
}

/// The shared texts cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SharedTextsError {
    #[error(transparent)]
    Bundle(#[from] BundleError),
    #[error("`data/texts.json` is not an object with shared texts")]
    Json(#[from] serde_json::Error),
}

impl SharedTexts {
    /// Reads `data/texts.json` of a bundle.
    ///
    /// # Errors
    /// When the file is missing or malformed.
    pub fn load(bundle: &Bundle) -> Result<Self, SharedTextsError> {
        Ok(Self(serde_json::from_str(bundle.text("data/texts.json")?)?))
    }

    /// A shared text in a language.
    pub fn get(&self, id: &Id, language: Language) -> Option<&str> {
        Some(self.0.get(id.as_str())?.texts.get(language.code())?.as_str())
    }

    /// Every text with its id and language.
    pub fn all(&self) -> impl Iterator<Item = (&str, Language, &str)> {
        self.0.iter().flat_map(|(id, text)| {
            let there = |language: Language| {
                Some((id.as_str(), language, text.texts.get(language.code())?.as_str()))
            };
            Language::ALL.into_iter().filter_map(there)
        })
    }
}
