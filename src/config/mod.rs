//! Settings in two steps: `kirjuri.toml` and the command line as given, then resolved
//! paths and values.

mod archiving;
mod checking;
mod examples;
mod misnamed;

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::document::Bilingual;
use crate::fs::{self, FsError};
use crate::model::{Date, Language};
use crate::pipeline::{CheckOptions, ManagementPlan};
use crate::registry::PatternError;
use crate::typeset::Limits;

pub use archiving::{Archiving, TransferSettings};
pub use checking::Checking;

/// Name of the settings file.
pub const FILE: &str = "kirjuri.toml";

/// Maximum size of the settings file, in bytes.
const LIMIT: u64 = 1024 * 1024;

/// The settings file as written; unknown keys are refused.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSettings {
    /// Language of messages.
    language: Option<Language>,
    records: Option<PathBuf>,
    templates: Option<PathBuf>,
    output: Option<PathBuf>,
    /// Whether the source record is attached to the PDF.
    attach_source: Option<bool>,
    /// How a record in several languages becomes documents.
    bilingual: Option<Bilingual>,
    /// Number of documents typeset in parallel.
    workers: Option<usize>,
    #[serde(default)]
    typeset: RawTypeset,
    #[serde(default)]
    watch: RawWatch,
    /// Settings of the checks.
    #[serde(default)]
    check: checking::RawCheck,
    /// The registry; without it nothing is registered.
    registry: Option<archiving::RawRegistry>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTypeset {
    /// Whether documents are typeset in worker processes.
    isolated: Option<bool>,
    /// Time limit of one document, in seconds.
    deadline: Option<u64>,
    /// Memory limit of one document, in MiB.
    memory: Option<u64>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWatch {
    /// Whether to poll instead of waiting for events.
    poll: Option<bool>,
    /// Milliseconds between two polls.
    interval: Option<u64>,
}

/// Settings from the command line, which override the file.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    pub config: Option<PathBuf>,
    pub records: Option<PathBuf>,
    pub templates: Option<PathBuf>,
    pub output: Option<PathBuf>,
    pub registry: Option<PathBuf>,
    pub language: Option<Language>,
    /// Create web copies even if the file does not.
    pub web: bool,
}

