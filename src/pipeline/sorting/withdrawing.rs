//! Issued versions that hold what became secret: a record changed after they were
//! made, or is secret as a whole now. Their web copies are named, never brought
//! back, and withdrawn in the registry; archive copies are restricted there. Looks
//! at every version that the registry has, called for or not.

use std::collections::{BTreeMap, BTreeSet};

use super::super::webcheck::Secrets;
use super::{RegistryContext, Sorter, holding, register};
use crate::document::{Document, DocumentId, keeps_back};
use crate::model::{Digest, Id, Place, Problem, Publicity, RecordSet, Source};
use crate::registry::metadata::{Metadata, SourceRecord};
use crate::registry::{Issue, RegistryError, Restricted, Secrecy};

/// What a version holds that is secret now.
#[derive(Debug, Clone)]
pub(super) struct Leak {
    issue: Issue,
    words: String,
    /// File of the record that keeps it secret.
    of: String,
}

/// Records that keep something secret, and changed since a version was issued.
struct Changed<'a> {
    /// All that the version drew on, and its document draws on now.
    drawn: Vec<Id>,
    /// The document's own record, else one of those that changed.
    own: &'a Source,
    /// One that the version drew on, which has become secret as a whole; the
    /// document's own record first.
    whole: Option<&'a Source>,
    now: Secrecy,
}

