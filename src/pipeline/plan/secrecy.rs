//! Finds issued versions with text that became secret: a record changed later, or is
//! completely secret now. Their web copies are reported, never restored, and withdrawn in
//! the registry; archive copies are restricted there. Covers every version of the
//! registry, also those without a record.

use std::collections::{BTreeMap, BTreeSet};

use super::output_state::{unreadable, withdrawn};
use super::{Planner, Reason, RegistryView, Step};
use crate::document::{Document, DocumentId, keeps_back};
use crate::model::{Digest, Id, Place, Problem, Publicity, RecordSet, Source};
use crate::registry::metadata::{Metadata, SourceRecord};
use crate::registry::{Issue, RegistryError, Restricted, Secrecy as RegisteredSecrecy};

use crate::pipeline::register::round_of;
use crate::pipeline::render::Rendered;

/// Results of the search.
#[derive(Debug, Default)]
pub(super) struct Secrecy {
    /// Register numbers of versions whose web copies will be withdrawn.
    withdrawn: BTreeSet<String>,
    /// Leaks in web copies, by document.
    leaks: BTreeMap<String, Leak>,
    /// Documents with an unreadable version.
    unreadable: BTreeMap<String, RegistryError>,
}

/// Secret text in a version.
#[derive(Debug, Clone)]
struct Leak {
    issue: Issue,
    words: String,
    /// File of the record that makes it secret.
    of: String,
}

/// Records with secrets that changed since a version was issued.
struct Changed<'a> {
    /// All records that the version drew on, or its document draws on now.
    drawn: Vec<Id>,
    /// The document's own record, or else a changed one.
    own: &'a Source,
    /// A record that the version drew on and that is completely secret now; preferably
    /// the document's own.
    whole: Option<&'a Source>,
    now: RegisteredSecrecy,
}

