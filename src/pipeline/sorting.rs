//! Which documents must be made, which are there already, and which cannot be
//! made: a look at the output folder and at the registry.

mod in_force;
mod withdrawing;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Checked;
use super::holding::{self, put_back};
use super::register::{self, RegistryContext};
use super::registration_state::{IssuedVersion, Lookup, RegistrationState, archived_records};
use super::sources::Rendered;
use super::webcheck::Secrets;
use super::{Design, Line, Options, Outcome, Pending, PipelineError, Report, Way};
use crate::document::{Document, DocumentId};
use crate::model::{Digest, Id, Problem, RecordSet, Status};
use crate::publish::Output;
use crate::registry::{Issue, NumberRequest, RegistryError, Restricted};
use withdrawing::Leak;

/// A document that must be made.
pub struct Task {
    document: Document,
    id: DocumentId,
    goal: Goal,
}

enum Goal {
    Publish,
    /// Register this version.
    Register(u16),
    AddWeb(Box<IssuedVersion>),
}

/// What a look at the records, the output folder and the registry gave.
pub struct Sorted {
    pub tasks: Vec<Task>,
    pub report: Report,
    /// Versions whose web copies hold what is secret now.
    pub withdrawn: Vec<Issue>,
    /// Versions that hold what became secret.
    pub restricted: Vec<Restricted>,
    /// What must be said of a document when its new version is not made.
    pub unless_made: Vec<(DocumentId, Problem)>,
}

/// Parts what must be typeset from what is there already or cannot be made.
pub fn sort_out(
    rendered: Vec<Rendered>,
    checked: &Checked,
    output: &mut Output,
    registrar: Option<&RegistryContext<'_>>,
    made_by: (&Design, Options),
) -> Result<Sorted, PipelineError> {
    let mut report = Report {
        records: checked.set.len(),
        unread: checked.set.refused().len(),
        ..Report::default()
    };
    let mut tasks = Vec::new();
    let called: BTreeSet<String> = rendered.iter().map(|one| one.id.to_string()).collect();
    let mut sorter = Sorter {
        checked,
        output,
        report: &mut report,
        called: &called,
        made_by,
        designs: BTreeMap::new(),
        withdrawn: Vec::new(),
        restricted: Vec::new(),
        leaks: BTreeMap::new(),
        unread: BTreeMap::new(),
        unless_made: Vec::new(),
        secrets: OnceCell::new(),
    };
    if let Some(registrar) = registrar {
        let drawn = |one: &Rendered| (one.id.to_string(), one.document.draws_on.clone());
        sorter.look_back(&rendered.iter().map(drawn).collect(), registrar)?;
    }
    for Rendered { document, id, made_from } in rendered {
        let sorted = match made_from {
            Ok(made_from) => sorter.sort(&document, &id, &made_from, registrar).map(Ok),
            Err(fault) => sorter.hold_back(&document, &id, fault, registrar).map(Err),
        };
        let outcome = match sorted {
            Ok(Ok(goal)) => {
                tasks.extend(goal.map(|goal| Task { document, id, goal }));
                continue;
            }
            Ok(Err(outcome)) => outcome,
            // a damaged file in the registry costs this document only
            Err(RegistryError::Index(error)) => return Err(RegistryError::from(error).into()),
            Err(error) => {
                let file = sorter.output.path_of(id.as_str());
                sorter.report.problems.push(holding::unreadable(file, &error));
                Outcome::Refused
            }
        };
        let line = Line::new(id.clone(), sorter.output.path_of(id.as_str()), outcome);
        sorter.report.lines.push(line);
    }
    sorter.withdraw_uncalled();
    let Sorter { withdrawn, restricted, unless_made, .. } = sorter;
    Ok(Sorted { tasks, report, withdrawn, restricted, unless_made })
}

struct Sorter<'a> {
    checked: &'a Checked,
    output: &'a mut Output,
    report: &'a mut Report,
    /// Names of all documents that the records call for.
    called: &'a BTreeSet<String>,
    made_by: (&'a Design, Options),
    /// Archived template sets that copies for the web are made with.
    designs: BTreeMap<Digest, Arc<Design>>,
    /// Versions whose web copies hold what is secret now.
    withdrawn: Vec<Issue>,
    /// Versions that hold what became secret.
    restricted: Vec<Restricted>,
    /// What their web copies hold, by document.
    leaks: BTreeMap<String, Leak>,
    /// Documents of which a version cannot be read.
    unread: BTreeMap<String, RegistryError>,
    /// What must be said of a document when its new version is not made.
    unless_made: Vec<(DocumentId, Problem)>,
    /// What may not be on the web, once it is needed.
    secrets: OnceCell<Secrets>,
}

