//! Documents of a record set and their views: which documents there are, and the
//! content of each. Pure: no files, no clock, no markup. Views determine every
//! word, number and order; templates only arrange them.

mod attached;
mod blocks;
mod head;
mod matrix;
mod measures;
mod memo;
mod merge;
mod meta;
mod plan;
mod proposal;
mod public;
mod secrets;
mod sheet;
mod slides;
mod summary;
mod texts;
mod web;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::locale::Locale;
use crate::model::{Date, Id, Language, Publicity, Record, RecordSet, Source, Status};

use public::secret_sessions;

pub use head::head_texts;
pub use meta::Meta;
pub use public::{Records, VisibleRecords, keeps_back};
pub use secrets::{
    Publicness, RecordText, TextKind, case_number, known_texts, private_people, public_names,
    public_people, public_texts, secret_texts,
};
pub use sheet::{CorrectionSheet, HeldBack, SheetContext, SheetSubject, correction_sheet};
pub use slides::slide_keys;
pub use texts::{SharedTexts, SharedTextsError};
pub use web::{can_be_on_the_web, remove_on};

/// Kind of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentKind {
    Memo,
    Proposal,
    /// Extract of the minutes, once an item is decided.
    Extract,
    Summary,
    Plan,
    Measures,
}

impl DocumentKind {
    /// Every kind of document.
    pub const ALL: [DocumentKind; 6] = [
        DocumentKind::Memo,
        DocumentKind::Proposal,
        DocumentKind::Extract,
        DocumentKind::Summary,
        DocumentKind::Plan,
        DocumentKind::Measures,
    ];

    /// Name of the kind's template, and the last part of its labels.
    pub fn template(self) -> &'static str {
        match self {
            DocumentKind::Memo => "memo",
            DocumentKind::Proposal => "proposal",
            DocumentKind::Extract => "extract",
            DocumentKind::Summary => "summary",
            DocumentKind::Plan => "plan",
            DocumentKind::Measures => "measures",
        }
    }
}

/// Name of a document: the record's id and the label of its kind in its language.
/// It is the PDF's file name without `.pdf`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DocumentId(String);

impl DocumentId {
    /// The name of a document that has already been issued.
    pub fn known(name: &str) -> Self {
        Self(name.to_owned())
    }

    /// The name of a document's copy for the web, in a folder of its own.
    pub fn web_copy(document: &DocumentId) -> Self {
        Self(format!("web/{document}"))
    }

    /// The name as text: `[a-z0-9-]`, with `web/` before that of a web copy.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A document of the set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    pub kind: DocumentKind,
    /// The record that it belongs to, whose bytes are attached to the PDF.
    pub source: Id,
    pub language: Language,
    /// Further languages in the same document.
    pub also: Vec<Language>,
    pub status: Status,
    /// Every record that it uses, including its source.
    pub draws_on: Vec<Id>,
    /// The round whose sessions it summarises, if it does: it then also depends on
    /// sessions that could not be read.
    pub sums_up: Option<Id>,
    /// True if any of these contains something secret.
    pub secret: bool,
    /// Its registration, once it is registered.
    pub registration: Option<Registration>,
}

/// Registration of a document, as printed in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    pub number: String,
    /// Day of registration.
    pub day: Date,
    /// Version of the program that issued it.
    pub program: String,
    /// Number of the version that this one replaces.
    pub replaces: Option<String>,
    /// The [`EDITION`] with which it was issued.
    pub edition: u16,
    /// Whether this is the copy for the web.
    pub web: Option<WebCopy>,
}

/// The copy of a document for the web.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WebCopy {
    /// Day on which it must be removed from the web, if any.
    pub remove_on: Option<Date>,
}

/// Edition of the views. A document that is produced again has the content it was
/// issued with: a change of content is a new edition, and views keep the earlier
/// ones. Since 1, a document in several languages has its identification in its
/// own language, and a correction names the number that it replaces. Since 2,
/// plans, proposals and titles of attachments disclose nothing of a planned
/// meeting whose session is secret; marks and numbers in long texts are printed as
/// typed, in documents of earlier editions too.
pub const EDITION: u16 = 2;

