//! The rules that are a matter of judgement: an authority may switch them off
//! or grade them anew, and a record's author may accept a finding with a
//! reason. All other rules keep documents from being wrong or impossible, and
//! stand as they are. Knows no record.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::model::Severity::{self, Error, Hint, Warning};

/// A rule by its key, with how serious a breach is unless the settings say
/// otherwise. An error keeps final documents back, never drafts.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Key of the rule: `problem.<id>` in the labels.
    pub id: &'static str,
    pub severity: Severity,
}

const fn rule(id: &'static str, severity: Severity) -> Rule {
    Rule { id, severity }
}

/// Every rule that is a matter of judgement, by subject.
pub const RULES: &[Rule] = &[
    rule("statute-unknown", Error),
    rule("statute-mixed", Error),
    rule("statute-name", Error),
    rule("statute-untranslated", Error),
    rule("statute-section-missing", Warning),
    rule("citation-style", Warning),
    rule("municipality-nowhere", Error),
    rule("municipality-twice", Error),
    rule("municipalities-order", Hint),
    rule("groups-not-same", Warning),
    rule("date-weekday", Error),
    rule("date-impossible", Error),
    rule("date-without-year", Warning),
    rule("date-relative", Warning),
    rule("date-repeated", Warning),
    rule("deadline-order", Warning),
    rule("held-after-document", Error),
    rule("text-held-later", Warning),
    rule("session-date-differs", Warning),
    rule("session-mode-differs", Warning),
    rule("session-time-differs", Warning),
    rule("session-unplanned", Warning),
    rule("session-overdue", Warning),
    rule("group-without-session", Warning),
    rule("summary-of-drafts", Warning),
    rule("goal-missing", Warning),
    rule("final-needs", Error),
    rule("sender-other", Error),
    rule("text-unfilled", Error),
    rule("meeting-incomplete", Error),
    rule("attendance-twice", Error),
    rule("attendance-both", Error),
    rule("distribution-incomplete", Error),
    rule("text-placeholder", Error),
    rule("appeal-of-council", Warning),
    rule("attachment-draft", Warning),
    rule("attachment-number", Error),
    rule("slide-number-typed", Warning),
    rule("highlight-without-groups", Hint),
    rule("highlight-replaces", Hint),
    rule("office-expired", Error),
    rule("office-other", Warning),
    rule("office-acting", Warning),
    rule("office-acting-written", Warning),
    rule("term-variant", Warning),
    rule("unit-two-names", Warning),
    rule("abbreviation-unexplained", Warning),
    rule("abbreviation-unknown", Hint),
    rule("link-repeated", Warning),
    rule("link-text", Warning),
    rule("text-shared", Hint),
    rule("text-similar", Hint),
    rule("text-word-twice", Warning),
    rule("text-word-broken", Warning),
    rule("text-hyphen", Warning),
    rule("text-dash", Hint),
    rule("text-spaces", Warning),
    rule("text-stops", Warning),
    rule("text-cut", Warning),
    rule("text-umlauts-lost", Warning),
    rule("text-ruined", Warning),
    rule("text-stray", Warning),
    rule("text-decomposed", Hint),
    rule("text-backslash", Hint),
    rule("text-brackets", Warning),
    rule("sentence-long", Hint),
    rule("spelling", Hint),
    rule("text-untranslated", Warning),
    rule("text-in-finnish", Warning),
    rule("round-untranslated", Warning),
    rule("records-untranslated", Warning),
    rule("secret-in-title", Error),
    rule("identity-code", Error),
    rule("small-municipality", Warning),
    rule("person-in-text", Warning),
    rule("accept-unused", Warning),
    rule("accept-several", Warning),
];

/// The rule of judgement with this key.
pub fn judged(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}

/// What the settings make of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SeverityOverride {
    Off,
    Hint,
    Warning,
    Error,
}

/// What the settings say of the rules of judgement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SeverityOverrides(BTreeMap<String, SeverityOverride>);

impl SeverityOverrides {
    /// Every rule as it usually is.
    pub const fn usual() -> Self {
        Self(BTreeMap::new())
    }

    /// Takes what the settings say.
    ///
    /// # Errors
    /// The name of a rule that is none of judgement.
    pub fn new(grades: BTreeMap<String, SeverityOverride>) -> Result<Self, String> {
        match grades.keys().find(|name| judged(name).is_none()) {
            Some(name) => Err(name.clone()),
            None => Ok(Self(grades)),
        }
    }

    /// How serious a breach of the rule is; `None` when it is switched off.
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
    fn only_rules_of_judgement_are_graded() {
        let of = |name: &str| {
            SeverityOverrides::new(BTreeMap::from([(name.to_owned(), SeverityOverride::Off)]))
        };
        assert!(of("text-cut").is_ok());
        assert_eq!(of("json-cut"), Err("json-cut".to_owned()));
    }

    #[test]
    fn every_rule_stands_in_the_table_once() {
        let names: std::collections::BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
        assert_eq!(names.len(), RULES.len());
    }
}
