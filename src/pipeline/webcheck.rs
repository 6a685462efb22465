//! Has anything secret come into a copy for the web? The finished PDF is read
//! and held against the records that it draws on, as a reader would: neither a
//! secret text nor five words of it in a row may stand in its text, metadata,
//! bookmarks, links or attachments, nor the name of somebody whom it only counts.

mod index;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::PathBuf;

use super::Design;
use crate::document::{
    Document, DocumentId, Sort, Spoken, known_texts, private_people, public_links, public_names,
    public_people, public_texts, secret_texts,
};
use crate::model::names::{Person, Tokens, Wanted};
use crate::model::reader::Seen;
use crate::model::{Id, Language, Place, Problem, Record, RecordSet, Source};
use crate::typeset::{self, Reading};
use index::{Index, Words};

/// Words in a row that give a secret text away.
const RUN: usize = 5;
/// The same for a text of a record that the document does not draw on: a quote.
const QUOTE: usize = 8;
/// Letters that such words have together; short ones are everywhere.
const LETTERS: usize = 15;
/// Letters of an address, its site aside, that is compared.
const ADDRESS: usize = 16;
/// Most findings that are told of one document.
const TOLD: usize = 100;
/// Most words of a name that is compared as a whole.
const NAME: usize = 12;

/// What of a record set may not be on the web, ready to be looked for.
#[derive(Debug, Default)]
pub struct Secrets {
    records: BTreeMap<Id, Held>,
    /// Fixed words of documents, and texts of public rounds.
    known: Index,
    /// Names of organisations and the like, headings of public notes, and
    /// addresses that are public.
    names: HashSet<String>,
    /// Whole texts that sessions say in public.
    said: HashSet<String>,
}

/// What a record holds.
#[derive(Debug)]
struct Held {
    file: PathBuf,
    secrets: Vec<Secret>,
    private: Vec<Person>,
    /// People who may be named.
    public: Vec<Person>,
    /// What it says in public.
    said: Index,
}

#[derive(Debug)]
struct Secret {
    words: Words,
    sort: Sort,
}

impl Secrets {
    /// Gathers what the records hold.
    pub fn of(set: &RecordSet, design: &Design) -> Self {
        let mut all = Self::default();
        for source in set.iter() {
            let held = Held::of(source);
            let people = held.public.iter().map(|person| person.shown.as_str());
            all.names.extend(people.map(|name| Words::of(name, false).letters().to_owned()));
            all.records.insert(source.record.id().clone(), held);
        }
        if all.records.values().any(|held| !held.secrets.is_empty()) {
            for record in set.iter().flat_map(records) {
                let said = public_texts(record);
                all.said.extend(said.iter().map(|text| words(text).letters().to_owned()));
                let names = public_names(record).into_iter().chain(public_links(record));
                all.names.extend(names.map(|name| Words::of(&name, false).letters().to_owned()));
            }
            let known = set.iter().flat_map(records).flat_map(known_texts);
            let fixed = fixed_words(design).map(|text| (text, false));
            for (text, long) in known.chain(fixed) {
                all.known.add(Words::of(&text, long).letters(), 0);
            }
        }
        all
    }

    /// Every secret text, and every name that the copy should not have, which
    /// stands in a PDF all the same: problems of the document's record.
    pub fn leaks(
        &self,
        pdf: &[u8],
        document: &Document,
        id: &DocumentId,
        set: &RecordSet,
    ) -> Vec<Problem> {
        let Some(own) = set.source(&document.source) else { return Vec::new() };
        let read = match typeset::read(pdf) {
            Ok(read) => read,
            Err(error) => return vec![problem(own, "web-unread", id).with("cause", error)],
        };
        let mut problems = self.told(&read, document, id, own);
        if read.attachments {
            problems.push(problem(own, "web-attachment", id));
        }
        problems
    }

    fn told(
        &self,
        read: &Reading,
        document: &Document,
        id: &DocumentId,
        own: &Source,
    ) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut tell = |rule, (words, page): (String, Option<usize>), held: &Held| {
            let page = page.map_or_else(|| "–".into(), |page| (page + 1).to_string());
            let problem = problem(own, rule, id).with("words", words).with("page", page);
            let problem = problem.with("of", held.file.display());
            if problems.len() < TOLD && !problems.contains(&problem) {
                problems.push(problem);
            }
        };
        let page = Shown::of(read);
        for (record, held) in &self.records {
            let drawn_on = document.draws_on.contains(record);
            for secret in &held.secrets {
                if let Some(found) = self.found(secret, record, drawn_on, &page) {
                    tell("web-leak", found, held);
                }
            }
        }
        let drawn = || document.draws_on.iter().filter_map(|id| self.records.get(id));
        let known: Vec<&Person> = drawn().flat_map(|held| &held.public).collect();
        for held in drawn() {
            for wanted in held.private.iter().filter_map(|person| person.among(&known)) {
                if let Some(found) = page.names(&wanted) {
                    tell("web-name", found, held);
                }
            }
        }
        problems
    }

    /// The first words of a secret text that stand in a document and tell it,
    /// with their page.
    fn found(
        &self,
        secret: &Secret,
        record: &Id,
        drawn_on: bool,
        page: &Shown,
    ) -> Option<(String, Option<usize>)> {
        let words = &secret.words;
        let whole = words.letters();
        let told = |(from, to): (usize, usize)| {
            let place = page.index.place(words.run(from, to))?;
            Some((words.shown(from, to), page.page_of(place)))
        };
        if secret.sort == Sort::Address {
            let tells = drawn_on && whole.len() >= ADDRESS && !self.names.contains(whole);
            return Some((0, words.len())).filter(|_| tells).and_then(told);
        }
        if words.len() < RUN {
            // few words prove something only where nobody else says them in public
            let free = self.known.has(whole) || self.names.contains(whole);
            let tells = drawn_on && words.tells() && !free;
            return Some((0, words.len()))
                .filter(|_| tells)
                .and_then(told)
                .filter(|_| !self.said_elsewhere(whole, record));
        }
        let raised = secret.sort == Sort::Raised;
        if !drawn_on && (!raised || self.said.contains(whole)) {
            return None;
        }
        let size = if drawn_on { RUN } else { QUOTE };
        let mut tried = HashSet::new();
        words.runs(size, LETTERS).find_map(|run| {
            let letters = words.run(run.0, run.1);
            // a text may say the same thing again and again
            if tried.contains(letters) {
                return None;
            }
            let found = told(run)?;
            tried.insert(letters);
            let free = self.known.has(letters)
                || self.names_all(words, run)
                || !raised && self.said_elsewhere(letters, record);
            (!free).then_some(found)
        })
    }

    /// Whether another session says it in public.
    fn said_elsewhere(&self, letters: &str, record: &Id) -> bool {
        self.records.iter().any(|(id, held)| id != record && held.said.has(letters))
    }

    /// Whether words of a text are a part of a name that the text has whole,
    /// and more than that.
    fn names_all(&self, words: &Words, (from, to): (usize, usize)) -> bool {
        (to.saturating_sub(NAME)..=from).any(|start| {
            let ends = to..=(start + NAME).min(words.len());
            ends.filter(|end| end - start < words.len())
                .any(|end| self.names.contains(words.run(start, end)))
        })
    }
}

