//! A session: what happened in one meeting, of a group or of a forum.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::envelope::record;
use super::normal::folded;
use super::round::{Forum, Mode, Sector};
use super::{Date, Id, Long, Publicity, Short, Time};

record! {
    /// What happened in one meeting.
    Session, SessionTag = "session" {
        /// Id of the round.
        round: Id,
        /// Id of the group that met; a forum has `forum` instead.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        group: Option<Id>,
        /// The forum, when it was not a group that met.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        forum: Option<Forum>,
        date: Date,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        start: Option<Time>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        end: Option<Time>,
        mode: Mode,
        /// Where people met; may be left out or null for a remote meeting.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<Short>,
        /// Who chaired.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        chair: Option<Person>,
        /// Who wrote the memo.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        secretary: Option<Person>,
        /// Who was present, by organisation; people by name, or a count.
        #[serde(default)]
        present: Vec<Participant>,
        /// Who was invited and did not come.
        #[serde(default)]
        absent: Vec<Participant>,
        /// What was raised.
        #[serde(default)]
        notes: Vec<Note>,
        /// What was agreed: who does what by when.
        #[serde(default)]
        agreed: Vec<Agreed>,
        /// Written comments, received after the session.
        #[serde(default)]
        comments: Vec<Comment>,
        /// Items of a forum's programme.
        #[serde(default)]
        programme: Vec<Short>,
        /// Questions put to a forum.
        #[serde(default)]
        questions: Vec<Short>,
        /// What came of a forum.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outcome: Option<Long>,
        /// How the matters are followed up.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        follow_up: Option<Long>,
        #[serde(default)]
        attachments: Vec<Attachment>,
        /// Who receives the memo.
        #[serde(default)]
        distribution: Vec<Recipient>,
    }
}

/// A person in an office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Person {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Short>,
    pub role: Short,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<Short>,
}

/// Somebody present or absent: a person, or a count of people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Participant {
    pub sector: Sector,
    pub organisation: Short,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Short>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Short>,
    /// How many people, when they are not named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 10000))]
    #[serde(deserialize_with = "super::limits::within_option::<1, 10000, _, _>")]
    pub count: Option<u32>,
}

/// Something that the session raised: in one cell of the matrix (`priority`
/// and `service_area`), across several (`service_areas`), across a whole
/// priority (`priority` alone), or outside the matrix (`sector`,
/// `municipality`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// Id of the priority (row).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Id>,
    /// Id of the service area (column).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_area: Option<Id>,
    /// Ids of the service areas that the note spans.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub service_areas: Vec<Id>,
    /// The sector whose view it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sector: Option<Sector>,
    /// The municipality whose own emphasis it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub municipality: Option<Short>,
    /// The same wording in several sessions merges their notes in the summary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<Short>,
    pub text: Long,
    /// Kept out of everything public.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub secret: bool,
}

/// An agreed matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Agreed {
    pub what: Short,
    pub who: Short,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Date>,
}

/// A written comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Comment {
    pub from: Short,
    pub sector: Sector,
    pub received: Date,
    pub text: Long,
}

/// An attachment: a title, with a link when it is on the web, or another
/// record's document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// Left out when `record` names a document: then that one's is used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Short>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Short>,
    /// Id of the record whose document is attached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<Id>,
}

/// Somebody who receives the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recipient {
    /// For example a municipality's registry office.
    pub recipient: Short,
    /// The municipality, when the recipient is one's registry office.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub municipality: Option<Short>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Short>,
}

impl Session {
    /// The notes that may appear outside the memo: none of a secret session, else those
    /// that are not marked secret.
    pub fn public_notes(&self) -> impl Iterator<Item = &Note> {
        let open = self.case.publicity() != Publicity::Secret;
        self.notes.iter().filter(move |note| open && !note.secret)
    }

    /// Entries of `present` that are counted: one for the same people as an earlier one is
    /// not, unless the record accepts that (`attendance-twice`): then they are namesakes.
    /// The chair and the secretary are counted if they are among those present.
    pub fn counted_present(&self) -> impl Iterator<Item = &Participant> {
        let accepted = |index: usize| {
            let field = format!("present[{index}]");
            let mut accepted = self.accept.iter().filter(|one| one.rule == "attendance-twice");
            accepted.any(|one| one.field.as_ref().is_none_or(|named| *named == field))
        };
        let mut listed = Attendance::default();
        self.present.iter().enumerate().filter_map(move |(index, one)| {
            let known = listed.enter(one, index).is_some();
            (!known || accepted(index)).then_some(one)
        })
    }

    /// True if the session as a whole is excluded from everything public.
    pub fn is_secret(&self) -> bool {
        self.case.publicity() == Publicity::Secret
    }
}

