//! Why a command could not do its work: a key with values, which labels put into
//! words. Knows no command.

use std::error::Error;
use std::fmt;

use crate::bundle::Bundle;
use crate::locale::Locale;
use crate::model::Language;
use crate::model::problem::with_causes;

/// What keeps a command from its work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// `failure.<key>` in the labels.
    key: &'static str,
    values: Vec<(&'static str, String)>,
}

impl Failure {
    /// A failure without values.
    pub fn new(key: &'static str) -> Self {
        Self { key, values: Vec::new() }
    }

    /// Adds a value that the message names.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.values.push((name, value.to_string()));
        self
    }

    /// Adds an error as the `cause` that the message names.
    #[must_use]
    pub fn because(self, error: &dyn Error) -> Self {
        self.with("cause", with_causes(error))
    }

    /// The failure in words.
    pub fn words(&self, locale: &Locale) -> String {
        let values: Vec<(&str, &str)> =
            self.values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        locale.fill(&format!("failure.{}", self.key), &values)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Locale::load(&Bundle::built_in(), Language::En) {
            Ok(locale) => f.write_str(&self.words(&locale)),
            Err(_) => f.write_str(self.key),
        }
    }
}

impl Error for Failure {}
