//! Web copies that hold what is secret now: a record changed after the copy was
//! issued. They are named, never brought back, and withdrawn in the registry.

use std::collections::BTreeMap;

use super::super::webcheck::Secrets;
use super::{Registrar, Sorter};
use crate::document::{Document, DocumentId, keeps_back};
use crate::model::{Digest, Id, Place, Problem};
use crate::registry::metadata::SourceRecord;
use crate::registry::{Issue, RegistryError};

impl Sorter<'_> {
    /// Withdraws the latest web copy of a document when the records now keep
    /// secret what it says. Nothing more is said of one that is `replaced` now by
    /// a new version: a new copy takes its place, or [`Sorter::left_on_the_web`]
    /// tells of it.
    pub(super) fn withdraw_secret(
        &mut self,
        document: &Document,
        id: &DocumentId,
        replaced: bool,
        registrar: &Registrar<'_>,
    ) -> Result<(), RegistryError> {
        let Some(issue) = registrar.registry.index().latest(id.as_str())? else { return Ok(()) };
        let Some(web) = &issue.web else { return Ok(()) };
        let leak = self.leak(document, id, &issue, registrar)?;
        if leak.is_some() && !web.withdrawn {
            self.withdrawn.push(issue.clone());
        }
        if !(web.withdrawn || leak.is_some()) {
            return Ok(());
        }
        let path = self.output.path_of(DocumentId::web_copy(id).as_str());
        let there = matches!(crate::fs::stamp(&path), Ok(Some(_)));
        let place = Place { file: path, ..Place::default() };
        let still_there = || {
            Problem::error("web-withdrawn", place.clone())
                .with("document", id)
                .with("version", issue.version)
                .with("next", issue.version + 1)
        };
        if replaced {
            // the new version may be refused, and the copy is still there then
            self.unless_made.extend(there.then(|| (id.clone(), still_there())));
            return Ok(());
        }
        if let Some(leak) = leak {
            let said = |name| leak.args.get(name).cloned().unwrap_or_default();
            let problem = Problem::error("web-now-secret", place.clone())
                .with("document", id)
                .with("next", issue.version + 1)
                .with("words", said("words"))
                .with("of", said("of"));
            self.report.problems.push(problem);
        }
        if there {
            self.report.problems.push(still_there());
        }
        Ok(())
    }

    /// Whether the web copy of a version holds what is secret now, or held it when
    /// it was looked at before.
    pub(super) fn is_withdrawn(&self, issue: &Issue) -> bool {
        issue.web.as_ref().is_some_and(|web| web.withdrawn)
            || self.withdrawn.iter().any(|one| one.number == issue.number)
    }

    /// The first thing in a web copy that the records now keep secret. It was
    /// looked over when it was made: only records that changed since matter.
    fn leak(
        &self,
        document: &Document,
        id: &DocumentId,
        issue: &Issue,
        registrar: &Registrar<'_>,
    ) -> Result<Option<Problem>, RegistryError> {
        let set = &self.checked.set;
        let Some(web) = &issue.web else { return Ok(None) };
        let mut own = document.draws_on.iter().filter_map(|id| set.record(id));
        if !own.any(keeps_back) {
            return Ok(None);
        }
        let archive = registrar.registry.archive();
        let metadata = archive.metadata(issue)?;
        let then = std::iter::once(&metadata.source).chain(&metadata.draws_on);
        let then: BTreeMap<&str, &SourceRecord> =
            then.map(|record| (record.id.as_str(), record)).collect();
        let mut drawn = document.draws_on.clone();
        drawn.extend(then.keys().filter_map(|id| Id::parse(id)));
        drawn.sort();
        drawn.dedup();
        let changed = drawn.iter().filter_map(|id| set.source(id)).any(|source| {
            let now = source.record.case().publicity();
            let same = |then: &&SourceRecord| {
                then.digest == Digest::of(source.text.as_bytes())
                    && then.publicity.is_none_or(|then| then == now)
            };
            keeps_back(&source.record)
                && !then.get(source.record.id().as_str()).copied().is_some_and(|one| same(&one))
        });
        if !changed {
            return Ok(None);
        }
        let pdf = archive.web_pdf(issue, web)?;
        let document = Document { draws_on: drawn, ..document.clone() };
        let secrets = self.secrets.get_or_init(|| Secrets::of(set, self.made_by.0));
        let mut leaks = secrets.leaks(&pdf, &document, id, set).into_iter();
        // a copy that cannot be read, or not to the end, tells nothing
        Ok(leaks.find(|leak| !matches!(leak.rule, "web-unread" | "web-too-much")))
    }
}
