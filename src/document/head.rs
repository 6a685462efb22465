//! Texts of a record that document headings and signatures print in every case.
//! Knows nothing of secrets.

use crate::model::{Record, Short};

/// Titles, senders, groups and officials with their offices, as they are printed.
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
