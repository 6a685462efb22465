//! The set of all records that could be read, by id.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use super::{Id, Kind, Language, Measures, Proposal, Record, Round, Session, Summary};

/// A record with the file it was read from.
#[derive(Debug, Clone)]
pub struct Source {
    /// Path as a user would write it.
    pub file: PathBuf,
    /// The file's text, byte for byte.
    pub text: Arc<str>,
    pub record: Arc<Record>,
    /// The record in its other languages.
    pub translations: Vec<Arc<Record>>,
}

impl Source {
    /// The record in every language, its own first.
    pub fn records(&self) -> impl Iterator<Item = &Arc<Record>> {
        std::iter::once(&self.record).chain(&self.translations)
    }

    /// The languages that the record is in, its own first.
    pub fn languages(&self) -> impl Iterator<Item = Language> {
        self.records().map(|record| record.language())
    }

    /// The record in a language, if it has it.
    fn in_language(&self, language: Language) -> Option<&Arc<Record>> {
        self.records().find(|record| record.language() == language)
    }
}

/// A file without a usable record, and what its text reveals.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refused {
    pub file: PathBuf,
    /// Id in the text, if visible.
    pub id: Option<Id>,
    /// Kind in the text, if visible.
    pub kind: Option<Kind>,
    /// Round in the text, if visible.
    pub round: Option<Id>,
}

/// All records by id, and the files that were refused.
#[derive(Debug, Clone, Default)]
pub struct RecordSet {
    records: BTreeMap<Id, Source>,
    refused: Vec<Refused>,
    /// Sessions of each round, by date, then id.
    sessions: BTreeMap<Id, Vec<Id>>,
    /// The rounds, by id.
    rounds: Vec<Id>,
    /// The first summary record of each round.
    summaries: BTreeMap<Id, Id>,
    /// The set as documents in another language see it, for the languages of all
    /// translations.
    translated: BTreeMap<Language, Arc<RecordSet>>,
}

impl RecordSet {
    /// Creates a set; of two records with the same id the later one is kept.
    pub fn new(sources: impl IntoIterator<Item = Source>, refused: Vec<Refused>) -> Self {
        let records: BTreeMap<Id, Source> =
            sources.into_iter().map(|source| (source.record.id().clone(), source)).collect();
        let mut set = Self { records, refused, ..Self::default() };
        let mut sessions: BTreeMap<Id, Vec<(crate::model::Date, Id)>> = BTreeMap::new();
        for source in set.records.values() {
            match &*source.record {
                Record::Session(session) => sessions
                    .entry(session.round.clone())
                    .or_default()
                    .push((session.date, session.id.clone())),
                Record::Summary(summary) => {
                    set.summaries
                        .entry(summary.round.clone())
                        .or_insert_with(|| summary.id.clone());
                }
                Record::Round(round) => set.rounds.push(round.id.clone()),
                _ => {}
            }
        }
        set.translated = translated(&set);
        set.sessions = sessions
            .into_iter()
            .map(|(round, mut ids)| {
                ids.sort();
                (round, ids.into_iter().map(|(_, id)| id).collect())
            })
            .collect();
        set
    }

    /// The set as a document in this language sees it: each record in that language if it
    /// has it, else in its own.
    pub fn in_language(&self, language: Language) -> &RecordSet {
        self.translated.get(&language).map_or(self, |set| set)
    }

    /// Files without a usable record.
    pub fn refused(&self) -> &[Refused] {
        &self.refused
    }

    /// A record with its file.
    pub fn source(&self, id: &Id) -> Option<&Source> {
        self.records.get(id)
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

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

    /// Every round, by id.
    pub fn rounds(&self) -> impl Iterator<Item = &Round> {
        self.rounds.iter().filter_map(|id| self.round(id))
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
        match self.record(self.summaries.get(round)?)? {
            Record::Summary(summary) => Some(summary),
            _ => None,
        }
    }

    /// The sessions of a round by date, then id.
    pub fn sessions_of(&self, round: &Id) -> Vec<&Session> {
        let ids = self.sessions.get(round).into_iter().flatten();
        ids.filter_map(|id| self.session(id)).collect()
    }

    /// Ids of the groups of a round that have no session yet.
    pub fn groups_without_session(&self, round: &Id) -> Vec<&Id> {
        let sessions = self.sessions_of(round);
        let groups = self.round(round).into_iter().flat_map(|round| &round.groups);
        groups
            .map(|group| &group.id)
            .filter(|id| !sessions.iter().any(|session| session.group.as_ref() == Some(id)))
            .collect()
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

fn translated(set: &RecordSet) -> BTreeMap<Language, Arc<RecordSet>> {
    let sources = || set.records.values();
    let to: BTreeSet<Language> =
        sources().flat_map(|s| &s.translations).map(|record| record.language()).collect();
    // each record in this language if it has it; the translations of these sources are
    // left out, since nobody uses them
    let translate = |language: Language| {
        let translated = sources().map(|source| Source {
            record: source.in_language(language).unwrap_or(&source.record).clone(),
            translations: Vec::new(),
            ..source.clone()
        });
        Arc::new(RecordSet::new(translated, set.refused.clone()))
    };
    // a document in the language of an untranslated record sees the others in that
    // language as well
    let own: BTreeSet<Language> = sources().map(|source| source.record.language()).collect();
    let all = if to.is_empty() { BTreeSet::new() } else { to.union(&own).copied().collect() };
    all.into_iter().map(|language| (language, translate(language))).collect()
}
