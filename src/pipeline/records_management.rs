//! The records management plan of the settings: classification of each kind of document,
//! and the metadata missing from final records.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use crate::check::{FinalDocument, archiving};
use crate::document::{self, Bilingual, DocumentKind};
use crate::model::envelope::{Case, PersonalData, Publicity, Retention};
use crate::model::{Classification, Kind, Problem, Record, RecordSet, Short, Source, Status};

/// Classification of a kind of document; missing fields must be in the record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    pub function: Option<Short>,
    pub publicity: Option<Publicity>,
    pub secrecy_basis: Option<Short>,
    pub secrecy_years: Option<u16>,
    pub personal_data: Option<PersonalData>,
    pub retention: Option<Retention>,
}

/// Rules for archiving documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManagementPlan {
    /// Classification of all kinds.
    pub all: Class,
    /// Classification of one kind; overrides `all`.
    pub kinds: BTreeMap<DocumentKind, Class>,
    /// Person responsible for the authenticity of the registered copies.
    pub checker: String,
    /// Whether final documents get a web copy.
    pub web: bool,
    /// Days after registration until the web copy of a document without appeal must be
    /// removed; no limit when absent.
    pub web_days: Option<u16>,
}

impl ManagementPlan {
    /// The first value from the record, the kind and `all`.
    fn first<T: Clone>(
        &self,
        kind: DocumentKind,
        own: Option<T>,
        of: impl Fn(&Class) -> Option<T>,
    ) -> Option<T> {
        let kinds = [Some(kind), (kind == DocumentKind::Extract).then_some(DocumentKind::Proposal)];
        let mut classes = kinds.into_iter().flatten().filter_map(|kind| self.kinds.get(&kind));
        own.or_else(|| classes.find_map(&of)).or_else(|| of(&self.all))
    }

    /// The classification of a document, as the archive requires it.
    ///
    /// # Errors
    /// Names of the fields missing from both the record and the settings.
    pub fn classify(
        &self,
        kind: DocumentKind,
        case: &Case,
    ) -> Result<Classification, Vec<&'static str>> {
        let publicity = self.first(kind, case.publicity, |c| c.publicity);
        let function = self.first(kind, case.function.clone(), |c| c.function.clone());
        let personal_data = self.first(kind, case.personal_data, |c| c.personal_data);
        let retention = self.first(kind, case.retention.clone(), |c| c.retention.clone());
        let mut basis = self.first(kind, case.secrecy_basis.clone(), |c| c.secrecy_basis.clone());
        let mut years = self.first(kind, case.secrecy_years, |c| c.secrecy_years);
        let restricted = publicity.is_some_and(|publicity| publicity != Publicity::Public);
        if !restricted {
            (basis, years) = (None, None);
        }
        let missing = [
            ("function", function.is_none()),
            ("publicity", publicity.is_none()),
            ("personal_data", personal_data.is_none()),
            ("retention", retention.is_none()),
            ("secrecy_basis", restricted && basis.is_none()),
            ("secrecy_years", restricted && years.is_none()),
        ];
        match (function, publicity, personal_data, retention) {
            (Some(function), Some(publicity), Some(personal_data), Some(retention))
                if missing.iter().all(|(_, missing)| !missing) =>
            {
                Ok(Classification {
                    function,
                    publicity,
                    personal_data,
                    retention,
                    secrecy_basis: basis,
                    secrecy_years: years,
                })
            }
            _ => Err(missing.iter().filter(|(_, m)| *m).map(|(name, _)| *name).collect()),
        }
    }

    /// Fills in the publicity of the settings, which documents print and rules check.
    pub(super) fn fill(&self, set: RecordSet) -> RecordSet {
        let says = |kind: Kind| {
            let of = |class: &Class| class.publicity;
            self.first(main_document(kind), None, of).is_some_and(|p| p != Publicity::Public)
        };
        if !Kind::ALL.into_iter().any(says) {
            return set;
        }
        let filled = |record: &Arc<Record>| {
            let mut record = Arc::clone(record);
            let kind = main_document(record.kind());
            let case = Arc::make_mut(&mut record).case_mut();
            if case.publicity.is_none() {
                case.publicity = self.first(kind, None, |c| c.publicity);
                let basis = case.secrecy_basis.take();
                case.secrecy_basis = self.first(kind, basis, |c| c.secrecy_basis.clone());
            }
            record
        };
        let sources = set.iter().map(|source| Source {
            record: filled(&source.record),
            translations: source.translations.iter().map(filled).collect(),
            ..source.clone()
        });
        RecordSet::new(sources, set.refused().to_vec())
    }

    /// The problems of final records whose documents cannot be archived.
    pub(super) fn problems(&self, set: &RecordSet) -> Vec<Problem> {
        let documents = document::documents(set, Bilingual::Together);
        let finals = documents.iter().filter_map(|document| {
            let source = set.source(&document.source)?;
            let missing = self.classify(document.kind, source.record.case()).err();
            (source.record.status() == Status::Final).then(|| FinalDocument {
                kind: document.kind.template(),
                source,
                is_final: document.status == Status::Final,
                draws_on: &document.draws_on,
                missing: missing.unwrap_or_default(),
            })
        });
        archiving(finals, set)
    }
}

/// The main kind of document of a kind of record.
fn main_document(kind: Kind) -> DocumentKind {
    match kind {
        Kind::Round => DocumentKind::Plan,
        Kind::Session => DocumentKind::Memo,
        Kind::Proposal => DocumentKind::Proposal,
        Kind::Summary => DocumentKind::Summary,
        Kind::Measures => DocumentKind::Measures,
    }
}
