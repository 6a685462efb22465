//! Settings, language and design of the workspace that a command works in.

use anyhow::Context;

use crate::bundle::Bundle;
use crate::cli::{Global, UiLanguage};
use crate::config::{self, Overrides, Settings};
use crate::locale::Locale;
use crate::model::Language;
use crate::pipeline::{Design, Options};
use crate::publish::Output;

/// What a command works with.
pub struct Workspace {
    pub settings: Settings,
    pub design: Design,
    /// Language of messages.
    pub locale: Locale,
}

impl Workspace {
    /// Resolves the settings and makes the design ready.
    ///
    /// # Errors
    /// When the configuration or the templates cannot be used.
    pub fn open(global: &Global) -> anyhow::Result<Self> {
        let settings = config::resolve(&overrides(global))?;
        let bundle = Bundle::load(&settings.templates).context("the templates cannot be used")?;
        let design = Design::new(bundle).context("the templates cannot be used")?;
        let locale = design.locales.of(settings.language.unwrap_or_else(environment_language));
        Ok(Self { locale: locale.clone(), settings, design })
    }

    /// How work is done here.
    pub fn options(&self) -> Options {
        Options {
            attach_source: self.settings.attach_source,
            bilingual: self.settings.bilingual,
            workers: self.settings.workers,
        }
    }

    /// Opens the output folder in this process's name.
    ///
    /// # Errors
    /// When it cannot be used, or another process holds it.
    pub fn open_output(&self) -> anyhow::Result<Output> {
        self.settings.check_folders()?;
        let holder = format!("kirjuri, process {}", std::process::id());
        Ok(Output::open(&self.settings.output, &holder)?)
    }
}

/// What the command line says of the settings.
pub fn overrides(global: &Global) -> Overrides {
    Overrides {
        config: global.config.clone(),
        records: global.records.clone(),
        templates: global.templates.clone(),
        output: global.output.clone(),
        language: global.language.map(language),
    }
}

fn language(language: UiLanguage) -> Language {
    match language {
        UiLanguage::Fi => Language::Fi,
        UiLanguage::Sv => Language::Sv,
        UiLanguage::En => Language::En,
    }
}

/// The first of the usual variables that is set decides; Finnish when it names
/// no language of ours but one that is spoken, English for `C`.
fn environment_language() -> Language {
    let value = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty())
        .unwrap_or_default();
    match value.get(..2).unwrap_or_default() {
        "sv" => Language::Sv,
        "en" => Language::En,
        _ if value.starts_with('C') || value.starts_with("POSIX") => Language::En,
        _ => Language::Fi,
    }
}
