//! Versions that became secret after they were issued, as the log records them: their
//! publicity now, the provision, and for how long.

use super::log::{Event, LogEntry, LogEvent};
use super::metadata::Metadata;
use super::{Issue, Registry, RegistryError};
use crate::model::{Publicity, Short};

/// Why a version is restricted.
const REASON: &str = "it holds what became secret since it was issued";
/// Details of the log entry.
const PUBLICITY: &str = "publicity";
const BASIS: &str = "secrecy_basis";
const YEARS: &str = "secrecy_years";

/// Secrecy of a version as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secrecy {
    pub publicity: Publicity,
    /// The provision, if the record names one.
    pub basis: Option<Short>,
    /// Years of secrecy from the document's date.
    pub years: Option<u16>,
}

/// A version that became secret, in part or as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restricted {
    pub issue: Issue,
    pub now: Secrecy,
}

impl Restricted {
    pub(super) fn log_event(&self) -> LogEvent {
        let Self { issue, now } = self;
        let mut event = LogEvent::of(Event::Restricted)
            .about(&issue.number, &issue.document, issue.version)
            .with("reason", REASON)
            .with(PUBLICITY, now.publicity.as_str());
        if let Some(basis) = &now.basis {
            event = event.with(BASIS, basis);
        }
        match now.years {
            Some(years) => event.with(YEARS, years),
            None => event,
        }
    }
}

impl Secrecy {
    /// The secrecy of a version that the log restricts.
    ///
    /// # Errors
    /// Fails if the index cannot be read.
    pub(super) fn of(registry: &Registry, issue: &Issue) -> Result<Option<Self>, RegistryError> {
        let Some(publicity) = issue.restricted else { return Ok(None) };
        let history = registry.index().history(&issue.number)?;
        let entry = history.iter().rfind(|entry| entry.event == Event::Restricted);
        let said = |entry: &LogEntry, name| entry.detail.get(name).cloned();
        Ok(Some(Self {
            publicity,
            basis: entry.and_then(|entry| Short::parse(&said(entry, BASIS)?)),
            years: entry.and_then(|entry| said(entry, YEARS)?.parse().ok()),
        }))
    }

    /// The metadata of a version with this secrecy.
    pub(super) fn applied_to(&self, metadata: &Metadata) -> Metadata {
        let mut updated = metadata.clone();
        let class = &mut updated.classification;
        class.publicity = self.publicity;
        class.secrecy_basis = self.basis.clone().or(class.secrecy_basis.take());
        class.secrecy_years = self.years.or(class.secrecy_years);
        updated.secrecy_ends = updated.classification.secrecy_ends(updated.date);
        updated
    }
}
