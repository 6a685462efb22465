//! Redaction: the records that a document may show. Views take [`VisibleRecords`],
//! which only [`Records::visible_in`] returns, so that a public document or a web
//! copy never receives a secret record or the text of a secret note. Knows no
//! markup.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::OnceLock;

use super::web::is_private;
use super::{Document, DocumentKind};
use crate::model::round::{Forum, Goal, Meeting, Round};
use crate::model::session::{Attachment, Note, Participant};
use crate::model::{
    Acceptance, Id, Language, Publicity, Record, RecordSet, Session, Short, Source,
};

/// All records, with their public versions. Dereferences to the whole set, which
/// everything except views works with.
#[derive(Debug, Default)]
pub struct Records {
    all: RecordSet,
    public: OnceLock<PublicRecords>,
    web: OnceLock<PublicRecords>,
}

/// The records without secrets. Public documents are made from these only.
#[derive(Debug)]
struct PublicRecords {
    set: RecordSet,
    /// The provision of each record that is left out, where the record has one.
    left_out: BTreeMap<Id, Option<Short>>,
    /// The sessions that are left out, in each of their languages.
    sessions: Vec<Session>,
}

/// The records as a document may show them.
#[derive(Debug, Clone, Copy)]
pub struct VisibleRecords<'a> {
    set: &'a RecordSet,
    public: Option<&'a PublicRecords>,
    /// The edition of the document's views.
    edition: u16,
}

/// The audience of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Audience {
    /// Readers who may see the whole source record: the document is not public.
    Restricted,
    Public,
    /// The public on the web: people of organisations are only counted
    /// (611/2021 145 §: only the personal data that are necessary).
    Web,
}

impl From<RecordSet> for Records {
    fn from(all: RecordSet) -> Self {
        Self { all, ..Self::default() }
    }
}

impl Deref for Records {
    type Target = RecordSet;

    fn deref(&self) -> &RecordSet {
        &self.all
    }
}

impl Records {
    /// The records as a document may show them.
    pub fn visible_in(&self, document: &Document) -> VisibleRecords<'_> {
        let of = |audience| PublicRecords::of(&self.all, audience);
        let edition = document.edition();
        let public = match self.audience(document) {
            Audience::Restricted => {
                return VisibleRecords { set: &self.all, public: None, edition };
            }
            Audience::Public => self.public.get_or_init(|| of(Audience::Public)),
            Audience::Web => self.web.get_or_init(|| of(Audience::Web)),
        };
        VisibleRecords { set: &public.set, public: Some(public), edition }
    }

    /// Whether a record is hidden from a document, which then does not wait for it.
    pub fn is_hidden_from(&self, document: &Document, id: &Id) -> bool {
        self.audience(document) != Audience::Restricted && self.record(id).is_some_and(is_secret)
    }

    fn audience(&self, document: &Document) -> Audience {
        let secret = |id: &Id| self.record(id).is_some_and(is_secret);
        let source = self.record(&document.source).map(|record| record.case().publicity());
        // a summary shows no secrets of sessions, whatever its own class is
        let summary = document.kind == DocumentKind::Summary
            && !secret(&document.source)
            && !document.sums_up.as_ref().is_some_and(secret);
        if document.is_web_copy() {
            Audience::Web
        } else if summary || source.is_none_or(|publicity| publicity == Publicity::Public) {
            Audience::Public
        } else {
            Audience::Restricted
        }
    }
}

impl Deref for VisibleRecords<'_> {
    type Target = RecordSet;

    fn deref(&self) -> &RecordSet {
        self.set
    }
}

impl VisibleRecords<'_> {
    /// The same records for a document in this language.
    #[must_use]
    pub fn in_language(self, language: Language) -> Self {
        Self { set: self.set.in_language(language), ..self }
    }

    /// The provision of a record that is left out because it is secret.
    pub fn left_out(&self, id: &Id) -> Option<Option<&Short>> {
        self.public?.left_out.get(id).map(Option::as_ref)
    }

    /// Whether these records contain no secrets: a secret part is a dash in them, and
    /// a mark in documents.
    pub fn are_public(&self) -> bool {
        self.public.is_some()
    }

    /// A round with the meetings that may be disclosed: when and where a hidden
    /// session was held, or planned, is left out. This holds since an edition of the
    /// views (`EDITION`).
    pub fn planned(&self, round: &Round, since: u16) -> Round {
        let mut planned = round.clone();
        if self.edition >= since {
            let mut index = 0;
            planned.schedule.retain(|_| {
                index += 1;
                !self.leaves_out(&round.id, index - 1)
            });
        }
        planned
    }

    /// Whether the session of a meeting, given by its index in the schedule, is left
    /// out. Forums are matched by their titles, in any language.
    fn leaves_out(&self, round: &Id, index: usize) -> bool {
        let Some(public) = self.public else { return false };
        let records = public.set.source(round).into_iter().flat_map(Source::records);
        let mut meetings = records.filter_map(|record| match &**record {
            Record::Round(round) => round.schedule.get(index),
            _ => None,
        });
        meetings.any(|meeting| {
            let of_round = |session: &&Session| session.round == *round;
            public.sessions.iter().filter(of_round).any(|session| is_of(session, meeting))
        })
    }
}

/// Whether a meeting was planned for this session.
fn is_of(session: &Session, meeting: &Meeting) -> bool {
    let title = |forum: &Option<Forum>| forum.as_ref().map(|forum| forum.title.clone());
    session.group == meeting.group && title(&session.forum) == title(&meeting.forum)
}

