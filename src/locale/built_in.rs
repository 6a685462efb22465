//! The built-in words as tables that need no reading: labels of documents, which
//! a template bundle may replace, and messages of checks and interface, which
//! belong to the program.

use crate::model::Language;

// one table for each language and each kind of words, sorted by dotted keys;
// written by `build.rs` from `templates/labels/` and `src/messages/`
include!(concat!(env!("OUT_DIR"), "/words.rs"));

/// Texts by dotted key.
#[derive(Debug, Clone, Copy)]
pub struct Words(&'static [(&'static str, &'static str)]);

/// The words of documents.
pub fn labels(language: Language) -> Words {
    Words(match language {
        Language::Fi => LABELS_FI,
        Language::Sv => LABELS_SV,
        Language::En => LABELS_EN,
    })
}

/// The words of checks and interface.
pub fn messages(language: Language) -> Words {
    Words(match language {
        Language::Fi => MESSAGES_FI,
        Language::Sv => MESSAGES_SV,
        Language::En => MESSAGES_EN,
    })
}

impl Words {
    /// The text under a key.
    pub fn get(self, key: &str) -> Option<&'static str> {
        let at = self.0.binary_search_by_key(&key, |(key, _)| key).ok()?;
        Some(self.0[at].1)
    }

    /// Whether there is a text under a key.
    pub fn has(self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Every key, in order.
    pub fn keys(self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|(key, _)| *key)
    }

    /// Whether it has a group of this name (`problem`).
    pub fn has_group(self, group: &str) -> bool {
        let at = self.0.partition_point(|(key, _)| *key < group);
        let after = |key: &str| key.strip_prefix(group).map(|rest| rest.starts_with('.'));
        self.0[at..].iter().map_while(|(key, _)| after(key)).any(|own| own)
    }
}
