//! What is public whatever a secret text says: fixed words of documents, names,
//! case numbers, and what other records say in public. What a record itself says
//! in public proves nothing for it: that may be the very place where its secret
//! got out.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::heads::Heads;
use super::index::{Index, Words};
use super::{Design, records};
use crate::document::{Publicness, case_number, known_texts, public_names, public_texts};
use crate::model::{Id, Language, RecordSet};

/// Most words of a name that is compared as a whole.
const NAME: usize = 12;

/// Most bytes of a label in the head of a document.
const LABEL: usize = 60;

/// Public words, ready to be looked up by their letters.
#[derive(Debug, Default)]
pub struct Public {
    /// Fixed words of documents, and texts of public rounds.
    known: Index,
    /// Names and addresses, each with the records that have it.
    names: HashMap<String, Vec<(Id, Publicness)>>,
    /// Case numbers.
    numbers: HashSet<String>,
    /// What heads of documents say.
    heads: Heads,
    /// Whole texts that sessions say in public, each with those that do.
    said: HashMap<String, Vec<Id>>,
    /// What each record says in public.
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

    /// Whether another record says just this in public, as a text of its own.
    pub fn is_said_by_another(&self, letters: &str, record: &Id) -> bool {
        self.said.get(letters).is_some_and(|by| by.iter().any(|id| id != record))
    }

    /// Whether it stands in what another record says in public.
    pub fn stands_in_another(&self, letters: &str, record: &Id) -> bool {
        self.said_by.iter().any(|(id, said)| id != record && said.has(letters))
    }

    /// Whether it is a name: in another record, or in this one where it can be
    /// nothing else. A heading excuses only what stands as a heading.
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

    /// Whether words of a record's text are public: fixed words, a part of a
    /// name that the text has whole, and more than that, little more than a case
    /// number, or only what heads of documents say.
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

    /// Whether words have case numbers, and beside them less than two words of
    /// some length.
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

/// Words that documents have whatever the records say.
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
