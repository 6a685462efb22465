//! Plans a build: compares rendered documents, output folder and registry, and lists
//! actions with their reasons. Writes nothing.

mod action;
mod output_state;
mod secrecy;
mod uncalled;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use super::checking::{Blocked, Checked};
use super::context::TypstSource;
use super::design::Design;
use super::register::{self, IssuedVersion, RegistryView};
use super::registration_state::archived_records;
use super::render::{Content, NotRendered, Rendered};
use super::{BuildError, BuildSettings};
use crate::document::{Document, DocumentId};
use crate::model::{Date, Digest, Problem};
use crate::publish::{Output, OutputState};
use crate::registry::metadata::Copy;
use crate::registry::{Issue, RegistryError};
use secrecy::Secrecy;

pub use action::{Action, InPlace, Reason, RegisteredPdf, Restore, Step};

/// The plan of a build.
pub struct Plan {
    /// Records that could be read.
    pub records: usize,
    /// Files that could not be read as records.
    pub unread: usize,
    /// In the order of the documents.
    pub actions: Vec<Action>,
    /// Problems found while planning, apart from those of the records.
    pub problems: Vec<Problem>,
    /// Problems of documents, reported only when their new version is not issued.
    pub unless_issued: Vec<(DocumentId, Problem)>,
}

impl Plan {
    /// The known dates of the documents that will be registered.
    pub fn dates(&self) -> Vec<Date> {
        let dates = self.actions.iter().filter_map(|action| match &action.step {
            Step::Register(new) => new.1.date,
            _ => None,
        });
        dates.collect()
    }
}

/// Plans a build.
///
/// # Errors
/// When the output folder or the index of the registry cannot be read.
pub fn plan(
    rendered: Vec<Rendered>,
    checked: &Checked,
    settings: &BuildSettings<'_>,
    output: &mut Output,
    registry: Option<RegistryView<'_>>,
) -> Result<Plan, BuildError> {
    let called: BTreeSet<String> = rendered.iter().map(|one| one.id.to_string()).collect();
    let plan = Plan {
        records: checked.set.len(),
        unread: checked.set.refused().len(),
        actions: Vec::new(),
        problems: Vec::new(),
        unless_issued: Vec::new(),
    };
    let secrecy = Secrecy::default();
    let mut planner =
        Planner { checked, settings, output, plan, secrecy, archived_designs: BTreeMap::new() };
    match registry {
        Some(registry) => {
            planner.find_newly_secret(&rendered, registry)?;
            for Rendered { document, id, content } in rendered {
                match planner.registered(document, &id, content, registry) {
                    Ok(()) => {}
                    Err(RegistryError::Index(error)) => {
                        return Err(RegistryError::from(error).into());
                    }
                    Err(error) => planner.unreadable(&id, &error),
                }
            }
            planner.newly_secret_uncalled();
        }
        None => {
            for Rendered { document, id, content } in rendered {
                match content {
                    Ok(Content::Draft(source)) => planner.draft(document, &id, *source),
                    Ok(_) => {}
                    Err(reason) => planner.blocked(&id, reason),
                }
            }
        }
    }
    planner.uncalled(&called, registry)?;
    Ok(planner.plan)
}

struct Planner<'a> {
    checked: &'a Checked,
    settings: &'a BuildSettings<'a>,
    output: &'a mut Output,
    plan: Plan,
    secrecy: Secrecy,
    /// Archived template sets used for web copies.
    archived_designs: BTreeMap<Digest, Arc<Design>>,
}

