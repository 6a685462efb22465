//! Path resolution, and detection of symbolic links that must not be followed.

#![expect(clippy::disallowed_methods, reason = "this module wraps the file system")]

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::{FsError, error};

/// The path with links resolved and without `..`, for comparing two paths.
///
/// # Errors
/// Fails if the path does not exist.
pub fn real_path(path: &Path) -> Result<PathBuf, FsError> {
    fs::canonicalize(path).map_err(error("find", path))
}

/// Most links in one path, as on Linux.
const LINKS: usize = 40;

/// The path that a file or folder has, or would have if it were created: with links
/// resolved, including dangling ones, and without `..`.
///
/// # Errors
/// Fails if the working folder does not exist, or links form a cycle.
pub fn resolve_path(path: &Path) -> Result<PathBuf, FsError> {
    let mut place = if path.is_absolute() { PathBuf::new() } else { real_path(Path::new("."))? };
    let mut ahead = vec![path.to_owned()];
    let mut links = 0;
    while let Some(next) = ahead.pop() {
        let mut parts = next.components();
        let Some(part) = parts.next() else { continue };
        ahead.push(parts.as_path().to_owned());
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                place.pop();
            }
            Component::Prefix(_) | Component::RootDir => place.push(part),
            Component::Normal(name) => match fs::read_link(place.join(name)) {
                Ok(target) => {
                    links += 1;
                    if links > LINKS {
                        return Err(error("find", path)(io::Error::other("a circular link")));
                    }
                    ahead.push(target);
                }
                Err(_) => place.push(name),
            },
        }
    }
    // in the system's spelling if it exists
    Ok(fs::canonicalize(&place).unwrap_or(place))
}

/// The first link among the folders from `base` to `path`, and `path` itself. `base` may be
/// a link.
///
/// # Errors
/// Fails if something on the way exists and cannot be read.
pub fn find_link(base: &Path, path: &Path) -> Result<Option<PathBuf>, FsError> {
    let mut place = base.to_owned();
    for part in path.strip_prefix(base).unwrap_or(path) {
        place.push(part);
        match fs::symlink_metadata(&place) {
            Ok(found) if found.is_symlink() => return Ok(Some(place)),
            Ok(_) => {}
            Err(failure) if is_absent(&failure) => return Ok(None),
            Err(failure) => return Err(error("look at", &place)(failure)),
        }
    }
    Ok(None)
}

fn is_absent(failure: &io::Error) -> bool {
    matches!(failure.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Ensures that nothing is written through a link: see [`find_link`].
///
/// # Errors
/// Fails if there is a link, or that cannot be determined.
pub fn refuse_links(base: &Path, path: &Path) -> Result<(), FsError> {
    match find_link(base, path)? {
        Some(link) => Err(error("write through", &link)(io::Error::other("it is a link"))),
        None => Ok(()),
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_missing_path_is_resolved_part_by_part() {
        let folder = tempfile::tempdir().unwrap();
        let real = fs::canonicalize(folder.path()).unwrap();
        fs::create_dir(real.join("registry")).unwrap();
        symlink(real.join("registry"), real.join("link")).unwrap();
        symlink("registry/not-there", real.join("dangling")).unwrap();
        symlink("circle", real.join("circle")).unwrap();
        for (given, expected) in [
            ("x/../registry/y", "registry/y"),
            ("x/./y/../../registry", "registry"),
            ("link/y", "registry/y"),
            ("link/../y", "y"),
            ("dangling/y", "registry/not-there/y"),
            ("x/../dangling/../z", "registry/z"),
            ("a/b", "a/b"),
        ] {
            assert_eq!(resolve_path(&real.join(given)).unwrap(), real.join(expected), "{given}");
        }
        resolve_path(&real.join("circle/x")).unwrap_err();
        let here = fs::canonicalize(".").unwrap();
        assert_eq!(resolve_path(Path::new("no-such/../other")).unwrap(), here.join("other"));
    }

    #[test]
    fn links_below_a_folder_are_found_and_the_folder_itself_may_be_one() {
        let folder = tempfile::tempdir().unwrap();
        let (real, base) = (folder.path().join("real"), folder.path().join("base"));
        fs::create_dir_all(real.join("a/b")).unwrap();
        symlink(&real, &base).unwrap();
        assert_eq!(find_link(&base, &base.join("a/b/c/d")).unwrap(), None);
        symlink("nowhere", real.join("a/b/c")).unwrap();
        assert_eq!(find_link(&base, &base.join("a/b/c/d")).unwrap(), Some(base.join("a/b/c")));
        refuse_links(&base, &base.join("a/b/c")).unwrap_err();
        fs::write(real.join("file"), "").unwrap();
        assert_eq!(find_link(&base, &base.join("file/x")).unwrap(), None);
    }
}