/// The sessions of a round that are left out in public, which determine what is
/// disclosed of its meetings.
pub(super) fn secret_sessions(round: &Id, set: &RecordSet) -> Vec<Id> {
    let sessions = set.sessions_of(round).into_iter();
    sessions.filter(|session| session.is_secret()).map(|session| session.id.clone()).collect()
}

impl PublicRecords {
    fn of(set: &RecordSet, audience: Audience) -> Self {
        let (hidden, shown): (Vec<&Source>, Vec<&Source>) =
            set.iter().partition(|source| is_secret(&source.record));
        let records = hidden.iter().flat_map(|source| source.records());
        let sessions = records.filter_map(|record| match &**record {
            Record::Session(session) => Some(session.clone()),
            _ => None,
        });
        let sessions = sessions.collect();
        let left_out = hidden
            .into_iter()
            .map(|source| (source.record.id().clone(), source.record.case().secrecy_basis.clone()));
        let left_out: BTreeMap<Id, Option<Short>> = left_out.collect();
        let is_left_out = |id: &Id| left_out.contains_key(id);
        let shown = shown.into_iter().map(|source| match &*source.record {
            record if !changes(record, audience, &is_left_out) => source.clone(),
            _ => Source {
                record: redacted(&source.record, audience, &is_left_out).into(),
                translations: source
                    .translations
                    .iter()
                    .map(|record| redacted(record, audience, &is_left_out).into())
                    .collect(),
                // the text contains what was removed from the record
                text: "".into(),
                file: source.file.clone(),
            },
        });
        let set = RecordSet::new(shown, set.refused().to_vec());
        Self { set, left_out, sessions }
    }
}

/// Whether a web copy leaves out anything of a record.
pub fn keeps_back(record: &Record) -> bool {
    is_secret(record) || changes(record, Audience::Web, &|_| false)
}

fn is_secret(record: &Record) -> bool {
    record.case().publicity() == Publicity::Secret
}

/// Whether anything is removed from a record for this audience.
fn changes(record: &Record, audience: Audience, left_out: &dyn Fn(&Id) -> bool) -> bool {
    let attached = |one: &Attachment| one.record.as_ref().is_some_and(left_out);
    match record {
        Record::Session(session) => {
            let mut people = session.present.iter().chain(&session.absent);
            session.notes.iter().any(|note| note.secret)
                || session.attachments.iter().any(attached)
                || (audience == Audience::Web && people.any(is_private))
        }
        Record::Proposal(proposal) => proposal.attachments.iter().any(attached),
        Record::Round(round) => round.goals.iter().any(|goal| goal.secret),
        _ => false,
    }
}

fn redacted(record: &Record, audience: Audience, left_out: &dyn Fn(&Id) -> bool) -> Record {
    let attachments =
        |all: &[Attachment]| all.iter().map(|one| without_title(one, left_out)).collect();
    match record {
        Record::Session(session) => {
            let (present, absent) = match audience {
                Audience::Web => (counted(session.counted_present()), counted(&session.absent)),
                _ => (session.present.clone(), session.absent.clone()),
            };
            // the remaining ones are already counted
            let mut accept = session.accept.clone();
            if audience == Audience::Web {
                let rule = "attendance-twice".to_owned();
                accept.extend(Short::parse("–").map(|reason| Acceptance {
                    rule,
                    field: None,
                    reason,
                }));
            }
            Record::Session(Session {
                accept,
                notes: session.notes.iter().map(without_secret).collect(),
                present,
                absent,
                attachments: attachments(&session.attachments),
                ..session.clone()
            })
        }
        Record::Proposal(proposal) => {
            let mut proposal = proposal.clone();
            proposal.attachments = attachments(&proposal.attachments);
            Record::Proposal(proposal)
        }
        Record::Round(round) => {
            let mut round = round.clone();
            round.goals = round.goals.iter().map(without_goal).collect();
            Record::Round(round)
        }
        other => other.clone(),
    }
}

/// A secret note keeps its place (cell, sector, municipality), so that sections
/// and numbers are those of the archive copy. Topic and text are removed.
fn without_secret(note: &Note) -> Note {
    if !note.secret {
        return note.clone();
    }
    Note { topic: None, text: note.text.hidden(), ..note.clone() }
}

/// A secret goal keeps its cell.
fn without_goal(goal: &Goal) -> Goal {
    if !goal.secret {
        return goal.clone();
    }
    Goal { goal: goal.goal.hidden(), background: None, ..goal.clone() }
}

/// The document of a hidden record keeps its number among the attachments.
fn without_title(attachment: &Attachment, left_out: &dyn Fn(&Id) -> bool) -> Attachment {
    match &attachment.record {
        Some(id) if left_out(id) => Attachment { title: None, link: None, ..attachment.clone() },
        _ => attachment.clone(),
    }
}

/// Officials keep their names; people of an organisation become a number.
fn counted<'a>(people: impl IntoIterator<Item = &'a Participant>) -> Vec<Participant> {
    let mut counted: Vec<Participant> = Vec::new();
    for person in people {
        let private = is_private(person);
        let same = |other: &&mut Participant| {
            other.sector == person.sector && other.organisation == person.organisation
        };
        if !private {
            counted.push(person.clone());
        } else if let Some(known) = counted.iter_mut().find(same) {
            known.count = Some(known.people().saturating_add(person.people()));
        } else {
            let count = Some(person.people());
            counted.push(Participant { role: None, name: None, count, ..person.clone() });
        }
    }
    counted
}

#[cfg(test)]
mod tests;
