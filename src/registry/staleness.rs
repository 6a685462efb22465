//! Detects an index older than the files, or files older than the index, as after a partial
//! restore from a backup: an old index would assign numbers again. Compares names only;
//! `verify` reads the files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::index::{Index, IndexError};
use super::log::{Event, LogEntry};
use super::ocfl::{INVENTORY, Store};
use super::{LOG, Registry, RegistryError, TEMPLATES, log_object, object_of};
use crate::fs::{self, FsError};

impl Registry {
    /// Ensures that no object exists, or has a version, that the index does not know.
    ///
    /// # Errors
    /// Fails if there is one.
    pub(super) fn ensure_index_is_current(&self) -> Result<(), RegistryError> {
        let known = known(&self.index, &self.store)?;
        let archived = self.index.archived_sequence()?;
        for object in self.store.walk()?.objects {
            let later = match known.get(&object) {
                Some(version) => has_version(&object, version + 1)?,
                None => !is_log_up_to(&object, archived),
            };
            if later {
                return Err(RegistryError::Older { folder: self.folder.clone() });
            }
        }
        Ok(())
    }
}

/// Number of the latest documents, entries and log segments that are checked.
const FEW: u64 = 16;

/// The first of the latest objects in the index that is missing from the files. A quick
/// check: only `verify` checks everything.
///
/// # Errors
/// Fails if the index or the files cannot be read.
pub(super) fn missing_object(
    index: &Index,
    store: &Store,
) -> Result<Option<PathBuf>, RegistryError> {
    let mut documents: BTreeSet<String> = index.last_documents(FEW)?.into_iter().collect();
    let segments = index.last_segments(FEW)?;
    let last = index.head()?.sequence.saturating_sub(FEW);
    let from = segments.iter().map(|(first, _)| first - 1).min().unwrap_or(last);
    let entries = index.entries_after(from.min(last))?;
    let registered: Vec<&LogEntry> =
        entries.iter().filter(|entry| entry.event == Event::Registered).collect();
    // including web copies that were added to older versions
    documents.extend(registered.iter().filter_map(|entry| entry.document.clone()));
    let mut wanted = Vec::new();
    for document in documents {
        wanted.push((object_of(&document), index.object_version(&document)?));
    }
    wanted.push((TEMPLATES.to_owned(), index.last_template_set()?));
    for (first, last) in segments {
        // otherwise a document version contains the segment
        if !registered.iter().any(|entry| (first..=last).contains(&entry.sequence)) {
            wanted.push((log_object(first), 1));
        }
    }
    for (object, version) in wanted.into_iter().filter(|(_, version)| *version > 0) {
        let path = store.path_of(&object).join(format!("v{version}"));
        if fs::stamp(&path.join(INVENTORY))?.is_none() {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

/// Folders of the objects in the index, with their latest versions.
fn known(index: &Index, store: &Store) -> Result<BTreeMap<PathBuf, u32>, IndexError> {
    let documents = index.object_versions()?.into_iter();
    let mut known: BTreeMap<PathBuf, u32> = documents
        .map(|(document, version)| (store.path_of(&object_of(&document)), version))
        .collect();
    known.insert(store.path_of(TEMPLATES), index.last_template_set()?);
    Ok(known)
}

fn has_version(object: &Path, version: u32) -> Result<bool, FsError> {
    Ok(fs::stamp(&object.join(format!("v{version}")))?.is_some())
}

/// Whether an object is a log segment that the index has.
fn is_log_up_to(object: &Path, archived: u64) -> bool {
    let name = object.file_name().unwrap_or_default().to_string_lossy();
    let prefix = LOG.replace(':', "%3a");
    let first = name.strip_prefix(&prefix).and_then(|first| first.parse::<u64>().ok());
    first.is_some_and(|first| first <= archived)
}
