//! Settings, locale and design of the workspace that a command uses.

mod build;

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::failure::Failure;
use crate::bundle::Bundle;
use crate::cli::{Global, UiLanguage};
use crate::config::{self, ConfigError, Overrides, Settings};
use crate::fs;
use crate::intake::{self, Intake, Memory};
use crate::locale::Locale;
use crate::model::{Date, Language, Moment};
use crate::pipeline::{BuildSettings, CheckOptions, Design, Example, Options, RegistryView};
use crate::publish::{self, Output};
use crate::registry::{self, Registry, RegistryError, RegistryReader};
use crate::render::check_theme;
use crate::spelling::{self, Dictionaries};
use crate::typeset::IsolationConfig;

pub use build::PlannedBuild;

/// The workspace of a command.
pub struct Workspace {
    pub settings: Settings,
    pub design: Design,
    /// Language of messages.
    pub locale: Locale,
    /// The date that the user confirmed.
    confirmed: Option<Date>,
    /// Settings that still have example values.
    examples: Vec<Example>,
}

impl Workspace {
    /// Resolves the settings and loads the design.
    ///
    /// # Errors
    /// When the configuration or the templates cannot be used.
    pub fn open(global: &Global) -> anyhow::Result<Self> {
        let settings = config::resolve(&overrides(global))?;
        check_clock()?;
        let bundle = Bundle::load(&settings.templates)
            .map_err(|error| Failure::new("templates").caused_by(error))?;
        let design =
            Design::new(bundle).map_err(|error| Failure::new("templates").caused_by(error))?;
        let locale = design.locales.of(settings.language.unwrap_or_else(environment_language));
        let sample = check_theme(&Bundle::built_in()).map(|facts| facts.authority);
        let of_sample = sample.is_ok_and(|sample| sample == design.sender.authority);
        let examples = settings.examples(of_sample);
        Ok(Self { locale: locale.clone(), settings, design, confirmed: None, examples })
    }

    /// Opens the workspace with typesetting in worker processes, unless the settings turn
    /// them off.
    ///
    /// # Errors
    /// When the configuration or the templates cannot be used.
    pub fn open_isolated(global: &Global) -> anyhow::Result<Self> {
        let workspace = Self::open(global)?;
        let Some(limits) = workspace.settings.limits else { return Ok(workspace) };
        let guard = IsolationConfig { program: own_program(), limits };
        Ok(Self { design: workspace.design.isolated(guard), ..workspace })
    }

    /// Sets the date that the user confirmed.
    #[must_use]
    pub fn on(self, confirmed: Option<Date>) -> Self {
        Self { confirmed, ..self }
    }

    /// The build options.
    pub fn options(&self) -> Options {
        Options {
            attach_source: self.settings.attach_source,
            bilingual: self.settings.bilingual,
            workers: self.settings.workers,
        }
    }

    /// The options of checks.
    pub fn check_options(&self) -> CheckOptions<'_> {
        let examples = Some(self.examples.as_slice());
        CheckOptions { examples, ..self.settings.check_options(now().day()) }
    }

    /// Scans the records folder.
    ///
    /// # Errors
    /// When the folder does not exist or cannot be listed.
    pub fn scan(&self) -> anyhow::Result<Intake> {
        let records = &self.settings.records;
        if fs::stamp(records)?.is_none() {
            return Err(ConfigError::NoRecords { path: records.clone() }.into());
        }
        Ok(intake::scan(records, &mut Memory::default())?)
    }

    /// The settings of a build.
    pub fn build_settings(&self) -> BuildSettings<'_> {
        let language = self.locale.language;
        BuildSettings {
            design: &self.design,
            options: self.options(),
            check_options: self.check_options(),
            language,
        }
    }

    /// Opens and locks the output folder.
    ///
    /// # Errors
    /// When it cannot be used, or another process holds it.
    pub fn open_output(&self) -> anyhow::Result<Output> {
        self.settings.check_folders()?;
        self.refuse_links()?;
        Ok(Output::open(&self.settings.output, &holder())?)
    }

    /// Refuses symbolic links inside the output folder and the registry.
    ///
    /// # Errors
    /// When there is one.
    pub fn refuse_links(&self) -> anyhow::Result<()> {
        let output = &self.settings.output;
        refuse_links(output, &publish::written_paths(output), &self.locale)?;
        match self.settings.archiving {
            Some(_) => refuse_links_in_registry(&self.settings, &self.locale),
            None => Ok(()),
        }
    }

    /// A read-only view of the registry; `None` without registry settings.
    pub fn registry_view<'a>(&'a self, reader: &'a RegistryReader) -> Option<RegistryView<'a>> {
        let (archiving, plan) = (self.settings.archiving.as_ref()?, self.settings.plan()?);
        Some(RegistryView {
            index: reader.index(),
            archive: reader.archive(),
            numbering: &archiving.numbering,
            plan,
            now: now(),
            confirmed: self.confirmed,
        })
    }

    /// Opens and locks the registry, if the settings have one.
    ///
    /// # Errors
    /// When it cannot be used, or another process holds it.
    pub fn open_registry(&self) -> Result<Option<Registry>, RegistryError> {
        let Some(archiving) = &self.settings.archiving else { return Ok(None) };
        let numbering = archiving.numbering.clone();
        Registry::open(&self.settings.registry, numbering, now, &holder()).map(Some)
    }
}

