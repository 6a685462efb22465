//! The design: templates, engine, labels and tables of a bundle, loaded once.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::bundle::{Bundle, BundleError};
use crate::check::{Tables, TablesError};
use crate::document::{DocumentKind, SharedTexts, SharedTextsError};
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
    /// The tables that rules look up.
    pub tables: Tables,
    pub texts: SharedTexts,
    /// The authority that issues the documents, and what its theme leaves open.
    pub sender: super::Sender,
    /// Version of the template set; none when documents do not name it.
    version: Option<String>,
    template_sets: OnceLock<BTreeMap<DocumentKind, String>>,
    /// Digest of what decides a PDF's bytes beside its source: design library,
    /// theme, fonts, engine and all its crates, program.
    pub digest: Digest,
    /// Digest of the program and all its crates only.
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
    Texts(#[from] SharedTextsError),
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
        // every crate that may change the bytes, by version and checksum
        let crates = include_str!("../../Cargo.lock");
        let design = bundle.design_digest();
        Ok(Self {
            digest: Digest::of_parts([design.as_str(), crates, version].map(str::as_bytes)),
            engine_digest: Digest::of_parts([crates, version].map(str::as_bytes)),
            coverage,
            version: Some(theme.version),
            template_sets: OnceLock::new(),
            tables: Tables::load(&bundle)?,
            texts: SharedTexts::load(&bundle)?,
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
    pub fn isolated(self, config: IsolationConfig) -> Self {
        Self { engine: self.engine.isolated(&self.bundle, config), ..self }
    }

    /// The same design, isolated if another design is, with the same limits.
    #[must_use]
    pub fn isolated_like(self, other: &Self) -> Self {
        match other.engine.isolation() {
            Some(config) => self.isolated(config.clone()),
            None => self,
        }
    }

    /// The same design without the names of the templates in documents, to compare
    /// two designs that would otherwise differ on every last page.
    #[must_use]
    pub fn unnamed(self) -> Self {
        Self { version: None, ..self }
    }
}
