//! Public texts that do not count as a leak: fixed words of documents, names, case
//! numbers, and public texts of other records. Public texts of the record itself do not
//! count, because its secret may have got there by mistake.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::heads::Heads;
use super::index::{Index, Words};
use super::{Design, records};
use crate::document::{Publicness, case_number, known_texts, public_names, public_texts};
use crate::model::{Id, Language, RecordSet};

/// Maximum number of words of a name compared as a whole.
const NAME: usize = 12;

/// Maximum length of a label in the head of a document, in bytes.
const LABEL: usize = 60;

/// Public words, indexed by their letters.
#[derive(Debug, Default)]
pub struct Public {
    /// Fixed words of documents, and texts of public rounds.
    known: Index,
    /// Names and addresses, with the records that contain them.
    names: HashMap<String, Vec<(Id, Publicness)>>,
    /// Case numbers.
    numbers: HashSet<String>,
    /// Heads of documents.
    heads: Heads,
    /// Complete public texts of sessions, with their records.
    said: HashMap<String, Vec<Id>>,
    /// Public texts of each record.
    said_by: BTreeMap<Id, Index>,
}

impl Public {
    pub fn of(set: &RecordSet, design: &Design) -> Self {
        let mut all = Self::default();
        for source in set.iter() {
            let id = source.record.id();
            let mut said = Index::default();
            for record in records(source) {
                for text in public_texts(record) {
                    let whole = said.add_text(&text.text, text.long, 0);
                    all.said.entry(whole.letters().to_owned()).or_default().push(id.clone());
                }
                for named in public_names(record) {
                    let letters = Words::of(&named.text, false).letters().to_owned();
                    all.names.entry(letters).or_default().push((id.clone(), named.public));
                }
                all.heads.add(record);
                for (text, long) in known_texts(record) {
                    all.known.add_text(&text, long, 0);
                }
                if let Some(number) = case_number(record) {
                    let (words, bare) = Words::both(&number, false);
                    let bare = bare.filter(|bare| bare.len() > 1);
                    let forms = std::iter::once(words).chain(bare);
                    all.numbers.extend(forms.map(|words| words.letters().to_owned()));
                }
            }
            all.said_by.insert(id.clone(), said);
        }
        let fixed: Vec<String> = fixed_words(design).collect();
        for text in &fixed {
            all.known.add_text(text, false, 0);
        }
        let short = fixed.iter().map(String::as_str).filter(|text| text.len() <= LABEL);
        all.heads.add_labels(short);
        all
    }

    /// True when another record has exactly this public text.
    pub fn is_said_by_another(&self, letters: &str, record: &Id) -> bool {
        self.said.get(letters).is_some_and(|by| by.iter().any(|id| id != record))
    }

    /// True when a public text of another record contains it.
    pub fn stands_in_another(&self, letters: &str, record: &Id) -> bool {
        self.said_by.iter().any(|(id, said)| id != record && said.has(letters))
    }

    /// True for a name: in another record, or in this one where it is unambiguous. A
    /// heading excuses only headings.
    pub fn is_name(&self, letters: &str, record: &Id, is_topic: bool) -> bool {
        let excuses = |(id, alone): &(Id, Publicness)| {
            let own = match alone {
                Publicness::Certain => true,
                Publicness::AsTopic => is_topic,
                Publicness::Uncertain => false,
            };
            own || id != record
        };
        self.names.get(letters).is_some_and(|uses| uses.iter().any(excuses))
    }

    /// True for public words: fixed words, part of a longer name, little more than a case
    /// number, or heads of documents.
    pub fn has(&self, words: &Words, run: (usize, usize), record: &Id, is_topic: bool) -> bool {
        self.known.has(words.run(run.0, run.1))
            || self.names_all(words, run, record, is_topic)
            || self.is_number(words, run)
            || self.heads.have(words, run, record, |letters| {
                self.numbers.contains(letters) || self.is_name(letters, record, false)
            })
    }

    fn names_all(
        &self,
        words: &Words,
        (from, to): (usize, usize),
        record: &Id,
        is_topic: bool,
    ) -> bool {
        (to.saturating_sub(NAME)..=from).any(|start| {
            let ends = to..=(start + NAME).min(words.len());
            ends.filter(|end| end - start < words.len())
                .any(|end| self.is_name(words.run(start, end), record, is_topic))
        })
    }

    /// True for case numbers with fewer than two other long words.
    fn is_number(&self, words: &Words, (from, to): (usize, usize)) -> bool {
        let mut numbered = HashSet::new();
        for start in from.saturating_sub(NAME)..to {
            for end in start + 1..=(start + NAME).min(words.len()) {
                if self.numbers.contains(words.run(start, end)) {
                    numbered.extend(start..end);
                }
            }
        }
        let others = (from..to).filter(|at| !numbered.contains(at));
        (from..to).any(|at| numbered.contains(&at)) && words.long_words(others) < 2
    }
}

/// Fixed words of documents.
fn fixed_words(design: &Design) -> impl Iterator<Item = String> {
    let labels = Language::ALL.into_iter().flat_map(|language| {
        let labels = design.locales.of(language).labels();
        let printed = |key: &&str| !key.starts_with("sheet.");
        labels.keys().filter(printed).filter_map(|key| labels.get(key)).map(str::to_owned)
    });
    let files = design.bundle.iter().filter(|(name, _)| {
        name.ends_with(".hbs") || name.starts_with("data/") && name.ends_with(".json")
    });
    labels.chain(files.map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned()))
}
