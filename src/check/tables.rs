//! The tables that rules look things up in, from `data/` of the template
//! bundle: an authority replaces them file by file. Knows no rule.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::abbreviations::Abbreviations;
use super::municipalities::Municipalities;
use super::small::Sensitive;
use super::statutes::Statutes;
use super::terms::Terms;
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
    pub words: Words,
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

impl Scanning {
    /// The first place of a text with characters that no text has.
    pub fn first_broken(&self, text: &str) -> Option<Range<usize>> {
        let wrong = self.broken.iter().filter(|wrong| !wrong.is_empty());
        let found = wrong.filter_map(|wrong| Some((text.find(wrong.as_str())?, wrong.len())));
        found.min_by_key(|(at, _)| *at).map(|(at, length)| at..at + length)
    }
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

/// Words that no dictionary has to know (`data/words.txt`): one a line, in small
/// letters; `puheeksiot*` stands for all words that begin so.
#[derive(Debug, Clone, Default)]
pub struct Words {
    whole: BTreeSet<String>,
    beginnings: Vec<String>,
}

impl Words {
    fn parse(text: &str) -> Self {
        let lines = text.lines().map(str::trim);
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        let (beginnings, whole): (Vec<&str>, Vec<&str>) = lines.partition(|l| l.ends_with('*'));
        Self {
            whole: whole.into_iter().map(str::to_lowercase).collect(),
            beginnings: beginnings.iter().map(|l| l.trim_end_matches('*').to_lowercase()).collect(),
        }
    }

    /// True for a word, in small letters, that the list has.
    pub fn know(&self, word: &str) -> bool {
        self.whole.contains(word) || self.beginnings.iter().any(|own| word.starts_with(own))
    }
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
            sensitive: Sensitive::new(table(bundle, "sensitive")?),
            scanning: table(bundle, "scanning")?,
            words: Words::parse(bundle.text("data/words.txt")?),
        })
    }
}

fn table<T: DeserializeOwned>(bundle: &Bundle, name: &'static str) -> Result<T, TablesError> {
    let text = bundle.text(&format!("data/{name}.json"))?;
    serde_json::from_str(text).map_err(|source| TablesError::Json { name, source })
}
