//! From Typst source to PDF, in process or in one of a pool of workers. One
//! seam: source and files in, PDF bytes or diagnostics out. Knows neither
//! records nor templates. There is no option that gives a PDF which is not
//! archival and accessible.

mod compare;
mod coverage;
mod inspect;
mod pool;
mod reading;
mod sandbox;
mod wire;
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

pub use compare::{PageImage, side_by_side};
pub use coverage::Coverage;
pub use inspect::{LayoutDefect, LayoutDefectKind};
pub use pool::{IsolationConfig, Limit, Limits, TRIES};
pub use reading::{Reading, ReadingError, read};
pub use sandbox::sandbox;
pub use worker::work;

/// Which archival standard the PDF keeps, beside PDF/UA-1 (ISO 14289-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Archival {
    /// PDF/A-3a (ISO 19005-3), which may carry the source record.
    A3a,
    /// PDF/A-2a (ISO 19005-2), which carries nothing.
    A2a,
}

/// A document to typeset.
#[derive(Debug, Clone, Copy)]
pub struct Job<'a> {
    /// Typst source of the document.
    pub source: &'a str,
    /// A file that the source attaches or reads, by its absolute path.
    pub attachment: Option<(&'a str, &'a [u8])>,
    /// Stable name of the document, from which its PDF identifier is made.
    pub ident: &'a str,
    pub archival: Archival,
}

/// A finished PDF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pdf {
    pub bytes: Vec<u8>,
    pub pages: usize,
    /// What Typst warned of, with places.
    pub warnings: Vec<Diagnostic>,
    /// Texts that are not where they should be.
    pub defects: Vec<LayoutDefect>,
}

/// How a document looks.
#[derive(Debug, Clone)]
pub struct PageImages {
    /// A picture and the text of each page.
    pub pages: Vec<PageImage>,
    /// Texts that are not where they should be.
    pub defects: Vec<LayoutDefect>,
}

/// Something that Typst said, with its place.
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
    #[error("the templates bring no font")]
    NoFont,
    #[error("`theme.json` names the font `{family}`, which is not in `fonts/`; there are: {known}")]
    Family { family: String, known: String },
    #[error("{}", first_message(.0))]
    Typst(Vec<Diagnostic>),
    #[error("the typesetter broke down over it")]
    Panic,
    #[error("the page cannot be drawn: {0}")]
    Picture(String),
    #[error("it ended its worker {} times: {}", TRIES, .0)]
    Killed(Limit),
}

fn first_message(diagnostics: &[Diagnostic]) -> &str {
    diagnostics.first().map_or("Typst refused the document", |first| &first.message)
}

/// A warm engine: fonts and design library are read once.
#[derive(Debug, Clone)]
pub struct Engine {
    shared: Arc<Made<Shared>>,
    has_built_in_fonts: bool,
    /// Who typesets, when it is not this process.
    pool: Option<Arc<Pool>>,
}

impl Engine {
    /// Makes an engine for a template bundle.
    ///
    /// # Errors
    /// When a font of the bundle cannot be read.
    pub fn new(bundle: &Bundle) -> Result<Self, TypesetError> {
        let has_built_in_fonts = bundle.is_built_in(world::is_font);
        let files = bundle.clone();
        let shared = Made::of(has_built_in_fonts, move || Shared::new(files.iter()))?;
        Ok(Self { shared: Arc::new(shared), has_built_in_fonts, pool: None })
    }

    /// The same, of the files of a bundle in their order.
    fn of_files<'a>(
        files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    ) -> Result<Self, TypesetError> {
        let shared = Shared::new(files)?;
        let shared = Made::of(false, move || Ok::<_, TypesetError>(shared))?;
        Ok(Self { shared: Arc::new(shared), has_built_in_fonts: false, pool: None })
    }

    /// The same, whose PDFs are made by workers with limits. `bundle` is the one
    /// that the engine was made for. The PDFs are the same, byte for byte.
    #[must_use]
    pub fn guarded(self, bundle: &Bundle, guard: IsolationConfig) -> Self {
        Self { pool: Some(Arc::new(Pool::new(bundle, guard))), ..self }
    }

    /// How its workers are started, when it has any.
    pub fn guard(&self) -> Option<&IsolationConfig> {
        self.pool.as_ref().map(|pool| pool.guard())
    }

    /// Why PDFs are made in this process, when they should be made by workers.
    pub fn unguarded(&self) -> Option<&str> {
        self.pool.as_ref().and_then(|pool| pool.unfit())
    }

    /// The characters that every face of these font families can show.
    ///
    /// # Errors
    /// When the bundle does not bring a family: Typst would leave its text out.
    pub fn coverage(&self, families: &[&str]) -> Result<Coverage, TypesetError> {
        let families: Vec<String> = families.iter().map(|family| (*family).to_owned()).collect();
        let (shared, own) = (Arc::clone(&self.shared), families.clone());
        Coverage::new(&families, self.has_built_in_fonts, move || shared.coverage(&own))
    }

    /// Typesets a document into a PDF that keeps its archival standard and
    /// PDF/UA-1 at once. The same job gives the same bytes.
    ///
    /// # Errors
    /// What Typst refused, with places; the limit that a worker ran into.
    pub fn pdf(&self, job: &Job<'_>) -> Result<Pdf, TypesetError> {
        match &self.pool {
            Some(pool) => pool.pdf(job, || self.pdf_here(job)),
            None => self.pdf_here(job),
        }
    }

    fn pdf_here(&self, job: &Job<'_>) -> Result<Pdf, TypesetError> {
        self.with_document(job, |world, document, warnings| {
            let bytes = typst_pdf::pdf(document, &options(job))
                .map_err(|errors| TypesetError::Typst(diagnostics(world, &errors)))?;
            let defects = inspect::inspect(document);
            Ok(Pdf { bytes, pages: document.pages().len(), warnings, defects })
        })
    }

    /// Draws the pages of a document, `scale` pixels to the point, each with
    /// its text. A document that could not be a PDF is not drawn either.
    ///
    /// # Errors
    /// What Typst refused, with places.
    pub fn page_images(&self, job: &Job<'_>, scale: f64) -> Result<PageImages, TypesetError> {
        self.with_document(job, |world, document, _| {
            typst_pdf::pdf(document, &options(job))
                .map_err(|errors| TypesetError::Typst(diagnostics(world, &errors)))?;
            let options = typst_render::RenderOptions {
                pixel_per_pt: scale.into(),
                ..typst_render::RenderOptions::default()
            };
            let pages = document.pages().iter();
            let pages = pages
                .map(|page| PageImage {
                    picture: typst_render::render(page, &options),
                    text: inspect::text(page),
                })
                .collect();
            Ok(PageImages { pages, defects: inspect::inspect(document) })
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
        // a fault of the typesetter itself costs this document, not the others
        let result = catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(TypesetError::Panic));
        forget();
        result
    }
}

/// Empties Typst's memory of earlier documents; without this a run over many
/// documents keeps them all.
fn forget() {
    typst::comemo::evict(0);
}

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
