//! Finds words by their beginnings. A regular expression of many words takes
//! longer to compile than most records take to check. Knows no rule.

use std::collections::BTreeMap;
use std::ops::Range;

/// Beginnings of words, by their first letter.
#[derive(Debug, Clone, Default)]
pub struct Stems {
    by_first: BTreeMap<char, Vec<String>>,
    /// A bit for each ASCII character that a stem may begin with.
    ascii: u128,
    any_case: bool,
}

/// Where a text has a stem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The stem as it stands in the text.
    pub stem: Range<usize>,
    /// The end of its word.
    pub end: usize,
}

impl Stems {
    /// Stems in capitals and small letters as they are written.
    pub fn exact<'a>(stems: impl IntoIterator<Item = &'a str>) -> Self {
        Self::new(stems.into_iter().map(str::to_owned), false)
    }

    /// Stems in any case.
    pub fn any_case<'a>(stems: impl IntoIterator<Item = &'a str>) -> Self {
        Self::new(stems.into_iter().map(str::to_lowercase), true)
    }

    fn new(stems: impl Iterator<Item = String>, any_case: bool) -> Self {
        let mut by_first: BTreeMap<char, Vec<String>> = BTreeMap::new();
        for stem in stems {
            if let Some(first) = stem.chars().next() {
                by_first.entry(first).or_default().push(stem);
            }
        }
        // of two that begin alike the longer one is meant
        for stems in by_first.values_mut() {
            stems.sort_by_key(|stem| std::cmp::Reverse(stem.len()));
        }
        let capital = |c: char| if any_case { c.to_ascii_uppercase() } else { c };
        let firsts = by_first.keys().flat_map(|first| [*first, capital(*first)]);
        let ascii = firsts.filter(char::is_ascii).fold(0, |bits, c| bits | 1 << u32::from(c));
        Self { by_first, ascii, any_case }
    }

    fn may_begin_with(&self, c: char) -> bool {
        !c.is_ascii() || self.ascii >> u32::from(c) & 1 == 1
    }

    /// Whether a word begins with a stem.
    pub fn is_in(&self, text: &str) -> bool {
        !self.find_all(text, |_| true).is_empty()
    }

    /// All words that begin with a stem; `inside` are the characters that go on
    /// with a word behind it.
    pub fn find_all(&self, text: &str, inside: impl Fn(char) -> bool) -> Vec<Found> {
        let mut found = Vec::new();
        let mut from = 0;
        for (at, c) in text.char_indices().filter(|(_, c)| self.may_begin_with(*c)) {
            if at < from || text[..at].chars().next_back().is_some_and(in_word) {
                continue;
            }
            let first = if self.any_case { small(c) } else { Some(c) };
            let stems = first.and_then(|first| self.by_first.get(&first));
            let length = stems.and_then(|stems| {
                stems.iter().find_map(|stem| match self.any_case {
                    true => length_of(stem, &text[at..]),
                    false => text[at..].starts_with(stem).then_some(stem.len()),
                })
            });
            let Some(length) = length else { continue };
            let rest = &text[at + length..];
            from = at + length + rest.find(|c| !inside(c)).unwrap_or(rest.len());
            found.push(Found { stem: at..at + length, end: from });
        }
        found
    }
}

/// How much of a text is this in small letters, whatever their case in the text.
pub fn length_of(stem: &str, text: &str) -> Option<usize> {
    let mut chars = text.chars();
    let same = stem.chars().all(|wanted| chars.next().and_then(small) == Some(wanted));
    same.then_some(text.len() - chars.as_str().len())
}

/// Whole words: runs of letters, digits and low lines.
pub fn runs(text: &str) -> impl Iterator<Item = Range<usize>> + use<'_> {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let start = rest + text[rest..].find(in_word)?;
        rest = text[start..].find(|c| !in_word(c)).map_or(text.len(), |end| start + end);
        Some(start..rest)
    })
}

/// Whether a character belongs to a word.
pub fn in_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// A character in small letters, when it is one character then.
pub fn small(c: char) -> Option<char> {
    let mut small = c.to_lowercase();
    small.next().filter(|_| small.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_are_found_where_words_begin() {
        let found = |stems: &Stems, text: &'static str| -> Vec<(&str, &str)> {
            let all = stems.find_all(text, char::is_alphabetic).into_iter();
            all.map(|one| (&text[one.stem.clone()], &text[one.stem.start..one.end])).collect()
        };
        let any = Stems::any_case(["väkival", "Äiti", "äitiys"]);
        assert_eq!(found(&any, "VÄKIVALTAA, lähiväkivalta"), [("VÄKIVAL", "VÄKIVALTAA")]);
        assert_eq!(found(&any, "äitiysneuvola"), [("äitiys", "äitiysneuvola")]);
        let exact = Stems::exact(["HYTE", "hyvinvointi ja"]);
        assert_eq!(found(&exact, "hyte, HYTEn"), [("HYTE", "HYTEn")]);
        assert_eq!(found(&exact, "hyvinvointi ja"), [("hyvinvointi ja", "hyvinvointi ja")]);
        assert_eq!(found(&exact, "äHYTE _HYTE 1HYTE"), []);
        let words: Vec<Range<usize>> = runs("a b_1, ä").collect();
        assert_eq!(words, [0..1, 2..5, 7..9]);
    }
}