impl Sorter<'_> {
    /// What must be done for a document; nothing when it is there, or must not
    /// be made, which is in the report then.
    fn sort(
        &mut self,
        document: &Document,
        id: &DocumentId,
        made_from: &Digest,
        registrar: Option<&RegistryContext<'_>>,
    ) -> Result<Option<Goal>, RegistryError> {
        let standing = match registrar {
            Some(registrar) => {
                let lookup = Lookup {
                    index: registrar.registry.index(),
                    archive: registrar.registry.archive(),
                    checked: self.checked,
                    called: self.called,
                    design: self.made_by.0,
                    options: self.made_by.1,
                };
                lookup.standing(document, id, made_from)?
            }
            None => RegistrationState::New,
        };
        if let Some(registrar) = registrar {
            let is_final = document.status == Status::Final;
            let replaced = is_final && matches!(standing, RegistrationState::New);
            self.withdraw_secret(id, replaced, registrar)?;
        }
        let path = self.output.path_of(id.as_str());
        match (standing, registrar) {
            (RegistrationState::Refused(issue, problem), Some(registrar)) => {
                self.report.problems.push(*problem);
                // under the name that it has in the registry
                self.keep(document, &DocumentId::known(&issue.document), &issue, registrar);
                self.report.lines.push(Line::new(id.clone(), path, Outcome::Refused));
                Ok(None)
            }
            (RegistrationState::Issued(issue, warning), Some(registrar)) => {
                self.report.problems.extend(warning.map(|warning| *warning));
                self.issued(document, id, issue, registrar)
            }
            (_, Some(registrar)) if document.status == Status::Final => {
                let record = self.checked.set.record(&document.source);
                let version = record.map(|record| record.envelope().version);
                if !register::goes_on_the_web(document, &self.checked.set, registrar.plan) {
                    self.left_on_the_web(document, id, version.unwrap_or_default());
                }
                Ok(version.map(Goal::Register))
            }
            _ => Ok(match self.output.current(id.as_str(), made_from) {
                Some(entry) => {
                    let outcome = Outcome::Unchanged { pages: entry.pages };
                    self.report.lines.push(Line::new(id.clone(), path, outcome));
                    None
                }
                None => Some(Goal::Publish),
            }),
        }
    }

    /// An issued version is what it is: its PDFs are brought back when they
    /// are gone or changed, a withdrawn web copy aside, and only a web copy may
    /// still be added.
    fn issued(
        &mut self,
        document: &Document,
        id: &DocumentId,
        issue: Box<Issue>,
        registrar: &RegistryContext<'_>,
    ) -> Result<Option<Goal>, RegistryError> {
        let kept = registrar.registry.archive();
        self.bring_back(document, id, &issue.pdf, issue.pages, &issue, || kept.pdf(&issue));
        if let Some(web) = &issue.web {
            if self.is_withdrawn(&issue) {
                return Ok(None);
            }
            let name = DocumentId::web_copy(id);
            let pdf = || kept.web_pdf(&issue, web);
            self.bring_back(document, &name, &web.pdf, web.pages, &issue, pdf);
            return Ok(None);
        }
        if register::goes_on_the_web(document, &self.checked.set, registrar.plan) {
            return Ok(Some(Goal::AddWeb(Box::new(self.kept(*issue, registrar)?))));
        }
        self.left_on_the_web(document, id, issue.version);
        Ok(None)
    }

    /// An issued version with the records and templates that it was made of.
    fn kept(
        &mut self,
        issue: Issue,
        registrar: &RegistryContext<'_>,
    ) -> Result<IssuedVersion, RegistryError> {
        let archive = registrar.registry.archive();
        let metadata = archive.metadata(&issue)?;
        let unreadable = |cause| RegistryError::Unreadable { number: issue.number.clone(), cause };
        let records = archived_records(&archive, &issue, &metadata).map_err(&unreadable)?;
        let digest = &metadata.made_with.templates;
        if digest != self.made_by.0.bundle.digest() && !self.designs.contains_key(digest) {
            let set = registrar.registry.index().template_set(digest)?;
            let bundle = archive.templates(set.unwrap_or_default(), digest)?;
            let design = Design::new(bundle).map_err(|error| unreadable(error.to_string()))?;
            let design = design.guarded_as(self.made_by.0);
            self.designs.insert(digest.clone(), Arc::new(design));
        }
        let design = self.designs.get(digest).cloned();
        Ok(IssuedVersion { issue, metadata, records: records.into(), design })
    }

    fn bring_back(
        &mut self,
        document: &Document,
        name: &DocumentId,
        digest: &Digest,
        pages: usize,
        issue: &Issue,
        pdf: impl FnOnce() -> Result<Vec<u8>, RegistryError>,
    ) {
        let path = self.output.path_of(name.as_str());
        let there = holding::is_there(self.output, name.as_str(), digest, self.report);
        let pdf = || if there { Ok(None) } else { pdf().map(Some) };
        let known = (&document.source, issue.number.as_str(), digest);
        let outcome = match put_back(self.output, &path, name, known, pdf, pages) {
            Ok(()) if there => Outcome::Unchanged { pages },
            Ok(()) => Outcome::Restored { pages },
            Err(problem) => {
                self.report.problems.push(*problem);
                Outcome::Refused
            }
        };
        let line = Line::new(name.clone(), path, outcome);
        self.report.lines.push(Line { number: Some(issue.number.clone()), ..line });
    }
}

