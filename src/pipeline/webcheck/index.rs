//! Full-text index for the web copy check: matches words by their letters alone, because
//! spaces, hyphens and line breaks vary. Search time is linear in the length of the
//! texts.

use std::cell::Cell;
use std::collections::HashMap;
use std::ops::Range;

use crate::model::reader::{Seen, Sign, Word, skeleton};

/// Length of an indexed gram, in bytes.
const GRAM: usize = 8;
/// Separates texts: not a letter.
const GAP: char = '\0';
/// Maximum length of a mark in brackets, such as `[salassa pidettävä]`.
const MARK: usize = 80;

/// Remaining search steps. They are counted, not timed, so that results are reproducible.
#[derive(Debug)]
pub struct Steps(Cell<u64>);

impl Steps {
    pub fn new(most: u64) -> Self {
        Self(Cell::new(most))
    }

    /// Takes a step; false when none is left.
    fn take(&self) -> bool {
        let left = self.0.get().checked_sub(1);
        self.0.set(left.unwrap_or_default());
        left.is_some()
    }

    /// True when no step is left: the search may be incomplete.
    pub fn are_spent(&self) -> bool {
        self.0.get() == 0
    }
}

/// Index of texts by their letters.
#[derive(Debug, Clone, Default)]
pub struct Index {
    letters: String,
    /// For each gram its last position and its count.
    grams: HashMap<[u8; GRAM], (usize, usize)>,
    /// For each position the previous position of the same gram.
    before: Vec<Option<u32>>,
    /// Start and place of each text.
    texts: Vec<(usize, usize)>,
}

impl Index {
    /// Adds the letters of a text at a place.
    pub fn add(&mut self, letters: &str, place: usize) {
        let start = self.letters.len();
        self.texts.push((start, place));
        self.letters.push_str(letters);
        self.letters.push(GAP);
        self.before.resize(self.letters.len(), None);
        for (at, gram) in letters.as_bytes().windows(GRAM).enumerate() {
            let Ok(gram) = gram.try_into() else { continue };
            let last = self.grams.entry(gram).or_insert((usize::MAX, 0));
            self.before[start + at] = u32::try_from(last.0).ok();
            *last = (start + at, last.1 + 1);
        }
    }

    /// Adds a text, with and without list numbers and marks. Returns its words.
    pub fn add_text(&mut self, text: &str, long: bool, place: usize) -> Words {
        let (words, bare) = Words::both(text, long);
        self.add(words.letters(), place);
        if let Some(bare) = bare {
            self.add(bare.letters(), place);
        }
        words
    }

    /// The first place of a run of letters; `None` when it is shorter than a gram,
    /// absent, or the steps are used up.
    pub fn place(&self, letters: &str, steps: &Steps) -> Option<usize> {
        let grams = letters.as_bytes().windows(GRAM).enumerate();
        let mut rarest: Option<(usize, (usize, usize))> = None;
        for (at, gram) in grams {
            if !steps.take() {
                return None;
            }
            let found = *self.grams.get(gram)?;
            if rarest.is_none_or(|(_, (_, count))| found.1 < count) {
                rarest = Some((at, found));
            }
        }
        let (offset, (last, _)) = rarest?;
        let all = std::iter::successors(Some(last), |at| self.before[*at].map(|at| at as usize));
        let all = all.take_while(|_| steps.take());
        let starts = all.filter_map(|at| at.checked_sub(offset));
        let there =
            |start: &usize| self.letters.as_bytes()[*start..].starts_with(letters.as_bytes());
        let first = starts.filter(there).last()?;
        // without steps left, an earlier place may be missed
        let text = self.texts.partition_point(|(start, _)| *start <= first);
        self.texts.get(text.checked_sub(1)?).map(|(_, place)| *place)
    }

    pub fn has(&self, letters: &str) -> bool {
        self.place(letters, &Steps::new(u64::MAX)).is_some()
    }
}

/// The folded words of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// All words joined, with lookalike letters unified.
    letters: String,
    /// The end of each word.
    ends: Vec<usize>,
    /// The same without unified letters: digits stay digits.
    plain: String,
    plain_ends: Vec<usize>,
    /// Each word as typed.
    shown: Vec<String>,
}

impl Words {
    /// The words as a reader sees them.
    pub fn of(text: &str, long: bool) -> Self {
        Self::of_words(text, &Seen::of(text, long).folded().words())
    }

    /// The words, and if there are any, the words without list numbers, single letters
    /// and marks in brackets.
    pub fn both(text: &str, long: bool) -> (Self, Option<Self>) {
        let seen = Seen::of(text, long).folded();
        let words = seen.words();
        let marks = marks(seen.signs());
        let mut mark = 0;
        let is_said = |word: &&Word| {
            while marks.get(mark).is_some_and(|marked| marked.end <= word.place.start) {
                mark += 1;
            }
            let marked = marks.get(mark).is_some_and(|marked| marked.contains(&word.place.start));
            !marked && !is_ordinal(&word.text)
        };
        let bare: Vec<Word> = words.iter().filter(is_said).cloned().collect();
        let bare = (bare.len() < words.len()).then(|| Self::of_words(text, &bare));
        (Self::of_words(text, &words), bare)
    }

