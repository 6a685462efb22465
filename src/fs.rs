//! File system access: the only module that touches the disk. Lists folders, reads and
//! writes whole files; every error names its path.

#![expect(clippy::disallowed_methods, reason = "this module wraps the file system")]

mod atomic;
mod identity;
mod lock;
mod paths;
mod system_folders;
mod write_once;

#[cfg(unix)]
use std::fs::File;
use std::fs::{self, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

use system_folders::is_system_folder;

pub use atomic::{replace_contents, write_atomic, write_atomic_unsynced};
pub use identity::{FileIdentity, identity, is_mounted, is_owned_by_system, supports_events};
pub use lock::{Lock, holder_of, is_locked, try_lock};
pub use paths::{find_link, real_path, refuse_links, resolve_path};
pub use write_once::{
    FolderItem, move_new, read_folder, remove_file, remove_folder, sync_dir, write_new,
    write_secret,
};

/// An operation on a path failed.
#[derive(Debug, thiserror::Error)]
#[error("cannot {verb} `{}`", path.display())]
pub struct FsError {
    verb: &'static str,
    pub path: PathBuf,
    pub source: io::Error,
}

/// The key of an error message, with its arguments.
pub type MessageKey = (&'static str, Vec<(&'static str, String)>);

/// State of a file, to detect changes without reading it. Its times are only compared for
/// equality with earlier states of the same file: a file dated long ago or in the future
/// counts, and clock changes do not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    pub size: u64,
    /// Nanoseconds since 1970 of the last modification.
    pub modified: i64,
    /// Nanoseconds since 1970 of the last change of the file's data or attributes if the
    /// platform has it, else 0.
    pub changed: i64,
    /// Inode number if the platform has one, else 0.
    pub inode: u64,
}

impl Stamp {
    /// The state of a file that is missing or cannot be read.
    pub const NEVER: Stamp =
        Stamp { size: u64::MAX, modified: i64::MIN, changed: i64::MIN, inode: 0 };

    /// The state of a skipped folder, whatever changes in it.
    const ASIDE: Stamp = Stamp { size: 0, modified: 0, changed: 0, inode: 0 };
}

/// The kind of a [`ListEntry`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A link to a folder; it is not followed.
    FolderLink,
    /// A folder that cannot be listed.
    ClosedFolder,
    /// A recycle bin, a snapshot or a hidden folder; it is skipped.
    Aside,
    /// Any other link, a pipe or a device; it is never read.
    Other,
}

/// An entry found by [`list`] or [`list_lenient`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListEntry {
    pub path: PathBuf,
    pub kind: EntryKind,
    pub stamp: Stamp,
}

impl FsError {
    /// The operation that failed, for example `read`.
    pub fn verb(&self) -> &'static str {
        self.verb
    }

    /// The message key of the error, with its arguments. The argument `deed` is a key
    /// itself.
    pub fn message_key(&self) -> MessageKey {
        let values = vec![
            ("path", self.path.display().to_string()),
            ("deed", self.operation_key().to_owned()),
            ("system", self.source.to_string()),
        ];
        ("files", values)
    }

    /// The key of the operation that failed.
    fn operation_key(&self) -> &'static str {
        match self.verb {
            "list" | "read" | "open" | "look at" | "find" => "deed_read",
            "move to" => "deed_move",
            "remove" => "deed_remove",
            "lock" => "deed_lock",
            _ => "deed_write",
        }
    }

    /// The error for a file of somebody else where one was to be written.
    pub fn occupied(path: &Path) -> Self {
        error("replace", path)(io::ErrorKind::AlreadyExists.into())
    }
}

fn error(verb: &'static str, path: &Path) -> impl FnOnce(io::Error) -> FsError {
    move |source| FsError { verb, path: path.to_owned(), source }
}

/// Lists what is under `root` and accepted by `wanted`, sorted by path, without folders;
/// links to folders are always listed, since what they lead to is not. Files that vanish
/// meanwhile are left out.
///
/// # Errors
/// Fails if `root` or a folder in it cannot be listed.
pub fn list(root: &Path, wanted: impl Fn(&Path) -> bool) -> Result<Vec<ListEntry>, FsError> {
    walk(root, wanted, false)
}