impl Sorter<'_> {
    /// Looks for what became secret in every version of the rounds that have
    /// secrets, and of no round. A version that cannot be read is put down for its
    /// document.
    pub(super) fn look_back(
        &mut self,
        planned: &BTreeMap<String, Vec<Id>>,
        registrar: &RegistryContext<'_>,
    ) -> Result<(), RegistryError> {
        let index = registrar.registry.index();
        let set = &self.checked.set;
        let keeping: Vec<&Source> = set.iter().filter(|one| keeps_back(&one.record)).collect();
        if keeping.is_empty() {
            return Ok(());
        }
        let rounds = keeping.iter().filter_map(|source| register::round_of(&source.record));
        let rounds: BTreeSet<String> = rounds.map(Id::to_string).collect();
        let mut new = Vec::new();
        for source in keeping.into_iter().filter(|source| source.record.holds_secrets()) {
            let digest = Digest::of(source.text.as_bytes());
            if !index.knows_record(source.record.id().as_str(), &digest)? {
                new.push(source);
            }
        }
        for issue in index.of_rounds(&rounds)? {
            let drawn = planned.get(&issue.document).map_or(&[][..], Vec::as_slice);
            if let Err(error) = self.look_at(&issue, drawn, &new, registrar) {
                self.unread.insert(issue.document.clone(), error);
            }
        }
        Ok(())
    }

    fn look_at(
        &mut self,
        issue: &Issue,
        drawn: &[Id],
        new: &[&Source],
        registrar: &RegistryContext<'_>,
    ) -> Result<(), RegistryError> {
        let archive = registrar.registry.archive();
        let metadata = archive.metadata(issue)?;
        let checked = self.checked;
        let Some(changed) = changed(&metadata, drawn, new, &checked.set) else { return Ok(()) };
        let id = DocumentId::known(&issue.document);
        let issued = metadata.classification.publicity;
        if issue.restricted.unwrap_or(issued) < changed.now.publicity {
            let leak = match changed.whole() {
                Some(leak) => Some(leak),
                None => {
                    // names and attachments are held back from the web alone
                    let leaks = self.leaks(&archive.pdf(issue)?, &changed, &id);
                    leaks.into_iter().find(|leak| leak.rule == "web-leak").map(said)
                }
            };
            if let Some((words, of)) = leak {
                // it may have been handed over
                let place = Place { file: self.output.path_of(id.as_str()), ..Place::default() };
                let problem = Problem::warning("issued-now-secret", place)
                    .with("document", &id)
                    .with("version", issue.version)
                    .with("number", &issue.number);
                self.report.problems.push(problem.with("words", words).with("of", of));
                self.restricted.push(Restricted { issue: issue.clone(), now: changed.now.clone() });
            }
        }
        let Some(web) = &issue.web else { return Ok(()) };
        let leak = match changed.whole() {
            Some(leak) => Some(leak),
            None => {
                // a copy that cannot be read, or not to the end, tells nothing
                let tells = |leak: &Problem| !matches!(leak.rule, "web-unread" | "web-too-much");
                let leaks = self.leaks(&archive.web_pdf(issue, web)?, &changed, &id);
                leaks.into_iter().find(tells).map(said)
            }
        };
        if let Some((words, of)) = leak {
            if !web.withdrawn {
                self.withdrawn.push(issue.clone());
            }
            self.leaks.insert(issue.document.clone(), Leak { issue: issue.clone(), words, of });
        }
        Ok(())
    }

    /// What stands in a PDF and is secret now.
    fn leaks(&self, pdf: &[u8], changed: &Changed<'_>, id: &DocumentId) -> Vec<Problem> {
        let secrets = self.secrets.get_or_init(|| Secrets::of(&self.checked.set, self.made_by.0));
        secrets.leaks(pdf, &changed.drawn, id, changed.own)
    }

    /// Says of a document's latest web copy that it holds what is secret now. Nothing
    /// more is said of one that is `replaced` now by a new version: a new copy takes its
    /// place, or [`Sorter::left_on_the_web`] tells of it.
    pub(super) fn withdraw_secret(
        &mut self,
        id: &DocumentId,
        replaced: bool,
        registrar: &RegistryContext<'_>,
    ) -> Result<(), RegistryError> {
        if let Some(error) = self.unread.remove(id.as_str()) {
            return Err(error);
        }
        let Some(issue) = registrar.registry.index().latest(id.as_str())? else { return Ok(()) };
        let leak = self.leaks.remove(id.as_str());
        let leak = leak.filter(|leak| leak.issue.number == issue.number);
        let Some(web) = &issue.web else { return Ok(()) };
        if !(web.withdrawn || leak.is_some()) {
            return Ok(());
        }
        let still_there = self.still_there(id, &issue);
        if replaced {
            // the new version may be refused, and the copy is still there then
            self.unless_made.extend(still_there.map(|problem| (id.clone(), problem)));
            return Ok(());
        }
        if let Some(leak) = leak {
            self.now_secret(id, &leak);
        }
        self.report.problems.extend(still_there);
        Ok(())
    }

    /// Says once of documents that no record calls for any more what became secret
    /// in their web copies. Files of withdrawn copies are named where PDFs are held
    /// against the registry.
    pub(super) fn withdraw_uncalled(&mut self) {
        for (document, leak) in std::mem::take(&mut self.leaks) {
            let id = DocumentId::known(&document);
            if self.withdrawn.contains(&leak.issue) {
                self.now_secret(&id, &leak);
            }
        }
        for (document, error) in std::mem::take(&mut self.unread) {
            let file = self.output.path_of(&document);
            self.report.problems.push(holding::unreadable(file, &error));
        }
    }

    fn now_secret(&mut self, id: &DocumentId, leak: &Leak) {
        let file = self.output.path_of(DocumentId::web_copy(id).as_str());
        let problem = Problem::error("web-now-secret", Place { file, ..Place::default() })
            .with("document", id)
            .with("next", leak.issue.version + 1)
            .with("words", &leak.words)
            .with("of", &leak.of);
        self.report.problems.push(problem);
    }

    /// The problem of a withdrawn web copy whose file is in the output folder.
    fn still_there(&self, id: &DocumentId, issue: &Issue) -> Option<Problem> {
        let file = self.output.path_of(DocumentId::web_copy(id).as_str());
        let there = matches!(crate::fs::stamp(&file), Ok(Some(_)));
        there.then(|| holding::withdrawn(file, issue))
    }

    /// Warns of a copy for the web that is still there, of a version that was
    /// replaced by one without.
    pub(super) fn left_on_the_web(&mut self, document: &Document, id: &DocumentId, version: u16) {
        let name = DocumentId::web_copy(id);
        let path = self.output.path_of(name.as_str());
        if version > 1 && matches!(crate::fs::stamp(&path), Ok(Some(_))) {
            let source = self.checked.set.source(&document.source);
            let place = Place { file: path, ..Place::default() };
            let problem = Problem::warning("web-left-behind", place)
                .with("document", id)
                .with("version", version)
                .with("record", source.map(|s| s.file.display().to_string()).unwrap_or_default());
            self.report.problems.push(problem);
        }
    }

    /// Whether the web copy of a version holds what is secret now, or held it when
    /// it was looked at before.
    pub(super) fn is_withdrawn(&self, issue: &Issue) -> bool {
        issue.web.as_ref().is_some_and(|web| web.withdrawn)
            || self.withdrawn.iter().any(|one| one.number == issue.number)
    }
}

