//! Runs of words, and texts in which they are looked for: by their letters
//! alone, since spaces, hyphens and line breaks come and go. The time it takes
//! grows with the length of the texts, never with their product.

use std::collections::HashMap;

use crate::model::reader::Seen;

/// Letters by which texts are entered, in bytes.
const GRAM: usize = 8;
/// Stands between texts: no letter.
const GAP: char = '\0';

/// Texts by their letters.
#[derive(Debug, Clone, Default)]
pub struct Index {
    letters: String,
    /// Of all pieces of the letters where each stands last, and how often.
    grams: HashMap<[u8; GRAM], (usize, usize)>,
    /// For each place where the piece that begins there stands before.
    before: Vec<Option<u32>>,
    /// Where each text begins, and what the place is called.
    texts: Vec<(usize, usize)>,
}

impl Index {
    /// Adds a text that stands in a place.
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

    /// Where a run of letters stands first; shorter ones than a piece are
    /// nowhere.
    pub fn place(&self, letters: &str) -> Option<usize> {
        let grams = letters.as_bytes().windows(GRAM).enumerate();
        let mut rarest: Option<(usize, (usize, usize))> = None;
        for (at, gram) in grams {
            let found = *self.grams.get(gram)?;
            if rarest.is_none_or(|(_, (_, count))| found.1 < count) {
                rarest = Some((at, found));
            }
        }
        let (offset, (last, _)) = rarest?;
        let all = std::iter::successors(Some(last), |at| self.before[*at].map(|at| at as usize));
        let starts = all.filter_map(|at| at.checked_sub(offset));
        let there =
            |start: &usize| self.letters.as_bytes()[*start..].starts_with(letters.as_bytes());
        let first = starts.filter(there).last()?;
        let text = self.texts.partition_point(|(start, _)| *start <= first);
        self.texts.get(text.checked_sub(1)?).map(|(_, place)| *place)
    }

    pub fn has(&self, letters: &str) -> bool {
        self.place(letters).is_some()
    }
}

/// A text as its words, folded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// All words with nothing between.
    letters: String,
    /// Where each ends in it.
    ends: Vec<usize>,
    /// Each as it was typed.
    shown: Vec<String>,
}

impl Words {
    /// The words that a reader sees.
    pub fn of(text: &str, long: bool) -> Self {
        let mut words = Self::default();
        for word in Seen::of(text, long).folded().words() {
            words.letters.push_str(&word.text);
            words.ends.push(words.letters.len());
            let typed = text.get(word.place).unwrap_or(&word.text);
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

    /// Some of the words with nothing between.
    pub fn run(&self, from: usize, to: usize) -> &str {
        let end = to.checked_sub(1).and_then(|last| self.ends.get(last));
        end.map_or("", |end| &self.letters[self.start(from)..*end])
    }

    /// All of them with nothing between.
    pub fn letters(&self) -> &str {
        &self.letters
    }

    /// Some of the words as they were typed.
    pub fn shown(&self, from: usize, to: usize) -> String {
        self.shown.get(from..to).unwrap_or_default().join(" ")
    }

    /// The runs of at least so many words and letters.
    pub fn runs(&self, words: usize, letters: usize) -> impl Iterator<Item = (usize, usize)> {
        (0..self.len()).filter_map(move |from| {
            let mut to = from + words;
            while to <= self.len() && self.ends[to - 1] - self.start(from) < letters {
                to += 1;
            }
            (to <= self.len()).then_some((from, to))
        })
    }

    /// Whether a text of few words says enough to be known again: two words of
    /// some length, or a number that is no date.
    pub fn tells(&self) -> bool {
        if self.is_day() {
            return false;
        }
        let words = (0..self.len()).map(|at| self.run(at, at + 1));
        let long = words.filter(|word| word.chars().count() >= WORD).count();
        let digits = self.letters.chars().filter(char::is_ascii_digit).count();
        long >= 2 && self.letters.chars().count() >= LETTERS || digits >= DIGITS
    }
}

impl Words {
    /// A day, with or without an hour: `23.10.2025 klo 13.00–15.30`.
    fn is_day(&self) -> bool {
        let parts: Vec<&str> = (0..self.len()).map(|at| self.run(at, at + 1)).collect();
        let number = |part: &&str| part.chars().all(|c| c.is_ascii_digit());
        let short = |part: &&str| part.len() <= 2;
        let year = |part: &&str| part.len() == 4 && matches!(part.get(..2), Some("19" | "20"));
        let numbers = parts.iter().filter(|part| number(part));
        let words = parts.iter().filter(|part| !number(part));
        numbers.clone().count() >= 2
            && numbers.clone().any(year)
            && numbers.clone().all(|part| short(part) || year(part))
            && words.into_iter().all(|word| matches!(*word, "klo" | "kl" | "at" | "am" | "pm"))
    }
}

/// Letters of a word that says something, of a text of few words, and digits of
/// a number that is no date.
const WORD: usize = 4;
const LETTERS: usize = 12;
const DIGITS: usize = 9;

#[cfg(test)]
mod tests {
    use super::*;

    fn has(text: &str, run: &str) -> bool {
        let mut index = Index::default();
        index.add(Words::of(text, false).letters(), 3);
        index.has(Words::of(run, false).letters())
    }

    #[test]
    fn letters_are_found_however_they_are_parted() {
        assert!(has("sovittiin lastensuo-\njelun kanssa", "Lastensuojelun KANSSA"));
        assert!(has(
            "https://a.example/sovittiin%20lastensuojelun-kanssa",
            "lastensuojelun kanssa"
        ));
        assert!(!has("lastensuojelun asia, sen kanssa", "lastensuojelun kanssa"));
        // each two words stand together, but not all three
        let text =
            "kunnallinen lastensuojelun johtoryhmä, suunniteltu kunnallinen lastensuojelun asia";
        assert!(!has(text, "suunniteltu kunnallinen lastensuojelun johtoryhmä"));
        assert!(has(text, "suunniteltu kunnallinen lastensuojelun asia"));
        assert!(!has("lyhyt", "lyhyt"));
    }

    #[test]
    fn short_texts_tell_little() {
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
