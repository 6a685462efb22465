//! Word lists of the languages (`languages/<language>.json`): rules look words up
//! here. Knows no rule.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::Deserialize;

/// Finnish.
#[expect(clippy::expect_used, reason = "the list is built in, and a test reads it")]
pub static FINNISH: LazyLock<Finnish> = LazyLock::new(|| {
    serde_json::from_str(include_str!("languages/fi.json")).expect("a test reads this list")
});

/// The lists of Finnish.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finnish {
    pub broken: Broken,
}

/// What words begin and end with, for words broken in two.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Broken {
    /// Words that end as no Finnish word does, and are whole all the same.
    pub loans: BTreeSet<String>,
    /// Words behind which a single letter numbers something.
    pub numbered: BTreeSet<String>,
    /// Rests of words that are no words: endings with what often stands before
    /// them. What is a word too has no place here: "nyt", "teet", "luiden", "mistä".
    pub rests: BTreeSet<String>,
    /// More of them, which are case endings and derivations.
    pub inflected: BTreeSet<String>,
    /// Sounds that no word begins with.
    pub clusters: Vec<String>,
    /// Endings behind two vowels; "den" alone is Swedish.
    pub behind_vowels: BTreeSet<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_can_be_read() {
        assert!(FINNISH.broken.rests.len() > 50);
    }
}
