//! Merging of notes across groups: the same matter raised by several groups
//! becomes one note with all their names. The text of a secret note is never
//! merged.

use std::collections::BTreeSet;

use serde::Serialize;

use super::blocks;
use crate::locale::Locale;
use crate::model::markup::plain;
use crate::model::round::{Group, Round};
use crate::model::session::Note;
use crate::model::summary::Highlight;
use crate::model::{Id, RecordSet, Session};

/// A note with the groups that raised it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Merged {
    /// Long text: the topic, or the note's own text.
    pub text: String,
    /// Short names of the groups, joined; none for a bullet of the editor.
    pub groups: Option<String>,
    /// True for the mark in place of secret notes.
    #[serde(skip)]
    pub secret: bool,
}

/// Merges the notes of several sessions that `wanted` accepts, in the order in
/// which they were first raised. Notes with the same `topic` become one note, and
/// so do notes without a topic whose texts are equal. A topic of only one session
/// keeps the texts of its notes. Secret notes leave only their mark.
pub fn merge(
    round: &Round,
    sessions: &[&Session],
    locale: &Locale,
    wanted: impl Fn(&Note) -> bool,
) -> Vec<Merged> {
    let mut topics: Vec<Topic<'_>> = Vec::new();
    for session in sessions {
        for note in session.public_notes().filter(|note| wanted(note)) {
            let key = note.topic.as_ref().map_or(note.text.as_str(), |topic| topic.as_str());
            let place = topics.iter().position(|topic| topic.key == key).unwrap_or_else(|| {
                let topic = note.topic.as_ref().map(|topic| topic.as_str());
                topics.push(Topic { key, topic, texts: Vec::new(), sessions: Vec::new() });
                topics.len() - 1
            });
            let topic = &mut topics[place];
            if !topic.texts.contains(&note.text.as_str()) {
                topic.texts.push(note.text.as_str());
            }
            if !topic.sessions.iter().any(|known| known.id == session.id) {
                topic.sessions.push(session);
            }
        }
    }
    let mut merged: Vec<Merged> =
        topics.iter().flat_map(|topic| topic.merged(round, locale)).collect();
    merged.extend(secret_marks(round, sessions, locale, wanted));
    merged
}

/// The property that merged notes share.
struct Topic<'a> {
    key: &'a str,
    /// The topic that the notes name; none when equal texts merge.
    topic: Option<&'a str>,
    texts: Vec<&'a str>,
    sessions: Vec<&'a Session>,
}

impl Topic<'_> {
    fn merged(&self, round: &Round, locale: &Locale) -> Vec<Merged> {
        let groups = Some(who_raised(round, &self.sessions, locale));
        let several = self.sessions.len() > 1;
        let texts: Vec<String> = match self.topic {
            Some(topic) if several => vec![plain(&locale.tie(topic))],
            _ => self.texts.iter().map(ToString::to_string).collect(),
        };
        texts
            .into_iter()
            .map(|text| Merged { text, groups: groups.clone(), secret: false })
            .collect()
    }
}

/// The mark for a secret part, with its provision, once for each secret note:
/// "nothing was raised" would be wrong. Whether two secret notes are the same is
/// not disclosed.
fn secret_marks(
    round: &Round,
    sessions: &[&Session],
    locale: &Locale,
    wanted: impl Fn(&Note) -> bool,
) -> Vec<Merged> {
    let mut marks = Vec::new();
    for session in sessions.iter().filter(|session| !session.is_secret()) {
        let text = plain(&blocks::secret_mark(session, locale));
        let groups = Some(names_of(round, &[session]).join(", "));
        for _ in session.notes.iter().filter(|note| note.secret && wanted(note)) {
            marks.push(Merged { text: text.clone(), groups: groups.clone(), secret: true });
        }
    }
    marks
}

/// The editor's bullets, with the groups that the editor names. The groups of a
/// bullet that names none cannot be computed.
pub fn highlighted(round: &Round, highlight: &Highlight) -> Vec<Merged> {
    let named = round.groups.iter().filter(|group| highlight.groups.contains(&group.id));
    let names: Vec<&str> = named.map(Group::short_name).collect();
    let groups = (!names.is_empty()).then(|| names.join(", "));
    let bullets = highlight.bullets.iter();
    bullets
        .map(|text| Merged { text: text.to_string(), groups: groups.clone(), secret: false })
        .collect()
}