/// The first edition in which plans do not mention secret sessions.
const HIDDEN_PLANS: u16 = 2;

impl Document {
    /// The edition of its views.
    pub fn edition(&self) -> u16 {
        self.registration.as_ref().map_or(EDITION, |registration| registration.edition)
    }

    /// Every language of the document, in its order.
    pub fn languages(&self) -> impl Iterator<Item = Language> {
        std::iter::once(self.language).chain(self.also.iter().copied())
    }

    /// Whether this is the copy for the web, which has no record attached.
    pub fn is_web_copy(&self) -> bool {
        self.registration.as_ref().is_some_and(|registration| registration.web.is_some())
    }

    /// The document's name.
    pub fn id(&self, locale: &Locale) -> DocumentId {
        // the summary belongs to the round, whichever record is its source
        let record = self.sums_up.as_ref().unwrap_or(&self.source);
        let word = locale.label(&format!("file.{}", self.kind.template()));
        DocumentId(format!("{record}-{word}"))
    }
}

/// How many documents a record in several languages has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bilingual {
    /// One document for each language.
    #[default]
    Separate,
    /// One document with all of them, the record's own language first.
    Together,
}

/// Every document of the set, sorted by record id.
pub fn documents(set: &RecordSet, bilingual: Bilingual) -> Vec<Document> {
    let mut documents = Vec::new();
    for source in set.iter() {
        for document in documents_of(&source.record, set) {
            // a summary is in the languages of its record
            let languages = set.source(&document.source).into_iter().flat_map(Source::languages);
            let others: Vec<Language> = languages.filter(|l| *l != document.language).collect();
            if bilingual == Bilingual::Together {
                documents.push(Document { also: others, ..document });
                continue;
            }
            let others = others.into_iter();
            let translated = others.map(|language| Document { language, ..document.clone() });
            let translated: Vec<Document> = translated.collect();
            documents.push(document);
            documents.extend(translated);
        }
    }
    documents
}

/// The documents of a record, in its own language.
fn documents_of(record: &Record, set: &RecordSet) -> Vec<Document> {
    match record {
        Record::Session(session) => {
            let mut drawn = vec![session.round.clone()];
            drawn.extend(attached::records(&session.attachments, set));
            vec![document(DocumentKind::Memo, record, drawn, set)]
        }
        Record::Proposal(proposal) => {
            let drawn = proposal::draws_on(proposal, set);
            let extract = proposal.decision.is_some().then_some(DocumentKind::Extract);
            let kinds = std::iter::once(DocumentKind::Proposal).chain(extract);
            kinds.map(|kind| document(kind, record, drawn.clone(), set)).collect()
        }
        Record::Measures(measures) => {
            let drawn = measures.round.iter().cloned().collect();
            vec![document(DocumentKind::Measures, record, drawn, set)]
        }
        Record::Round(round) => {
            // a public plan discloses nothing of a meeting whose session is secret
            let public = record.case().publicity() == Publicity::Public;
            let drawn = if public { secret_sessions(&round.id, set) } else { Vec::new() };
            let plan = document(DocumentKind::Plan, record, drawn, set);
            std::iter::once(plan).chain(summary_of(&round.id, record, set)).collect()
        }
        Record::Summary(_) => Vec::new(),
    }
}

fn document(kind: DocumentKind, record: &Record, mut drawn: Vec<Id>, set: &RecordSet) -> Document {
    drawn.push(record.id().clone());
    drawn.sort();
    drawn.dedup();
    let secret = drawn.iter().filter_map(|id| set.record(id)).any(Record::holds_secrets);
    Document {
        kind,
        source: record.id().clone(),
        language: record.language(),
        also: Vec::new(),
        status: record.status(),
        draws_on: drawn,
        sums_up: None,
        secret,
        registration: None,
    }
}

