//! Which documents must be made, which are there already, and which cannot be
//! made: a look at the output folder and at the registry.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Checked;
use super::register::{self, Registrar};
use super::sources::{Fault, Rendered};
use super::standing::{Kept, Lookup, Standing, archived_records};
use super::webcheck::leaks;
use super::{Design, Line, Options, Outcome, Pending, PipelineError, Report, Way};
use crate::document::{Document, DocumentId};
use crate::model::{Digest, Id, Place, Problem, RecordSet, Status};
use crate::publish::{self, Output};
use crate::registry::{Issue, RegistryError, Web};

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
    AddWeb(Box<Kept>),
}

/// Parts what must be typeset from what is there already or cannot be made.
pub fn sort_out(
    rendered: Vec<Rendered>,
    checked: &Checked,
    output: &mut Output,
    registrar: Option<&Registrar<'_>>,
    made_by: (&Design, Options),
) -> Result<(Vec<Task>, Report), PipelineError> {
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
    };
    for Rendered { document, id, made_from } in rendered {
        let outcome = match made_from {
            Err(Fault::Withheld(files)) => withheld(files),
            Err(Fault::Refused(problem)) => {
                sorter.report.problems.extend(problem.map(|problem| *problem));
                Outcome::Refused
            }
            Ok(made_from) => match sorter.sort(&document, &id, &made_from, registrar) {
                Ok(goal) => {
                    tasks.extend(goal.map(|goal| Task { document, id, goal }));
                    continue;
                }
                // a damaged file in the registry costs this document only
                Err(RegistryError::Index(error)) => return Err(RegistryError::from(error).into()),
                Err(error) => {
                    let place =
                        Place { file: sorter.output.path_of(id.as_str()), ..Place::default() };
                    let problem = Problem::error("registry-unreadable", place);
                    sorter.report.problems.push(problem.caused_by(&error));
                    Outcome::Refused
                }
            },
        };
        let line = Line::new(id.clone(), sorter.output.path_of(id.as_str()), outcome);
        sorter.report.lines.push(line);
    }
    Ok((tasks, report))
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
                if let (Some(_), Some(web)) = (&warning, &issue.web) {
                    self.now_secret(document, id, &issue, web, registrar)?;
                }
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
        if register::goes_on_the_web(document, &self.checked.set, registrar.plan) {
            return Ok(Some(Goal::AddWeb(Box::new(self.kept(*issue, registrar)?))));
        }
        self.left_on_the_web(document, id, issue.version);
        Ok(None)
    }

    /// An issued version with the records and templates that it was made of.
    fn kept(&mut self, issue: Issue, registrar: &Registrar<'_>) -> Result<Kept, RegistryError> {
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
        Ok(Kept { issue, metadata, records, design })
    }

    /// Holds a copy for the web against records that changed after it was
    /// issued: what is secret now may stand in it.
    fn now_secret(
        &mut self,
        document: &Document,
        id: &DocumentId,
        issue: &Issue,
        web: &Web,
        registrar: &Registrar<'_>,
    ) -> Result<(), RegistryError> {
        let pdf = registrar.registry.archive().web_pdf(issue, web)?;
        if let Some(leak) = leaks(&pdf, document, id, &self.checked.set).first() {
            let place = Place {
                file: self.output.path_of(DocumentId::web_copy(id).as_str()),
                ..Place::default()
            };
            let said = |name| leak.args.get(name).cloned().unwrap_or_default();
            let problem = Problem::error("web-now-secret", place)
                .with("document", id)
                .with("next", issue.version + 1)
                .with("words", said("words"))
                .with("of", said("of"));
            self.report.problems.push(problem);
        }
        Ok(())
    }

    /// Warns of a copy for the web that is still there, of a version that was
    /// replaced by one without.
    fn left_on_the_web(&mut self, document: &Document, id: &DocumentId, version: u16) {
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
            match put_back(self.output, &path, name, (record, &issue.number), pdf, pages) {
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
    (record, number): (&Id, &str),
    pdf: impl FnOnce() -> Result<Vec<u8>, RegistryError>,
    pages: usize,
) -> Result<(), Box<Problem>> {
    let place = || Place { file: path.to_owned(), ..Place::default() };
    let bytes = pdf().map_err(|error| {
        Box::new(Problem::error("registry-unreadable", place()).caused_by(&error))
    })?;
    let unwritable = |error: crate::fs::FsError| {
        Box::new(Problem::error("pdf-unwritable", place()).with("cause", error.source))
    };
    let digest = publish::put(path, &bytes).map_err(unwritable)?;
    output
        .enter(name.as_str(), record, digest.clone(), digest, pages, Some(number))
        .map_err(unwritable)
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
            Goal::AddWeb(kept) => Way::AddWeb(kept),
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
