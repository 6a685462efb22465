//! Lints: every rule that the program can report, with its default severity and the
//! placeholders of its messages. `kirjuri check --list-rules`, the reference page of
//! rules and the tests of the messages are made from this table.
//!
//! A new rule is a row in `lint/table.rs`, its code, and its texts
//! `problem.<key>.message` and `.help` (and `.why` when it is configurable) in three
//! languages.

mod table;

pub use table::GROUPS;

use super::Language;
use super::severity::Severity;

/// One rule.
#[derive(Debug)]
pub struct Lint {
    /// Name of the rule in messages, settings and records.
    pub key: &'static str,
    /// How serious a breach usually is. A rule may report a milder severity.
    pub severity: Severity,
    /// True when the rule is a matter of judgement: settings may change its severity or
    /// switch it off, a record may accept a finding, and an error does not block drafts.
    pub configurable: bool,
    /// Placeholders of its texts whose values are shown as they are.
    pub args: &'static [&'static str],
    /// Placeholders whose values are dates, shown in the form of the language.
    pub dates: &'static [&'static str],
    /// Languages in which the rule checks texts.
    pub languages: &'static [Language],
}

/// Rules of one subject.
#[derive(Debug)]
pub struct Group {
    /// Heading of the reference page.
    pub name: &'static str,
    pub lints: &'static [Lint],
}

impl Lint {
    const fn dates(self, dates: &'static [&'static str]) -> Self {
        Self { dates, ..self }
    }

    const fn only(self, languages: &'static [Language]) -> Self {
        Self { languages, ..self }
    }
}

/// Every rule, in the order of the table.
pub fn all() -> impl Iterator<Item = &'static Lint> {
    GROUPS.iter().flat_map(|group| group.lints)
}

/// Every rule that settings may override and whose findings records may accept.
pub fn configurable() -> impl Iterator<Item = &'static Lint> {
    all().filter(|lint| lint.configurable)
}

/// The rule with this key.
pub fn find(key: &str) -> Option<&'static Lint> {
    all().find(|lint| lint.key == key)
}

/// True for the key of a configurable rule.
pub fn is_configurable(key: &str) -> bool {
    find(key).is_some_and(|lint| lint.configurable)
}

/// The configurable rule whose key is most like a word.
pub fn nearest_configurable(word: &str) -> &'static str {
    // no key is longer, and comparing long words takes time
    let word: String = word.chars().take(80).collect();
    let likeness = |key: &str| strsim::normalized_damerau_levenshtein(&word, key);
    let keys = configurable().map(|lint| lint.key);
    keys.max_by(|a, b| likeness(a).total_cmp(&likeness(b))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn keys_and_placeholders_are_listed_once() {
        let keys: BTreeSet<&str> = all().map(|lint| lint.key).collect();
        assert_eq!(keys.len(), all().count());
        for lint in all() {
            let names: BTreeSet<&str> = lint.args.iter().chain(lint.dates).copied().collect();
            assert_eq!(names.len(), lint.args.len() + lint.dates.len(), "{}", lint.key);
        }
    }

    #[test]
    fn a_misspelt_key_is_recognised() {
        assert_eq!(nearest_configurable("text-cutt"), "text-cut");
        assert!(is_configurable("text-cut") && !is_configurable("json-cut"));
    }
}
