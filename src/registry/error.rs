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
    #[error("the registry `{}` has files but no index; make it anew with `kirjuri registry recover`", folder.display())]
    NoIndex { folder: PathBuf },
    #[error("there is a registry at `{}`, but kirjuri.toml has no `[registry]`: final documents would be made without being registered\n  hint: put the settings back, or name the registry's folder if it is elsewhere", folder.display())]
    NoSettings { folder: PathBuf },
    #[error("documents in `{}` are registered, but kirjuri.toml has no `[registry]`: final documents would be made without being registered\n  hint: put the settings back; only if nothing is to be registered any more, empty the output folder", folder.display())]
    SettingsLost { folder: PathBuf },
    #[error("version {number} cannot be made again from the registry: {cause}")]
    Unreadable { number: String, cause: String },
    #[error("the index of the registry `{}` is older than its files, or was changed\n  hint: put the newest index back, or make it anew with `kirjuri registry recover`", folder.display())]
    Older { folder: PathBuf },
    #[error("the files of the registry `{}` are older than its index, or some of them are gone: `{}` is missing\n  hint: bring the newest backup of the whole folder back; `kirjuri registry verify` names all that is missing", folder.display(), place.display())]
    FilesOlder { folder: PathBuf, place: PathBuf },
    #[error("documents of this workspace are registered, but there is no registry at `{}`\n  hint: connect its disk or bring it back from a backup; only if a new registry is really wanted, empty the output folder", folder.display())]
    Lost { folder: PathBuf },
    #[error(
        "the output folder has a document with the number {number}, which the registry `{}` does not know: it is an older one\n  hint: bring its newest backup back", folder.display()
    )]
    Forgotten { number: String, folder: PathBuf },
    #[error(
        "`{}` bears the register number {number}, which the registry `{}` does not know: it is an older one\n  hint: bring its newest backup back; if the PDF is from another workspace, move it out of the output folder", file.display(), folder.display()
    )]
    ForgottenPdf { file: PathBuf, number: String, folder: PathBuf },
    #[error(
        "the number {number} was given already\n  hint: change `registry.number` or `registry.sequence` in kirjuri.toml, so that numbers differ from the earlier ones"
    )]
    NumberTaken { number: String },
    #[error(
        "the clock says {now}, but the last register number was given at {last}\n  hint: set the computer's clock right; if it is right now, and was wrong then, confirm the day: `kirjuri build --confirm-date {today}`"
    )]
    ClockBack { now: Moment, last: Moment, today: Date },
    #[error(
        "the clock says {now}, which is more than two years after the last register number and after every document that is to get one ({newest})\n  hint: set the computer's clock right: a number of a wrong year stays for ever; if it is right, confirm the day: `kirjuri build --confirm-date {today}`"
    )]
    ClockFarAhead { now: Moment, newest: Date, today: Date },
    #[error(
        "the clock says {now}, which is more than two years after the date of every document that is to get a register number ({newest})\n  hint: set the computer's clock right: a number of a wrong year stays for ever; if it is right, confirm the day: `kirjuri build --confirm-date {today}`"
    )]
    ClockAfterDocuments { now: Moment, newest: Date, today: Date },
    #[error(
        "the clock says {now}, but every document that is to get a register number is dated more than a year later (from {first})\n  hint: set the computer's clock right; if it is right, confirm the day: `kirjuri build --confirm-date {today}`"
    )]
    ClockBeforeDocuments { now: Moment, first: Date, today: Date },
    #[error(
        "`--confirm-date` says {confirmed}, but the clock says {today}\n  hint: set the computer's clock right, or confirm the day that it says: `kirjuri build --confirm-date {today}`"
    )]
    OtherDay { confirmed: Date, today: Date },
    #[error("there is no registry at `{}`", folder.display())]
    Absent { folder: PathBuf },
    #[error("`{file}` of {document}, version {version}, is not what the log says")]
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
