//! Lookup tables of the rules, from `data/` of the template bundle. An authority replaces
//! them file by file.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::abbreviations::Abbreviations;
use super::small_municipalities::{Sensitive, SmallMunicipalities};
use super::statutes::Statutes;
use super::terms::Terms;
use crate::bundle::{Bundle, BundleError};

/// All lookup tables.
#[derive(Debug, Clone, Default)]
pub struct Tables {
    pub statutes: Statutes,
    pub terms: Terms,
    pub abbreviations: Abbreviations,
    pub municipalities: SmallMunicipalities,
    pub sensitive: Sensitive,
    pub scanning: Scanning,
    pub words: KnownWords,
}

/// Scan errors (`data/scanning.json`).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scanning {
    pub fi: UmlautWords,
    pub sv: UmlautWords,
    /// Character sequences of a wrong encoding or a scanner.
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

/// Words without their ä and ö, with their correct forms.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UmlautWords {
    /// Beginnings of words.
    pub stems: BTreeMap<String, String>,
    /// Whole words.
    pub words: BTreeMap<String, String>,
}

/// Words that need not be in a dictionary (`data/words.txt`): one per line, in lower
/// case; `puheeksiot*` stands for all words with this beginning.
#[derive(Debug, Clone, Default)]
pub struct KnownWords {
    whole: BTreeSet<String>,
    beginnings: Vec<String>,
}

impl KnownWords {
    fn parse(text: &str) -> Self {
        let lines = text.lines().map(str::trim);
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        let (beginnings, whole): (Vec<&str>, Vec<&str>) = lines.partition(|l| l.ends_with('*'));
        Self {
            whole: whole.into_iter().map(str::to_lowercase).collect(),
            beginnings: beginnings.iter().map(|l| l.trim_end_matches('*').to_lowercase()).collect(),
        }
    }

    /// True for a word, in lower case, of the list.
    pub fn know(&self, word: &str) -> bool {
        self.whole.contains(word) || self.beginnings.iter().any(|own| word.starts_with(own))
    }
}

/// A table cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TablesError {
    #[error(transparent)]
    Bundle(#[from] BundleError),
    #[error("`data/{name}.json` does not have the format of the built-in file")]
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
            words: KnownWords::parse(bundle.text("data/words.txt")?),
        })
    }
}

fn table<T: DeserializeOwned>(bundle: &Bundle, name: &'static str) -> Result<T, TablesError> {
    let text = bundle.text(&format!("data/{name}.json"))?;
    serde_json::from_str(text).map_err(|source| TablesError::Json { name, source })
}
