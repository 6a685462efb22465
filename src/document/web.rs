//! What may not be on the web is taken out of the records, before any view is
//! made: so no template can bring it back.

use super::blocks::secret_mark;
use crate::locale::Locales;
use crate::model::markup::plain;
use crate::model::round::Sector;
use crate::model::session::{Note, Participant};
use crate::model::{Date, Long, Publicity, Record, RecordSet, Session, Short, Source};

/// The same records without what may not be on the web: of organisations,
/// parishes and companies only their names and how many people there were
/// (611/2021 145 §: only the personal data that are necessary), and of secret
/// notes only that there is one, with the provision.
#[must_use]
pub fn for_the_web(set: &RecordSet, locales: &Locales) -> RecordSet {
    let redacted = |record: &Record| match record {
        Record::Session(session) => Record::Session(redact(session, locales)),
        other => other.clone(),
    };
    let sources = set.iter().map(|source| Source {
        record: redacted(&source.record).into(),
        translations: source.translations.iter().map(|r| redacted(r).into()).collect(),
        ..source.clone()
    });
    RecordSet::new(sources, set.refused().to_vec())
}

fn redact(session: &Session, locales: &Locales) -> Session {
    let mark = secret_mark(session, locales.of(session.language));
    let notes = session
        .notes
        .iter()
        .map(|note| if note.secret { marked(note, &mark) } else { note.clone() });
    Session {
        notes: notes.collect(),
        present: counted(session.counted_present()),
        absent: counted(session.absent.iter()),
        ..session.clone()
    }
}

/// The note's place in the matrix stays; whose it is, what it is about and
/// what it says go.
fn marked(note: &Note, mark: &str) -> Note {
    Note {
        priority: note.priority.clone(),
        service_area: note.service_area.clone(),
        service_areas: note.service_areas.clone(),
        sector: None,
        municipality: None,
        topic: None,
        text: Long::parse(&plain(mark)).unwrap_or_else(|| note.text.hidden()),
        secret: true,
    }
}

/// Officials stay by name; people of organisations become a count for each.
fn counted<'a>(people: impl Iterator<Item = &'a Participant>) -> Vec<Participant> {
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

/// Whether a record's document can have a web copy: not when it is secret as a
/// whole, nor when something in it is that the record does not mark.
pub fn can_be_on_the_web(record: &Record) -> bool {
    match (record.case().publicity(), record) {
        (Publicity::Public, _) => true,
        (Publicity::PartlySecret, Record::Session(s)) => s.notes.iter().any(|note| note.secret),
        _ => false,
    }
}

/// Texts of a record that must not be read on the web: what secret notes say,
/// and of a session that is secret as a whole also every longer text beside
/// them. Short ones, such as a topic, other sessions share.
pub fn secret_texts(record: &Record) -> Vec<String> {
    let Record::Session(session) = record else { return Vec::new() };
    let notes = || session.notes.iter().filter(|note| note.secret || session.is_secret());
    let mut texts: Vec<String> = notes().map(|note| note.text.to_string()).collect();
    let mut beside: Vec<String> =
        notes().filter_map(|note| note.topic.as_ref()).map(Short::to_string).collect();
    if session.is_secret() {
        beside.extend(session.agreed.iter().map(|agreed| agreed.what.to_string()));
        beside.extend(session.comments.iter().map(|comment| comment.text.to_string()));
        beside.extend(session.programme.iter().chain(&session.questions).map(Short::to_string));
        let attached = session.attachments.iter().filter_map(|one| one.title.as_ref());
        beside.extend(attached.map(Short::to_string));
        beside.extend(session.outcome.iter().chain(&session.follow_up).map(Long::to_string));
    }
    texts.extend(beside.into_iter().filter(|text| text.split_whitespace().count() >= SENTENCE));
    texts
}

/// What a record says in public of what was raised and agreed: another record's
/// secret that is the same, word for word, is no secret.
pub fn public_texts(record: &Record) -> Vec<String> {
    let Record::Session(session) = record else { return Vec::new() };
    if session.is_secret() {
        return Vec::new();
    }
    let mut texts: Vec<String> = session.public_notes().map(|n| n.text.to_string()).collect();
    texts.extend(session.agreed.iter().map(|agreed| agreed.what.to_string()));
    texts.extend(session.comments.iter().map(|comment| comment.text.to_string()));
    texts.extend(session.programme.iter().chain(&session.questions).map(Short::to_string));
    texts.extend(session.outcome.iter().chain(&session.follow_up).map(Long::to_string));
    texts
}

/// Names of people of organisations, parishes and companies who were present or
/// absent: the copy for the web has only their number. Names of one word are
/// left aside, for they may be words too.
pub fn private_names(record: &Record) -> Vec<String> {
    let Record::Session(session) = record else { return Vec::new() };
    let people = session.present.iter().chain(&session.absent).filter(|p| is_private(p));
    let names = people.filter_map(|person| person.name.as_ref()).map(Short::to_string);
    names.filter(|name| name.split_whitespace().count() > 1).collect()
}

fn is_private(person: &Participant) -> bool {
    matches!(person.sector, Sector::Organisation | Sector::Parish | Sector::Company)
}

/// Words from which on a text is a sentence of its own.
const SENTENCE: usize = 5;

/// Days after publication on which a decision counts as known (611/2021 145 §).
const KNOWN_AFTER: u16 = 7;
/// Days in which rectification is requested, or an appeal is lodged, after that
/// (611/2021 139 § and 140 §).
const RECTIFICATION: u16 = 14;
const COMPLAINT: u16 = 30;

/// Day on which the web copy of a record's document must be gone: the day
/// after its appeal period ends. `None` when nobody can appeal.
pub fn remove_on(record: &Record, extract: bool, registered: Date) -> Option<Date> {
    use crate::model::proposal::Appeal;
    let Record::Proposal(proposal) = record else { return None };
    let days = match proposal.way_of_appeal() {
        Appeal::Rectification => RECTIFICATION,
        Appeal::Complaint => COMPLAINT,
        Appeal::None => return None,
    };
    let decision = proposal.decision.as_ref().filter(|_| extract)?;
    let published = decision.published.unwrap_or(registered);
    let last = published.days_later(KNOWN_AFTER + days)?.next_working_day()?;
    last.days_later(1)
}