/// Gives numbers to the documents that will be registered, and archives the
/// templates that they will be made with. Numbers that are under way for
/// anything else are voided, save those of documents that cannot be made now.
/// When the day is doubted, only what does not go to the registry is left, with
/// the doubt.
pub fn reserve(
    tasks: Vec<Task>,
    report: &Report,
    registrar: Option<&mut RegistryContext<'_>>,
    set: &RecordSet,
    design: &Design,
) -> Result<(Vec<Pending>, Option<RegistryError>), PipelineError> {
    let (mut numbers, mut doubt) = (Vec::new().into_iter(), None);
    let mut replaced = BTreeMap::new();
    if let Some(registrar) = registrar {
        let wanted = tasks.iter().filter_map(|task| match task.goal {
            Goal::Register(version) => Some(NumberRequest {
                document: task.id.to_string(),
                version,
                date: set.record(&task.document.source).and_then(register::dated),
            }),
            _ => None,
        });
        let wanted: Vec<NumberRequest> = wanted.collect();
        for one in &wanted {
            if let Some(latest) = registrar.registry.latest(&one.document)? {
                replaced.insert(one.document.clone(), latest.number);
            }
        }
        let stuck = report.lines.iter().filter(|line| !line.outcome.is_well());
        let waiting: BTreeSet<String> = stuck.map(|line| line.document.to_string()).collect();
        match registrar.registry.reserve(&wanted, &waiting) {
            Ok(given) => numbers = given.into_iter(),
            Err(error) if error.concerns_clock() => doubt = Some(error),
            Err(error) => return Err(error.into()),
        }
        if doubt.is_none() && tasks.iter().any(|task| !matches!(task.goal, Goal::Publish)) {
            let bundle = &design.bundle;
            registrar.registry.archive_templates(bundle.digest(), bundle.iter())?;
        }
    }
    let pending = tasks.into_iter().filter_map(|Task { document, id, goal }| {
        let way = match goal {
            Goal::Publish => Way::Publish,
            Goal::Register(_) => {
                let replaces = replaced.remove(id.as_str());
                Way::Register { reservation: numbers.next()?, replaces }
            }
            // the log says when it was added
            Goal::AddWeb(_) if doubt.is_some() => return None,
            Goal::AddWeb(kept) => Way::AddWeb(kept),
        };
        Some(Pending { document, id, way })
    });
    Ok((pending.collect(), doubt))
}

/// Says what must be said of documents whose new versions were not made.
pub fn not_made(report: &mut Report, unless_made: Vec<(DocumentId, Problem)>) {
    for (document, problem) in unless_made {
        let line = report.lines.iter().find(|line| line.document == document);
        if !line.is_some_and(|line| matches!(line.outcome, Outcome::Issued { .. })) {
            report.problems.push(problem);
        }
    }
}

/// Looks at PDFs that no record calls for. While a file is refused nobody can
/// say that its record is gone: such a PDF stays in force. Else it is named
/// once as an orphan, and stays too.
pub fn uncalled(
    output: &mut Output,
    report: &mut Report,
    checked: &Checked,
    registrar: Option<&RegistryContext<'_>>,
) -> Result<(), PipelineError> {
    if report.left > 0 {
        return Ok(());
    }
    let called: BTreeSet<String> =
        report.lines.iter().map(|line| line.document.to_string()).collect();
    // a copy for the web is called for as its document is
    let is_called = |name: &str| called.contains(name.strip_prefix("web/").unwrap_or(name));
    if let Some(registrar) = registrar {
        for name in output.pdfs()?.into_iter().filter(|name| !is_called(name)) {
            holding::hold(&name, output, report, registrar.registry)?;
        }
    }
    let uncalled: Vec<(String, Id)> = output
        .entries()
        .filter(|(name, _)| !is_called(name))
        .map(|(name, entry)| (name.to_owned(), entry.record.clone()))
        .collect();
    for (name, record) in uncalled {
        let path = output.path_of(&name);
        let files = holding_up(&record, &checked.set);
        if files.is_empty() {
            output.forget(&name);
            report.orphans.push(path);
        } else {
            report.lines.push(Line::new(DocumentId::known(&name), path, withheld(files)));
        }
    }
    Ok(())
}

/// Refused files that may hold a record.
fn holding_up<'a>(record: &Id, set: &'a RecordSet) -> Vec<&'a PathBuf> {
    let refused = set.refused().iter();
    match refused.clone().find(|file| file.id.as_ref() == Some(record)) {
        Some(file) => vec![&file.file],
        None => refused.map(|file| &file.file).collect(),
    }
}

/// Names the first few files: thousands may be unreadable at once.
fn withheld<T: AsRef<Path>>(files: Vec<T>) -> Outcome {
    let named = files.iter().take(3).map(|file| file.as_ref().to_owned());
    Outcome::Withheld { waits_for: named.collect(), more: files.len().saturating_sub(3) }
}
