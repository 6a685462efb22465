//! Secret and public texts of a record, for the check of web copies. Knows nothing
//! of how they are searched for.

use super::web::is_private;
use crate::model::names::{PersonName, people, people_in_role};
use crate::model::session::{Note, Participant};
use crate::model::translation::{Prose, texts};
use crate::model::{Long, Publicity, Record, Session, Short, reader, schema_of};

/// A text of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordText {
    pub text: String,
    /// True for long text, false for one line of plain text.
    pub long: bool,
    pub kind: TextKind,
}

/// Kind of a record's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextKind {
    /// Text of a note.
    Raised,
    /// Topic of a note.
    Topic,
    /// A heading or an item, which several sessions may share.
    Common,
    /// A link, of which the site's name is no secret.
    Address,
}

impl RecordText {
    fn note(text: &Long) -> Self {
        Self { text: text.to_string(), long: true, kind: TextKind::Raised }
    }

    fn long(text: &Long) -> Self {
        Self { kind: TextKind::Common, ..Self::note(text) }
    }

    fn short(text: &Short) -> Self {
        Self { text: text.to_string(), long: false, kind: TextKind::Common }
    }
}

/// Texts of a record that must not appear on the web: secret goals, texts, topics
/// and links of secret notes; and all other texts of a session that is secret as a
/// whole.
pub fn secret_texts(record: &Record) -> Vec<RecordText> {
    if let Record::Round(round) = record {
        let secret = round.goals.iter().filter(|goal| goal.secret);
        let said = secret.flat_map(|goal| std::iter::once(&goal.goal).chain(&goal.background));
        return said
            .map(|text| RecordText { kind: TextKind::Raised, ..RecordText::short(text) })
            .collect();
    }
    let Record::Session(session) = record else { return Vec::new() };
    let hidden = |note: &&Note| note.secret || session.is_secret();
    let mut texts = Vec::new();
    for note in session.notes.iter().filter(hidden) {
        texts.push(RecordText::note(&note.text));
        let (kind, about) = match note.secret {
            true => (TextKind::Raised, TextKind::Topic),
            false => (TextKind::Common, TextKind::Common),
        };
        let topic = note.topic.as_ref();
        texts.extend(topic.map(|topic| RecordText { kind: about, ..RecordText::short(topic) }));
        texts.extend(identifiers(note.text.as_str()).into_iter().map(|text| RecordText {
            text,
            long: false,
            kind,
        }));
        let links = reader::link_targets(note.text.as_str());
        texts.extend(links.iter().map(|link| RecordText {
            text: path_of(link).to_owned(),
            long: false,
            kind: TextKind::Address,
        }));
    }
    if session.is_secret() {
        texts.extend(beside(session));
        let attached = session.attachments.iter().filter_map(|one| one.title.as_ref());
        texts.extend(attached.map(RecordText::short));
    }
    texts
}

/// Telephone numbers and e-mail addresses in a text, each of which identifies a
/// person. Of a number, the digits after the first 0 or the country code.
fn identifiers(text: &str) -> Vec<String> {
    let mail = text.split_whitespace().filter(|word| word.contains('@'));
    let mail = mail.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned());
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '\u{A0}' | '-' | '+');
    let numbers = text.split(|c: char| !is_part(c)).filter_map(|part| {
        let digits: String = part.chars().filter(char::is_ascii_digit).collect();
        let own = match part.trim_start().starts_with('+') {
            true => digits.strip_prefix("358").unwrap_or(&digits),
            false => digits.strip_prefix('0')?,
        };
        (own.len() >= SHORTEST_NUMBER).then(|| own.to_owned())
    });
    mail.filter(|mail| mail.contains('@')).chain(numbers).collect()
}

/// Fewest digits of a telephone number after its first 0.
const SHORTEST_NUMBER: usize = 8;

/// The part of a link after the site's name, which many links share.
fn path_of(link: &str) -> &str {
    let rest = link.split_once("://").map_or(link, |(_, rest)| rest);
    rest.split_once('/').map_or("", |(_, path)| path)
}

/// Texts of a session besides its notes.
fn beside(session: &Session) -> Vec<RecordText> {
    let mut texts: Vec<RecordText> =
        session.agreed.iter().map(|agreed| RecordText::short(&agreed.what)).collect();
    texts.extend(session.comments.iter().map(|comment| RecordText::note(&comment.text)));
    texts.extend(session.programme.iter().chain(&session.questions).map(RecordText::short));
    texts.extend(session.outcome.iter().chain(&session.follow_up).map(RecordText::long));
    texts
}

