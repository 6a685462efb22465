//! A word of a text with its position and its separator.

use std::ops::Range;

/// A word of a text with the separator before it.
#[derive(Debug, Clone)]
pub(super) struct Token {
    /// Folded, including inner hyphens.
    pub(super) text: String,
    /// Separator from the previous word.
    pub(super) gap: String,
    /// Whether it begins with a capital letter, or is where case means nothing.
    pub(super) upper: bool,
    /// Whether it contains a capital letter.
    pub(super) capital: bool,
    /// Whether it is in capitals only.
    pub(super) shouts: bool,
    /// Byte range in the text.
    pub(super) place: Range<usize>,
}

impl Token {
    pub(super) fn is_initial(&self) -> bool {
        self.upper && self.text.split('-').all(|part| part.chars().nth(1).is_none())
    }

    pub(super) fn parts(&self) -> impl Iterator<Item = &str> {
        self.text.split('-')
    }

    /// Whether only a space, or the period of an initial, precedes it.
    pub(super) fn follows(&self, before: &Token) -> bool {
        let gap = self.gap.trim();
        gap.is_empty() || gap == "." && before.is_initial()
    }

    /// Whether a bracket or quotation mark opens before it.
    pub(super) fn opens(&self) -> bool {
        matches!(self.gap.trim(), "(" | "[" | "\"" | "'")
    }

    /// Whether one closes before it.
    pub(super) fn closes(&self) -> bool {
        self.gap.trim_start().starts_with([')', ']', '"', '\''])
    }
}
