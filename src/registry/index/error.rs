//! Errors of the index.

use std::path::PathBuf;

use rusqlite::ErrorCode;

use super::SCHEMA_VERSION;
use crate::fs::MessageKey;

/// The index cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    #[error("the registry's index `{}` cannot be used{}", path.display(), disk_hint(source))]
    Sqlite { path: PathBuf, source: rusqlite::Error },
    #[error("the registry's index `{}` has format {found}, but this program uses format {SCHEMA_VERSION}\n  hint: if the program is newer than the index, rebuild the index with `kirjuri registry recover`", path.display())]
    SchemaVersion { path: PathBuf, found: i64 },
    #[error("the registry's index `{}` cannot keep a write-ahead log: SQLite stayed in mode `{mode}`\n  hint: the disk may be full, read-only, or on a network", path.display())]
    Journal { path: PathBuf, mode: String },
    #[error("the registry's index `{}` is damaged: {what}", path.display())]
    Damaged { path: PathBuf, what: String },
}

impl IndexError {
    /// The message key of the error, with its arguments.
    pub fn message_key(&self) -> MessageKey {
        let (key, path, values) = match self {
            Self::Sqlite { path, source } => {
                let key = match source.sqlite_error_code() {
                    Some(ErrorCode::DiskFull) => "index_full",
                    Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly) => "index_closed",
                    Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => "index_damaged",
                    Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => "index_busy",
                    _ => "index_unusable",
                };
                (key, path, vec![("system", source.to_string())])
            }
            Self::SchemaVersion { path, found } => (
                "index_form",
                path,
                vec![("found", found.to_string()), ("known", SCHEMA_VERSION.to_string())],
            ),
            Self::Journal { path, mode } => ("index_journal", path, vec![("mode", mode.clone())]),
            Self::Damaged { path, what } => ("index_damaged", path, vec![("system", what.clone())]),
        };
        let path = [("path", path.display().to_string())];
        (key, path.into_iter().chain(values).collect())
    }
}

/// A hint for disk errors: SQLite does not pass on the system's own message.
fn disk_hint(error: &rusqlite::Error) -> &'static str {
    use ErrorCode::{CannotOpen, DiskFull, ReadOnly, SystemIoFailure};

    match error.sqlite_error_code() {
        Some(DiskFull | SystemIoFailure) => " (the disk may be full or broken)",
        Some(CannotOpen | ReadOnly) => " (check the permissions of its folder)",
        _ => "",
    }
}