    fn of_words(text: &str, folded: &[Word]) -> Self {
        let mut words = Self::default();
        for word in folded {
            skeleton(&word.text, &mut words.letters);
            words.ends.push(words.letters.len());
            words.plain.push_str(&word.text);
            words.plain_ends.push(words.plain.len());
            let typed = text.get(word.place.clone()).unwrap_or(&word.text);
            words.shown.push(typed.to_lowercase());
        }
        words
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    fn start(&self, word: usize) -> usize {
        word.checked_sub(1).map_or(0, |before| self.ends[before])
    }

    fn plain_start(&self, word: usize) -> usize {
        word.checked_sub(1).map_or(0, |before| self.plain_ends[before])
    }

    /// A folded word.
    fn word(&self, at: usize) -> &str {
        &self.plain[self.plain_start(at)..self.plain_ends[at]]
    }

    /// Length of some folded words, in bytes.
    pub fn size(&self, from: usize, to: usize) -> usize {
        self.plain_start(to) - self.plain_start(from)
    }

    /// The number of long words.
    pub fn long_words(&self, at: impl Iterator<Item = usize>) -> usize {
        at.filter(|at| self.word(*at).chars().count() >= WORD).count()
    }

    /// Some of the words, joined.
    pub fn run(&self, from: usize, to: usize) -> &str {
        let end = to.checked_sub(1).and_then(|last| self.ends.get(last));
        end.map_or("", |end| &self.letters[self.start(from)..*end])
    }

    /// All words, joined.
    pub fn letters(&self) -> &str {
        &self.letters
    }

    /// Some of the words as typed.
    pub fn shown(&self, from: usize, to: usize) -> String {
        self.shown.get(from..to).unwrap_or_default().join(" ")
    }

    /// The shortest runs with at least so many words and letters.
    pub fn runs(&self, words: usize, letters: usize) -> impl Iterator<Item = (usize, usize)> {
        (0..self.len()).filter_map(move |from| {
            let mut to = from + words;
            while to <= self.len() && self.size(from, to) < letters {
                to += 1;
            }
            (to <= self.len()).then_some((from, to))
        })
    }

    /// True when a short text is specific enough: it has two long words, or a number that
    /// is not a date.
    pub fn tells(&self) -> bool {
        if self.is_day() {
            return false;
        }
        let long = self.long_words(0..self.len());
        let digits = self.plain.chars().filter(char::is_ascii_digit).count();
        long >= 2 && self.plain.chars().count() >= LETTERS || digits >= DIGITS
    }
}

impl Words {
    /// True for a year, or the number of a day or month.
    pub fn is_part_of_day(&self, at: usize) -> bool {
        let word = self.word(at);
        let is_number = word.chars().all(|c| c.is_ascii_digit());
        is_number && (is_year(word) || word.parse::<u8>().is_ok_and(|day| (1..=31).contains(&day)))
    }

    /// True for a date, with or without a time: `23.10.2025 klo 13.00–15.30`.
    fn is_day(&self) -> bool {
        let parts: Vec<&str> = (0..self.len()).map(|at| self.word(at)).collect();
        let number = |part: &&str| part.chars().all(|c| c.is_ascii_digit());
        let short = |part: &&str| part.len() <= 2;
        let year = |part: &&str| is_year(part);
        let numbers = parts.iter().filter(|part| number(part));
        let words = parts.iter().filter(|part| !number(part));
        numbers.clone().count() >= 2
            && numbers.clone().any(year)
            && numbers.clone().all(|part| short(part) || year(part))
            && words.into_iter().all(|word| matches!(*word, "klo" | "kl" | "at" | "am" | "pm"))
    }
}

/// True for a year of this or the last century.
fn is_year(number: &str) -> bool {
    number.len() == 4 && matches!(number.get(..2), Some("19" | "20"))
}

/// Ranges of marks in brackets in the typed text, in order.
fn marks(signs: &[Sign]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, sign) in signs.iter().enumerate() {
        let close = match sign.c {
            '[' => ']',
            '(' => ')',
            '{' => '}',
            _ => continue,
        };
        let start = sign.place().start;
        let inside = found.last().is_some_and(|last| start < last.end);
        let near = signs[at..].iter().take(MARK + 2).find(|sign| sign.c == close);
        if let Some(end) = near.filter(|_| !inside) {
            found.push(start..end.place().end);
        }
    }
    found
}