impl Held {
    fn of(source: &Source) -> Self {
        let mut said = Index::default();
        for text in records(source).flat_map(public_texts) {
            said.add(words(&text).letters(), 0);
        }
        let secrets = records(source).flat_map(secret_texts);
        let secrets = secrets.map(|text| Secret { words: words(&text), sort: text.sort });
        Self {
            file: source.file.clone(),
            secrets: secrets.filter(|secret| secret.words.len() > 0).collect(),
            private: records(source).flat_map(private_people).collect(),
            public: records(source).flat_map(public_people).collect(),
            said,
        }
    }
}

/// A record in every language.
fn records(source: &Source) -> impl Iterator<Item = &Record> {
    std::iter::once(&source.record).chain(&source.translations).map(|record| &**record)
}

fn words(text: &Spoken) -> Words {
    Words::of(&text.text, text.long)
}

/// Words that documents have whatever the records say.
fn fixed_words(design: &Design) -> impl Iterator<Item = String> {
    const UNPRINTED: &[&str] = &["ui.", "problem.", "check.", "sheet."];
    let labels = Language::ALL.into_iter().flat_map(|language| {
        let labels = design.locales.of(language).labels();
        let printed = |key: &&str| !UNPRINTED.iter().any(|start| key.starts_with(start));
        labels.keys().filter(printed).filter_map(|key| labels.get(key)).map(str::to_owned)
    });
    let files = design.bundle.iter().filter(|(name, _)| {
        name.ends_with(".hbs") || name.starts_with("data/") && name.ends_with(".json")
    });
    labels.chain(files.map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned()))
}

/// What a document shows.
struct Shown {
    index: Index,
    /// Texts in which names are looked for, each with its page.
    texts: Vec<(Tokens, Vec<(usize, usize)>)>,
    pages: usize,
}

impl Shown {
    fn of(read: &Reading) -> Self {
        let mut shown =
            Self { index: Index::default(), texts: Vec::new(), pages: read.pages.len() };
        // what goes on over pages, cells and columns
        let flow: String = read.flow.iter().map(|(_, text)| text.as_str()).collect();
        let starts = read.flow.iter().scan(0, |at, (page, text)| {
            let start = *at;
            *at += text.len();
            Some((start, *page))
        });
        let starts: Vec<(usize, usize)> = starts.collect();
        for (place, page) in read.pages.iter().enumerate() {
            shown.add(page, vec![(0, place)]);
        }
        shown.add(&flow, starts);
        let others: BTreeSet<&str> = read.others.iter().map(String::as_str).collect();
        for text in &others {
            shown.index.add(Words::of(text, false).letters(), read.pages.len());
        }
        // names are looked for in all of them at once
        let others = others.into_iter().collect::<Vec<_>>().join(" ;\n");
        shown.texts.push((tokens(&others), vec![(0, read.pages.len())]));
        shown
    }

    fn add(&mut self, text: &str, starts: Vec<(usize, usize)>) {
        let first = starts.first().map_or(0, |(_, page)| *page);
        self.index.add(Words::of(text, false).letters(), first);
        self.texts.push((tokens(text), starts));
    }

    /// A page, from 0; none for what stands on no page.
    fn page_of(&self, place: usize) -> Option<usize> {
        (place < self.pages).then_some(place)
    }

    /// Where a person is named.
    fn names(&self, wanted: &Wanted<'_>) -> Option<(String, Option<usize>)> {
        self.texts.iter().find_map(|(tokens, starts)| {
            let place = wanted.named_in(tokens)?;
            let page = starts.iter().rev().find(|(start, _)| *start <= place.start);
            let page = page.map_or(self.pages, |(_, page)| *page);
            Some((wanted.person.shown.to_lowercase(), self.page_of(page)))
        })
    }
}

fn tokens(text: &str) -> Tokens {
    Tokens::of(text, &Seen::typed(text))
}

fn problem(source: &Source, rule: &'static str, id: &DocumentId) -> Problem {
    let place = Place {
        file: source.file.clone(),
        field: String::new(),
        span: None,
        text: Some(source.text.clone()),
        ..Place::default()
    };
    Problem::error(rule, place).with("document", id)
}

#[cfg(test)]
#[path = "webcheck/tests.rs"]
mod tests;
