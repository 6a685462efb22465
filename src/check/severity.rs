//! Severity overrides: what the settings (`[check.rules]`) make of configurable rules.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::model::Severity::{self, Error, Hint, Warning};
use crate::model::lint;

/// What the settings make of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SeverityOverride {
    Off,
    Hint,
    Warning,
    Error,
}

/// The overrides of all rules, by key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SeverityOverrides(BTreeMap<String, SeverityOverride>);

impl SeverityOverrides {
    /// No overrides: every rule has its default severity.
    pub const fn usual() -> Self {
        Self(BTreeMap::new())
    }

    /// The overrides that the settings name.
    ///
    /// # Errors
    /// The first key that is not that of a configurable rule.
    pub fn new(overrides: BTreeMap<String, SeverityOverride>) -> Result<Self, String> {
        match overrides.keys().find(|key| !lint::is_configurable(key)) {
            Some(key) => Err(key.clone()),
            None => Ok(Self(overrides)),
        }
    }

    /// The severity of a finding; `None` when its rule is switched off.
    pub fn severity(&self, rule: &str, usual: Severity) -> Option<Severity> {
        match self.0.get(rule) {
            None => Some(usual),
            Some(SeverityOverride::Off) => None,
            Some(SeverityOverride::Hint) => Some(Hint),
            Some(SeverityOverride::Warning) => Some(Warning),
            Some(SeverityOverride::Error) => Some(Error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_configurable_rules_are_overridden() {
        let of = |name: &str| {
            SeverityOverrides::new(BTreeMap::from([(name.to_owned(), SeverityOverride::Off)]))
        };
        assert!(of("text-cut").is_ok());
        assert_eq!(of("json-cut"), Err("json-cut".to_owned()));
    }
}