/// True for the number or letter of a list item: `12`, `b`, `iv`.
fn is_ordinal(word: &str) -> bool {
    let number = word.len() <= 3 && word.chars().all(|c| c.is_ascii_digit());
    let roman = word.len() <= 5 && word.chars().all(|c| matches!(c, 'i' | 'v' | 'x'));
    number || roman || word.chars().nth(1).is_none()
}

/// Minimum number of letters of a long word, of a specific short text, and of digits of a
/// number that is not a date.
const WORD: usize = 4;
const LETTERS: usize = 12;
const DIGITS: usize = 9;

#[cfg(test)]
mod tests {
    use super::*;

    fn has(text: &str, run: &str) -> bool {
        let mut index = Index::default();
        index.add_text(text, false, 3);
        index.has(Words::of(run, false).letters())
    }

    #[test]
    fn letters_are_found_however_they_are_separated() {
        assert!(has("sovittiin lastensuo-\njelun kanssa", "Lastensuojelun KANSSA"));
        assert!(has(
            "https://a.example/sovittiin%20lastensuojelun-kanssa",
            "lastensuojelun kanssa"
        ));
        assert!(!has("lastensuojelun asia, sen kanssa", "lastensuojelun kanssa"));
        // every two words are consecutive, but not all three
        let text =
            "kunnallinen lastensuojelun johtoryhmä, suunniteltu kunnallinen lastensuojelun asia";
        assert!(!has(text, "suunniteltu kunnallinen lastensuojelun johtoryhmä"));
        assert!(has(text, "suunniteltu kunnallinen lastensuojelun asia"));
        assert!(!has("lyhyt", "lyhyt"));
    }

    #[test]
    fn list_numbers_and_marks_are_ignored() {
        for text in [
            "1. Perheen tilanteesta\n2. sovittiin erikseen",
            "1) Perheen tilanteesta 12) sovittiin erikseen",
            "a) Perheen b) tilanteesta iv. sovittiin • erikseen",
            "Perheen [L.] tilanteesta [salassa pidettävä] sovittiin (salainen) erikseen",
            "Perheen tilanteesta 1. [JulkL 24 § 1 mom. 25 k] sovittiin erikseen",
        ] {
            assert!(has(text, "perheen tilanteesta sovittiin erikseen"), "{text}");
        }
        assert!(has("Perheen [tilanteesta] sovittiin", "perheen tilanteesta sovittiin"));
        assert!(!has("Perheen 2025 tilanteesta", "perheen tilanteesta"));
        assert!(!has("Perheen eli tilanteesta", "perheen tilanteesta"));
        let (words, bare) = Words::both("Perheen (Virtasen) 1 tilanteesta", true);
        assert_eq!((words.len(), bare.map(|bare| bare.len())), (4, Some(2)));
        assert_eq!(Words::both("Perheen tilanteesta", true).1, None);
    }

    #[test]
    fn look_alikes_are_found() {
        for text in ["Lasten5uojelun kanssa", "1astensuoje1un kanssa", "Iastensuojelun kanssa"] {
            let other = text.contains('5');
            assert_eq!(has(text, "lastensuojelun kanssa"), !other, "{text}");
        }
        assert!(has("l\u{430}stensu\u{3bf}jelun kan\u{455}sa", "lastensuojelun kanssa"));
        assert!(has("lastensu0jelun kanssa", "lastensuojelun kanssa"));
    }

    #[test]
    fn without_steps_nothing_is_found() {
        let mut index = Index::default();
        index.add_text("lastensuojelun kanssa sovittiin", false, 3);
        let (few, many) = (Steps::new(4), Steps::new(4000));
        let letters = Words::of("lastensuojelun kanssa", false);
        assert_eq!(index.place(letters.letters(), &few), None);
        assert!(few.are_spent());
        assert_eq!(index.place(letters.letters(), &many), Some(3));
        assert!(!many.are_spent());
    }

    #[test]
    fn short_texts_are_rarely_specific() {
        for (text, tells) in [
            ("Versio", false),
            ("Ei", false),
            ("Ei kommentoitavaa", false),
            ("Hyvä asia", false),
            ("Lastensuojeluilmoitukset", false),
            ("1.1.2025", false),
            ("24.11.2025", false),
            ("Larkspurin perhe", true),
            ("Pahoinpitely koulussa", true),
            ("040 123 4567", true),
        ] {
            assert_eq!(Words::of(text, false).tells(), tells, "{text}");
        }
    }

    #[test]
    fn runs_have_words_and_letters() {
        let words = Words::of("on se nyt ja ei mutta koko talon asia", false);
        let runs: Vec<String> = words.runs(5, 15).map(|(from, to)| words.shown(from, to)).collect();
        assert_eq!(runs[0], "on se nyt ja ei mutta");
        assert_eq!(runs.last().unwrap(), "ei mutta koko talon asia");
    }
}
