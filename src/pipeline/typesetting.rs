//! Typesets a rendered document: its PDF, or pictures of its pages.

use super::context::{BuildContext, TypstSource};
use super::diagnostics;
use crate::document::{Document, DocumentId};
use crate::model::Problem;
use crate::typeset::{Job, PageImages, Pdf, TypesetError};

/// Path of the attached record inside the world of a document.
const ATTACHMENT: &str = "record.json";

impl BuildContext<'_> {
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

    /// Converts the errors of Typst into problems of the template or the record.
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
