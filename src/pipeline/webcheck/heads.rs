//! Text of the heads and signatures of documents, which does not count as a leak.

use std::collections::{HashMap, HashSet};

use super::index::Words;
use crate::document::head_texts;
use crate::model::{Id, Publicity, Record};

/// Maximum number of words of a piece from the record itself: longer ones may be a secret
/// typed into the wrong field.
const OWN: usize = 3;
/// Maximum number of words of a piece.
const LONGEST: usize = 12;
/// Maximum number of words of a label in a head.
const LABEL: usize = 3;
/// Conjunctions between two names.
const BETWEEN: &[&str] = &["ja", "sekä", "och", "samt", "and"];

/// Pieces of heads, by their letters.
#[derive(Debug, Default)]
pub struct Heads {
    /// Whole pieces, with the records that contain them.
    pieces: HashMap<String, Vec<Id>>,
    /// Beginnings and ends of titles, senders and groups.
    fronts: HashSet<String>,
    tails: HashSet<String>,
    /// Words next to the pieces.
    labels: HashSet<String>,
}

impl Heads {
    /// Adds the head of a record's documents.
    pub fn add(&mut self, record: &Record) {
        if record.case().publicity() == Publicity::Secret {
            return;
        }
        let id = record.id();
        for text in head_texts(record) {
            for words in forms(&text) {
                if matches!(record, Record::Round(_)) {
                    for at in 1..words.len() {
                        self.fronts.insert(words.run(0, at).to_owned());
                        self.tails.insert(words.run(at, words.len()).to_owned());
                    }
                }
                self.pieces.entry(words.letters().to_owned()).or_default().push(id.clone());
            }
        }
    }

    /// Adds fixed words of documents.
    pub fn add_labels<'a>(&mut self, labels: impl Iterator<Item = &'a str>) {
        for label in labels {
            self.add_label(label);
        }
        for word in BETWEEN {
            self.add_label(word);
        }
    }

    fn add_label(&mut self, label: &str) {
        let words = Words::of(label, false);
        if (1..=LABEL).contains(&words.len()) {
            self.labels.insert(words.letters().to_owned());
        }
    }

    /// True when words of a record's text consist of such pieces, at least one of which
    /// is public by itself: in another record, or accepted by `is_public`.
    pub fn have(
        &self,
        words: &Words,
        (from, to): (usize, usize),
        record: &Id,
        is_public: impl Fn(&str) -> bool,
    ) -> bool {
        let (mut covered, mut proved) = (HashSet::new(), false);
        for start in from.saturating_sub(LONGEST)..to {
            for end in start.max(from) + 1..=(start + LONGEST).min(words.len()) {
                let letters = words.run(start, end);
                let by = self.pieces.get(letters).map(Vec::as_slice).unwrap_or_default();
                let proves = by.iter().any(|id| id != record) || is_public(letters);
                let own = !by.is_empty() && end - start <= OWN;
                let at_edge = start == 0 && self.tails.contains(letters)
                    || end == words.len() && self.fronts.contains(letters);
                let beside = self.labels.contains(letters)
                    || end - start == 1 && words.is_part_of_day(start);
                if proves || own || at_edge || beside {
                    covered.extend(start..end);
                    proved |= proves;
                }
            }
        }
        proved && (from..to).all(|at| covered.contains(&at))
    }
}

/// The words of a text, with and without list numbers and marks.
fn forms(text: &str) -> Vec<Words> {
    let (words, bare) = Words::both(text, false);
    let all = std::iter::once(words).chain(bare);
    all.filter(|words| (1..=LONGEST).contains(&words.len())).collect()
}