/// Resolved settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The settings file, if there is one.
    pub file: Option<PathBuf>,
    pub records: PathBuf,
    pub templates: PathBuf,
    pub output: PathBuf,
    /// Folder of the registry, even when nothing is registered.
    pub registry: PathBuf,
    /// Registry settings, if documents are registered.
    pub archiving: Option<Archiving>,
    /// Settings of the checks.
    pub checking: Checking,
    /// Language of messages, if set.
    pub language: Option<Language>,
    pub attach_source: bool,
    pub bilingual: Bilingual,
    pub workers: usize,
    /// Limits of one document, when it is typeset in a worker process.
    pub limits: Option<Limits>,
    pub poll: bool,
    pub interval: std::time::Duration,
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error(transparent)]
    Fs(#[from] FsError),
    #[error("`{}` is not UTF-8 text, or is larger than 1 MiB", path.display())]
    Text { path: PathBuf },
    #[error("`{}` has an error:\n{error}", path.display())]
    Toml { path: PathBuf, text: String, error: Box<toml::de::Error> },
    #[error(
        "`{}` is empty: it has no `[registry]`, so final documents would be created without being registered\n  hint: restore the settings from a copy, or use those of a new workspace (`kirjuri init DIR`) as a model; remove the file only if you do not want to register documents",
        path.display()
    )]
    Empty { path: PathBuf },
    #[error(
        "there is no `kirjuri.toml`, but `{}`, which is not read: final documents would be created without being registered\n  hint: rename it to `kirjuri.toml`, in lower case and without another extension; if it contains no settings, move it to another folder",
        path.display()
    )]
    Misnamed { path: PathBuf },
    #[error("the records folder `{}` does not exist\n  hint: name it with --records, or create a new workspace with `kirjuri init DIR`", path.display())]
    NoRecords { path: PathBuf },
    #[error("`{}` is not a folder; `{key}` must name a folder", path.display())]
    NoFolder { path: PathBuf, key: &'static str },
    #[error("the output folder `{}` and the templates folder `{}` must not be inside each other", output.display(), templates.display())]
    AmongTemplates { output: PathBuf, templates: PathBuf },
    #[error("the output folder `{}` and the records folder `{}` must not be inside each other", output.display(), records.display())]
    Nested { output: PathBuf, records: PathBuf },
    #[error("results would be written into `{}`, among the contents of `{}`; name another folder", folder.display(), kept.display())]
    Inside { folder: PathBuf, kept: PathBuf },
    #[error("`{}`: `registry.number` cannot be used: {source}", path.display())]
    Pattern { path: PathBuf, source: PatternError },
    #[error("the registry `{}` and `{}` must not be inside each other", registry.display(), other.display())]
    RegistryNested { registry: PathBuf, other: PathBuf },
    #[error("`--web` needs a registry: add `[registry]` to `{}`", path.display())]
    WebWithoutRegistry { path: PathBuf },
    #[error("`{}`: a `retention` needs either `years` or `permanent = true`", path.display())]
    Retention { path: PathBuf },
    #[error("`{}`: `registry.{key}` is missing", path.display())]
    Missing { path: PathBuf, key: &'static str },
    #[error("`{}`: `check.rules` has no rule `{rule}` whose severity can be set; did you mean `{near}`?\n  hint: `kirjuri check --list-rules` lists the rules", path.display())]
    Rule { path: PathBuf, rule: String, near: &'static str },
    #[error("`{}`: the term of {name} in `check.office` ends before it begins", path.display())]
    Office { path: PathBuf, name: String },
    #[error("`{}`: `{key}` must be between {min} and {max}", path.display())]
    Range { path: PathBuf, key: &'static str, min: u64, max: u64 },
}

/// Reads and resolves the settings. Paths in the file are relative to it,
/// paths on the command line to the working folder.
///
/// # Errors
/// When the file cannot be read, is empty, is misnamed or has unknown keys, or a value is
/// invalid.
pub fn resolve(overrides: &Overrides) -> Result<Settings, ConfigError> {
    let (raw, file) = load(overrides)?;
    let base = file.as_deref().and_then(Path::parent).unwrap_or(Path::new("")).to_owned();
    let path = |given: &Option<PathBuf>, raw: Option<PathBuf>, default: &str| {
        given.clone().unwrap_or_else(|| base.join(raw.unwrap_or_else(|| default.into())))
    };
    let name = file.clone().unwrap_or_else(|| FILE.into());
    let workers = raw.workers.unwrap_or_else(default_workers);
    let interval = raw.watch.interval.unwrap_or(500);
    let limits = Limits {
        deadline: raw.typeset.deadline.unwrap_or(30),
        memory: raw.typeset.memory.unwrap_or(2048),
    };
    in_range(&name, "workers", workers as u64, 1, 256)?;
    in_range(&name, "typeset.deadline", limits.deadline, 1, 3600)?;
    in_range(&name, "typeset.memory", limits.memory, 256, 1024 * 1024)?;
    in_range(&name, "watch.interval", interval, 50, 600_000)?;
    if overrides.web && raw.registry.is_none() {
        return Err(ConfigError::WebWithoutRegistry { path: name });
    }
    let registry = raw.registry.as_ref().and_then(|registry| registry.folder.clone());
    let resolve = |raw: archiving::RawRegistry| raw.resolve(&name, &base, overrides.web);
    let archiving = raw.registry.map(resolve).transpose()?;
    Ok(Settings {
        records: path(&overrides.records, raw.records, "records"),
        templates: path(&overrides.templates, raw.templates, "templates"),
        output: path(&overrides.output, raw.output, "output"),
        registry: path(&overrides.registry, registry, "registry"),
        archiving,
        checking: raw.check.resolve(&name)?,
        language: overrides.language.or(raw.language),
        attach_source: raw.attach_source.unwrap_or(true),
        bilingual: raw.bilingual.unwrap_or_default(),
        workers,
        limits: raw.typeset.isolated.unwrap_or(true).then_some(limits),
        poll: raw.watch.poll.unwrap_or(false),
        interval: std::time::Duration::from_millis(interval),
        file,
    })
}

/// The language of messages in a settings file, even when the file has errors; `None`
/// when it names none or cannot be read, which is reported where the settings are used.
pub fn language_of(file: &Path) -> Option<Language> {
    let bytes = fs::read(file, 1024 * 1024).ok()??;
    let text = std::str::from_utf8(&bytes).ok()?;
    let named = match toml::from_str::<toml::Table>(text) {
        Ok(settings) => settings.get("language")?.as_str()?.to_owned(),
        Err(_) => language_in_text(text)?,
    };
    Language::ALL.into_iter().find(|language| language.code() == named)
}

/// The language in a file that is not valid TOML.
fn language_in_text(text: &str) -> Option<String> {
    let mut above = text.lines().map(str::trim).take_while(|line| !line.starts_with('['));
    let named =
        above.find_map(|line| line.strip_prefix("language")?.trim_start().strip_prefix('='))?;
    let word = named.trim_start_matches(|c: char| !c.is_alphanumeric());
    Some(word.chars().take_while(char::is_ascii_alphabetic).collect())
}

fn load(overrides: &Overrides) -> Result<(RawSettings, Option<PathBuf>), ConfigError> {
    let path = overrides.config.clone().unwrap_or_else(|| FILE.into());
    if overrides.config.is_none() && fs::stamp(&path)?.is_none() {
        misnamed::refuse_misnamed(&path)?;
        return Ok((RawSettings::default(), None));
    }
    // configuration management may use a symbolic link
    let bytes = fs::read(&fs::real_path(&path)?, LIMIT)?;
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    let text = text.ok_or_else(|| ConfigError::Text { path: path.clone() })?;
    if misnamed::is_empty(&text) {
        return Err(ConfigError::Empty { path });
    }
    match toml::from_str(&text) {
        Ok(raw) => Ok((raw, Some(path))),
        Err(error) => Err(ConfigError::Toml { path, text, error: Box::new(error) }),
    }
}

fn default_workers() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(8)
}

fn in_range(
    path: &Path,
    key: &'static str,
    value: u64,
    min: u64,
    max: u64,
) -> Result<(), ConfigError> {
    if (min..=max).contains(&value) {
        Ok(())
    } else {
        Err(ConfigError::Range { path: path.to_owned(), key, min, max })
    }
}

impl Settings {
    /// Makes sure that the records folder exists, and that no folder is inside another:
    /// the watcher must not see its own output.
    ///
    /// # Errors
    /// When a folder is missing or nested.
    pub fn check_folders(&self) -> Result<(), ConfigError> {
        if fs::stamp(&self.records)?.is_none() {
            return Err(ConfigError::NoRecords { path: self.records.clone() });
        }
        let folders =
            [("records", &self.records), ("templates", &self.templates), ("output", &self.output)];
        let registry = self.archiving.as_ref().map(|_| ("registry.folder", &self.registry));
        for (key, path) in folders.into_iter().chain(registry) {
            if fs::stamp(path)?.is_some() && !fs::is_folder(path) {
                return Err(ConfigError::NoFolder { path: path.clone(), key });
            }
        }
        let (records, output) = (fs::resolve_path(&self.records)?, fs::resolve_path(&self.output)?);
        if records.starts_with(&output) || output.starts_with(&records) {
            return Err(ConfigError::Nested { output, records });
        }
        let templates = fs::resolve_path(&self.templates)?;
        if templates.starts_with(&output) || output.starts_with(&templates) {
            return Err(ConfigError::AmongTemplates { output, templates });
        }
        if self.archiving.is_none() {
            return Ok(());
        }
        let registry = fs::resolve_path(&self.registry)?;
        for other in [records, output, templates] {
            if registry.starts_with(&other) || other.starts_with(&registry) {
                return Err(ConfigError::RegistryNested { registry, other });
            }
        }
        Ok(())
    }

    /// Options of checks on a date.
    pub fn check_options(&self, today: Date) -> CheckOptions<'_> {
        CheckOptions {
            only: None,
            plan: self.plan(),
            overrides: &self.checking.overrides,
            offices: &self.checking.offices,
            today: Some(today),
            speller: None,
            examples: None,
            workers: self.workers,
        }
    }

    /// The records management plan, if documents are registered.
    pub fn plan(&self) -> Option<&ManagementPlan> {
        self.archiving.as_ref().map(|archiving| &archiving.plan)
    }

    /// Makes sure that a folder for results is not, and is not inside, a folder of the
    /// workspace or one of `others`.
    ///
    /// # Errors
    /// When it is.
    pub fn check_apart(&self, folder: &Path, others: &[&Path]) -> Result<(), ConfigError> {
        let place = fs::resolve_path(folder)?;
        let own = [&*self.records, &*self.templates, &*self.output, &*self.registry];
        for kept in own.iter().chain(others) {
            if place.starts_with(fs::resolve_path(kept)?) {
                let (folder, kept) = (folder.to_owned(), (*kept).to_owned());
                return Err(ConfigError::Inside { folder, kept });
            }
        }
        Ok(())
    }
}
