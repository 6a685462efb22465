//! The `[check]` settings: severities of configurable rules, and office holders.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::ConfigError;
use crate::check::{Office, SeverityOverride, SeverityOverrides};
use crate::model::lint;
use crate::model::text::composed;

/// The section as written; unknown keys are refused.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCheck {
    #[serde(default)]
    rules: BTreeMap<String, SeverityOverride>,
    #[serde(default)]
    office: Vec<Office>,
}

/// Settings of the checks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checking {
    pub overrides: SeverityOverrides,
    pub offices: Vec<Office>,
}

impl RawCheck {
    /// Resolves the settings of the checks.
    pub fn resolve(self, file: &Path) -> Result<Checking, ConfigError> {
        let path = || file.to_owned();
        let overrides = SeverityOverrides::new(self.rules).map_err(|rule| ConfigError::Rule {
            near: lint::nearest_configurable(&rule),
            path: path(),
            rule,
        })?;
        let wrong = |office: &&Office| {
            office.from.zip(office.until).is_some_and(|(from, until)| from > until)
        };
        match self.office.iter().find(wrong) {
            Some(office) => Err(ConfigError::Office { path: path(), name: office.name.clone() }),
            None => {
                // composed (NFC), as texts of records are
                let one = |text: String| composed(&text).into_owned();
                let office =
                    |own: Office| Office { title: one(own.title), name: one(own.name), ..own };
                Ok(Checking { overrides, offices: self.office.into_iter().map(office).collect() })
            }
        }
    }
}
