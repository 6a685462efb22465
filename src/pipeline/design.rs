//! `Design`: a template bundle, loaded and parsed once.

use std::collections::BTreeMap;

use crate::bundle::{Bundle, BundleError};
use crate::check::{Tables, TablesError};
use crate::document::{DocumentKind, Texts, TextsError};
use crate::locale::{LabelsError, Locales};
use crate::model::Digest;
use crate::render::{RenderError, Renderer};
use crate::typeset::{Coverage, Engine, IsolationConfig, TypesetError};

/// A loaded template bundle.
pub struct Design {
    pub bundle: Bundle,
    pub locales: Locales,
    pub renderer: Renderer,
    pub engine: Engine,
    pub coverage: Coverage,
    /// Lookup tables of the rules.
    pub tables: Tables,
    pub texts: Texts,
    /// The issuing authority, and example values left in the theme.
    pub sender: super::Sender,
    /// Identification of the templates of each kind, as printed in its documents: the
    /// version of the set, and a digest of design library, theme, fonts and the templates
    /// of the kind. Labels and texts are in the document itself.
    pub template_sets: BTreeMap<DocumentKind, String>,
    /// Digest of everything that determines a PDF's bytes apart from its source: design
    /// library, theme, fonts, engine with all its crates, program.
    pub digest: Digest,
    /// Digest of the program and all its crates alone.
    pub engine_digest: Digest,
}

/// Why a template bundle cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DesignError {
    #[error(transparent)]
    Bundle(#[from] BundleError),
    #[error(transparent)]
    Labels(#[from] LabelsError),
    #[error(transparent)]
    Render(#[from] RenderError),
    #[error(transparent)]
    Typeset(#[from] TypesetError),
    #[error(transparent)]
    Tables(#[from] TablesError),
    #[error(transparent)]
    Texts(#[from] TextsError),
    #[error(transparent)]
    Theme(#[from] crate::render::ThemeError),
}

impl Design {
    /// Loads a bundle.
    ///
    /// # Errors
    /// When a template, a label file, a table, the theme or a font cannot be
    /// used.
    pub fn new(bundle: Bundle) -> Result<Self, DesignError> {
        let theme = crate::render::check_theme(&bundle)?;
        let locales = Locales::load(&bundle)?;
        let renderer = Renderer::new(&bundle, &locales)?;
        let engine = Engine::new(&bundle)?;
        let coverage = engine.coverage(&[&theme.fonts.body, &theme.fonts.heading])?;
        let version = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));
        // every crate that can affect the bytes, by version and checksum
        let crates = include_str!("../../Cargo.lock");
        let design = bundle.design_digest();
        let template_set = |kind: DocumentKind| {
            let texts = renderer.texts_of(kind.template());
            let parts = std::iter::once(design.as_str()).chain(texts).map(str::as_bytes);
            let digest = Digest::of_parts(parts);
            (kind, format!("{} ({})", theme.version, &digest.as_str()[..12]))
        };
        let template_sets = DocumentKind::ALL.into_iter().map(template_set).collect();
        Ok(Self {
            digest: Digest::of_parts([design.as_str(), crates, version].map(str::as_bytes)),
            engine_digest: Digest::of_parts([crates, version].map(str::as_bytes)),
            coverage,
            template_sets,
            tables: Tables::load(&bundle)?,
            texts: Texts::load(&bundle)?,
            sender: super::Sender::new(theme.authority, theme.logo, &bundle),
            bundle,
            locales,
            renderer,
            engine,
        })
    }

    /// Typesets in worker processes with limits.
    #[must_use]
    pub fn guarded(self, guard: IsolationConfig) -> Self {
        Self { engine: self.engine.guarded(&self.bundle, guard), ..self }
    }

    /// Isolates typesetting as in another design.
    #[must_use]
    pub fn guarded_as(self, other: &Self) -> Self {
        match other.engine.guard() {
            Some(guard) => self.guarded(guard.clone()),
            None => self,
        }
    }

    /// Omits the template identification from documents, which would differ on every last
    /// page when two designs are compared.
    #[must_use]
    pub fn unnamed(self) -> Self {
        Self { template_sets: BTreeMap::new(), ..self }
    }
}
