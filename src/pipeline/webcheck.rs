//! Has anything secret come into a copy for the web? The finished PDF is read
//! and held against the records that it draws on, as a reader would: neither a
//! secret text nor five words of it in a row may stand in its text, metadata,
//! bookmarks, links or attachments, nor the name of somebody whom it only counts.

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

/// Words in a row that give a secret text away.
const RUN: usize = 5;
/// The same for a text of a record that the document does not draw on: a quote.
const QUOTE: usize = 8;
/// Fewest words of a piece, where a secret text stands in several.
const PIECE: usize = 2;
/// Letters that such words have together; short ones are everywhere.
const LETTERS: usize = 15;
/// Letters of an address, its site aside, that is compared.
const ADDRESS: usize = 16;
/// Most findings that are told of one document.
const TOLD: usize = 100;
/// Most steps of looking for secret texts in one document: some ten seconds.
const STEPS: u64 = 1_000_000_000;

/// What of a record set may not be on the web, ready to be looked for.
#[derive(Debug, Default)]
pub struct Secrets {
    records: BTreeMap<Id, Held>,
    public: Public,
}

/// What a record holds.
#[derive(Debug)]
struct Held {
    file: PathBuf,
    secrets: Vec<Secret>,
    private: Vec<PersonName>,
    /// People who may be named.
    public: Vec<PersonName>,
}

#[derive(Debug)]
struct Secret {
    words: Words,
    /// Without numbers of lists and marks between the words, if there are any.
    bare: Option<Words>,
    sort: TextKind,
}

/// A secret text of a record that is looked for in a document.
#[derive(Debug, Clone, Copy)]
struct Sought<'a> {
    record: &'a Id,
    sort: TextKind,
    /// Whether the document draws on the record.
    drawn_on: bool,
}

impl Secrets {
    /// Gathers what the records hold.
    pub fn of(set: &RecordSet, design: &Design) -> Self {
        let mut all = Self::default();
        for source in set.iter() {
            all.records.insert(source.record.id().clone(), Held::of(source));
        }
        if all.records.values().any(|held| !held.secrets.is_empty()) {
            all.public = Public::of(set, design);
        }
        all
    }

    /// Every secret text, and every name that the copy should not have, which
    /// stands in a PDF that draws on some records all the same: problems of its own
    /// record.
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
        let mut problems = self.told(&read, draws_on, id, own, STEPS);
        if read.attachments {
            problems.push(problem(own, "web-attachment", id));
        }
        problems
    }

    fn told(
        &self,
        read: &PdfText,
        draws_on: &[Id],
        id: &DocumentId,
        own: &Source,
        steps: u64,
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
        let page = Shown::of(read, steps);
        for (record, held) in &self.records {
            let drawn_on = draws_on.contains(record);
            for secret in &held.secrets {
                // what another record says word for word is public by that
                let whole = secret.words.letters();
                if secret.words.len() >= RUN && self.public.is_said_by_another(whole, record) {
                    continue;
                }
                let sought = Sought { record, sort: secret.sort, drawn_on };
                let mut forms = std::iter::once(&secret.words).chain(&secret.bare);
                if let Some(found) = forms.find_map(|words| self.found(words, sought, &page)) {
                    tell("web-leak", found, held);
                }
            }
        }
        let drawn = || draws_on.iter().filter_map(|id| self.records.get(id));
        let known: Vec<&PersonName> = drawn().flat_map(|held| &held.public).collect();
        for held in drawn() {
            for wanted in held.private.iter().filter_map(|person| person.among(&known)) {
                if let Some(found) = page.names(&wanted) {
                    tell("web-name", found, held);
                }
            }
        }
        if page.steps.are_spent() {
            problems.push(problem(own, "web-too-much", id));
        }
        problems
    }

    /// The first words of a secret text that stand in a document and tell it,
    /// with their page.
    fn found(
        &self,
        words: &Words,
        sought: Sought<'_>,
        page: &Shown,
    ) -> Option<(String, Option<usize>)> {
        let Sought { record, sort, drawn_on } = sought;
        let whole = (0, words.len());
        let is_topic = sort == TextKind::Topic;
        let told = |run: (usize, usize)| page.told(words, run);
        if sort == TextKind::Address {
            let long = words.size(0, words.len()) >= ADDRESS;
            let free = self.public.is_name(words.letters(), record, false);
            return Some(whole).filter(|_| drawn_on && long && !free).and_then(told);
        }
        if words.len() < RUN {
            // few words prove something only where nobody else says them in public
            let letters = words.letters();
            let free = || {
                self.public.has(words, whole, record, is_topic)
                    || self.public.is_name(letters, record, is_topic)
                    || self.public.stands_in_another(letters, record)
            };
            let tells = drawn_on && words.tells();
            return Some(whole).filter(|_| tells).and_then(told).filter(|_| !free());
        }
        let raised = matches!(sort, TextKind::Raised | TextKind::Topic);
        if !drawn_on && !raised {
            return None;
        }
        let size = if drawn_on { RUN } else { QUOTE };
        let mut tried = HashSet::new();
        let in_a_row = words.runs(size, LETTERS).find_map(|run| {
            let letters = words.run(run.0, run.1);
            // a text may say the same thing again and again
            if tried.contains(letters) {
                return None;
            }
            let found = told(run)?;
            tried.insert(letters);
            let free = self.public.has(words, run, record, is_topic)
                || !raised && self.public.stands_in_another(letters, record);
            (!free).then_some(found)
        });
        in_a_row.or_else(|| drawn_on.then(|| self.in_pieces(words, sought, page)).flatten())
    }

    /// Words of a secret text that stand in a document in pieces: half of them
    /// in one note, half in the next. Each piece has to say something, and to be
    /// said by no other record; all of them follow each other in the secret.
    fn in_pieces(
        &self,
        words: &Words,
        sought: Sought<'_>,
        page: &Shown,
    ) -> Option<(String, Option<usize>)> {
        let enough = words.len().min(QUOTE);
        let mut tried: HashMap<&str, bool> = HashMap::new();
        let mut is_piece = |from: usize, to: usize| {
            if words.size(from, to) < LETTERS || words.long_words(from..to) < 2 {
                return false;
            }
            let letters = words.run(from, to);
            *tried.entry(letters).or_insert_with(|| {
                let is_topic = sought.sort == TextKind::Topic;
                page.told(words, (from, to)).is_some()
                    && !self.public.has(words, (from, to), sought.record, is_topic)
                    && !self.public.stands_in_another(letters, sought.record)
            })
        };
        (0..words.len()).find_map(|from| {
            let (mut to, mut first) = (from, None);
            while to < from + enough {
                let most = (to + RUN).min(words.len());
                to = (to + PIECE..=most).rev().find(|end| is_piece(to, *end))?;
                first.get_or_insert(to);
            }
            let (_, place) = page.told(words, (from, first?))?;
            Some((words.shown(from, to), place))
        })
    }
}