/// Refuses symbolic links inside the registry folder.
///
/// # Errors
/// When there is one.
pub fn refuse_links_in_registry(settings: &Settings, locale: &Locale) -> anyhow::Result<()> {
    let folder = &settings.registry;
    refuse_links(folder, &registry::written_paths(folder), locale)
}

fn refuse_links(base: &Path, parts: &[PathBuf], locale: &Locale) -> anyhow::Result<()> {
    for part in parts {
        if let Some(link) = fs::find_link(base, part)? {
            let link = link.display().to_string();
            return Err(anyhow::Error::msg(locale.fill("ui.linked", &[("link", &link)])));
        }
    }
    Ok(())
}

/// The dictionaries of the computer; none when `KIRJURI_SPELLING` is `off`.
pub fn dictionaries() -> Dictionaries {
    let off = std::env::var("KIRJURI_SPELLING").is_ok_and(|value| value == "off");
    if off { Dictionaries::none() } else { Dictionaries::new(spelling::FOLDERS.map(Into::into)) }
}

/// The program file of this process, for starting workers.
fn own_program() -> PathBuf {
    if cfg!(target_os = "linux") {
        // the running file, even when its path holds another one by now
        return "/proc/self/exe".into();
    }
    std::env::current_exe().unwrap_or_default()
}

/// The name of this process in lock files.
pub fn holder() -> String {
    named(std::process::id())
}

/// The name of a process in lock files.
pub fn named(process: u32) -> String {
    format!("kirjuri, process {process}")
}

/// Validates `SOURCE_DATE_EPOCH`.
fn check_clock() -> anyhow::Result<()> {
    let Ok(text) = std::env::var("SOURCE_DATE_EPOCH") else { return Ok(()) };
    let moment = text.parse().ok().and_then(Moment::from_unix);
    let years = moment.map(|moment| moment.day().year());
    match years.is_some_and(|year| (2000..=2200).contains(&year)) {
        true => Ok(()),
        false => Err(Failure::new("clock_set").with("text", text).into()),
    }
}

/// The current time; `SOURCE_DATE_EPOCH` (reproducible-builds.org) overrides the clock.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
pub fn now() -> Moment {
    let set = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.parse().ok());
    let clock = || {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    };
    let moment = Moment::from_unix(set.unwrap_or_else(clock));
    moment.unwrap_or(Moment::EPOCH)
}

/// The locale of messages, without loading the design.
///
/// # Errors
/// When the labels cannot be read.
pub fn locale(settings: &Settings) -> anyhow::Result<Locale> {
    let bundle = Bundle::load(&settings.templates)
        .map_err(|error| Failure::new("templates").caused_by(error))?;
    let language = settings.language.unwrap_or_else(environment_language);
    // a broken templates folder must not prevent reading an archive
    let own = Locale::load(&bundle, language);
    Ok(own.or_else(|_| Locale::load(&Bundle::built_in(), language))?)
}

/// The locale of messages where no settings can be read: in the language of the command
/// line, else of the environment.
///
/// # Errors
/// When the built-in labels cannot be read, which is a bug.
pub fn locale_without_settings(global: &Global) -> anyhow::Result<Locale> {
    let language = global.language.map_or_else(environment_language, language);
    Ok(Locale::load(&Bundle::built_in(), language)?)
}

/// The settings given on the command line.
pub fn overrides(global: &Global) -> Overrides {
    Overrides {
        config: global.config.clone(),
        records: global.records.clone(),
        templates: global.templates.clone(),
        output: global.output.clone(),
        registry: global.registry.clone(),
        language: global.language.map(language),
        web: global.web,
    }
}

fn language(language: UiLanguage) -> Language {
    match language {
        UiLanguage::Fi => Language::Fi,
        UiLanguage::Sv => Language::Sv,
        UiLanguage::En => Language::En,
    }
}

/// The language of the environment, from the first variable that is set: English for `C`,
/// Finnish for a language that is not supported.
pub fn environment_language() -> Language {
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