/// Public texts of a record on what was raised and agreed.
pub fn public_texts(record: &Record) -> Vec<RecordText> {
    let Record::Session(session) = record else { return Vec::new() };
    if session.is_secret() {
        return Vec::new();
    }
    let mut texts: Vec<RecordText> =
        session.public_notes().map(|n| RecordText::note(&n.text)).collect();
    texts.extend(session.public_notes().filter_map(|n| n.topic.as_ref()).map(RecordText::short));
    texts.extend(beside(session));
    texts
}

/// Texts of a record that are public in any case: all texts of a public round; each
/// with whether it is long text.
pub fn known_texts(record: &Record) -> Vec<(String, bool)> {
    let known = matches!(record, Record::Round(_)) && !record.holds_secrets();
    let texts = if known { texts_of(record) } else { Vec::new() };
    texts.into_iter().map(|prose| (prose.text, prose.long)).collect()
}

/// A name, heading or address in a public field of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicName {
    pub text: String,
    pub public: Publicness,
}

/// Whether its field alone makes it public, or another record must have it too:
/// a field for a name may contain free text, with a secret in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Publicness {
    /// It can only be a name.
    Certain,
    /// A heading: public as the heading of another note.
    AsTopic,
    /// Only public if another record has it.
    Uncertain,
}

/// Names of a record that are public although a secret text contains them:
/// organisations, municipalities and bodies, officials, topics of public notes, and
/// addresses (of links the part after the site's name).
pub fn public_names(record: &Record) -> Vec<PublicName> {
    const BODIES: &[&str] = &[
        "organisation",
        "municipality",
        "municipalities",
        "recipient",
        "body",
        "unit",
        "authority",
    ];
    if record.case().publicity() == Publicity::Secret {
        return Vec::new();
    }
    let is = |yes: bool| if yes { Publicness::Certain } else { Publicness::Uncertain };
    let mut names: Vec<PublicName> = Vec::new();
    for Prose { field, text, .. } in texts_of(record) {
        let (text, public) = match last_step(&field) {
            "email" => (text.clone(), is(is_office(&text))),
            "link" => (path_of(&text).to_owned(), Publicness::Uncertain),
            field if BODIES.contains(&field) => (text.clone(), is(is_body(&text))),
            _ => continue,
        };
        names.push(PublicName { text, public });
    }
    if let Record::Session(session) = record {
        let topics = session.public_notes().filter_map(|note| note.topic.as_ref());
        names.extend(
            topics.map(|t| PublicName { text: t.to_string(), public: Publicness::AsTopic }),
        );
    }
    let people = people_in_office(record).into_iter();
    names.extend(people.map(|person| {
        let public = is(person.shown.split_whitespace().count() <= LONGEST_NAME);
        PublicName { text: person.shown, public }
    }));
    names
}

/// Most words of a person's name.
const LONGEST_NAME: usize = 4;

/// The case number of a record that is not secret, which is in public registers.
pub fn case_number(record: &Record) -> Option<String> {
    let case = record.case();
    let number = case.number.as_ref().filter(|_| case.publicity() != Publicity::Secret)?;
    let words = number.as_str().split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| word.chars().any(char::is_alphabetic)).count();
    let digits = number.as_str().chars().filter(char::is_ascii_digit).count();
    (words <= 2 && digits > 2).then(|| number.to_string())
}

