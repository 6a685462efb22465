//! Typesets planned documents: the PDF, a web copy if required, and the submission to the
//! registry.

use crate::document::{Document, DocumentId, Registration, WebCopy};
use crate::model::guard::guarded;
use crate::model::{Digest, Id, Problem, Severity, Source};
use crate::pipeline::checking::Checked;
use crate::pipeline::context::{BuildContext, TypstSource};
use crate::pipeline::diagnostics::{diagnostic_problem, layout_defect};
use crate::pipeline::records_management::ManagementPlan;
use crate::pipeline::register::{self, IssuedVersion, TypesetCopy};
use crate::pipeline::render::Unregistered;
use crate::pipeline::{BuildSettings, source};
use crate::registry::metadata::Rendition;
use crate::registry::{Files, Issue, Reservation, Submission};

/// A document to be typeset.
pub struct Task {
    pub document: Document,
    pub id: DocumentId,
    pub work: Work,
}

/// What is done with a typeset document.
pub enum Work {
    /// Write it to the output folder.
    Publish(TypstSource),
    /// Register it under this number first.
    Register(Box<Unregistered>, Reservation),
    /// Add its web copy to a registered version.
    AddWebCopy(Box<IssuedVersion>),
}

/// A finished task.
pub struct Finished {
    pub record: Id,
    pub id: DocumentId,
    /// Or the errors in the document or its template.
    pub result: Result<TypesetDocument, Vec<Problem>>,
}

/// The result of typesetting a document.
pub struct TypesetDocument {
    pub pdf: Option<PdfFile>,
    pub web: Option<PdfFile>,
    /// Digest of the sources of a draft.
    pub digest: Digest,
    pub warnings: Vec<Problem>,
    pub entry: RegistryEntry,
}

/// A finished PDF.
pub struct PdfFile {
    pub bytes: Vec<u8>,
    pub pages: usize,
}

/// What is submitted to the registry.
pub enum RegistryEntry {
    None,
    Version(Box<Submission>),
    WebCopy(Box<(Issue, Rendition, Files)>),
}

/// Typesets tasks; usable from several threads.
pub struct Typesetter<'a> {
    checked: &'a Checked,
    settings: &'a BuildSettings<'a>,
    plan: Option<&'a ManagementPlan>,
}

impl<'a> Typesetter<'a> {
    /// For tasks of these records; with `plan` when documents are registered.
    pub fn new(
        checked: &'a Checked,
        settings: &'a BuildSettings<'a>,
        plan: Option<&'a ManagementPlan>,
    ) -> Self {
        Self { checked, settings, plan }
    }

    /// Typesets one document; a panic is reported as a problem of this document.
    pub fn make(&self, task: Task) -> Finished {
        let (record, id) = (task.document.source.clone(), task.id.clone());
        let document = task.document.clone();
        let result = guarded(|| self.make_one(task))
            .unwrap_or_else(|cause| Err(vec![source::failed(&document, &self.checked.set, cause)]));
        Finished { record, id, result }
    }

    fn make_one(&self, task: Task) -> Result<TypesetDocument, Vec<Problem>> {
        let Task { document, id, work } = task;
        let context = self.settings.context(&self.checked.set);
        match work {
            Work::Publish(source) => {
                let pdf = context.typeset(&document, &id, &source)?;
                let digest = source.digest.clone();
                let made = TypesetCopy { source, pdf };
                let warnings = warnings(&made, &document, context);
                let (pdf, web, entry) = (Some(file(made)), None, RegistryEntry::None);
                Ok(TypesetDocument { pdf, web, digest, warnings, entry })
            }
            Work::Register(new, number) => self.register(&document, &id, *new, &number),
            Work::AddWebCopy(version) => self.add_web_copy(document, &id, *version),
        }
    }

    fn register(
        &self,
        document: &Document,
        id: &DocumentId,
        new: Unregistered,
        number: &Reservation,
    ) -> Result<TypesetDocument, Vec<Problem>> {
        let context = self.settings.context(&self.checked.set);
        let Unregistered { source, expected, replaces, classification, .. } = new;
        let registration = register::registration(number, replaces.as_deref());
        let numbered = Document { registration: Some(registration.clone()), ..document.clone() };
        // an earlier document may have failed, and this one got its number
        let source = match expected == *number {
            true => source,
            false => render(&numbered, context)?,
        };
        let pdf = context.typeset(&numbered, id, &source)?;
        let made = TypesetCopy { source, pdf };
        let web = self.web_copy(document, id, registration, context)?;
        let issuing = register::NewVersion { document, id, number, classification, context };
        let checker = self.plan.map_or("", |plan| plan.checker.as_str());
        let copy = web.as_ref().map(|(made, web)| (made, *web));
        let submission = issuing.submission(&made, copy, checker);
        let submission =
            submission.map_err(|cause| vec![source::failed(document, &self.checked.set, cause)])?;
        Ok(TypesetDocument {
            warnings: warnings(&made, document, context),
            digest: made.source.digest.clone(),
            pdf: Some(file(made)),
            web: web.map(|(made, _)| file(made)),
            entry: RegistryEntry::Version(Box::new(submission)),
        })
    }

