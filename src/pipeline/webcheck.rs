//! Searches a finished web copy for secret text. The PDF is read and compared with the
//! records that it draws on: neither a secret text nor five consecutive words of it may
//! occur in its text, metadata, bookmarks, links or attachments, nor the name of a person
//! who is only counted.

mod heads;
mod index;
mod public;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::PathBuf;

use super::Design;
use crate::document::{
    DocumentId, RecordText, TextKind, private_people, public_people, secret_texts,
};
use crate::model::names::{NameSearch, PersonName, Tokens};
use crate::model::reader::Seen;
use crate::model::{Id, Place, Problem, Record, RecordSet, Source};
use crate::typeset::{self, PdfText};
use index::{Index, Steps, Words};
use public::Public;

/// Number of consecutive words that reveal a secret text.
const RUN: usize = 5;
/// The same for a record that the document does not draw on: a quotation.
const QUOTE: usize = 8;
/// Minimum number of words of a fragment, when a secret text occurs in several.
const PIECE: usize = 2;
/// Minimum number of letters of such words; short ones are common.
const LETTERS: usize = 15;
/// Minimum number of letters of an address, without its host.
const ADDRESS: usize = 16;
/// Maximum number of findings reported for one document.
const MAX_FINDINGS: usize = 100;
/// Maximum number of search steps for one document: about ten seconds.
const STEPS: u64 = 1_000_000_000;

/// The secrets of a record set, prepared for searching.
#[derive(Debug, Default)]
pub struct Secrets {
    records: BTreeMap<Id, RecordSecrets>,
    public: Public,
}

/// Secrets and names of a record.
#[derive(Debug)]
struct RecordSecrets {
    file: PathBuf,
    secrets: Vec<Secret>,
    private: Vec<PersonName>,
    /// People who may be named.
    public: Vec<PersonName>,
}

#[derive(Debug)]
struct Secret {
    words: Words,
    /// Without list numbers and marks between the words, if any.
    bare: Option<Words>,
    sort: TextKind,
}

/// A secret text to search for in a document.
#[derive(Debug, Clone, Copy)]
struct Sought<'a> {
    record: &'a Id,
    sort: TextKind,
    /// Whether the document draws on the record.
    drawn_on: bool,
}

impl Secrets {
    /// Collects the secrets of the records.
    pub fn of(set: &RecordSet, design: &Design) -> Self {
        let mut all = Self::default();
        for source in set.iter() {
            all.records.insert(source.record.id().clone(), RecordSecrets::of(source));
        }
        if all.records.values().any(|secrets_of| !secrets_of.secrets.is_empty()) {
            all.public = Public::of(set, design);
        }
        all
    }

    /// Every secret text and protected name in a PDF that draws on some records, as
    /// problems of its own record.
    pub fn leaks(
        &self,
        pdf: &[u8],
        draws_on: &[Id],
        id: &DocumentId,
        own: &Source,
    ) -> Vec<Problem> {
        let read = match typeset::read(pdf) {
            Ok(read) => read,
            Err(error) => return vec![problem(own, "web-unread", id).with("cause", error)],
        };
        let mut problems = self.search(&read, draws_on, id, own, STEPS);
        if read.attachments {
            problems.push(problem(own, "web-attachment", id));
        }
        problems
    }

