//! Typesetting with Typst, in process or in a pool of worker processes: source
//! and files in, PDF bytes or diagnostics out. Knows neither records nor
//! templates. No option produces a PDF that is not archival and accessible.

mod coverage;
mod layout_check;
mod page_image;
mod pdf_text;
mod pool;
mod protocol;
mod sandbox;
mod worker;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use typst::diag::{SourceDiagnostic, Warned};
use typst::foundations::Smart;
use typst::{World, WorldExt};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::bundle::{Bundle, Made};
use pool::Pool;
use world::{DocumentWorld, Shared};

pub use coverage::Coverage;
pub use layout_check::{LayoutDefect, LayoutDefectKind};
pub use page_image::{PageImage, side_by_side};
pub use pdf_text::{PdfText, PdfTextError, read};
pub use pool::{IsolationConfig, Limits, TRIES};
pub use sandbox::sandbox;
pub use worker::work;

/// The archival standard that the PDF conforms to, besides PDF/UA-1 (ISO 14289-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Archival {
    /// PDF/A-3a (ISO 19005-3), which may have the source record attached.
    A3a,
    /// PDF/A-2a (ISO 19005-2), which has no attachments.
    A2a,
}

/// A document to typeset.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Job<'a> {
    /// Typst source of the document.
    pub source: &'a str,
    /// A file that the source attaches or reads, with its absolute path.
    #[serde(borrow)]
    pub attachment: Option<(&'a str, &'a [u8])>,
    /// Stable name of the document, from which its PDF identifier is derived.
    pub ident: &'a str,
    pub archival: Archival,
}

/// A finished PDF.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pdf {
    pub bytes: Vec<u8>,
    pub pages: usize,
    /// Typst's warnings, with places.
    pub warnings: Vec<Diagnostic>,
    /// Texts that are out of place or too small.
    pub defects: Vec<LayoutDefect>,
}

/// The rendered pages of a document.
#[derive(Debug, Clone)]
pub struct PageImages {
    pub pages: Vec<PageImage>,
    /// Texts that are out of place or too small.
    pub defects: Vec<LayoutDefect>,
}

/// An error or warning of Typst, with its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    pub message: String,
    pub hints: Vec<String>,
    /// Where, and from where it was called: file below `templates/` (or
    /// [`MAIN`] for the source itself), line and column from 1.
    pub places: Vec<(String, usize, usize)>,
}

/// Name of the document's own source in diagnostics.
pub const MAIN: &str = "main.typ";

/// A document cannot be typeset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum TypesetError {
    #[error("the font file `{path}` cannot be read")]
    Font { path: String },
    #[error("the templates contain no font")]
    NoFont,
    #[error(
        "`theme.json` names the font `{family}`, which is not in `fonts/`; the fonts there are: {known}"
    )]
    Family { family: String, known: String },
    #[error("{}", first_message(.0))]
    Typst(Vec<Diagnostic>),
    #[error("the typesetter crashed")]
    Panic,
    #[error("the page image cannot be encoded: {0}")]
    PageImage(String),
    #[error("it terminated its worker {} times: {}", TRIES, .0)]
    Killed(Limit),
}

/// The limit of isolation that a document exceeded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Limit {
    /// Seconds.
    #[error("it takes more than {0} s")]
    Time(u64),
    /// MiB.
    #[error("it takes more than {0} MiB")]
    Memory(u64),
    /// How its worker ended.
    #[error("{0}")]
    Crash(String),
}

fn first_message(diagnostics: &[Diagnostic]) -> &str {
    diagnostics.first().map_or("Typst rejected the document", |first| &first.message)
}

/// Fonts and design library, read once, to typeset many documents with.
#[derive(Debug, Clone)]
pub struct Engine {
    shared: Arc<Made<Shared>>,
    has_built_in_fonts: bool,
    /// Who typesets, when it is not this process.
    pool: Option<Arc<Pool>>,
}

impl Engine {
    /// Creates an engine for a template bundle.
    ///
    /// # Errors
    /// When a font of the bundle cannot be read.
    pub fn new(bundle: &Bundle) -> Result<Self, TypesetError> {
        let has_built_in_fonts = bundle.is_built_in(world::is_font);
        let files = bundle.clone();
        let shared = Made::of(has_built_in_fonts, move || Shared::new(files.iter()))?;
        Ok(Self { shared: Arc::new(shared), has_built_in_fonts, pool: None })
    }