impl Note {
    /// Ids of the note's service areas; none for a note about the whole priority.
    pub fn areas(&self) -> Vec<&Id> {
        self.service_area.iter().chain(&self.service_areas).collect()
    }
}

impl Participant {
    /// Number of people that the entry stands for.
    pub fn people(&self) -> u32 {
        self.count.unwrap_or(1)
    }
}

/// A list of people, to find those who are in it already.
#[derive(Debug, Default)]
pub struct Attendance {
    places: HashMap<String, usize>,
}

impl Attendance {
    /// Position of a person in the list, if any.
    pub fn find(&self, person: &Participant) -> Option<usize> {
        self.find_any(&person.identities())
    }

    fn find_any(&self, identities: &[String]) -> Option<usize> {
        identities.iter().filter_map(|key| self.places.get(key).copied()).min()
    }

    /// Adds a person at a position; returns the previous position, if any.
    pub fn enter(&mut self, person: &Participant, place: usize) -> Option<usize> {
        let identities = person.identities();
        let known = self.find_any(&identities);
        for key in identities {
            self.places.entry(key).or_insert(place);
        }
        known
    }
}

impl Participant {
    /// Keys that identify a person. Two entries with a common key are the same person: with
    /// the same name in the same organisation or office; without names, the same role in
    /// the same organisation. Case, spaces, hyphens and the order of a name's parts make no
    /// difference.
    fn identities(&self) -> Vec<String> {
        let text = |text: &Short| folded(text.as_str());
        let organisation = text(&self.organisation);
        let role = self.role.as_ref().map(text);
        match &self.name {
            Some(name) => {
                let name = name_parts(name).join(" ");
                let at = format!("name\u{1F}{name}\u{1F}at\u{1F}{organisation}");
                let office = role.map(|role| format!("name\u{1F}{name}\u{1F}as\u{1F}{role}"));
                std::iter::once(at).chain(office).collect()
            }
            None => {
                let role = role.unwrap_or_default();
                vec![format!("{:?}\u{1F}{organisation}\u{1F}{role}", self.sector)]
            }
        }
    }
}

/// The parts of a name in a fixed order: "Meikäläinen, Maija" equals "Maija Meikäläinen".
fn name_parts(name: &Short) -> Vec<String> {
    let name = folded(name.as_str());
    let parts = name.split(|c: char| c.is_whitespace() || matches!(c, ',' | '.'));
    let mut parts: Vec<String> = parts.filter(|part| !part.is_empty()).map(Into::into).collect();
    parts.sort();
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Participant {
        fn is_same_as(&self, other: &Participant) -> bool {
            let mut list = Attendance::default();
            list.enter(self, 0);
            list.find(other).is_some()
        }
    }

    fn person(organisation: &str, role: Option<&str>, name: Option<&str>) -> Participant {
        let short = |text: &str| Short::parse(text).unwrap();
        Participant {
            sector: Sector::Municipality,
            organisation: short(organisation),
            role: role.map(short),
            name: name.map(short),
            count: None,
        }
    }

    #[test]
    fn one_person_is_told_however_the_name_is_written() {
        let maija = person("Joutsan kunta", Some("rehtori"), Some("Maija Meikäläinen"));
        for name in [
            "Maija Meikäläinen",
            "maija  MEIKÄLÄINEN",
            "Meikäläinen, Maija",
            "Meikäläinen Maija",
            "Maija Meika\u{308}la\u{308}inen",
        ] {
            assert!(maija.is_same_as(&person("Joutsan  kunta", None, Some(name))), "{name}");
            // with the same role elsewhere: an organisation spelt in two ways
            assert!(maija.is_same_as(&person("Joutsa", Some("Rehtori"), Some(name))), "{name}");
            assert!(!maija.is_same_as(&person("4H", Some("sihteeri"), Some(name))), "{name}");
            assert!(!maija.is_same_as(&person("4H", None, Some(name))), "{name}");
        }
        assert!(!maija.is_same_as(&person("Joutsan kunta", Some("rehtori"), Some("Maija M."))));
        let anna = |hyphen: char| person("4H", None, Some(&format!("Anna{hyphen}Maija Malli")));
        assert!(anna('-').is_same_as(&anna('\u{2011}')));
        assert!(!maija.is_same_as(&person("Joutsan kunta", Some("rehtori"), None)));
    }

    #[test]
    fn without_names_the_role_in_the_organisation_tells() {
        let clubs = person("4H", Some("ohjaaja"), None);
        assert!(clubs.is_same_as(&Participant { count: Some(3), ..clubs.clone() }));
        assert!(!clubs.is_same_as(&person("4H", Some("sihteeri"), None)));
        assert!(!clubs.is_same_as(&person("SPR", Some("ohjaaja"), None)));
        assert!(!clubs.is_same_as(&Participant { sector: Sector::Company, ..clubs.clone() }));
    }
}
