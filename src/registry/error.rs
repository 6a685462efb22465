//! Errors of the registry.

use std::path::{Path, PathBuf};

use super::index::IndexError;
use super::ocfl::StoreError;
use super::sahke2;
use crate::fs::{FsError, MessageKey};
use crate::model::{Date, Moment};

/// An error of the registry.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    #[error(transparent)]
    Fs(#[from] FsError),
    #[error(transparent)]
    Index(#[from] IndexError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Sahke2(#[from] sahke2::Sahke2Error),
    #[error("the registry `{}` is in use by {holder}", folder.display())]
    InUse { folder: PathBuf, holder: String },
    #[error("the registry `{}` has files but no index; rebuild it with `kirjuri registry recover`", folder.display())]
    NoIndex { folder: PathBuf },
    #[error("there is a registry at `{}`, but kirjuri.toml has no `[registry]`: final documents would be created without being registered\n  hint: restore the settings, or name the registry folder if it is elsewhere", folder.display())]
    NoSettings { folder: PathBuf },
    #[error("documents in `{}` are registered, but kirjuri.toml has no `[registry]`: final documents would be created without being registered\n  hint: restore the settings; empty the output folder only if you no longer want to register documents", folder.display())]
    SettingsLost { folder: PathBuf },
    #[error("version {number} cannot be rebuilt from the registry: {cause}")]
    Unreadable { number: String, cause: String },
    #[error("the index of the registry `{}` is older than its files, or was changed\n  hint: restore the newest index, or rebuild it with `kirjuri registry recover`", folder.display())]
    Older { folder: PathBuf },
    #[error("the files of the registry `{}` are older than its index, or some of them are gone: `{}` is missing\n  hint: restore the newest backup of the whole folder; `kirjuri registry verify` lists everything that is missing", folder.display(), place.display())]
    FilesOlder { folder: PathBuf, place: PathBuf },
    #[error("documents of this workspace are registered, but there is no registry at `{}`\n  hint: connect its disk or restore it from a backup; empty the output folder only if you really want a new registry", folder.display())]
    Lost { folder: PathBuf },
    #[error(
        "the output folder has a document with the register number {number}, which the registry `{}` does not know: the registry is an older one\n  hint: restore its newest backup", folder.display()
    )]
    Forgotten { number: String, folder: PathBuf },
    #[error(
        "`{}` bears the register number {number}, which the registry `{}` does not know: the registry is an older one\n  hint: restore its newest backup; if the PDF is from another workspace, move it out of the output folder", file.display(), folder.display()
    )]
    ForgottenPdf { file: PathBuf, number: String, folder: PathBuf },
    #[error(
        "the register number {number} is already in use\n  hint: change `registry.number` or `registry.sequence` in kirjuri.toml, so that new numbers differ from the earlier ones"
    )]
    NumberTaken { number: String },
    #[error(
        "the clock says {now}, but the last register number was assigned at {last}\n  hint: correct the computer's clock; if it is right now and was wrong then, confirm the date: `kirjuri build --confirm-date {today}`"
    )]
    ClockBack { now: Moment, last: Moment, today: Date },
    #[error(
        "the clock says {now}, which is more than two years after the last register number and after the date of every document that needs one ({newest})\n  hint: correct the computer's clock, because a register number with a wrong year is permanent; if the clock is right, confirm the date: `kirjuri build --confirm-date {today}`"
    )]
    ClockFarAhead { now: Moment, newest: Date, today: Date },
    #[error(
        "the clock says {now}, which is more than two years after the date of every document that needs a register number ({newest})\n  hint: correct the computer's clock, because a register number with a wrong year is permanent; if the clock is right, confirm the date: `kirjuri build --confirm-date {today}`"
    )]
    ClockAfterDocuments { now: Moment, newest: Date, today: Date },
    #[error(
        "the clock says {now}, but every document that needs a register number is dated more than a year later (from {first})\n  hint: correct the computer's clock; if it is right, confirm the date: `kirjuri build --confirm-date {today}`"
    )]
    ClockBeforeDocuments { now: Moment, first: Date, today: Date },
    #[error(
        "`--confirm-date` says {confirmed}, but the clock says {today}\n  hint: correct the computer's clock, or confirm its date: `kirjuri build --confirm-date {today}`"
    )]
    OtherDay { confirmed: Date, today: Date },
    #[error("there is no registry at `{}`", folder.display())]
    Absent { folder: PathBuf },
    #[error("`{file}` of {document}, version {version}, does not agree with the log")]
    Changed { file: String, document: String, version: u16 },
    #[error("the number {number} is not reserved for {document}, version {version}")]
    NotReserved { number: String, document: String, version: u16 },
    #[error("`{what}` cannot be written as JSON")]
    Json { what: &'static str, source: serde_json::Error },
}

impl RegistryError {
    /// Whether the date is in doubt: then no number is assigned, but everything else can
    /// continue.
    pub fn concerns_clock(&self) -> bool {
        matches!(
            self,
            Self::ClockBack { .. }
                | Self::ClockFarAhead { .. }
                | Self::ClockAfterDocuments { .. }
                | Self::ClockBeforeDocuments { .. }
                | Self::OtherDay { .. }
        )
    }

    /// The message key of the error, with its arguments. `None` for errors without a
    /// message, and for those with a time, which is formatted by language.
    pub fn message_key(&self) -> Option<MessageKey> {
        let place = |path: &Path| ("path", path.display().to_string());
        let text = |name: &'static str, value: &str| (name, value.to_owned());
        Some(match self {
            Self::Fs(error) => error.message_key(),
            Self::Index(error) => error.message_key(),
            Self::Store(error) => return error.message_key(),
            Self::Sahke2(error) => return error.message_key(),
            Self::InUse { folder, holder } => {
                ("registry_in_use", vec![place(folder), text("holder", holder)])
            }
            Self::NoIndex { folder } => ("registry_no_index", vec![place(folder)]),
            Self::NoSettings { folder } => ("registry_no_settings", vec![place(folder)]),
            Self::SettingsLost { folder } => ("settings_lost", vec![place(folder)]),
            Self::Unreadable { number, cause } => {
                ("version_unreadable", vec![text("number", number), text("cause", cause)])
            }
            Self::Older { folder } => ("registry_older", vec![place(folder)]),
            Self::FilesOlder { folder, place: missing } => {
                let missing = ("missing", missing.display().to_string());
                ("registry_files_older", vec![place(folder), missing])
            }
            Self::Lost { folder } => ("registry_lost", vec![place(folder)]),
            Self::Forgotten { number, folder } => {
                ("registry_forgotten", vec![place(folder), text("number", number)])
            }
            Self::ForgottenPdf { file, number, folder } => {
                let folder = ("folder", folder.display().to_string());
                ("registry_forgotten_pdf", vec![place(file), text("number", number), folder])
            }
            Self::NumberTaken { number } => ("number_taken", vec![text("number", number)]),
            Self::Absent { folder } => ("registry_absent", vec![place(folder)]),
            Self::Changed { file, document, version } => {
                let version = ("version", version.to_string());
                ("version_changed", vec![text("file", file), text("document", document), version])
            }
            Self::NotReserved { number, document, version } => {
                let version = ("version", version.to_string());
                let values = vec![text("number", number), text("document", document), version];
                ("number_not_reserved", values)
            }
            Self::ClockBack { .. }
            | Self::ClockFarAhead { .. }
            | Self::ClockAfterDocuments { .. }
            | Self::ClockBeforeDocuments { .. }
            | Self::OtherDay { .. }
            | Self::Json { .. } => return None,
        })
    }
}