/// As [`list`], but what cannot be read below `root` is no error: a folder that cannot be
/// listed is an entry itself, and a file whose state cannot be read has [`Stamp::NEVER`].
/// Recycle bins, snapshots and the like are skipped, since their content is deleted or
/// outdated; each of these folders is an entry itself.
///
/// # Errors
/// Fails if `root` cannot be listed.
pub fn list_lenient(
    root: &Path,
    wanted: impl Fn(&Path) -> bool,
) -> Result<Vec<ListEntry>, FsError> {
    walk(root, wanted, true)
}

fn walk(
    root: &Path,
    wanted: impl Fn(&Path) -> bool,
    lenient: bool,
) -> Result<Vec<ListEntry>, FsError> {
    if !fs::metadata(root).map_err(error("list", root))?.is_dir() {
        return Err(error("list", root)(io::Error::other("it is not a folder")));
    }
    let mut entries = Vec::new();
    let walk = walkdir::WalkDir::new(root).follow_root_links(true).sort_by_file_name();
    let passed_over = |entry: &walkdir::DirEntry| {
        let system = || lenient && entry.file_type().is_dir() && is_system_folder(entry.path());
        entry.depth() > 0 && (is_hidden(entry.path()) || system())
    };
    let mut walk = walk.into_iter();
    while let Some(entry) = walk.next() {
        let entry = match entry {
            Ok(entry) if passed_over(&entry) => {
                if entry.file_type().is_dir() {
                    walk.skip_current_dir();
                    if lenient {
                        let path = entry.into_path();
                        entries.push(ListEntry {
                            path,
                            kind: EntryKind::Aside,
                            stamp: Stamp::ASIDE,
                        });
                    }
                }
                continue;
            }
            Ok(entry) => entry,
            Err(failure) if vanished(&failure) && failure.depth() > 0 => continue,
            Err(failure) => match failure.path().map(Path::to_owned) {
                Some(path) if lenient && failure.depth() > 0 => {
                    let stamp = stamp(&path).ok().flatten().unwrap_or(Stamp::NEVER);
                    entries.push(ListEntry { path, kind: EntryKind::ClosedFolder, stamp });
                    continue;
                }
                path => {
                    let path = path.unwrap_or_else(|| root.to_owned());
                    return Err(FsError { verb: "list", path, source: failure.into() });
                }
            },
        };
        // the root may be a link to a folder: its target is listed
        let kind = match kind_of(&entry) {
            EntryKind::FolderLink if entry.depth() == 0 => continue,
            kind => kind,
        };
        if entry.file_type().is_dir() || (kind != EntryKind::FolderLink && !wanted(entry.path())) {
            continue;
        }
        let stamp = match entry.metadata() {
            Ok(metadata) => stamp_of(&metadata),
            Err(failure) if vanished(&failure) => continue,
            Err(_) if lenient => Stamp::NEVER,
            Err(failure) => {
                let path = failure.path().unwrap_or(root).to_owned();
                return Err(FsError { verb: "look at", path, source: failure.into() });
            }
        };
        entries.push(ListEntry { path: entry.into_path(), kind, stamp });
    }
    Ok(entries)
}

/// Most entries of a skipped folder that are looked at.
const MAX_SAMPLED: usize = 1000;

/// Whether a folder that [`list_lenient`] skips seems to contain a wanted file.
pub fn contains_any(folder: &Path, wanted: impl Fn(&Path) -> bool) -> bool {
    let mut entries =
        walkdir::WalkDir::new(folder).into_iter().take(MAX_SAMPLED).filter_map(Result::ok);
    entries.any(|entry| entry.file_type().is_file() && wanted(entry.path()))
}

/// Why a folder cannot be listed; `None` if it can be by now.
pub fn list_failure(folder: &Path) -> Option<FsError> {
    fs::read_dir(folder).map_err(error("list", folder)).err()
}

fn kind_of(entry: &walkdir::DirEntry) -> EntryKind {
    let kind = entry.file_type();
    if kind.is_file() {
        EntryKind::File
    } else if kind.is_symlink() && fs::metadata(entry.path()).is_ok_and(|target| target.is_dir()) {
        EntryKind::FolderLink
    } else {
        EntryKind::Other
    }
}

