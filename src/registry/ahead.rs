//! Do the files hold more than the index knows? An index that was brought back
//! from a backup would give the numbers of later documents once more. Looks at
//! names only, not into files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::index::{Index, IndexError};
use super::ocfl::Store;
use super::{LOG, Registry, RegistryError, TEMPLATES, object_of};
use crate::fs::{self, FsError};

impl Registry {
    /// Sees to it that no object is there, or has a version, that the index
    /// does not know of.
    ///
    /// # Errors
    /// When one is.
    pub(super) fn knows_its_files(&self) -> Result<(), RegistryError> {
        let known = known(&self.index, &self.store)?;
        let archived = self.index.archived()?;
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

/// Folders of the objects that the index knows, with their latest versions.
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

/// Whether an object is a piece of the log that the index has.
fn is_log_up_to(object: &Path, archived: u64) -> bool {
    let name = object.file_name().unwrap_or_default().to_string_lossy();
    let prefix = LOG.replace(':', "%3a");
    let first = name.strip_prefix(&prefix).and_then(|first| first.parse::<u64>().ok());
    first.is_some_and(|first| first <= archived)
}
