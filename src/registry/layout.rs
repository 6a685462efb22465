//! File layout of a registry's folder, and the seal of its index.

use std::path::{Path, PathBuf};

use super::{
    HEAD, INDEX, LIMIT, LOCK, ROOT, RegistryError, SEAL, STAGING, StoreError, export_intent, seal,
};
use crate::fs;

/// All files and folders of a registry that are written to.
pub fn written_paths(folder: &Path) -> Vec<PathBuf> {
    let names = [LOCK, INDEX, SEAL, HEAD, export_intent::FILE, ROOT, STAGING];
    names.map(|name| folder.join(name)).into()
}

/// Writes the seal of the index.
pub(super) fn seal_index(folder: &Path) -> Result<(), RegistryError> {
    let path = folder.join(INDEX);
    let bytes = fs::read(&path, LIMIT)?;
    let bytes = bytes.ok_or(StoreError::Unreadable { path, reason: "too large" })?;
    Ok(fs::write_atomic(&folder.join(SEAL), seal(&bytes).as_bytes())?)
}