impl Planner<'_> {
    fn add(&mut self, document: &DocumentId, step: Step, reason: Reason) {
        let path = self.output.path_of(document.as_str());
        self.plan.actions.push(Action { document: document.clone(), path, step, reason });
    }

    /// Plans a document when there is a registry.
    fn registered(
        &mut self,
        document: Document,
        id: &DocumentId,
        content: Result<Content, NotRendered>,
        registry: RegistryView<'_>,
    ) -> Result<(), RegistryError> {
        let is_replaced = matches!(content, Ok(Content::Unregistered(_)));
        let is_read = !matches!(content, Err(NotRendered::Unreadable(_)));
        if is_read {
            self.report_secret_web_copy(id, is_replaced, registry)?;
        }
        match content {
            Ok(Content::Draft(source)) => self.draft(document, id, *source),
            Ok(Content::Unregistered(new)) => {
                if !register::gets_web_copy(&document, &self.checked.set, registry.plan) {
                    let version = new.expected.version;
                    self.web_copy_left_behind(&document, id, version);
                }
                let reason = if new.replaces.is_some() { Reason::NewVersion } else { Reason::New };
                self.add(id, Step::Register(Box::new((document, *new))), reason);
            }
            Ok(Content::Registered(issue, warning)) => {
                self.plan.problems.extend(warning.map(|warning| *warning));
                self.issued(document, id, *issue, registry)?;
            }
            Ok(Content::Conflict(issue, problem)) => {
                self.plan.problems.push(*problem);
                // under its name in the registry
                self.in_force(&document, &DocumentId::known(&issue.document), &issue);
                self.add(id, Step::Refuse, Reason::Conflict);
            }
            Err(reason) => {
                if is_read && let Some(issue) = registry.index.latest(id.as_str())? {
                    self.in_force(&document, id, &issue);
                }
                self.blocked(id, reason);
            }
        }
        Ok(())
    }

    /// Plans a document that goes to the output folder only.
    fn draft(&mut self, document: Document, id: &DocumentId, source: TypstSource) {
        let reason = match self.output.state(id.as_str(), &source.digest) {
            OutputState::Current { pages } => {
                let kept = InPlace { pages, entry: None };
                return self.add(id, Step::Keep(kept), Reason::Unchanged);
            }
            OutputState::Unknown => Reason::New,
            OutputState::Outdated => Reason::Changed,
            OutputState::Missing => Reason::PdfMissing,
        };
        self.add(id, Step::Publish(Box::new((document, source))), reason);
    }

    /// Plans a document that cannot be made.
    fn blocked(&mut self, id: &DocumentId, reason: NotRendered) {
        match reason {
            NotRendered::Blocked(Blocked::RecordInvalid) => {
                self.add(id, Step::Refuse, Reason::RecordInvalid)
            }
            NotRendered::Blocked(Blocked::WaitsFor(files)) => {
                self.add(id, wait_for(&files), Reason::WaitsForRecords);
            }
            NotRendered::Failed(problem) => {
                self.plan.problems.push(*problem);
                self.add(id, Step::Refuse, Reason::RenderFailed);
            }
            NotRendered::Unreadable(error) => self.unreadable(id, &error),
        }
    }

    /// Plans a document with an unreadable version in the registry.
    fn unreadable(&mut self, id: &DocumentId, error: &RegistryError) {
        let file = self.output.path_of(id.as_str());
        self.plan.problems.push(output_state::unreadable(file, error));
        self.add(id, Step::Refuse, Reason::Unreadable);
    }

    /// Plans an issued version, which is final: its PDFs are restored when they are
    /// missing or changed, except a withdrawn web copy, and only a web copy may still be
    /// added.
    fn issued(
        &mut self,
        document: Document,
        id: &DocumentId,
        issue: Issue,
        registry: RegistryView<'_>,
    ) -> Result<(), RegistryError> {
        self.put_in_place(&document, id, &issue, Copy::Archive, Reason::PdfMissing);
        if issue.web.is_some() {
            if !self.is_withdrawn(&issue) {
                let web = DocumentId::web_copy(id);
                self.put_in_place(&document, &web, &issue, Copy::Web, Reason::PdfMissing);
            }
            return Ok(());
        }
        if register::gets_web_copy(&document, &self.checked.set, registry.plan) {
            let version = self.issued_version(issue, registry)?;
            let step = Step::AddWebCopy(Box::new((document, version)));
            self.add(id, step, Reason::WebCopyMissing);
        } else {
            self.web_copy_left_behind(&document, id, issue.version);
        }
        Ok(())
    }

    /// Reads an issued version with its records and templates.
    fn issued_version(
        &mut self,
        issue: Issue,
        registry: RegistryView<'_>,
    ) -> Result<IssuedVersion, RegistryError> {
        let archive = registry.archive;
        let metadata = archive.metadata(&issue)?;
        let unreadable = |cause| RegistryError::Unreadable { number: issue.number.clone(), cause };
        let records = archived_records(&archive, &issue, &metadata).map_err(&unreadable)?;
        let digest = &metadata.made_with.templates;
        let in_use = self.settings.design;
        if digest != in_use.bundle.digest() && !self.archived_designs.contains_key(digest) {
            let set = registry.index.template_set(digest)?;
            let bundle = archive.templates(set.unwrap_or_default(), digest)?;
            let design = Design::new(bundle).map_err(|error| unreadable(error.to_string()))?;
            self.archived_designs.insert(digest.clone(), Arc::new(design.isolated_like(in_use)));
        }
        let design = self.archived_designs.get(digest).cloned();
        Ok(IssuedVersion { issue, metadata, records: records.into(), design })
    }

    /// Plans the version in force of a document that cannot be made now: its PDF is
    /// restored, and a web copy that differs from the issued one is replaced. A missing
    /// web copy may have been removed from the web.
    fn in_force(&mut self, document: &Document, id: &DocumentId, issue: &Issue) {
        self.put_in_place(document, id, issue, Copy::Archive, Reason::InForce);
        let name = DocumentId::web_copy(id);
        if issue.web.is_some() && self.is_there(&name) && !self.is_withdrawn(issue) {
            self.put_in_place(document, &name, issue, Copy::Web, Reason::PdfMissing);
        }
    }

    /// Keeps a PDF of the registry that is in place, or restores it.
    fn put_in_place(
        &mut self,
        document: &Document,
        name: &DocumentId,
        issue: &Issue,
        copy: Copy,
        reason: Reason,
    ) {
        let Some((digest, pages)) = output_state::pdf_of(issue, copy) else { return };
        let there = self.holds(name.as_str(), &digest);
        let (record, number) = (document.source.clone(), issue.number.clone());
        let entry = Some(RegisteredPdf { record, number, digest });
        let step = if there {
            Step::Keep(InPlace { pages, entry })
        } else {
            Step::Restore(Box::new(Restore { issue: issue.clone(), copy, pages, entry }))
        };
        let unchanged = there && reason != Reason::InForce;
        self.add(name, step, if unchanged { Reason::Unchanged } else { reason });
    }

    /// True when the PDF of a document exists.
    fn is_there(&self, name: &DocumentId) -> bool {
        matches!(crate::fs::stamp(&self.output.path_of(name.as_str())), Ok(Some(_)))
    }
}

/// Lists the first few files only: thousands may be unreadable.
fn wait_for<T: AsRef<Path>>(files: &[T]) -> Step {
    let named = files.iter().take(3).map(|file| file.as_ref().to_owned());
    Step::Wait { waits_for: named.collect(), more: files.len().saturating_sub(3) }
}
