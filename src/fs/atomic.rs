//! Atomic file replacement: readers see either the old file or the new one.

#![expect(clippy::disallowed_methods, reason = "this module wraps the file system")]

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::{FsError, TEMPORARY, error, irregular, sync_folder};

/// Replaces a file atomically and durably: temporary file in the same folder, fsync,
/// rename, fsync of the folder.
///
/// # Errors
/// Fails if any step fails; the old file then remains.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<(), FsError> {
    sync_folder(replace(path, bytes, None, true)?)
}

/// Replaces the contents of somebody else's file as [`write_atomic`] does, and keeps its
/// permissions.
///
/// # Errors
/// Fails if it cannot be written, or is read-only.
pub fn replace_contents(path: &Path, bytes: &[u8]) -> Result<(), FsError> {
    let metadata = fs::symlink_metadata(path).map_err(error("look at", path))?;
    if !metadata.is_file() {
        return Err(error("write", path)(irregular()));
    }
    let rights = metadata.permissions();
    if rights.readonly() {
        return Err(error("write", path)(io::ErrorKind::PermissionDenied.into()));
    }
    sync_folder(replace(path, bytes, Some(rights), true)?)
}

/// Replaces a file as [`write_atomic`] does, but without syncing it to the disk. For files
/// that are rewritten often and are worthless after a crash.
///
/// # Errors
/// Fails if any step fails; the old file then remains.
pub fn write_atomic_unsynced(path: &Path, bytes: &[u8]) -> Result<(), FsError> {
    replace(path, bytes, None, false).map(drop)
}

/// Replaces a file; returns its folder.
fn replace<'a>(
    path: &'a Path,
    bytes: &[u8],
    rights: Option<fs::Permissions>,
    durably: bool,
) -> Result<&'a Path, FsError> {
    let folder =
        path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(error("create folder", folder))?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY.0).suffix(TEMPORARY.1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let usual = || fs::Permissions::from_mode(0o644);
        builder.permissions(rights.clone().unwrap_or_else(usual));
    }
    let mut temporary = builder.tempfile_in(folder).map_err(error("write in folder", folder))?;
    temporary.write_all(bytes).map_err(error("write", path))?;
    if let Some(rights) = rights {
        temporary.as_file().set_permissions(rights).map_err(error("write", path))?;
    }
    if durably {
        temporary.as_file().sync_all().map_err(error("write", path))?;
    }
    temporary.persist(path).map_err(|failure| error("replace", path)(failure.error))?;
    Ok(folder)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_link_in_the_place_of_a_file_is_replaced_and_never_written_through() {
        let folder = tempfile::tempdir().unwrap();
        let (victim, link) = (folder.path().join("victim"), folder.path().join("link"));
        fs::write(&victim, "precious").unwrap();
        for write in [write_atomic, write_atomic_unsynced] {
            symlink(&victim, &link).unwrap();
            write(&link, b"new").unwrap();
            assert!(!fs::symlink_metadata(&link).unwrap().is_symlink());
            fs::remove_file(&link).unwrap();
        }
        symlink(&victim, &link).unwrap();
        replace_contents(&link, b"new").unwrap_err();
        super::super::write_new(&link, b"new").unwrap_err();
        super::super::write_secret(&link, b"new").unwrap_err();
        assert_eq!(fs::read(&victim).unwrap(), b"precious");
    }
}
