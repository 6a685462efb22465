//! What documents are made from and with, and the Typst source of a document.

use std::sync::Arc;

use super::design::Design;
use crate::document::{Bilingual, Document, DocumentId, Records, View};
use crate::model::{Digest, Language, Problem};
use crate::typeset::Archival;

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

impl BuildContext<'_> {
    /// The name of a document.
    pub fn id(&self, document: &Document) -> DocumentId {
        document.id(self.design.locales.of(document.language))
    }
}