    /// Creates the web copy of an issued version, from the records and with the templates
    /// of that version, not the current ones.
    fn add_web_copy(
        &self,
        mut document: Document,
        id: &DocumentId,
        version: IssuedVersion,
    ) -> Result<TypesetDocument, Vec<Problem>> {
        let IssuedVersion { issue, metadata, records, design } = version;
        let design = design.as_deref().unwrap_or(self.settings.design);
        let options = super::super::options_of(&metadata);
        let context = BuildContext { records: &records, design, options };
        // the copy draws on the archived records, and is compared with them too
        let drawn = metadata.draws_on.iter().filter_map(|record| Id::parse(&record.id));
        let now = document.clone();
        document.draws_on.extend(drawn);
        document.draws_on.sort();
        document.draws_on.dedup();
        let registration = register::as_issued(&metadata);
        let Some((made, web)) = self.web_copy(&document, id, registration, context)? else {
            let cause = "the version cannot be shown on the web";
            return Err(vec![source::failed(&now, &self.checked.set, cause)]);
        };
        let (rendition, files) = register::web_addition(id, &made, web);
        Ok(TypesetDocument {
            warnings: warnings(&made, &now, context),
            digest: issue.content.clone(),
            pdf: None,
            web: Some(file(made)),
            entry: RegistryEntry::WebCopy(Box::new((issue, rendition, files))),
        })
    }

    /// Creates the web copy, if there is to be one. A copy that still contains anything
    /// secret in the current records becomes a problem instead.
    fn web_copy(
        &self,
        document: &Document,
        id: &DocumentId,
        registration: Registration,
        context: BuildContext<'_>,
    ) -> Result<Option<(TypesetCopy, WebCopy)>, Vec<Problem>> {
        let (Some(plan), Some(own)) = (self.plan, context.records.source(&document.source)) else {
            return Ok(None);
        };
        if !register::gets_web_copy(document, context.records, plan) {
            return Ok(None);
        }
        let web = register::web_copy(document, &own.record, registration.day, plan);
        let registration = Some(Registration { web: Some(web), ..registration });
        let copy = Document { registration, ..document.clone() };
        let source = render(&copy, context)?;
        let pdf = context.typeset(&copy, id, &source)?;
        let secrets = self.checked.secrets(self.settings.design);
        // an archived record has no file of its own that could be corrected
        let own = self.checked.set.source(&document.source).unwrap_or(own);
        let problems = secrets.leaks(&pdf.bytes, &document.draws_on, id, own);
        let made = TypesetCopy { source, pdf };
        if problems.is_empty() { Ok(Some((made, web))) } else { Err(problems) }
    }
}

fn render(document: &Document, context: BuildContext<'_>) -> Result<TypstSource, Vec<Problem>> {
    context.render(document).map_err(|failure| {
        let missing = || source::failed(document, context.records, "a record is missing");
        vec![failure.problem().unwrap_or_else(missing)]
    })
}

fn file(made: TypesetCopy) -> PdfFile {
    PdfFile { bytes: made.pdf.bytes, pages: made.pdf.pages }
}

fn warnings(made: &TypesetCopy, document: &Document, context: BuildContext<'_>) -> Vec<Problem> {
    let warnings = made.pdf.warnings.iter().map(|warning| Problem {
        severity: Severity::Warning,
        rule: "typeset-warning",
        ..diagnostic_problem(warning, document, &made.source, context.design)
    });
    let drawn = document.draws_on.iter().filter(|id| **id != document.source);
    let sources = std::iter::once(&document.source).chain(drawn);
    let sources: Vec<&Source> = sources.filter_map(|id| context.records.source(id)).collect();
    let defects = made.pdf.defects.iter().map(|defect| layout_defect(defect, &sources));
    warnings.chain(defects).collect()
}
