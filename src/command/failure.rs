//! Errors of commands as translatable messages: a key with values, and the conversion of
//! other modules' errors into that form.

mod design;
mod settings_error;

use std::error::Error;
use std::fmt;

use crate::bundle::Bundle;
use crate::config::ConfigError;
use crate::fs::{FsError, MessageKey};
use crate::import::{ImportError, ROW_LIMIT};
use crate::locale::Locale;
use crate::model::Language;
use crate::pipeline::BuildError;
use crate::publish::PublishError;
use crate::registry::checkpoint::CheckpointError;
use crate::registry::sahke2::Sahke2Error;
use crate::registry::{ExportError, IndexError, PatternError, RegistryError, StoreError};

/// A reason why a command failed.
#[derive(Debug)]
pub struct Failure {
    /// `failure.<key>` in the labels.
    key: &'static str,
    values: Vec<(&'static str, String)>,
    cause: Option<Box<dyn Error + Send + Sync>>,
}

impl Failure {
    /// A failure without values.
    pub fn new(key: &'static str) -> Self {
        Self { key, values: Vec::new(), cause: None }
    }

    /// Adds a value that the message names.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.values.push((name, value.to_string()));
        self
    }

    /// Adds a path that the message names.
    #[must_use]
    pub fn at(self, path: &std::path::Path) -> Self {
        self.with("path", path.display())
    }

    /// Adds the underlying error, which is printed after it.
    #[must_use]
    pub fn caused_by(self, cause: impl Error + Send + Sync + 'static) -> Self {
        Self { cause: Some(Box::new(cause)), ..self }
    }

    /// Converts the key and values of another module's error; values that are keys
    /// themselves are translated.
    pub fn from_said((key, values): MessageKey, locale: &Locale) -> Self {
        let values = values.into_iter().map(|(name, value)| match name {
            "deed" => (name, locale.label(&format!("failure.{value}"))),
            "system" => (name, locale.with_system(&value)),
            name => (name, value),
        });
        Self { key, values: values.collect(), cause: None }
    }

