//! `BuildContext`: records, design and options, and the steps that make a document from
//! them: naming, rendering, typesetting.

use std::sync::Arc;

use super::design::Design;
use crate::document::{Bilingual, Document, DocumentId, Records, View};
use crate::model::{Digest, Language, Problem};
use crate::typeset::Archival;

/// Options of documents, apart from the design.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Whether the source record is attached to the PDF.
    pub attach_source: bool,
    /// How a record in several languages becomes documents.
    pub bilingual: Bilingual,
    /// Number of documents typeset in parallel.
    pub workers: usize,
}

/// Everything that determines the content and the appearance of a document.
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
    /// The views, language by language.
    pub parts: Vec<Part>,
    /// Text of the record that is attached to the PDF.
    pub attachment: Option<Arc<str>>,
    pub archival: Archival,
    /// Digest of everything that determines the bytes of the PDF.
    pub digest: Digest,
}

/// One language of a document.
#[derive(Debug)]
pub struct Part {
    pub language: Language,
    /// Its view, for tracing a Typst error to the template.
    pub view: View,
    /// Number of lines of the source before this part.
    pub lines_before: usize,
}

impl TypstSource {
    /// The part that contains a line (from 1) of the source, and the number of the line
    /// within it.
    pub fn part_at(&self, line: usize) -> Option<(&Part, usize)> {
        let part = self.parts.iter().rfind(|part| part.lines_before < line)?;
        Some((part, line - part.lines_before))
    }
}

/// Why a document cannot be rendered.
#[derive(Debug)]
pub enum RenderFailure {
    /// A required record is missing, which the checks report.
    RecordMissing,
    /// The template or a reference in the record has this error.
    Problem(Box<Problem>),
}

impl RenderFailure {
    /// The problem to report; `None` for a missing record, which the checks report.
    pub fn problem(self) -> Option<Problem> {
        match self {
            Self::RecordMissing => None,
            Self::Problem(problem) => Some(*problem),
        }
    }
}

impl BuildContext<'_> {
    /// The name of a document.
    pub fn id(&self, document: &Document) -> DocumentId {
        document.id(self.design.locales.of(document.language))
    }
}
