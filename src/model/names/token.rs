//! A word of a text with its position and its separator.

use std::ops::Range;

/// A word of a text, with what stands before it.
#[derive(Debug, Clone)]
pub(super) struct Token {
    /// Folded, with the hyphens inside.
    pub(super) text: String,
    /// What parts it from the word before.
    pub(super) gap: String,
    /// Whether it begins with a capital letter, or stands where those mean nothing.
    pub(super) upper: bool,
    /// Whether it has a capital letter anywhere.
    pub(super) capital: bool,
    /// Whether it has no letters but those.
    pub(super) shouts: bool,
    /// Bytes of the text.
    pub(super) place: Range<usize>,
}

impl Token {
    pub(super) fn is_initial(&self) -> bool {
        self.upper && self.text.split('-').all(|part| part.chars().nth(1).is_none())
    }

    pub(super) fn parts(&self) -> impl Iterator<Item = &str> {
        self.text.split('-')
    }

    /// Whether nothing but space, or the stop of an initial, stands before it.
    pub(super) fn follows(&self, before: &Token) -> bool {
        let gap = self.gap.trim();
        gap.is_empty() || gap == "." && before.is_initial()
    }

    /// Whether a bracket or a quotation mark opens before it.
    pub(super) fn opens(&self) -> bool {
        matches!(self.gap.trim(), "(" | "[" | "\"" | "'")
    }

    /// Whether one closes before it.
    pub(super) fn closes(&self) -> bool {
        self.gap.trim_start().starts_with([')', ']', '"', '\''])
    }
}
