//! Everything that decides how documents look, made ready once.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::bundle::{Bundle, BundleError};
use crate::check::{Tables, TablesError};
use crate::document::{DocumentKind, Texts, TextsError};
use crate::locale::{LabelsError, Locales};
use crate::model::Digest;
use crate::render::{RenderError, Renderer};
use crate::typeset::{Coverage, Engine, IsolationConfig, TypesetError};

/// A template bundle, ready for use.
pub struct Design {
    pub bundle: Bundle,
    pub locales: Locales,
    pub renderer: Renderer,
    pub engine: Engine,
    pub coverage: Coverage,
    /// What rules look things up in.
    pub tables: Tables,
    pub texts: Texts,
    /// Whose documents these are, and what its theme leaves open.
    pub sender: super::Sender,
    /// Version of the template set; none when documents do not name it.
    version: Option<String>,
    template_sets: OnceLock<BTreeMap<DocumentKind, String>>,
    /// Digest of what decides a PDF's bytes beside its source: design library,
    /// theme, fonts, engine and all its crates, program.
    pub digest: Digest,
    /// Digest of the program and all its crates alone.
    pub engine_digest: Digest,
}

/// A template bundle cannot be used.
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
    /// Makes a bundle ready.
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
        // every crate that has a hand in the bytes, by version and checksum
        let crates = include_str!("../../Cargo.lock");
        let design = bundle.design_digest();
        Ok(Self {
            digest: Digest::of_parts([design.as_str(), crates, version].map(str::as_bytes)),
            engine_digest: Digest::of_parts([crates, version].map(str::as_bytes)),
            coverage,
            version: Some(theme.version),
            template_sets: OnceLock::new(),
            tables: Tables::load(&bundle)?,
            texts: Texts::load(&bundle)?,
            sender: super::Sender::new(theme.authority, theme.logo, &bundle),
            bundle,
            locales,
            renderer,
            engine,
        })
    }

    /// The templates of a kind of document, as its documents name them: the set's
    /// version, and a digest of design library, theme, fonts and the templates that
    /// the kind uses. Words stand in the document themselves.
    pub fn template_set(&self, kind: DocumentKind) -> &str {
        let Some(version) = &self.version else { return "" };
        let sets = self.template_sets.get_or_init(|| {
            let design = self.bundle.design_digest();
            let named = |kind: DocumentKind| {
                let texts = self.renderer.texts_of(kind.template());
                let parts = std::iter::once(design.as_str()).chain(texts).map(str::as_bytes);
                let digest = Digest::of_parts(parts);
                (kind, format!("{version} ({})", &digest.as_str()[..12]))
            };
            DocumentKind::ALL.into_iter().map(named).collect()
        });
        sets.get(&kind).map_or("", String::as_str)
    }

    /// The same, whose PDFs are made by workers with limits.
    #[must_use]
    pub fn guarded(self, guard: IsolationConfig) -> Self {
        Self { engine: self.engine.guarded(&self.bundle, guard), ..self }
    }

    /// The same, guarded as another design is.
    #[must_use]
    pub fn guarded_as(self, other: &Self) -> Self {
        match other.engine.guard() {
            Some(guard) => self.guarded(guard.clone()),
            None => self,
        }
    }

    /// The same without naming the templates in documents: for comparing two
    /// designs, which would differ in their names on every last page.
    #[must_use]
    pub fn unnamed(self) -> Self {
        Self { version: None, ..self }
    }
}
