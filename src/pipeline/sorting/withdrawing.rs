//! Issued versions that hold what is secret now: a record changed after they were
//! made. Their web copies are named, never brought back, and withdrawn in the
//! registry; archive copies that were public are restricted there.

use std::collections::BTreeMap;

use super::super::webcheck::Secrets;
use super::{Registrar, Sorter};
use crate::document::{Document, DocumentId, keeps_back};
use crate::model::{Digest, Id, Place, Problem, Publicity, Short};
use crate::registry::metadata::SourceRecord;
use crate::registry::{Issue, RegistryError};

/// Records changed since a version was issued, and now keep something secret.
struct Changed {
    /// The document, which draws on all that it drew on then and draws on now.
    document: Document,
    /// The provision, when a record names one.
    basis: Option<Short>,
}

impl Sorter<'_> {
    /// Withdraws the web copies of a document, and restricts its archive copies,
    /// when the records now keep secret what they say. Nothing more is said of a web
    /// copy that is `replaced` now by a new version: a new copy takes its place, or
    /// [`Sorter::left_on_the_web`] tells of it.
    pub(super) fn withdraw_secret(
        &mut self,
        document: &Document,
        id: &DocumentId,
        replaced: bool,
        registrar: &Registrar<'_>,
    ) -> Result<(), RegistryError> {
        let Some(issue) = registrar.registry.index().latest(id.as_str())? else { return Ok(()) };
        let mut leak = None;
        if let Some(changed) = self.changed(document, &issue, registrar)? {
            for version in registrar.registry.index().versions(id.as_str())? {
                self.restrict(&changed, id, &version, registrar)?;
                let found = self.web_leak(&changed, id, &version, registrar)?;
                if version.number == issue.number {
                    leak = found;
                }
            }
        }
        let Some(web) = &issue.web else { return Ok(()) };
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

    /// Restricts a version that was issued as public and holds what is secret now,
    /// and says so once: it may have been handed over.
    fn restrict(
        &mut self,
        changed: &Changed,
        id: &DocumentId,
        issue: &Issue,
        registrar: &Registrar<'_>,
    ) -> Result<(), RegistryError> {
        let archive = registrar.registry.archive();
        let publicity = archive.metadata(issue)?.classification.publicity;
        if issue.restricted || publicity != Publicity::Public {
            return Ok(());
        }
        let leaks = self.leaks(&archive.pdf(issue)?, changed, id);
        // names and attachments are held back from the web alone
        let Some(leak) = leaks.into_iter().find(|leak| leak.rule == "web-leak") else {
            return Ok(());
        };
        let said = |name| leak.args.get(name).cloned().unwrap_or_default();
        let place = Place { file: self.output.path_of(id.as_str()), ..Place::default() };
        let problem = Problem::warning("issued-now-secret", place)
            .with("document", id)
            .with("version", issue.version)
            .with("number", &issue.number)
            .with("words", said("words"))
            .with("of", said("of"));
        self.report.problems.push(problem);
        self.restricted.push((issue.clone(), changed.basis.clone()));
        Ok(())
    }

    /// Withdraws the web copy of a version that holds what is secret now; what it
    /// holds.
    fn web_leak(
        &mut self,
        changed: &Changed,
        id: &DocumentId,
        issue: &Issue,
        registrar: &Registrar<'_>,
    ) -> Result<Option<Problem>, RegistryError> {
        let Some(web) = &issue.web else { return Ok(None) };
        let pdf = registrar.registry.archive().web_pdf(issue, web)?;
        // a copy that cannot be read tells nothing
        let leak = self.leaks(&pdf, changed, id).into_iter().find(|leak| leak.rule != "web-unread");
        if leak.is_some() && !web.withdrawn {
            self.withdrawn.push(issue.clone());
        }
        Ok(leak)
    }

    /// What stands in a PDF and is secret now.
    fn leaks(&self, pdf: &[u8], changed: &Changed, id: &DocumentId) -> Vec<Problem> {
        let set = &self.checked.set;
        let secrets = self.secrets.get_or_init(|| Secrets::of(set, self.made_by.0));
        secrets.leaks(pdf, &changed.document, id, set)
    }

    /// Whether records that keep something secret now changed since a version was
    /// issued: it was looked over when it was made.
    fn changed(
        &self,
        document: &Document,
        issue: &Issue,
        registrar: &Registrar<'_>,
    ) -> Result<Option<Changed>, RegistryError> {
        let set = &self.checked.set;
        let mut own = document.draws_on.iter().filter_map(|id| set.record(id));
        if !own.any(keeps_back) {
            return Ok(None);
        }
        let metadata = registrar.registry.archive().metadata(issue)?;
        let then = std::iter::once(&metadata.source).chain(&metadata.draws_on);
        let then: BTreeMap<&str, &SourceRecord> =
            then.map(|record| (record.id.as_str(), record)).collect();
        let mut drawn = document.draws_on.clone();
        drawn.extend(then.keys().filter_map(|id| Id::parse(id)));
        drawn.sort();
        drawn.dedup();
        let changed = drawn.iter().filter_map(|id| set.source(id)).filter(|source| {
            let now = source.record.case().publicity();
            let same = |then: &&SourceRecord| {
                then.digest == Digest::of(source.text.as_bytes())
                    && then.publicity.is_none_or(|then| then == now)
            };
            keeps_back(&source.record)
                && !then.get(source.record.id().as_str()).copied().is_some_and(|one| same(&one))
        });
        let changed: Vec<_> = changed.collect();
        if changed.is_empty() {
            return Ok(None);
        }
        let basis = changed.iter().find_map(|one| one.record.case().secrecy_basis.clone());
        let document = Document { draws_on: drawn, ..document.clone() };
        Ok(Some(Changed { document, basis }))
    }
}
