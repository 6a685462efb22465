//! Regular expressions of the rules, fast on texts that are not all ASCII.

use std::ops::Deref;
use std::sync::OnceLock;

use regex::{CaptureMatches, Captures, Match, Matches, Regex};

use super::stems::Stems;

/// A pattern in which `\b` stands only where words begin or end, and `\d` for
/// 0–9 alone: what is found is counted with, and digits of other scripts have
/// more than one byte. It is compiled when a text is first looked through.
///
/// The border of a word in all of Unicode is slow to look for. So the pattern
/// itself looks for borders of ASCII letters, and what it finds is held against
/// the letters around it.
pub struct Pattern {
    text: String,
    bounded: bool,
    /// What a text must have to be looked through.
    condition: Option<Condition>,
    regex: OnceLock<Regex>,
}

type Condition = Box<dyn Fn(&str) -> bool + Send + Sync>;

/// A pattern that is written in this program.
pub fn pattern(text: &str) -> Pattern {
    Pattern {
        text: half_borders(text),
        bounded: text.contains(r"\b"),
        condition: None,
        regex: OnceLock::new(),
    }
}

/// True when two characters side by side are like this.
pub fn has_pair(text: &str, is_like: impl Fn(char, char) -> bool) -> bool {
    text.chars().zip(text.chars().skip(1)).any(|(a, b)| is_like(a, b))
}

/// `\b` becomes the half of a border that is wanted: before a word, or behind it.
/// `\d` becomes the ASCII digits.
fn half_borders(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, if c == '\\' { chars.next() } else { None }) {
            ('\\', Some('b')) => {
                let opens =
                    out.is_empty() || out.ends_with(['|', '(', ':', '^']) || out.ends_with("(?i)");
                out.push_str(if opens { r"(?-u:\b{start-half})" } else { r"(?-u:\b{end-half})" });
            }
            ('\\', Some('d')) => out.push_str("[0-9]"),
            (c, escaped) => {
                out.push(c);
                out.extend(escaped);
            }
        }
    }
    out
}

impl Pattern {
    /// The same, looking only through texts that can have it. To compile a pattern
    /// takes longer than to look for a sign through all texts of a record.
    #[must_use]
    pub fn if_text(self, can_have: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        Self { condition: Some(Box::new(can_have)), ..self }
    }

    /// The same for a pattern that begins with one of these where a word begins,
    /// in any case.
    #[must_use]
    pub fn if_begun(self, stems: &[&str]) -> Self {
        let stems = Stems::any_case(stems.iter().copied());
        self.if_text(move |text| stems.is_in(text))
    }

    fn may_be_in(&self, text: &str) -> bool {
        self.condition.as_ref().is_none_or(|condition| condition(text))
    }

    #[expect(
        clippy::expect_used,
        reason = "patterns are constants, tried by the tests of their rules"
    )]
    fn regex(&self) -> &Regex {
        let compile = || Regex::new(&self.text);
        self.regex.get_or_init(|| compile().expect("a pattern of this program, tried by its rule"))
    }

    /// The first place that has the pattern.
    pub fn find<'t>(&self, text: &'t str) -> Option<Match<'t>> {
        self.find_iter(text).next()
    }

    /// True when some place has it.
    pub fn is_match(&self, text: &str) -> bool {
        match self.bounded {
            true => self.find(text).is_some(),
            false => self.may_be_in(text) && self.regex().is_match(text),
        }
    }

    /// All places that have it.
    pub fn find_iter<'r, 't>(
        &'r self,
        text: &'t str,
    ) -> impl Iterator<Item = Match<'t>> + use<'r, 't> {
        let all = || -> Matches<'r, 't> { self.regex().find_iter(text) };
        let found = self.may_be_in(text).then(all).into_iter().flatten();
        found.filter(move |one| self.is_whole(text, one))
    }

    /// The first place with its parts.
    pub fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.captures_iter(text).next()
    }

    /// All places with their parts.
    pub fn captures_iter<'r, 't>(
        &'r self,
        text: &'t str,
    ) -> impl Iterator<Item = Captures<'t>> + use<'r, 't> {
        let all = || -> CaptureMatches<'r, 't> { self.regex().captures_iter(text) };
        let found = self.may_be_in(text).then(all).into_iter().flatten();
        found.filter(move |one| one.get(0).is_some_and(|all| self.is_whole(text, &all)))
    }

    /// True unless a letter beside the place belongs to the same word.
    fn is_whole(&self, text: &str, found: &Match<'_>) -> bool {
        if !self.bounded {
            return true;
        }
        let letter = |c: Option<char>| c.is_some_and(|c| !c.is_ascii() && c.is_alphanumeric());
        let own = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let (before, behind) = (&text[..found.start()], &text[found.end()..]);
        let begins = own(found.as_str().chars().next());
        let ends = own(found.as_str().chars().next_back());
        !(begins && letter(before.chars().next_back()) || ends && letter(behind.chars().next()))
    }
}

impl Deref for Pattern {
    type Target = Regex;

    fn deref(&self) -> &Regex {
        self.regex()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_end_where_unicode_ends_them() {
        let day = pattern(r"(?i)\b(?:eilen|tänä|äly)\b|\?{2}");
        let found =
            |text: &'static str| day.find_iter(text).map(|one| one.as_str()).collect::<Vec<&str>>();
        assert_eq!(found("Eilen, tänä yönä ja äly"), ["Eilen", "tänä", "äly"]);
        assert!(found("vieläeilen eilenä tänäkin tekoäly").is_empty());
        assert_eq!(found("mitä??"), ["??"]);
        assert!(day.is_match("??") && !day.is_match("öeilen"));
    }

    #[test]
    fn texts_that_cannot_have_a_pattern_are_passed_over() {
        let day = pattern(r"(?i)\b(?:eilen|tänään)\b").if_begun(&["eilen", "tän"]);
        assert!(day.is_match("Vai EILEN") && day.is_match("tänään") && !day.is_match("huomenna"));
        assert!(day.regex.get().is_some());
        let day = pattern("(?i)eilen").if_text(|text| text.contains('x'));
        assert!(!day.is_match("eilen") && day.find("eilen").is_none());
        assert!(day.regex.get().is_none() && day.is_match("eilen x"));
        assert!(has_pair("a b", |a, b| a == ' ' && b == 'b') && !has_pair("ab", |a, _| a == 'b'));
    }

    #[test]
    fn digits_are_those_that_are_counted_with() {
        let number = pattern(r"(?:^|[^\d.])(\d{2})");
        assert!(number.is_match("a12") && !number.is_match("a１２") && !number.is_match("a١٢"));
        let figures = pattern(r"^[\d.]+$");
        assert!(figures.is_match("23.10.2025"));
        for other in ["２３.１０.２０２５", "२३.१०.२०२५", "๒๓", "𝟐𝟑", "٢٣"]
        {
            assert!(!figures.is_match(other), "{other}");
        }
        assert!(pattern(r"^[^\d]$").is_match("२") && !pattern(r"^[^\d]$").is_match("2"));
        // a backslash of its own is no part of an escape
        assert!(pattern(r"^\\d$").is_match(r"\d"));
    }
}
