//! What documents are made from and with, and the steps that make one: its name, its
//! Typst source, its PDF.

use std::sync::Arc;

use super::design::Design;
use super::{Archival, diagnostics, source};
use crate::document::{Bilingual, Document, DocumentId, Records, View};
use crate::model::{Digest, Language, Problem};
use crate::typeset::{Job, PageImages, Pdf, TypesetError};

/// How documents are made, beside the design.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Whether the source record is attached to the PDF.
    pub attach_source: bool,
    /// How a record in several languages becomes documents.
    pub bilingual: Bilingual,
    /// How many documents are typeset at the same time.
    pub workers: usize,
}

/// Records, design and options: everything that decides what a document says and looks
/// like.
#[derive(Clone, Copy)]
pub struct BuildContext<'a> {
    pub records: &'a Records,
    pub design: &'a Design,
    pub options: Options,
}

/// A document as Typst source, ready to be typeset.
#[derive(Debug)]
pub struct TypstSource {
    pub typst: String,
    /// What the document says, language by language.
    pub parts: Vec<Part>,
    /// Text of the record that is attached to the PDF.
    pub attachment: Option<Arc<str>>,
    pub archival: Archival,
    /// Digest of everything that decides the bytes of the PDF.
    pub digest: Digest,
}

/// One language of a document.
#[derive(Debug)]
pub struct Part {
    pub language: Language,
    /// What it says, for finding a Typst error in its template.
    pub view: View,
    /// Lines of the source before its own.
    pub lines_before: usize,
}

impl TypstSource {
    /// The part that a line (from 1) of the source belongs to, and the number of the
    /// line in it.
    pub fn part_at(&self, line: usize) -> Option<(&Part, usize)> {
        let part = self.parts.iter().rfind(|part| part.lines_before < line)?;
        Some((part, line - part.lines_before))
    }
}

/// Why a document cannot be rendered.
#[derive(Debug)]
pub enum RenderFailure {
    /// A record that it needs is not there, which the checks report.
    RecordMissing,
    /// The template, or a reference in the record, has this mistake.
    Problem(Box<Problem>),
}

impl RenderFailure {
    /// The problem to report; none for what the checks report.
    pub fn problem(self) -> Option<Problem> {
        match self {
            Self::RecordMissing => None,
            Self::Problem(problem) => Some(*problem),
        }
    }
}

/// Path of the attached record inside the world of a document.
const ATTACHMENT: &str = "record.json";

impl<'a> BuildContext<'a> {
    /// The name of a document.
    pub fn id(&self, document: &Document) -> DocumentId {
        document.id(self.design.locales.of(document.language))
    }

    /// Makes the view of a document and renders it.
    ///
    /// # Errors
    /// What is wrong with the template, or that a record is missing.
    pub fn render(&self, document: &Document) -> Result<TypstSource, RenderFailure> {
        source::render(document, *self)
    }

    /// Typesets a rendered document.
    ///
    /// # Errors
    /// What is wrong with the template or with the document.
    pub fn typeset(
        &self,
        document: &Document,
        id: &DocumentId,
        source: &TypstSource,
    ) -> Result<Pdf, Vec<Problem>> {
        let pdf = self.design.engine.pdf(&job(id, source));
        pdf.map_err(|error| self.problems(&error, document, source))
    }

    /// What Typst says of a rendered document, as problems of its template or record.
    pub fn problems(
        &self,
        error: &TypesetError,
        document: &Document,
        source: &TypstSource,
    ) -> Vec<Problem> {
        diagnostics::problems(error, document, source, *self)
    }

    /// The pages of a rendered document as pictures, at a number of pixels to the point.
    ///
    /// # Errors
    /// What is wrong with the template or with the document.
    pub fn page_images(
        &self,
        document: &Document,
        id: &DocumentId,
        source: &TypstSource,
        scale: f64,
    ) -> Result<PageImages, Vec<Problem>> {
        // what can be drawn may still be refused as a PDF
        let images = self.design.engine.page_images(&job(id, source), scale);
        images.map_err(|error| self.problems(&error, document, source))
    }
}

/// The job that typesets a rendered document.
pub fn job<'a>(id: &'a DocumentId, source: &'a TypstSource) -> Job<'a> {
    Job {
        source: &source.typst,
        attachment: source.attachment.as_deref().map(|text| (ATTACHMENT, text.as_bytes())),
        ident: id.as_str(),
        archival: source.archival,
    }
}