impl Planner<'_> {
    /// Searches every version of the rounds with secrets, and of no round. An unreadable
    /// version is reported for its document.
    pub(super) fn find_newly_secret(
        &mut self,
        rendered: &[Rendered],
        registry: RegistryView<'_>,
    ) -> Result<(), RegistryError> {
        let planned: BTreeMap<String, &[Id]> =
            rendered.iter().map(|one| (one.id.to_string(), &*one.document.draws_on)).collect();
        let index = registry.index;
        let set = &self.checked.set;
        let keeping: Vec<&Source> = set.iter().filter(|one| keeps_back(&one.record)).collect();
        if keeping.is_empty() {
            return Ok(());
        }
        let rounds = keeping.iter().filter_map(|source| round_of(&source.record));
        let rounds: BTreeSet<String> = rounds.map(Id::to_string).collect();
        let mut new = Vec::new();
        for source in keeping.into_iter().filter(|source| source.record.holds_secrets()) {
            let digest = Digest::of(source.text.as_bytes());
            if !index.knows_record(source.record.id().as_str(), &digest)? {
                new.push(source);
            }
        }
        for issue in index.of_rounds(&rounds)? {
            let drawn = planned.get(&issue.document).copied().unwrap_or_default();
            if let Err(error) = self.check_version(&issue, drawn, &new, registry) {
                self.secrecy.unreadable.insert(issue.document.clone(), error);
            }
        }
        Ok(())
    }

    fn check_version(
        &mut self,
        issue: &Issue,
        drawn: &[Id],
        new: &[&Source],
        registry: RegistryView<'_>,
    ) -> Result<(), RegistryError> {
        let archive = registry.archive;
        let metadata = archive.metadata(issue)?;
        let checked = self.checked;
        let Some(changed) = changed(&metadata, drawn, new, &checked.set) else { return Ok(()) };
        let id = DocumentId::known(&issue.document);
        let issued = metadata.classification.publicity;
        if issue.restricted.unwrap_or(issued) < changed.now.publicity {
            let leak = match changed.whole() {
                Some(leak) => Some(leak),
                None => {
                    // names and attachments are secret only on the web
                    let leaks = self.leaks(&archive.pdf(issue)?, &changed, &id);
                    leaks.into_iter().find(|leak| leak.rule == "web-leak").map(words_and_file)
                }
            };
            if let Some((words, of)) = leak {
                // it may have been exported
                let place = Place { file: self.output.path_of(id.as_str()), ..Place::default() };
                let problem = Problem::warning("issued-now-secret", place)
                    .with("document", &id)
                    .with("version", issue.version)
                    .with("number", &issue.number);
                self.plan.problems.push(problem.with("words", words).with("of", of));
                let restricted = Restricted { issue: issue.clone(), now: changed.now.clone() };
                self.add(&id, Step::Restrict(Box::new(restricted)), Reason::NowSecret);
            }
        }
        let Some(web) = &issue.web else { return Ok(()) };
        let leak = match changed.whole() {
            Some(leak) => Some(leak),
            None => {
                // an unreadable copy, or one not searched completely, proves nothing
                let tells = |leak: &Problem| !matches!(leak.rule, "web-unread" | "web-too-much");
                let leaks = self.leaks(&archive.web_pdf(issue, web)?, &changed, &id);
                leaks.into_iter().find(tells).map(words_and_file)
            }
        };
        if let Some((words, of)) = leak {
            if !web.withdrawn {
                self.secrecy.withdrawn.insert(issue.number.clone());
                let web = DocumentId::web_copy(&id);
                self.add(&web, Step::Withdraw(Box::new(issue.clone())), Reason::NowSecret);
            }
            let leak = Leak { issue: issue.clone(), words, of };
            self.secrecy.leaks.insert(issue.document.clone(), leak);
        }
        Ok(())
    }

    /// Secret text in a PDF.
    fn leaks(&self, pdf: &[u8], changed: &Changed<'_>, id: &DocumentId) -> Vec<Problem> {
        let secrets = self.checked.secrets(self.settings.design);
        secrets.leaks(pdf, &changed.drawn, id, changed.own)
    }

    /// Reports that the latest web copy of a document contains secret text. Not reported
    /// when a new version is `replaced` now: a new copy replaces it, or
    /// [`Planner::web_copy_left_behind`] reports it.
    pub(super) fn report_secret_web_copy(
        &mut self,
        id: &DocumentId,
        replaced: bool,
        registry: RegistryView<'_>,
    ) -> Result<(), RegistryError> {
        if let Some(error) = self.secrecy.unreadable.remove(id.as_str()) {
            return Err(error);
        }
        let Some(issue) = registry.index.latest(id.as_str())? else { return Ok(()) };
        let leak = self.secrecy.leaks.remove(id.as_str());
        let leak = leak.filter(|leak| leak.issue.number == issue.number);
        let Some(web) = &issue.web else { return Ok(()) };
        if !(web.withdrawn || leak.is_some()) {
            return Ok(());
        }
        let still_there = self.still_there(id, &issue);
        if replaced {
            // if the new version is refused, the copy is still there
            self.plan.unless_issued.extend(still_there.map(|problem| (id.clone(), problem)));
            return Ok(());
        }
        if let Some(leak) = leak {
            self.now_secret(id, &leak);
        }
        self.plan.problems.extend(still_there);
        Ok(())
    }

    /// Reports once the secret text in web copies of documents that no record calls for.
    /// Files of withdrawn copies are reported when PDFs are compared with the registry.
    pub(super) fn newly_secret_uncalled(&mut self) {
        for (document, leak) in std::mem::take(&mut self.secrecy.leaks) {
            let id = DocumentId::known(&document);
            if self.secrecy.withdrawn.contains(&leak.issue.number) {
                self.now_secret(&id, &leak);
            }
        }
        for (document, error) in std::mem::take(&mut self.secrecy.unreadable) {
            let file = self.output.path_of(&document);
            self.plan.problems.push(unreadable(file, &error));
        }
    }

    fn now_secret(&mut self, id: &DocumentId, leak: &Leak) {
        let file = self.output.path_of(DocumentId::web_copy(id).as_str());
        let problem = Problem::error("web-now-secret", Place { file, ..Place::default() })
            .with("document", id)
            .with("next", leak.issue.version + 1)
            .with("words", &leak.words)
            .with("of", &leak.of);
        self.plan.problems.push(problem);
    }

    /// The problem of a withdrawn web copy whose file is in the output folder.
    fn still_there(&self, id: &DocumentId, issue: &Issue) -> Option<Problem> {
        let file = self.output.path_of(DocumentId::web_copy(id).as_str());
        let there = matches!(crate::fs::stamp(&file), Ok(Some(_)));
        there.then(|| withdrawn(file, issue))
    }

    /// Warns about a web copy of a replaced version, when the new version has none.
    pub(super) fn web_copy_left_behind(
        &mut self,
        document: &Document,
        id: &DocumentId,
        version: u16,
    ) {
        let name = DocumentId::web_copy(id);
        let path = self.output.path_of(name.as_str());
        if version > 1 && matches!(crate::fs::stamp(&path), Ok(Some(_))) {
            let source = self.checked.set.source(&document.source);
            let place = Place { file: path, ..Place::default() };
            let problem = Problem::warning("web-left-behind", place)
                .with("document", id)
                .with("version", version)
                .with("record", source.map(|s| s.file.display().to_string()).unwrap_or_default());
            self.plan.problems.push(problem);
        }
    }

    /// True when the web copy of a version contains secret text, or was withdrawn
    /// earlier.
    pub(super) fn is_withdrawn(&self, issue: &Issue) -> bool {
        issue.web.as_ref().is_some_and(|web| web.withdrawn)
            || self.secrecy.withdrawn.contains(&issue.number)
    }
}

impl Changed<'_> {
    /// The leak of a completely secret record: its text need not be found, because every
    /// document prints its date and participants.
    fn whole(&self) -> Option<(String, String)> {
        self.whole.map(|one| (one.record.id().to_string(), one.file.display().to_string()))
    }
}

/// Words and file of a leak.
fn words_and_file(leak: Problem) -> (String, String) {
    let arg = |name| leak.args.get(name).cloned().unwrap_or_default();
    (arg("words"), arg("of"))
}

/// Compares an issued version with the current records that have secrets. Records that
/// are `new` to the registry may be quoted by documents that do not draw on them.
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
    let now = RegisteredSecrecy {
        publicity: if own_is_secret { Publicity::Secret } else { Publicity::PartlySecret },
        basis: by.record.case().secrecy_basis.clone(),
        years: by.record.case().secrecy_years,
    };
    Some(Changed { drawn: drawn.into_iter().collect(), own, whole, now })
}