/// Short names of the groups, and titles of the forums, of some sessions.
fn who_raised(round: &Round, sessions: &[&Session], locale: &Locale) -> String {
    let groups: BTreeSet<&Id> =
        sessions.iter().filter_map(|session| session.group.as_ref()).collect();
    let all = groups.len() > 1 && groups.len() == round.groups.len();
    let mut names: Vec<&str> = names_of(round, sessions);
    let every = locale.label("merge.all");
    if all {
        names.splice(..groups.len(), [every.as_str()]);
    }
    names.join(", ")
}

/// Short names of the groups, in the round's order, then titles of the forums.
fn names_of<'a>(round: &'a Round, sessions: &[&'a Session]) -> Vec<&'a str> {
    let met = |group: &&Group| sessions.iter().any(|s| s.group.as_ref() == Some(&group.id));
    let groups = round.groups.iter().filter(met).map(Group::short_name);
    let forums = sessions.iter().filter_map(|session| session.forum.as_ref());
    groups.chain(forums.map(|forum| forum.title.as_str())).collect()
}

/// How many groups raised something in a cell of the matrix.
pub fn coverage(round: &Id, priority: &Id, area: &Id, set: &RecordSet) -> usize {
    let sessions = set.sessions_of(round);
    let groups: BTreeSet<&Id> = sessions
        .iter()
        // a secret note counts, because the slides show that it exists
        .filter(|session| !session.is_secret())
        .filter(|session| session.notes.iter().any(|note| in_cell(note, priority, area)))
        .filter_map(|session| session.group.as_ref())
        .collect();
    groups.len()
}

fn in_cell(note: &Note, priority: &Id, area: &Id) -> bool {
    note.priority.as_ref() == Some(priority) && note.areas().contains(&area)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Bundle;
    use crate::model::{Language, Record};

    fn round() -> Round {
        let json = r#"{"kind":"round","id":"r","language":"fi","title":"R","years":{"from":2025},
            "authority":{"name":"A"},"groups":[{"id":"b","short":"Beta","municipalities":["B"]},
            {"id":"a","short":"Alfa","municipalities":["A"]}]}"#;
        match Record::from_json(json) {
            Ok(Record::Round(round)) => round,
            other => panic!("{other:?}"),
        }
    }

    fn session(group: &str, notes: &str) -> Session {
        let json = format!(
            r#"{{"kind":"session","id":"s-{group}","language":"fi","round":"r","group":"{group}",
            "date":"2025-10-23","mode":"remote","notes":[{notes}]}}"#
        );
        match Record::from_json(&json) {
            Ok(Record::Session(session)) => session,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn topics_and_equal_texts_merge_and_secrets_stay_out() {
        let round = round();
        let a = session(
            "a",
            r#"{"topic":"T","text":"a sanoi"},{"text":"sama"},{"text":"salaisuus","secret":true}"#,
        );
        let b = session("b", r#"{"topic":"T","text":"b sanoi"},{"text":"sama"},{"text":"oma"}"#);
        let locale = Locale::load(&Bundle::built_in(), Language::Fi).unwrap();
        let merged = merge(&round, &[&a, &b], &locale, |_| true);
        let texts: Vec<&str> = merged.iter().map(|note| note.text.as_str()).collect();
        assert_eq!(texts, ["T", "sama", "oma", "[Salassa pidettävä]"]);
        assert_eq!(merged[0].groups, Some(locale.label("merge.all")));
        assert_eq!(merged[2].groups.as_deref(), Some("Beta"));
        let alone = merge(&round, &[&a], &locale, |_| true);
        assert_eq!(alone[0].text, "a sanoi");
        let twice = session("a", r#"{"topic":"T","text":"yksi"},{"topic":"T","text":"kaksi"}"#);
        let kept = merge(&round, &[&twice], &locale, |_| true);
        assert_eq!(kept.len(), 2, "{kept:?}");
    }
}
