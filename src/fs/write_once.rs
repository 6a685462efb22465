//! Durable creation of files that are never overwritten, and moves of whole folders.

#![expect(clippy::disallowed_methods, reason = "this module wraps the file system")]

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{FsError, error, sync_folder};

/// Writes a new file and syncs it to the disk; creates its folders. Its folder entry is
/// durable after [`sync_dir`].
///
/// # Errors
/// Fails if the file exists or cannot be written.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<(), FsError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(error("create folder", folder))?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    let mut file = options.open(path).map_err(error("create", path))?;
    file.write_all(bytes).map_err(error("write", path))?;
    file.sync_all().map_err(error("write", path))
}

/// Syncs the entries of a folder and of all folders below it.
///
/// # Errors
/// Fails if a folder cannot be listed or synced.
pub fn sync_dir(folder: &Path) -> Result<(), FsError> {
    for entry in fs::read_dir(folder).map_err(error("list", folder))? {
        let path = entry.map_err(error("list", folder))?.path();
        if path.is_dir() {
            sync_dir(&path)?;
        }
    }
    sync_folder(folder)
}

/// Moves a file or folder durably to a free place, and creates the folders above it.
///
/// # Errors
/// Fails if the place is taken, or it cannot be moved.
pub fn move_new(from: &Path, to: &Path) -> Result<(), FsError> {
    if fs::symlink_metadata(to).is_ok() {
        let taken = io::Error::from(io::ErrorKind::AlreadyExists);
        return Err(error("move to", to)(taken));
    }
    let above = folder_of(to);
    create_durably(above)?;
    fs::rename(from, to).map_err(error("move to", to))?;
    sync_folder(above)
}

/// Creates a folder and its parents, each durably.
fn create_durably(folder: &Path) -> Result<(), FsError> {
    if folder.is_dir() {
        return Ok(());
    }
    let above = folder_of(folder);
    create_durably(above)?;
    match fs::create_dir(folder) {
        Err(failure) if failure.kind() != io::ErrorKind::AlreadyExists => {
            return Err(error("create folder", folder)(failure));
        }
        _ => {}
    }
    sync_folder(above)
}

/// The parent folder of a path: `.` for a plain name.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Removes a folder with its contents, if it exists. Only for temporary folders of this
/// program.
///
/// # Errors
/// Fails if it cannot be removed.
pub fn remove_folder(folder: &Path) -> Result<(), FsError> {
    match fs::remove_dir_all(folder) {
        Err(failure) if failure.kind() != io::ErrorKind::NotFound => {
            Err(error("remove", folder)(failure))
        }
        _ => Ok(()),
    }
}

/// Removes a file, if it exists. Only for temporary files of this program.
///
/// # Errors
/// Fails if it cannot be removed.
pub fn remove_file(file: &Path) -> Result<(), FsError> {
    match fs::remove_file(file) {
        Err(failure) if failure.kind() != io::ErrorKind::NotFound => {
            Err(error("remove", file)(failure))
        }
        _ => Ok(()),
    }
}

/// An item of a folder, including hidden ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderItem {
    pub path: PathBuf,
    pub folder: bool,
    /// False for links, pipes and devices.
    pub regular: bool,
}

/// Lists the items of a folder, by name.
///
/// # Errors
/// Fails if the folder cannot be listed.
pub fn read_folder(folder: &Path) -> Result<Vec<FolderItem>, FsError> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(error("list", folder))? {
        let entry = entry.map_err(error("list", folder))?;
        let kind = entry.file_type().map_err(error("look at", &entry.path()))?;
        found.push(FolderItem {
            path: entry.path(),
            folder: kind.is_dir(),
            regular: kind.is_file(),
        });
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// Writes a new file that only its owner may read.
///
/// # Errors
/// Fails if the file exists or cannot be written.
pub fn write_secret(path: &Path, bytes: &[u8]) -> Result<(), FsError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file: File = options.open(path).map_err(error("create", path))?;
    file.write_all(bytes).map_err(error("write", path))?;
    file.sync_all().map_err(error("write", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn existing_files_are_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let (a, b) = (folder.path().join("x/a"), folder.path().join("y/z/b"));
        write_new(&a, b"one").unwrap();
        write_new(&a, b"two").unwrap_err();
        move_new(&a, &b).unwrap();
        write_new(&a, b"two").unwrap();
        move_new(&a, &b).unwrap_err();
        assert_eq!(fs::read(&b).unwrap(), b"one");
        sync_dir(folder.path()).unwrap();
        remove_folder(&folder.path().join("x")).unwrap();
        remove_folder(&folder.path().join("x")).unwrap();
        assert_eq!(read_folder(folder.path()).unwrap().len(), 1);
    }
}