    fn search(
        &self,
        read: &PdfText,
        draws_on: &[Id],
        id: &DocumentId,
        own: &Source,
        steps: u64,
    ) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut report =
            |rule, (words, page): (String, Option<usize>), secrets_of: &RecordSecrets| {
                let page = page.map_or_else(|| "–".into(), |page| (page + 1).to_string());
                let problem = problem(own, rule, id).with("words", words).with("page", page);
                let problem = problem.with("of", secrets_of.file.display());
                if problems.len() < MAX_FINDINGS && !problems.contains(&problem) {
                    problems.push(problem);
                }
            };
        let page = DocumentText::of(read, steps);
        for (record, secrets_of) in &self.records {
            let drawn_on = draws_on.contains(record);
            for secret in &secrets_of.secrets {
                // a text that another record contains in public is not secret
                let whole = secret.words.letters();
                if secret.words.len() >= RUN && self.public.is_said_by_another(whole, record) {
                    continue;
                }
                let sought = Sought { record, sort: secret.sort, drawn_on };
                let mut forms = std::iter::once(&secret.words).chain(&secret.bare);
                if let Some(found) = forms.find_map(|words| self.found(words, sought, &page)) {
                    report("web-leak", found, secrets_of);
                }
            }
        }
        let drawn = || draws_on.iter().filter_map(|id| self.records.get(id));
        let known: Vec<&PersonName> = drawn().flat_map(|secrets_of| &secrets_of.public).collect();
        for secrets_of in drawn() {
            for wanted in secrets_of.private.iter().filter_map(|person| person.among(&known)) {
                if let Some(found) = page.names(&wanted) {
                    report("web-name", found, secrets_of);
                }
            }
        }
        if page.steps.are_spent() {
            problems.push(problem(own, "web-too-much", id));
        }
        problems
    }

    /// The first words of a secret text that occur in a document and reveal it, with
    /// their page.
    fn found(
        &self,
        words: &Words,
        sought: Sought<'_>,
        page: &DocumentText,
    ) -> Option<(String, Option<usize>)> {
        let Sought { record, sort, drawn_on } = sought;
        let whole = (0, words.len());
        let is_topic = sort == TextKind::Topic;
        let find = |run: (usize, usize)| page.find(words, run);
        if sort == TextKind::Address {
            let long = words.size(0, words.len()) >= ADDRESS;
            let free = self.public.is_name(words.letters(), record, false);
            return Some(whole).filter(|_| drawn_on && long && !free).and_then(find);
        }
        if words.len() < RUN {
            // few words are evidence only if no other record says them in public
            let letters = words.letters();
            let free = || {
                self.public.has(words, whole, record, is_topic)
                    || self.public.is_name(letters, record, is_topic)
                    || self.public.stands_in_another(letters, record)
            };
            let tells = drawn_on && words.tells();
            return Some(whole).filter(|_| tells).and_then(find).filter(|_| !free());
        }
        let raised = matches!(sort, TextKind::Raised | TextKind::Topic);
        if !drawn_on && !raised {
            return None;
        }
        let size = if drawn_on { RUN } else { QUOTE };
        let mut tried = HashSet::new();
        let in_a_row = words.runs(size, LETTERS).find_map(|run| {
            let letters = words.run(run.0, run.1);
            // a text may repeat itself
            if tried.contains(letters) {
                return None;
            }
            let found = find(run)?;
            tried.insert(letters);
            let free = self.public.has(words, run, record, is_topic)
                || !raised && self.public.stands_in_another(letters, record);
            (!free).then_some(found)
        });
        in_a_row.or_else(|| drawn_on.then(|| self.in_fragments(words, sought, page)).flatten())
    }

    /// Fragments of a secret text in a document, such as half in one note and half in the
    /// next. Each fragment must be specific and in no other record; together they are
    /// consecutive in the secret.
    fn in_fragments(
        &self,
        words: &Words,
        sought: Sought<'_>,
        page: &DocumentText,
    ) -> Option<(String, Option<usize>)> {
        let enough = words.len().min(QUOTE);
        let mut tried: HashMap<&str, bool> = HashMap::new();
        let mut is_fragment = |from: usize, to: usize| {
            if words.size(from, to) < LETTERS || words.long_words(from..to) < 2 {
                return false;
            }
            let letters = words.run(from, to);
            *tried.entry(letters).or_insert_with(|| {
                let is_topic = sought.sort == TextKind::Topic;
                page.find(words, (from, to)).is_some()
                    && !self.public.has(words, (from, to), sought.record, is_topic)
                    && !self.public.stands_in_another(letters, sought.record)
            })
        };
        (0..words.len()).find_map(|from| {
            let (mut to, mut first) = (from, None);
            while to < from + enough {
                let most = (to + RUN).min(words.len());
                to = (to + PIECE..=most).rev().find(|end| is_fragment(to, *end))?;
                first.get_or_insert(to);
            }
            let (_, place) = page.find(words, (from, first?))?;
            Some((words.shown(from, to), place))
        })
    }
}