    /// Creates an engine from the files of a bundle, sorted by name.
    fn from_files<'a>(
        files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    ) -> Result<Self, TypesetError> {
        let shared = Shared::new(files)?;
        let shared = Made::of(false, move || Ok::<_, TypesetError>(shared))?;
        Ok(Self { shared: Arc::new(shared), has_built_in_fonts: false, pool: None })
    }

    /// The same engine with its PDFs typeset by workers with limits. `bundle` is
    /// the one that the engine was created for. The PDFs are the same, byte for byte.
    #[must_use]
    pub fn isolated(self, bundle: &Bundle, config: IsolationConfig) -> Self {
        Self { pool: Some(Arc::new(Pool::new(bundle, config))), ..self }
    }

    /// How its workers are started, when it has any.
    pub fn isolation(&self) -> Option<&IsolationConfig> {
        self.pool.as_ref().map(|pool| pool.config())
    }

    /// Why PDFs are typeset in this process although workers were asked for.
    pub fn isolation_failure(&self) -> Option<&str> {
        self.pool.as_ref().and_then(|pool| pool.failure())
    }

    /// The characters that every face of these font families can show.
    ///
    /// # Errors
    /// When the bundle lacks a family: Typst would leave its text out.
    pub fn coverage(&self, families: &[&str]) -> Result<Coverage, TypesetError> {
        let families: Vec<String> = families.iter().map(|family| (*family).to_owned()).collect();
        let (shared, own) = (Arc::clone(&self.shared), families.clone());
        Coverage::new(&families, self.has_built_in_fonts, move || shared.coverage(&own))
    }

    /// Typesets a document into a PDF that conforms to both its archival standard
    /// and PDF/UA-1. The same job gives the same bytes.
    ///
    /// # Errors
    /// Typst's errors, with places, or the limit that the document exceeded.
    pub fn pdf(&self, job: &Job<'_>) -> Result<Pdf, TypesetError> {
        match &self.pool {
            Some(pool) => pool.pdf(job, || self.pdf_in_process(job)),
            None => self.pdf_in_process(job),
        }
    }

    fn pdf_in_process(&self, job: &Job<'_>) -> Result<Pdf, TypesetError> {
        self.with_document(job, |world, document, warnings| {
            let bytes = typst_pdf::pdf(document, &options(job))
                .map_err(|errors| TypesetError::Typst(diagnostics(world, &errors)))?;
            let defects = layout_check::defects(document);
            Ok(Pdf { bytes, pages: document.pages().len(), warnings, defects })
        })
    }

    /// Renders the pages of a document, with `scale` pixels to the point. A
    /// document that cannot be exported as PDF is not rendered either.
    ///
    /// # Errors
    /// Typst's errors, with places.
    pub fn page_images(&self, job: &Job<'_>, scale: f64) -> Result<PageImages, TypesetError> {
        self.with_document(job, |world, document, _| {
            typst_pdf::pdf(document, &options(job))
                .map_err(|errors| TypesetError::Typst(diagnostics(world, &errors)))?;
            let options = typst_render::RenderOptions {
                pixel_per_pt: scale.into(),
                ..typst_render::RenderOptions::default()
            };
            let image = |page| PageImage {
                pixels: typst_render::render(page, &options),
                text: layout_check::page_text(page),
            };
            let pages = document.pages().iter().map(image).collect();
            Ok(PageImages { pages, defects: layout_check::defects(document) })
        })
    }

    fn with_document<T>(
        &self,
        job: &Job<'_>,
        export: impl FnOnce(&DocumentWorld, &PagedDocument, Vec<Diagnostic>) -> Result<T, TypesetError>,
    ) -> Result<T, TypesetError> {
        let work = || {
            let world = DocumentWorld::new(self.shared.clone(), job);
            let Warned { output, warnings } = typst::compile::<PagedDocument>(&world);
            let document =
                output.map_err(|errors| TypesetError::Typst(diagnostics(&world, &errors)))?;
            export(&world, &document, diagnostics(&world, &warnings))
        };
        // a bug in the typesetter fails this document, not the others
        let result = catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(TypesetError::Panic));
        // Typst's cache would otherwise keep every document of a run
        typst::comemo::evict(0);
        result
    }
}

#[expect(clippy::expect_used, reason = "the standards are constants")]
fn options(job: &Job<'_>) -> PdfOptions {
    let archival = match job.archival {
        Archival::A3a => PdfStandard::A_3a,
        Archival::A2a => PdfStandard::A_2a,
    };
    let standards = PdfStandards::new(&[archival, PdfStandard::Ua_1])
        .expect("PDF/A-2a and PDF/A-3a combine with PDF/UA-1");
    PdfOptions {
        ident: Smart::Custom(job.ident.to_owned()),
        creator: Smart::Custom(Some(concat!("kirjuri ", env!("CARGO_PKG_VERSION")).to_owned())),
        standards,
        ..PdfOptions::default()
    }
}

fn diagnostics(world: &DocumentWorld, found: &[SourceDiagnostic]) -> Vec<Diagnostic> {
    found.iter().map(|diagnostic| describe(world, diagnostic)).collect()
}

fn describe(world: &DocumentWorld, diagnostic: &SourceDiagnostic) -> Diagnostic {
    let calls = diagnostic.trace.iter().map(|point| point.span.into());
    let places = std::iter::once(diagnostic.span)
        .chain(calls)
        .filter_map(|span| {
            let id = span.id()?;
            let range = world.range(span)?;
            let source = world.source(id).ok()?;
            let (line, column) = source.lines().byte_to_line_column(range.start)?;
            Some((id.get().vpath().get_without_slash().to_owned(), line + 1, column + 1))
        })
        .collect();
    Diagnostic {
        message: diagnostic.message.to_string(),
        hints: diagnostic.hints.iter().map(|hint| hint.v.to_string()).collect(),
        places,
    }
}
