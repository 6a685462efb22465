//! The tables that rules look things up in, from `data/` of the template
//! bundle: an authority replaces them file by file. Knows no rule.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::municipalities::{Municipalities, Sensitive};
use super::statutes::Statutes;
use super::terms::{Abbreviations, Terms};
use crate::bundle::{Bundle, BundleError};

/// Everything that rules look up.
#[derive(Debug, Clone, Default)]
pub struct Tables {
    pub statutes: Statutes,
    pub terms: Terms,
    pub abbreviations: Abbreviations,
    pub municipalities: Municipalities,
    pub sensitive: Sensitive,
    pub scanning: Scanning,
    /// Words that no dictionary has to know (`data/words.txt`).
    pub words: std::collections::BTreeSet<String>,
}

/// What scanning makes of words (`data/scanning.json`).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scanning {
    pub fi: Spoilt,
    pub sv: Spoilt,
    /// Characters that no text has.
    pub broken: Vec<String>,
}

/// Words without their ä and ö, and what they should be.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spoilt {
    /// Beginnings of words.
    pub stems: BTreeMap<String, String>,
    /// Whole words.
    pub words: BTreeMap<String, String>,
}

/// A table cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TablesError {
    #[error(transparent)]
    Bundle(#[from] BundleError),
    #[error("`data/{name}.json` does not have the form of the built-in one")]
    Json { name: &'static str, source: serde_json::Error },
}

impl Tables {
    /// Reads the tables of a bundle.
    ///
    /// # Errors
    /// When a table is missing or has another form.
    pub fn load(bundle: &Bundle) -> Result<Self, TablesError> {
        let statutes = bundle.text("data/statutes.json")?;
        let statutes = Statutes::parse(statutes)
            .map_err(|source| TablesError::Json { name: "statutes", source })?;
        Ok(Self {
            statutes,
            terms: Terms::new(table(bundle, "terms")?),
            abbreviations: table(bundle, "abbreviations")?,
            municipalities: table(bundle, "municipalities")?,
            sensitive: table(bundle, "sensitive")?,
            scanning: table(bundle, "scanning")?,
            words: bundle.text("data/words.txt")?.lines().map(|word| word.trim().into()).collect(),
        })
    }
}

fn table<T: DeserializeOwned>(bundle: &Bundle, name: &'static str) -> Result<T, TablesError> {
    let text = bundle.text(&format!("data/{name}.json"))?;
    serde_json::from_str(text).map_err(|source| TablesError::Json { name, source })
}