/// Whether a name is that of an organisation, a body or an office, judged by its
/// words.
fn is_body(name: &str) -> bool {
    const FORMS: &[&str] = &["ry", "rf", "oy", "oyj", "ab", "ky", "tmi", "osk", "sr", "ltd", "inc"];
    const ENDS: &[&str] = &[
        // Finnish
        "osasto",
        "seurakunta",
        "yhtyma",
        "yhdistys",
        "yhdistykset",
        "kunta",
        "kaupunki",
        "piiri",
        "liitto",
        "saatio",
        "seura",
        "kerho",
        "neuvosto",
        "lautakunta",
        "hallitus",
        "virasto",
        "keskus",
        "toimisto",
        "valtuusto",
        "alue",
        "koulu",
        "opisto",
        "jarjesto",
        "laitos",
        "kirjaamo",
        "ministerio",
        "ryhma",
        "jaosto",
        "verkosto",
        "klubi",
        // Swedish
        "forening",
        "foreningen",
        "forsamling",
        "forsamlingen",
        "kommun",
        "stad",
        "namnd",
        "namnden",
        "forbund",
        "forbundet",
        "styrelse",
        "styrelsen",
        "omrade",
        "omradet",
        "centralen",
        "byra",
        "byran",
        "avdelning",
        "avdelningen",
        "stiftelse",
        "stiftelsen",
        "sallskap",
        "registratur",
        // English
        "club",
        "clubs",
        "association",
        "office",
        "council",
        "committee",
        "municipality",
        "parish",
        "board",
        "centre",
        "society",
        "foundation",
        "agency",
        "union",
        "department",
        "county",
        "network",
    ];
    let words = reader::words(name, false);
    words.iter().any(|word| FORMS.contains(&word.as_str()))
        || words.last().is_some_and(|last| ENDS.iter().any(|end| last.ends_with(end)))
}

/// Whether an e-mail address belongs to an office and not to a person.
fn is_office(address: &str) -> bool {
    const BOXES: &[&str] = &[
        "kirjaamo",
        "info",
        "posti",
        "toimisto",
        "asiakaspalvelu",
        "palaute",
        "hallinto",
        "registratur",
        "registrator",
        "kansli",
        "kundservice",
        "registry",
        "office",
        "contact",
    ];
    let name = address.split('@').next().unwrap_or_default().to_lowercase();
    name.split(['.', '-', '_']).any(|part| BOXES.contains(&part))
}

fn texts_of(record: &Record) -> Vec<Prose> {
    let value = serde_json::to_value(record).unwrap_or_default();
    texts(&value, schema_of(record.kind()))
}

/// `who` of `measures[0].who[2]`.
fn last_step(field: &str) -> &str {
    let last = field.rsplit('.').next().unwrap_or_default();
    last.split('[').next().unwrap_or_default()
}

fn participants(session: &Session) -> impl Iterator<Item = &Participant> {
    session.present.iter().chain(&session.absent)
}

fn people_of(participant: &Participant) -> Vec<PersonName> {
    let role = participant.role.as_ref().map(Short::as_str);
    let name = participant.name.as_ref().map(Short::as_str);
    name.map(|name| people(name, role)).unwrap_or_default()
}

/// People named in a field for an office, where the name should have its own field:
/// "chair Liisa Virtanen".
fn people_beside(role: Option<&Short>) -> Vec<PersonName> {
    role.map(|role| people_in_role(role.as_str())).unwrap_or_default()
}

/// People of organisations, parishes and companies who were present or absent, of
/// whom the web copy has only the number. A name of one word is left out, since it
/// may be a common word.
pub fn private_people(record: &Record) -> Vec<PersonName> {
    let Record::Session(session) = record else { return Vec::new() };
    let private = || participants(session).filter(|one| is_private(one));
    let beside = private().flat_map(|one| people_beside(one.role.as_ref()));
    private().flat_map(people_of).chain(beside).collect()
}

/// People whom a web copy may name: officials, and those after whom an organisation
/// is named.
pub fn public_people(record: &Record) -> Vec<PersonName> {
    let mut all = people_in_office(record);
    if let Record::Session(session) = record {
        let firms = participants(session).flat_map(|one| people(one.organisation.as_str(), None));
        all.extend(firms);
        let chair = session.chair.iter().chain(&session.secretary);
        all.extend(chair.flat_map(|person| people_beside(Some(&person.role))));
        let others = participants(session).filter(|one| !is_private(one));
        all.extend(others.flat_map(|one| people_beside(one.role.as_ref())));
    }
    all
}

fn people_in_office(record: &Record) -> Vec<PersonName> {
    if let Record::Session(session) = record {
        let chair = session.chair.iter().chain(&session.secretary);
        let officers = chair.filter_map(|person| person.name.as_ref());
        let officers = officers.flat_map(|name| people(name.as_str(), None));
        let others = participants(session).filter(|one| !is_private(one)).flat_map(people_of);
        return officers.chain(others).collect();
    }
    let named = |prose: &Prose| matches!(last_step(&prose.field), "name" | "certified_by");
    let names = texts_of(record).into_iter().filter(named);
    names.flat_map(|prose| people(&prose.text, None)).collect()
}
