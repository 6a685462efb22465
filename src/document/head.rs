//! What the heads and signatures of documents say of a record, whatever the record
//! says else. Says it as texts; knows nothing of secrets.

use crate::model::{Record, Short};

/// Titles, senders, groups, and people in office with their offices, each as it is
/// printed.
pub fn head_texts(record: &Record) -> Vec<String> {
    let mut texts: Vec<&Short> = Vec::new();
    match record {
        Record::Round(round) => {
            texts.push(&round.title);
            texts.push(&round.authority.name);
            texts.extend(&round.authority.unit);
            for group in &round.groups {
                texts.extend(group.name.iter().chain(&group.short).chain(&group.municipalities));
            }
        }
        Record::Session(session) => {
            for person in session.chair.iter().chain(&session.secretary) {
                texts.extend(&person.name);
                texts.push(&person.role);
                texts.extend(&person.organisation);
            }
            texts.extend(session.forum.iter().map(|forum| &forum.title));
        }
        Record::Proposal(proposal) => texts.push(&proposal.title),
        Record::Summary(summary) => texts.extend(&summary.title),
        Record::Measures(_) => {}
    }
    texts.into_iter().map(ToString::to_string).collect()
}