fn vanished(failure: &walkdir::Error) -> bool {
    failure.io_error().is_some_and(|error| error.kind() == io::ErrorKind::NotFound)
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

/// State of one file; `None` if there is none.
///
/// # Errors
/// Fails if the state cannot be read for another reason than absence.
pub fn stamp(path: &Path) -> Result<Option<Stamp>, FsError> {
    match fs::symlink_metadata(path) {
        Ok(metadata) => Ok(Some(stamp_of(&metadata))),
        Err(failure) if failure.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(failure) => Err(error("look at", path)(failure)),
    }
}

fn stamp_of(metadata: &fs::Metadata) -> Stamp {
    let modified =
        metadata.modified().ok().map_or(0, |time| match time.duration_since(UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_nanos()).unwrap_or(i64::MAX),
            Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |n| -n),
        });
    #[cfg(unix)]
    let (inode, changed) = {
        use std::os::unix::fs::MetadataExt;
        let seconds = metadata.ctime().saturating_mul(1_000_000_000);
        (metadata.ino(), seconds.saturating_add(metadata.ctime_nsec()))
    };
    #[cfg(not(unix))]
    let (inode, changed) = (0, 0);
    Stamp { size: metadata.len(), modified, changed, inode }
}

/// Reads a regular file of at most `limit` bytes; `None` if it is larger. Links, pipes and
/// devices are refused without waiting.
///
/// # Errors
/// Fails if the file cannot be opened or read, or is not a regular file.
pub fn read(path: &Path, limit: u64) -> Result<Option<Vec<u8>>, FsError> {
    let mut options = OpenOptions::new();
    let file = no_follow(options.read(true)).open(path).map_err(error("open", path))?;
    let metadata = file.metadata().map_err(error("look at", path))?;
    if !metadata.is_file() {
        return Err(error("read", path)(irregular()));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len().min(limit)).unwrap_or(0));
    file.take(limit + 1).read_to_end(&mut bytes).map_err(error("read", path))?;
    Ok((bytes.len() as u64 <= limit).then_some(bytes))
}

/// Opens files so that links are refused and pipes do not block.
fn no_follow(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOFOLLOW;
        options.custom_flags(flags.bits().cast_signed());
    }
    options
}

fn irregular() -> io::Error {
    io::Error::other("it is not a regular file")
}

/// Syncs the entries of a folder.
///
/// # Errors
/// Fails if the folder cannot be synced.
#[cfg(unix)]
pub fn sync_folder(folder: &Path) -> Result<(), FsError> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .or_else(|failure| match failure.kind() {
            // some network file systems do not support this
            io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported => Ok(()),
            _ => Err(failure),
        })
        .map_err(error("sync folder", folder))
}

/// Syncs the entries of a folder, where the system can.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn sync_folder(_: &Path) -> Result<(), FsError> {
    Ok(())
}

/// Prefix and suffix of temporary files.
const TEMPORARY: (&str, &str) = (".kirjuri-", ".tmp");

/// Removes temporary files that an interrupted [`write_atomic`] left in a folder. Requires
/// the folder's lock.
///
/// # Errors
/// Fails if the folder cannot be listed or a file cannot be removed.
pub fn remove_leftovers(folder: &Path) -> Result<(), FsError> {
    for entry in fs::read_dir(folder).map_err(error("list", folder))? {
        let entry = entry.map_err(error("list", folder))?;
        let name = entry.file_name();
        let name = name.as_encoded_bytes();
        let temporary =
            name.starts_with(TEMPORARY.0.as_bytes()) && name.ends_with(TEMPORARY.1.as_bytes());
        if temporary && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            let path = entry.path();
            fs::remove_file(&path).map_err(error("remove", &path))?;
        }
    }
    Ok(())
}

/// Creates a folder and its parents.
///
/// # Errors
/// Fails if it cannot be created.
pub fn create_folder(path: &Path) -> Result<(), FsError> {
    fs::create_dir_all(path).map_err(error("create folder", path))
}

/// True if there is a folder at the path.
pub fn is_folder(path: &Path) -> bool {
    path.is_dir()
}
