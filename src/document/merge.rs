//! The merge of notes over the groups: the same matter raised by several
//! groups becomes one note with all their names. Secret notes never take part.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::locale::Locale;
use crate::model::round::Round;
use crate::model::session::Note;
use crate::model::{Id, RecordSet, Session};

/// A note with the groups that raised it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Merged {
    /// Long text: the topic, or the note's own text.
    pub text: String,
    /// Short names of the groups, joined; none for an editor's own bullet.
    pub groups: Option<String>,
}

/// Merges the notes that `wanted` accepts over sessions, in the order in which
/// each was first raised. Notes with one `topic` become one note; so do notes
/// without a topic whose texts are equal.
pub fn merge(
    round: &Round,
    sessions: &[&Session],
    locale: &Locale,
    wanted: impl Fn(&Note) -> bool,
) -> Vec<Merged> {
    let mut merged: Vec<(&str, String, Vec<&Id>)> = Vec::new();
    for session in sessions {
        let Some(group) = &session.group else { continue };
        for note in session.public_notes().filter(|note| wanted(note)) {
            let key = note.topic.as_ref().map_or(note.text.as_str(), |topic| topic.as_str());
            match merged.iter_mut().find(|(known, ..)| *known == key) {
                Some((_, _, groups)) => {
                    if !groups.contains(&group) {
                        groups.push(group);
                    }
                }
                None => merged.push((key, note.text.to_string(), vec![group])),
            }
        }
    }
    merged
        .into_iter()
        .map(|(key, text, groups)| {
            // a topic stands for many wordings; alone, a note keeps its own
            let text = if groups.len() > 1 { key.to_owned() } else { text };
            Merged { text, groups: Some(group_names(round, &groups, locale)) }
        })
        .collect()
}

fn group_names(round: &Round, groups: &[&Id], locale: &Locale) -> String {
    if groups.len() > 1 && groups.len() == round.groups.len() {
        return locale.label("merge.all");
    }
    let names: Vec<&str> = round
        .groups
        .iter()
        .filter(|group| groups.contains(&&group.id))
        .map(|group| group.short_name())
        .collect();
    names.join(", ")
}

/// How many groups raised something in a cell of the matrix.
pub fn coverage(round: &Id, priority: &Id, area: &Id, set: &RecordSet) -> usize {
    let sessions = set.sessions_of(round);
    let groups: BTreeSet<&Id> = sessions
        .iter()
        .filter(|session| session.public_notes().any(|note| in_cell(note, priority, area)))
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
        assert_eq!(texts, ["T", "sama", "oma"]);
        assert_eq!(merged[0].groups, Some(locale.label("merge.all")));
        assert_eq!(merged[2].groups.as_deref(), Some("Beta"));
        let alone = merge(&round, &[&a], &locale, |_| true);
        assert_eq!(alone[0].text, "a sanoi");
    }
}
