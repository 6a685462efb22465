//! The table of statutes: number and name belong together.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Report;
use crate::bundle::{Bundle, BundleError};
use crate::model::round::Basis;
use crate::model::{Language, StatuteNumber};

/// Names of statutes by number and language (`data/statutes.json`).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct Statutes(BTreeMap<String, BTreeMap<String, String>>);

/// The table cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StatutesError {
    #[error(transparent)]
    Bundle(#[from] BundleError),
    #[error("`data/statutes.json` is not a table of statutes")]
    Json(#[from] serde_json::Error),
}

impl Statutes {
    /// Reads `data/statutes.json` of a bundle.
    ///
    /// # Errors
    /// When the file is missing or has another form.
    pub fn load(bundle: &Bundle) -> Result<Self, StatutesError> {
        Ok(serde_json::from_str(bundle.text("data/statutes.json")?)?)
    }

    fn name(&self, number: &StatuteNumber, language: Language) -> Option<&str> {
        self.0.get(number.as_str())?.get(language.code()).map(String::as_str)
    }

    /// The number of the statute with this name.
    fn number_of(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(_, names)| names.values().any(|known| same_name(known, name)))
            .map(|(number, _)| number.as_str())
    }

    /// The known number most like this one.
    fn nearest(&self, number: &StatuteNumber) -> Option<(&str, &str)> {
        let likeness = |other: &str| strsim::normalized_levenshtein(other, number.as_str());
        let (near, names) = self.0.iter().max_by(|a, b| likeness(a.0).total_cmp(&likeness(b.0)))?;
        Some((near, names.get("fi")?))
    }
}

fn same_name(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

/// Every statute is known, and goes by its own name.
pub fn basis(basis: &[Basis], language: Language, statutes: &Statutes, report: &mut Report<'_>) {
    for (index, entry) in basis.iter().enumerate() {
        let field = format!("basis[{index}].statute");
        match statutes.name(&entry.statute, language) {
            Some(name) if same_name(name, entry.name.as_str()) => {}
            Some(name) => match statutes.number_of(entry.name.as_str()) {
                Some(number) if number != entry.statute.as_str() => report.error(
                    field,
                    "statute-mixed",
                    &[
                        ("number", &entry.statute),
                        ("name", &entry.name),
                        ("right", &number),
                        ("other", &name),
                    ],
                ),
                _ => report.error(
                    format!("basis[{index}].name"),
                    "statute-name",
                    &[("number", &entry.statute), ("name", &entry.name), ("right", &name)],
                ),
            },
            None => {
                let by_name =
                    statutes.number_of(entry.name.as_str()).map(|n| (n, entry.name.as_str()));
                let (near, name) =
                    by_name.or_else(|| statutes.nearest(&entry.statute)).unwrap_or(("–", "–"));
                report.error(
                    field,
                    "statute-unknown",
                    &[("number", &entry.statute), ("near", &near), ("name", &name)],
                );
            }
        }
    }
}