impl Changed<'_> {
    /// What is said of a record that is secret as a whole: no text of it has to be
    /// found, for every document prints its date and its people.
    fn whole(&self) -> Option<(String, String)> {
        self.whole.map(|one| (one.record.id().to_string(), one.file.display().to_string()))
    }
}

/// Words and file of a leak.
fn said(leak: Problem) -> (String, String) {
    let said = |name| leak.args.get(name).cloned().unwrap_or_default();
    (said("words"), said("of"))
}

/// What changed since a version was issued, among the records that keep something
/// secret now: the version was looked over when it was made. Records that are `new`
/// to the registry may be quoted by documents that do not draw on them.
fn changed<'a>(
    metadata: &Metadata,
    drawn: &[Id],
    new: &[&'a Source],
    set: &'a RecordSet,
) -> Option<Changed<'a>> {
    let then = std::iter::once(&metadata.source).chain(&metadata.draws_on);
    let then: BTreeMap<&str, &SourceRecord> =
        then.map(|record| (record.id.as_str(), record)).collect();
    let drawn = drawn.iter().cloned().chain(then.keys().filter_map(|id| Id::parse(id)));
    let drawn: BTreeSet<Id> = drawn.collect();
    let then_of = |source: &Source| then.get(source.record.id().as_str()).copied();
    let records = drawn.iter().filter_map(|id| set.source(id)).filter(|source| {
        let now = source.record.case().publicity();
        let same = |then: &SourceRecord| {
            then.digest == Digest::of(source.text.as_bytes())
                && then.publicity.is_none_or(|then| then == now)
        };
        keeps_back(&source.record) && !then_of(source).is_some_and(same)
    });
    let mut records: Vec<&Source> = records.collect();
    records.extend(new);
    let first = *records.first()?;
    let is_whole = |source: &&&Source| {
        source.record.case().publicity() == Publicity::Secret
            && then_of(source).is_some_and(|then| then.publicity != Some(Publicity::Secret))
    };
    let is_own = |source: &&&Source| source.record.id().as_str() == metadata.source.id;
    let whole = records.iter().filter(is_whole).find(is_own);
    let whole = whole.or_else(|| records.iter().find(is_whole)).copied();
    let source = Id::parse(&metadata.source.id).and_then(|id| set.source(&id));
    let own = source.unwrap_or(first);
    let own_is_secret = whole.is_some_and(|one| one.record.id().as_str() == metadata.source.id);
    let has_basis = |one: &&&Source| one.record.case().secrecy_basis.is_some();
    let by = whole.or_else(|| records.iter().find(has_basis).copied()).unwrap_or(first);
    let now = Secrecy {
        publicity: if own_is_secret { Publicity::Secret } else { Publicity::PartlySecret },
        basis: by.record.case().secrecy_basis.clone(),
        years: by.record.case().secrecy_years,
    };
    Some(Changed { drawn: drawn.into_iter().collect(), own, whole, now })
}