impl Held {
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
        // what is left of it must not be too little to tell it
        let bare = bare.filter(|bare| bare.len() >= RUN && text.kind != TextKind::Address);
        Self { words, bare, sort: text.kind }
    }
}

/// A record in every language.
fn records(source: &Source) -> impl Iterator<Item = &Record> {
    source.records().map(|record| &**record)
}

/// What a document shows.
struct Shown {
    index: Index,
    /// Texts in which names are looked for, each with its page.
    texts: Vec<(Tokens, Vec<(usize, usize)>)>,
    pages: usize,
    /// What looking for texts may still take.
    steps: Steps,
}

impl Shown {
    fn of(read: &PdfText, steps: u64) -> Self {
        let mut shown = Self {
            index: Index::default(),
            texts: Vec::new(),
            pages: read.pages.len(),
            steps: Steps::new(steps),
        };
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
            shown.index.add_text(text, false, read.pages.len());
        }
        // names are looked for in all of them at once; where a text has no capital
        // letters, its names have none either
        let (capital, small): (Vec<&str>, Vec<&str>) =
            others.into_iter().partition(|text| text.contains(char::is_uppercase));
        shown.texts.push((tokens(&capital.join(PARTED)), vec![(0, read.pages.len())]));
        let (mut text, mut starts) = small_cells(&read.flow);
        starts.push((text.len(), read.pages.len()));
        text.push_str(&small.join(PARTED));
        shown.texts.push((tokens(&text), starts));
        shown
    }

    fn add(&mut self, text: &str, starts: Vec<(usize, usize)>) {
        let first = starts.first().map_or(0, |(_, page)| *page);
        self.index.add_text(text, false, first);
        self.texts.push((tokens(text), starts));
    }

    /// Some words of a text as they were typed, when they stand here, with
    /// their page.
    fn told(&self, words: &Words, (from, to): (usize, usize)) -> Option<(String, Option<usize>)> {
        let place = self.index.place(words.run(from, to), &self.steps)?;
        Some((words.shown(from, to), self.page_of(place)))
    }

    /// A page, from 0; none for what stands on no page.
    fn page_of(&self, place: usize) -> Option<usize> {
        (place < self.pages).then_some(place)
    }

    /// Where a person is named.
    fn names(&self, wanted: &NameSearch<'_>) -> Option<(String, Option<usize>)> {
        self.texts.iter().find_map(|(tokens, starts)| {
            let place = wanted.named_in(tokens)?;
            let page = starts.iter().rev().find(|(start, _)| *start <= place.start);
            let page = page.map_or(self.pages, |(_, page)| *page);
            Some((wanted.person.shown.to_lowercase(), self.page_of(page)))
        })
    }
}

/// Between texts that are looked through together.
const PARTED: &str = " ;\n";
/// Most words of a cell that has nothing but somebody's name.
const CELL: usize = 3;

/// Cells and lines of a few words without capital letters, and where the text of
/// each page begins.
fn small_cells(flow: &[(usize, String)]) -> (String, Vec<(usize, usize)>) {
    let (mut small, mut starts) = (String::new(), Vec::new());
    for (page, text) in flow {
        starts.push((small.len(), *page));
        // the first goes on from the page before
        for cell in text.split("\n\n").skip(1) {
            if !cell.contains(char::is_uppercase) && cell.split_whitespace().count() <= CELL {
                small.extend([cell, PARTED]);
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