/// The summary of a round: exists as soon as a session that is not secret as a
/// whole has been held, or an editor has begun one. It is final when everything it
/// summarises is final and no group is missing. A secret session is not waited for,
/// and its group is not missing.
fn summary_of(round: &Id, record: &Record, set: &RecordSet) -> Option<Document> {
    let sessions = set.sessions_of(round);
    let editor = set.summary_of(round);
    if sessions.iter().all(|session| session.is_secret()) && editor.is_none() {
        return None;
    }
    let source = editor.map_or(record, |editor| set.record(&editor.id).unwrap_or(record));
    let mut drawn: Vec<Id> = sessions.iter().map(|session| session.id.clone()).collect();
    drawn.push(round.clone());
    let mut summary = document(DocumentKind::Summary, source, drawn, set);
    let all_final = summary
        .draws_on
        .iter()
        .filter_map(|id| set.record(id))
        .filter(|record| !matches!(record, Record::Session(session) if session.is_secret()))
        .all(|record| record.status() == Status::Final);
    let whole = set.groups_without_session(round).is_empty();
    summary.status =
        if editor.is_some() && all_final && whole { Status::Final } else { Status::Draft };
    summary.sums_up = Some(round.clone());
    Some(summary)
}

/// Input of every view.
#[derive(Debug, Clone, Copy)]
pub struct ViewContext<'a> {
    pub set: VisibleRecords<'a>,
    pub locale: &'a Locale,
    /// The labels of the document's identification.
    pub identification: &'a Locale,
    pub texts: &'a SharedTexts,
    /// The authority that issues a document whose records name none.
    pub authority: &'a str,
    /// Version and digest of the templates, as printed in documents.
    pub template_set: &'a str,
    /// Whether the source record is attached to the PDF.
    pub attach: bool,
    /// Whether this is the copy for the web.
    pub web: bool,
    /// Whether this is the first, or the last, language of its document.
    pub first: bool,
    pub last: bool,
}

/// The content of a document, ready for its template.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum View {
    Memo(memo::Memo),
    Proposal(proposal::ProposalView),
    Deck(slides::Deck),
    Measures(measures::MeasuresView),
}

impl View {
    /// Keys of slide references to slides that the document does not have.
    pub fn dangling_references(&self) -> Vec<String> {
        match self {
            View::Deck(deck) => deck.dangling_references(),
            _ => Vec::new(),
        }
    }

    /// Gives all languages of one document the same metadata: the titles of all
    /// languages, and everything else from the first.
    pub fn join(views: &mut [View]) {
        let Some(first) = views.first().map(|view| view.meta().clone()) else { return };
        let mut titles: Vec<String> = Vec::new();
        for view in views.iter() {
            if !titles.contains(&view.meta().pdf_title) {
                titles.push(view.meta().pdf_title.clone());
            }
        }
        for view in views {
            let meta = view.meta_mut();
            meta.pdf_title = titles.join(" / ");
            meta.description.clone_from(&first.description);
            meta.keywords.clone_from(&first.keywords);
            meta.author.clone_from(&first.author);
        }
    }

    fn meta_mut(&mut self) -> &mut Meta {
        match self {
            View::Memo(view) => &mut view.meta,
            View::Proposal(view) => &mut view.meta,
            View::Deck(view) => &mut view.meta,
            View::Measures(view) => &mut view.meta,
        }
    }

    /// The part shared by all documents.
    pub fn meta(&self) -> &Meta {
        match self {
            View::Memo(view) => &view.meta,
            View::Proposal(view) => &view.meta,
            View::Deck(view) => &view.meta,
            View::Measures(view) => &view.meta,
        }
    }
}

/// The view of a document; `None` when the set lacks a record that it needs, which
/// the checks report.
pub fn view(document: &Document, context: &ViewContext<'_>) -> Option<View> {
    match document.kind {
        DocumentKind::Memo => memo::memo(document, context).map(View::Memo),
        DocumentKind::Proposal | DocumentKind::Extract => {
            proposal::proposal(document, context).map(View::Proposal)
        }
        DocumentKind::Summary => summary::summary(document, context).map(View::Deck),
        DocumentKind::Plan => plan::plan(document, context).map(View::Deck),
        DocumentKind::Measures => measures::measures(document, context).map(View::Measures),
    }
}
