//! Write-ahead intent of an export. An export that was interrupted is finished when it is
//! in the log, and undone when it is not.
//!
//! Order: intent written → package written in a partial folder next to its place → log
//! committed → package moved to its place → intent removed. So a package under its own name
//! is always in the log.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::log::{Event, LogEvent};
use super::{Registry, RegistryError};
use crate::fs::{self, FsError};

/// Name of the intent in the registry's folder.
pub(super) const FILE: &str = "export.json";
/// Largest intent that is read, in bytes.
const LIMIT: u64 = 64 * 1024;
/// Prefix and suffix of partial folders.
const PARTIAL: (&str, &str) = (".kirjuri-", ".partial");

/// An export in progress.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExportIntent {
    pub to: PackagePath,
    /// Sequence of the last log entry before the export.
    pub after: u64,
}

/// Place of a package: an absolute path without `..`. The partial folder is named after it,
/// so that an intent cannot name another folder to be removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "PathBuf")]
pub(super) struct PackagePath(PathBuf);

/// A path that cannot be the place of a package.
#[derive(Debug, thiserror::Error)]
#[error("the package cannot be called `{}`; name another folder", path.display())]
pub struct InvalidPackagePath {
    pub path: PathBuf,
}

/// Outcome of an interrupted export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EarlierExport {
    /// It is in the log: its package is in its place now.
    Finished(PathBuf),
    /// Nothing of it is left; if it was in the log, the log records that it failed.
    Undone(PathBuf),
    /// Its folder cannot be reached; it is tried again next time.
    Waiting(PathBuf),
}

impl TryFrom<PathBuf> for PackagePath {
    type Error = InvalidPackagePath;

    fn try_from(path: PathBuf) -> Result<Self, InvalidPackagePath> {
        let whole = path.is_absolute()
            && path.components().collect::<PathBuf>().as_os_str() == path.as_os_str();
        let climbs = path.components().any(|part| part == std::path::Component::ParentDir);
        let named = path.file_name().and_then(|name| name.to_str());
        if whole && !climbs && named.is_some_and(|name| !name.starts_with(PARTIAL.0)) {
            Ok(Self(path))
        } else {
            Err(InvalidPackagePath { path })
        }
    }
}

impl PackagePath {
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The folder in which the package is written.
    pub fn partial(&self) -> PathBuf {
        let name = self.0.file_name().unwrap_or_default().to_string_lossy();
        self.0.with_file_name(format!("{}{name}{}", PARTIAL.0, PARTIAL.1))
    }
}

/// Parses what [`Registry::begin_export`] wrote; `None` for anything else.
pub(super) fn parse(bytes: &[u8]) -> Option<ExportIntent> {
    let intent: ExportIntent = serde_json::from_slice(bytes).ok()?;
    // only one serialization is valid, so that nothing else can be hidden in it
    (serde_json::to_vec(&intent).ok()? == bytes).then_some(intent)
}

impl Registry {
    /// The outcome of an export that had been interrupted when the registry was opened.
    pub fn earlier_export(&self) -> Option<&EarlierExport> {
        self.earlier_export.as_ref()
    }

    /// Writes the intent of an export.
    pub(super) fn begin_export(&mut self, to: PackagePath) -> Result<ExportIntent, RegistryError> {
        let intent = ExportIntent { to, after: self.index.head()?.sequence };
        let json = |source| RegistryError::Json { what: FILE, source };
        let bytes = serde_json::to_vec(&intent).map_err(json)?;
        fs::write_atomic(&self.folder.join(FILE), &bytes)?;
        Ok(intent)
    }

    /// Removes the intent.
    pub(super) fn end_export(&self) -> Result<(), FsError> {
        fs::remove_file(&self.folder.join(FILE))?;
        fs::sync_folder(&self.folder)
    }

    /// Moves a package that is in the log to its place.
    pub(super) fn place_export(&self, intent: &ExportIntent) -> Result<(), FsError> {
        fs::move_new(&intent.to.partial(), intent.to.path())
    }

    /// Finishes or undoes an interrupted export. Problems of its folder do not block
    /// anything else.
    pub(super) fn recover_interrupted_export(
        &mut self,
    ) -> Result<Option<EarlierExport>, RegistryError> {
        let path = self.folder.join(FILE);
        if fs::stamp(&path)?.is_none() {
            return Ok(None);
        }
        // a malformed intent is ignored; `verify` reports it
        let bytes = fs::read(&path, LIMIT).ok().flatten();
        let Some(intent) = bytes.and_then(|bytes| parse(&bytes)) else { return Ok(None) };
        let to = intent.to.path().to_owned();
        let events = self.exported_after(intent.after)?;
        let earlier = match resume_export(&intent, !events.is_empty()) {
            Ok(ResumedExport::Finished) => EarlierExport::Finished(to),
            Ok(ResumedExport::Undone) => {
                self.append_events(events)?;
                EarlierExport::Undone(to)
            }
            Ok(ResumedExport::Away) | Err(_) => return Ok(Some(EarlierExport::Waiting(to))),
        };
        self.end_export()?;
        Ok(Some(earlier))
    }

    /// Abandons an export whose folder cannot be reached, so that another can begin, and
    /// logs that it failed.
    pub(super) fn abandon_export(&mut self) -> Result<(), RegistryError> {
        let bytes = match self.earlier_export.take() {
            Some(EarlierExport::Waiting(_)) => fs::read(&self.folder.join(FILE), LIMIT)?,
            _ => None,
        };
        let Some(intent) = bytes.and_then(|bytes| parse(&bytes)) else { return Ok(()) };
        let events = self.exported_after(intent.after)?;
        self.append_events(events)?;
        Ok(self.end_export()?)
    }

    /// Events that record the failure of the exports after a log entry.
    fn exported_after(&self, sequence: u64) -> Result<Vec<LogEvent>, RegistryError> {
        let entries = self.index.entries_after(sequence)?.into_iter();
        let exported = entries.filter(|entry| entry.event == Event::Exported);
        let undone = exported.map(|entry| LogEvent {
            event: Event::ExportFailed,
            number: entry.number,
            document: entry.document,
            version: entry.version,
            detail: entry.detail,
        });
        Ok(undone.collect())
    }
}

enum ResumedExport {
    Finished,
    Undone,
    /// The folder of the package is missing.
    Away,
}

/// Finishes or undoes what an export left in its folder.
fn resume_export(intent: &ExportIntent, logged: bool) -> Result<ResumedExport, FsError> {
    let (to, partial) = (intent.to.path(), intent.to.partial());
    let above = to.parent().unwrap_or(to);
    // neither missing nor, by now, behind a link
    if !fs::is_folder(above) || fs::resolve_path(above)? != above {
        return Ok(ResumedExport::Away);
    }
    let grown = fs::stamp(&partial)?.is_some();
    match (logged, grown) {
        // it was moved to its place, and perhaps elsewhere later
        (true, false) => Ok(ResumedExport::Finished),
        (true, true) if fs::stamp(to)?.is_none() => {
            fs::move_new(&partial, to)?;
            Ok(ResumedExport::Finished)
        }
        _ => {
            fs::remove_folder(&partial)?;
            Ok(ResumedExport::Undone)
        }
    }
}

#[cfg(test)]
mod tests;