impl RecordSecrets {
    fn of(source: &Source) -> Self {
        let secrets = records(source).flat_map(secret_texts).map(|text| Secret::of(&text));
        Self {
            file: source.file.clone(),
            secrets: secrets.filter(|secret| secret.words.len() > 0).collect(),
            private: records(source).flat_map(private_people).collect(),
            public: records(source).flat_map(public_people).collect(),
        }
    }
}

impl Secret {
    fn of(text: &RecordText) -> Self {
        let (words, bare) = Words::both(&text.text, text.long);
        // too short a rest would be no evidence
        let bare = bare.filter(|bare| bare.len() >= RUN && text.kind != TextKind::Address);
        Self { words, bare, sort: text.kind }
    }
}

/// The record in every language.
fn records(source: &Source) -> impl Iterator<Item = &Record> {
    source.records().map(|record| &**record)
}

/// The text of a document, prepared for searching.
struct DocumentText {
    index: Index,
    /// Texts searched for names, each with its page.
    texts: Vec<(Tokens, Vec<(usize, usize)>)>,
    pages: usize,
    /// Remaining search steps.
    steps: Steps,
}

impl DocumentText {
    fn of(read: &PdfText, steps: u64) -> Self {
        let mut shown = Self {
            index: Index::default(),
            texts: Vec::new(),
            pages: read.pages.len(),
            steps: Steps::new(steps),
        };
        // text that continues over pages, cells and columns
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
            shown.index.add_text(text, false, read.pages.len());
        }
        // names are searched in all of them at once; in a text without capitals, names
        // have none either
        let (capital, small): (Vec<&str>, Vec<&str>) =
            others.into_iter().partition(|text| text.contains(char::is_uppercase));
        shown.texts.push((tokens(&capital.join(SEPARATOR)), vec![(0, read.pages.len())]));
        let (mut text, mut starts) = small_cells(&read.flow);
        starts.push((text.len(), read.pages.len()));
        text.push_str(&small.join(SEPARATOR));
        shown.texts.push((tokens(&text), starts));
        shown
    }

    fn add(&mut self, text: &str, starts: Vec<(usize, usize)>) {
        let first = starts.first().map_or(0, |(_, page)| *page);
        self.index.add_text(text, false, first);
        self.texts.push((tokens(text), starts));
    }

    /// Words as typed, if they occur here, with their page.
    fn find(&self, words: &Words, (from, to): (usize, usize)) -> Option<(String, Option<usize>)> {
        let place = self.index.place(words.run(from, to), &self.steps)?;
        Some((words.shown(from, to), self.page_of(place)))
    }

    /// The page, from 0; `None` for text outside the pages.
    fn page_of(&self, place: usize) -> Option<usize> {
        (place < self.pages).then_some(place)
    }

    /// Finds the name of a person.
    fn names(&self, wanted: &NameSearch<'_>) -> Option<(String, Option<usize>)> {
        self.texts.iter().find_map(|(tokens, starts)| {
            let place = wanted.named_in(tokens)?;
            let page = starts.iter().rev().find(|(start, _)| *start <= place.start);
            let page = page.map_or(self.pages, |(_, page)| *page);
            Some((wanted.person.shown.to_lowercase(), self.page_of(page)))
        })
    }
}

/// Separator of texts that are searched together.
const SEPARATOR: &str = " ;\n";
/// Maximum number of words of a cell that contains only a name.
const CELL: usize = 3;

/// Short cells and lines without capital letters, and the start of the text of each page.
fn small_cells(flow: &[(usize, String)]) -> (String, Vec<(usize, usize)>) {
    let (mut small, mut starts) = (String::new(), Vec::new());
    for (page, text) in flow {
        starts.push((small.len(), *page));
        // the first continues from the previous page
        for cell in text.split("\n\n").skip(1) {
            if !cell.contains(char::is_uppercase) && cell.split_whitespace().count() <= CELL {
                small.extend([cell, SEPARATOR]);
            }
        }
    }
    (small, starts)
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