    /// The translated message.
    pub fn message(&self, locale: &Locale) -> String {
        let values: Vec<(&str, &str)> =
            self.values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        locale.fill(&format!("failure.{}", self.key), &values)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Locale::load(&Bundle::built_in(), Language::En) {
            Ok(locale) => f.write_str(&self.message(&locale)),
            Err(_) => f.write_str(self.key),
        }
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_ref().map(|cause| &**cause as &(dyn Error + 'static))
    }
}

/// The message of an error in the language of a locale; the error's own text where no
/// translation exists.
pub fn message(error: &(dyn Error + 'static), locale: &Locale) -> String {
    if let Some(failure) = error.downcast_ref::<Failure>() {
        return failure.message(locale);
    }
    if let Some(ConfigError::Toml { path, text, error }) = error.downcast_ref::<ConfigError>() {
        // the messages of the TOML parser address programmers
        return settings_error::of_settings(path, text, error, locale).message(locale);
    }
    if locale.language == Language::En {
        return error.to_string();
    }
    if let Some(io) = error.downcast_ref::<std::io::Error>() {
        return locale.system(io);
    }
    match localized(error, locale) {
        Some(failure) => failure.message(locale),
        None => error.to_string(),
    }
}

/// Converts an error of another module into a failure with a translated message.
fn localized(error: &(dyn Error + 'static), locale: &Locale) -> Option<Failure> {
    let said = |said: Option<MessageKey>| said.map(|said| Failure::from_said(said, locale));
    if let Some(error) = error.downcast_ref::<FsError>() {
        return said(Some(error.message_key()));
    }
    if let Some(error) = error.downcast_ref::<ConfigError>() {
        return Some(settings(error, locale));
    }
    if let Some(error) = error.downcast_ref::<RegistryError>() {
        return registry(error, locale);
    }
    if let Some(error) = error.downcast_ref::<IndexError>() {
        return said(Some(error.message_key()));
    }
    if let Some(error) = error.downcast_ref::<StoreError>() {
        return said(error.message_key());
    }
    if let Some(error) = error.downcast_ref::<CheckpointError>() {
        return said(Some(error.message_key()));
    }
    if let Some(error) = error.downcast_ref::<Sahke2Error>() {
        return said(error.message_key());
    }
    if let Some(error) = error.downcast_ref::<PatternError>() {
        return Some(pattern(*error));
    }
    if let Some(error) = error.downcast_ref::<ImportError>() {
        return spreadsheet(error);
    }
    match error.downcast_ref::<BuildError>() {
        Some(BuildError::Fs(error)) => return said(Some(error.message_key())),
        Some(BuildError::Publish(error)) => return localized(error, locale),
        Some(BuildError::Registry(error) | BuildError::Unnumbered { cause: error, .. }) => {
            return registry(error, locale);
        }
        _ => {}
    }
    match error.downcast_ref::<PublishError>() {
        Some(PublishError::Fs(error)) => return said(Some(error.message_key())),
        Some(PublishError::InUse { folder, holder }) => {
            return Some(Failure::new("output_in_use").at(folder).with("holder", holder));
        }
        _ => {}
    }
    match error.downcast_ref::<ExportError>() {
        Some(ExportError::Fs(error)) => return said(Some(error.message_key())),
        Some(ExportError::Registry(error)) => return registry(error, locale),
        Some(ExportError::Sahke2(error)) => return said(error.message_key()),
        Some(ExportError::Taken { path }) => return Some(Failure::new("export_taken").at(path)),
        Some(ExportError::Path(error)) => {
            return Some(Failure::new("export_name").at(&error.path));
        }
        Some(ExportError::Partial { path }) => {
            return Some(Failure::new("export_partial").at(path));
        }
        Some(ExportError::Nothing) => return Some(Failure::new("export_nothing")),
        _ => {}
    }
    design::localized(error, locale)
}

fn settings(error: &ConfigError, locale: &Locale) -> Failure {
    use ConfigError as E;
    match error {
        E::Fs(error) => Failure::from_said(error.message_key(), locale),
        E::Text { path } => Failure::new("settings_text").at(path),
        E::Toml { path, text, error } => settings_error::of_settings(path, text, error, locale),
        E::Empty { path } => Failure::new("settings_empty").at(path),
        E::Misnamed { path } => Failure::new("settings_misnamed").at(path),
        E::NoRecords { path } => Failure::new("no_records").at(path),
        E::NoFolder { path, key } => Failure::new("not_a_folder").at(path).with("key", key),
        E::AmongTemplates { output, templates } => {
            Failure::new("among_templates").at(output).with("other", templates.display())
        }
        E::Nested { output, records } => {
            Failure::new("nested").at(output).with("other", records.display())
        }
        E::Inside { folder, kept } => {
            Failure::new("inside").at(folder).with("other", kept.display())
        }
        E::Pattern { path, source } => {
            let cause = pattern(*source).message(locale);
            Failure::new("settings_number").at(path).with("cause", cause)
        }
        E::RegistryNested { registry, other } => {
            Failure::new("registry_nested").at(registry).with("other", other.display())
        }
        E::WebWithoutRegistry { path } => Failure::new("web_without_registry").at(path),
        E::Retention { path } => Failure::new("settings_retention").at(path),
        E::Missing { path, key } => Failure::new("settings_missing").at(path).with("key", key),
        E::Rule { path, rule, near } => {
            Failure::new("settings_rule").at(path).with("rule", rule).with("near", near)
        }
        E::Office { path, name } => Failure::new("settings_office").at(path).with("name", name),
        E::Range { path, key, min, max } => {
            let failure = Failure::new("settings_range").at(path).with("key", key);
            failure.with("min", min).with("max", max)
        }
    }
}

fn registry(error: &RegistryError, locale: &Locale) -> Option<Failure> {
    use RegistryError as E;
    Some(match error {
        E::ClockBack { now, last, today } => {
            let (now, last) = (locale.moment(*now), locale.moment(*last));
            Failure::new("clock_back").with("now", now).with("last", last).with("today", today)
        }
        E::ClockFarAhead { now, newest, today } => Failure::new("clock_far_ahead")
            .with("now", locale.moment(*now))
            .with("newest", locale.date(*newest))
            .with("today", today),
        E::ClockAfterDocuments { now, newest, today } => Failure::new("clock_after_documents")
            .with("now", locale.moment(*now))
            .with("newest", locale.date(*newest))
            .with("today", today),
        E::ClockBeforeDocuments { now, first, today } => Failure::new("clock_before_documents")
            .with("now", locale.moment(*now))
            .with("first", locale.date(*first))
            .with("today", today),
        E::OtherDay { confirmed, today } => {
            let failure = Failure::new("clock_other_day").with("confirmed", confirmed);
            failure.with("day", locale.date(*today)).with("today", today)
        }
        other => return other.message_key().map(|said| Failure::from_said(said, locale)),
    })
}

/// The error in a pattern of register numbers.
pub fn pattern(error: PatternError) -> Failure {
    Failure::new(match error {
        PatternError::NoNumber => "pattern_number",
        PatternError::NoYear => "pattern_year",
        PatternError::Unknown => "pattern_unknown",
        PatternError::Text => "pattern_text",
    })
}

fn spreadsheet(error: &ImportError) -> Option<Failure> {
    use ImportError as E;
    Some(match error {
        E::Unreadable { .. } => Failure::new("sheet_unreadable"),
        E::OldForm => Failure::new("sheet_old"),
        E::Encoding => Failure::new("sheet_encoding"),
        E::OpenQuote { line } => Failure::new("sheet_quote").with("line", line),
        E::NoSheet { name, known } => {
            Failure::new("sheet_none").with("name", name).with("known", known)
        }
        E::Empty => Failure::new("sheet_empty"),
        E::TwoSeparators { first, second } => {
            Failure::new("sheet_separators").with("first", first).with("second", second)
        }
        E::OtherSeparator { sign } => Failure::new("sheet_other_separator").with("sign", sign),
        E::NoHeadings { found } => Failure::new("sheet_no_headings").with("found", found),
        E::Unpacked => Failure::new("sheet_unpacked"),
        E::TwoColumns { names, .. } => Failure::new("sheet_two_columns").with("names", names),
        E::TooManyMerged => Failure::new("sheet_merged"),
        E::TooManyRows => Failure::new("sheet_rows").with("limit", ROW_LIMIT),
        E::UnclearSecrecy { heading } => Failure::new("sheet_secrecy").with("heading", heading),
        E::SecretCell { heading, row, value } => Failure::new("sheet_secret_cell")
            .with("heading", heading)
            .with("row", row)
            .with("value", value),
        E::Unmarked { row, value } => {
            Failure::new("sheet_unmarked").with("row", row).with("value", value)
        }
        E::UnderSecret { heading, value, row } => Failure::new("sheet_under_secret")
            .with("heading", heading)
            .with("value", value)
            .with("row", row),
        E::SecretSheet { name, row } => {
            Failure::new("sheet_secret_name").with("name", name).with("row", row)
        }
        E::NoteAbove { row, value } => {
            Failure::new("sheet_note_above").with("row", row).with("value", value)
        }
        E::OtherSheets { read, names } => {
            Failure::new("sheet_others").with("read", read).with("names", names)
        }
        E::NoTextColumn { found } => Failure::new("sheet_no_text").with("found", found),
        _ => return None,
    })
}
