//! File locks, and the name of the process that holds one.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use super::{FsError, error, irregular, no_follow, read};

/// A lock on a file, held for as long as the value lives.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Takes the lock of a file and creates the file if needed; `None` if another process holds
/// the lock. The file then contains `holder` for people to read. A link is not followed,
/// and a file with several hard links is locked but not written to.
///
/// # Errors
/// Fails if the file cannot be created or locked, or is not a regular file.
pub fn try_lock(path: &Path, holder: &str) -> Result<Option<Lock>, FsError> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).read(true).write(true);
    let mut file = no_follow(&mut options).open(path).map_err(error("open", path))?;
    let metadata = file.metadata().map_err(error("look at", path))?;
    if !metadata.is_file() {
        return Err(error("lock", path)(irregular()));
    }
    for again in (0..ATTEMPTS).rev() {
        match file.try_lock() {
            Ok(()) => {
                if has_one_name(&metadata) {
                    file.set_len(0)
                        .and_then(|()| file.write_all(holder.as_bytes()))
                        .map_err(error("write", path))?;
                }
                return Ok(Some(Lock { _file: file }));
            }
            // another process may just be checking whether it is held
            Err(fs::TryLockError::WouldBlock) if again > 0 => std::thread::sleep(RETRY_PAUSE),
            Err(fs::TryLockError::WouldBlock) => {}
            Err(fs::TryLockError::Error(failure)) => return Err(error("lock", path)(failure)),
        }
    }
    Ok(None)
}

/// False for a file with several hard links: it may belong to somebody else.
fn has_one_name(metadata: &fs::Metadata) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        metadata.nlink() == 1
    }
    #[cfg(not(unix))]
    {
        let _ = metadata;
        true
    }
}

/// Attempts to take a lock, and the pause between them.
const ATTEMPTS: usize = 3;
const RETRY_PAUSE: Duration = Duration::from_millis(30);

/// True if a process holds the lock of a file. The check itself takes a shared lock for a
/// moment.
///
/// # Errors
/// Fails if an existing file cannot be opened or checked.
pub fn is_locked(path: &Path) -> Result<bool, FsError> {
    let mut options = OpenOptions::new();
    let file = match no_follow(options.read(true)).open(path) {
        Ok(file) => file,
        Err(failure) if failure.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(failure) => return Err(error("open", path)(failure)),
    };
    match file.try_lock_shared() {
        Ok(()) => Ok(false),
        Err(fs::TryLockError::WouldBlock) => Ok(true),
        Err(fs::TryLockError::Error(failure)) => Err(error("lock", path)(failure)),
    }
}

/// Longest name of a holder, in bytes.
const NAME: u64 = 200;

/// The name that the holder of a lock wrote into it: one line without control characters;
/// empty if there is none or it cannot be read, as where locks are mandatory.
pub fn holder_of(lock: &Path) -> String {
    let name = read(lock, NAME).ok().flatten().and_then(|bytes| String::from_utf8(bytes).ok());
    name.filter(|name| !name.chars().any(char::is_control)).unwrap_or_default()
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_never_writes_into_a_file_that_has_another_name() {
        let folder = tempfile::tempdir().unwrap();
        let victim = folder.path().join("victim");
        for dangling in [false, true] {
            if !dangling {
                fs::write(&victim, "precious").unwrap();
            }
            let lock = folder.path().join(format!("lock-{dangling}"));
            std::os::unix::fs::symlink(&victim, &lock).unwrap();
            assert!(try_lock(&lock, "a test").is_err());
            assert!(is_locked(&lock).is_err());
            if dangling {
                assert!(!victim.exists());
            } else {
                assert_eq!(fs::read(&victim).unwrap(), b"precious");
                fs::remove_file(&victim).unwrap();
            }
        }
        fs::write(&victim, "precious").unwrap();
        let second = folder.path().join("second-name");
        fs::hard_link(&victim, &second).unwrap();
        let held = try_lock(&second, "a test").unwrap();
        assert!(held.is_some() && is_locked(&second).unwrap());
        assert!(try_lock(&second, "another").unwrap().is_none());
        assert_eq!(fs::read(&victim).unwrap(), b"precious");
    }

    #[test]
    fn a_pipe_in_place_of_a_lock_does_not_block() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("lock");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(made.success());
        assert!(try_lock(&pipe, "a test").is_err());
    }

    #[test]
    fn the_name_of_a_holder_is_one_plain_line() {
        let folder = tempfile::tempdir().unwrap();
        let lock = folder.path().join("lock");
        for (written, read) in [
            ("kirjuri, process 7", "kirjuri, process 7"),
            ("a\u{1b}[2Jb", ""),
            ("two\nlines", ""),
            (&"x".repeat(300), ""),
        ] {
            fs::write(&lock, written).unwrap();
            assert_eq!(holder_of(&lock), read);
        }
    }
}
