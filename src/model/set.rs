//! The record set: every record that could be read, known by its id. Does not
//! know where records come from or what becomes of them.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::{Id, Measures, Proposal, Record, Round, Session, Summary};

/// A record with the file it was read from.
#[derive(Debug, Clone)]
pub struct Source {
    /// Path as the user would write it.
    pub file: PathBuf,
    /// The file's text, byte for byte.
    pub text: Arc<str>,
    pub record: Arc<Record>,
}

/// A file that holds no usable record, with what can be guessed of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub file: PathBuf,
    /// Id in the text, as far as it can be seen.
    pub id: Option<Id>,
    /// Round in the text, as far as it can be seen.
    pub round: Option<Id>,
}

/// All records by id, and the files that were refused.
#[derive(Debug, Clone, Default)]
pub struct RecordSet {
    pub records: BTreeMap<Id, Source>,
    pub refused: Vec<Refused>,
}

impl RecordSet {
    /// Every record with its file, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.records.values()
    }

    /// The round with this id.
    pub fn round(&self, id: &Id) -> Option<&Round> {
        match self.record(id)? {
            Record::Round(round) => Some(round),
            _ => None,
        }
    }

    /// The session with this id.
    pub fn session(&self, id: &Id) -> Option<&Session> {
        match self.record(id)? {
            Record::Session(session) => Some(session),
            _ => None,
        }
    }

    /// The proposal with this id.
    pub fn proposal(&self, id: &Id) -> Option<&Proposal> {
        match self.record(id)? {
            Record::Proposal(proposal) => Some(proposal),
            _ => None,
        }
    }

    /// The measures with this id.
    pub fn measures(&self, id: &Id) -> Option<&Measures> {
        match self.record(id)? {
            Record::Measures(measures) => Some(measures),
            _ => None,
        }
    }

    /// The editor's summary record of a round.
    pub fn summary_of(&self, round: &Id) -> Option<&Summary> {
        self.iter().find_map(|source| match &*source.record {
            Record::Summary(summary) if summary.round == *round => Some(summary),
            _ => None,
        })
    }

    /// The sessions of a round by date, then id.
    pub fn sessions_of(&self, round: &Id) -> Vec<&Session> {
        let mut sessions: Vec<&Session> = self
            .iter()
            .filter_map(|source| match &*source.record {
                Record::Session(session) if session.round == *round => Some(session),
                _ => None,
            })
            .collect();
        sessions.sort_by_key(|session| (session.date, &session.id));
        sessions
    }

    /// Any record with this id.
    pub fn record(&self, id: &Id) -> Option<&Record> {
        self.records.get(id).map(|source| &*source.record)
    }

    /// The refused file that seems to hold this id.
    pub fn refused_with_id(&self, id: &Id) -> Option<&Refused> {
        self.refused.iter().find(|refused| refused.id.as_ref() == Some(id))
    }
}
