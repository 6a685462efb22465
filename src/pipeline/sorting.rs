//! Which documents must be made, which are there already, and which cannot be
//! made: a look at the output folder and at the registry.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::register::{self, Registrar, Standing};
use super::sources::{Checked, Fault, Rendered};
use super::{Design, Line, Options, Outcome, Pending, PipelineError, Report, Way};
use crate::document::{Document, DocumentId};
use crate::model::{Digest, Id, Place, Problem, RecordSet, Status};
use crate::publish::{self, Output};
use crate::registry::{Issue, RegistryError};

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
    AddWeb(Box<Issue>),
}

/// Parts what must be typeset from what is there already or cannot be made.
pub fn sort_out(
    rendered: Vec<Rendered>,
    checked: &Checked,
    output: &mut Output,
    registrar: Option<&Registrar<'_>>,
    made_by: (&Design, Options),
) -> Result<(Vec<Task>, Report), PipelineError> {
    let mut report = Report { records: checked.set.len(), ..Report::default() };
    let mut tasks = Vec::new();
    for Rendered { document, id, made_from } in rendered {
        let outcome = match made_from {
            Err(Fault::Withheld(files)) => withheld(files),
            Err(Fault::Refused(problem)) => {
                report.problems.extend(problem.map(|problem| *problem));
                Outcome::Refused
            }
            Ok(made_from) => {
                let mut sorter = Sorter { checked, output, report: &mut report, made_by };
                let goal = sorter.sort(&document, &id, &made_from, registrar)?;
                if let Some(goal) = goal {
                    tasks.push(Task { document, id, goal });
                }
                continue;
            }
        };
        report.lines.push(Line::new(id.clone(), output.path_of(id.as_str()), outcome));
    }
    Ok((tasks, report))
}

struct Sorter<'a> {
    checked: &'a Checked,
    output: &'a mut Output,
    report: &'a mut Report,
    made_by: (&'a Design, Options),
}

impl Sorter<'_> {
    /// What must be done for a document; nothing when it is there, or must not
    /// be made, which is in the report then.
    fn sort(
        &mut self,
        document: &Document,
        id: &DocumentId,
        made_from: &Digest,
        registrar: Option<&Registrar<'_>>,
    ) -> Result<Option<Goal>, RegistryError> {
        let standing = match registrar {
            Some(registrar) => {
                let registry = &*registrar.registry;
                register::standing(document, id, made_from, self.checked, registry, self.made_by)?
            }
            None => Standing::New,
        };
        let path = self.output.path_of(id.as_str());
        match (standing, registrar) {
            (Standing::Refused(issue, problem), Some(registrar)) => {
                self.report.problems.push(*problem);
                let kept = registrar.registry.archive();
                self.bring_back(document, id, &issue.pdf, issue.pages, &issue, || kept.pdf(&issue));
                // the version in force is there; this one is refused
                if let Some(line) = self.report.lines.last_mut() {
                    *line = Line::new(id.clone(), path, Outcome::Refused);
                }
                Ok(None)
            }
            (Standing::Issued(issue, warning), Some(registrar)) => {
                self.report.problems.extend(warning.map(|warning| *warning));
                self.issued(document, id, issue, registrar)
            }
            (_, Some(_)) if document.status == Status::Final => {
                let version = self.checked.set.record(&document.source);
                Ok(version.map(|record| Goal::Register(record.envelope().version)))
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
    /// are gone or changed, and only a web copy may still be added.
    fn issued(
        &mut self,
        document: &Document,
        id: &DocumentId,
        issue: Box<Issue>,
        registrar: &Registrar<'_>,
    ) -> Result<Option<Goal>, RegistryError> {
        let kept = registrar.registry.archive();
        self.bring_back(document, id, &issue.pdf, issue.pages, &issue, || kept.pdf(&issue));
        if let Some(web) = &issue.web {
            let name = DocumentId::web_copy(id);
            let pdf = || kept.web_pdf(&issue, web);
            self.bring_back(document, &name, &web.pdf, web.pages, &issue, pdf);
            return Ok(None);
        }
        let wanted = register::goes_on_the_web(document, &self.checked.set, registrar.plan);
        Ok(wanted.then_some(Goal::AddWeb(issue)))
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
        let outcome = if self.output.current(name.as_str(), digest).is_some() {
            Outcome::Unchanged { pages }
        } else {
            let record = &document.source;
            match put_back(self.output, &path, name, record, pdf, pages) {
                Ok(()) => Outcome::Restored { pages },
                Err(problem) => {
                    self.report.problems.push(*problem);
                    Outcome::Refused
                }
            }
        };
        let line = Line::new(name.clone(), path, outcome);
        self.report.lines.push(Line { number: Some(issue.number.clone()), ..line });
    }
}

fn put_back(
    output: &mut Output,
    path: &Path,
    name: &DocumentId,
    record: &Id,
    pdf: impl FnOnce() -> Result<Vec<u8>, RegistryError>,
    pages: usize,
) -> Result<(), Box<Problem>> {
    let place = || Place { file: path.to_owned(), ..Place::default() };
    let bytes = pdf().map_err(|error| {
        Box::new(Problem::error("registry-unreadable", place()).with("cause", error))
    })?;
    let unwritable = |error: crate::fs::FsError| {
        Box::new(Problem::error("pdf-unwritable", place()).with("cause", error.source))
    };
    let digest = publish::put(path, &bytes).map_err(unwritable)?;
    output.enter(name.as_str(), record, digest.clone(), digest, pages).map_err(unwritable)
}

/// Gives numbers to the documents that will be registered, and archives the
/// templates that they will be made with. Numbers that are under way for
/// anything else are voided, save those of documents that cannot be made now.
pub fn reserve(
    tasks: Vec<Task>,
    report: &Report,
    registrar: Option<&mut Registrar<'_>>,
    design: &Design,
) -> Result<Vec<Pending>, PipelineError> {
    let mut numbers = Vec::new().into_iter();
    if let Some(registrar) = registrar {
        let wanted = tasks.iter().filter_map(|task| match task.goal {
            Goal::Register(version) => Some((task.id.to_string(), version)),
            _ => None,
        });
        let wanted: Vec<(String, u16)> = wanted.collect();
        let stuck = report.lines.iter().filter(|line| !line.outcome.is_well());
        let waiting: BTreeSet<String> = stuck.map(|line| line.document.to_string()).collect();
        numbers = registrar.registry.reserve(&wanted, &waiting)?.into_iter();
        if tasks.iter().any(|task| !matches!(task.goal, Goal::Publish)) {
            let bundle = &design.bundle;
            registrar.registry.archive_templates(bundle.digest(), bundle.iter())?;
        }
    }
    let pending = tasks.into_iter().filter_map(|Task { document, id, goal }| {
        let way = match goal {
            Goal::Publish => Way::Publish,
            Goal::Register(_) => Way::Register(numbers.next()?),
            Goal::AddWeb(issue) => Way::AddWeb(issue),
        };
        Some(Pending { document, id, way })
    });
    Ok(pending.collect())
}

/// Looks at PDFs that no record calls for. While a file is refused nobody can
/// say that its record is gone: such a PDF stays in force. Else it is named
/// once as an orphan, and stays too.
pub fn uncalled(output: &mut Output, report: &mut Report, checked: &Checked) {
    if report.left > 0 {
        return;
    }
    let called: BTreeSet<&str> = report.lines.iter().map(|line| line.document.as_str()).collect();
    // a copy for the web is called for as its document is
    let is_called = |name: &str| called.contains(name.strip_prefix("web/").unwrap_or(name));
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
