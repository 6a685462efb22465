//! The template bundle: every file that decides how documents look (templates,
//! design library, labels, theme, fonts, data), built in and overridden file
//! by file. Knows nothing of what the files mean.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, OnceLock};

use crate::fs::{self, EntryKind, FsError};
use crate::model::Digest;

// `FILES`, every file below `templates/` in the order of their names, and the
// digests of them: `ALL` and `DESIGN`. Written by `build.rs`.
include!(concat!(env!("OUT_DIR"), "/built_in.rs"));

/// Largest file taken from a templates folder, in bytes.
const LIMIT: u64 = 32 * 1024 * 1024;

/// Files by their path below `templates/`, with forward slashes.
#[derive(Debug, Clone)]
pub struct Bundle {
    /// Borrowed where they are byte for byte the built-in ones.
    files: BTreeMap<Cow<'static, str>, Cow<'static, [u8]>>,
    /// Where the files that were read from a folder stand.
    origins: BTreeMap<String, PathBuf>,
    /// Computed when it is first asked for.
    digest: OnceLock<Digest>,
}

/// Something made of files of a bundle. Of built-in ones it is made when it is
/// first needed; of others at once, so that their faults are reported at start.
#[derive(Debug)]
pub struct Made<T>(LazyLock<T, Box<dyn FnOnce() -> T + Send>>);

impl<T: Send + 'static> Made<T> {
    /// # Errors
    /// When it cannot be made of files that are not built in.
    #[expect(clippy::expect_used, reason = "a test makes everything of the built-in files")]
    pub fn of<E: fmt::Debug>(
        is_built_in: bool,
        make: impl FnOnce() -> Result<T, E> + Send + 'static,
    ) -> Result<Self, E> {
        let make: Box<dyn FnOnce() -> T + Send> = match is_built_in {
            true => Box::new(|| make().expect("tests make everything of the built-in files")),
            false => {
                let made = make()?;
                Box::new(move || made)
            }
        };
        Ok(Self(LazyLock::new(make)))
    }
}

impl<T> Deref for Made<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// A templates folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    #[error(transparent)]
    Fs(#[from] FsError),
    #[error("`{path}` is larger than {} MiB", LIMIT / 1024 / 1024)]
    TooLarge { path: String },
    #[error("the templates have no file `{path}`")]
    Missing { path: String },
    #[error("`{path}` is not UTF-8 text")]
    NotText { path: String },
    #[error("`{}` is a link, a pipe or a device, which the program does not read; put the file itself in its place", path.display())]
    Irregular { path: PathBuf },
    #[error("`{}` is a folder, but must be a file", path.display())]
    Folder { path: PathBuf },
    #[error("`{}` is a file, but must be a folder", path.display())]
    File { path: PathBuf },
}

impl Bundle {
    /// The files inside the program.
    pub fn built_in() -> Self {
        let files = FILES.iter().map(|(name, bytes)| (Cow::from(*name), Cow::from(*bytes)));
        Self::new(files.collect(), BTreeMap::new())
    }

    /// The files inside the program, each replaced by the one of the same
    /// path under `folder`, where there is one. A missing folder replaces
    /// nothing.
    ///
    /// # Errors
    /// When the folder or one of its files cannot be read.
    pub fn load(folder: &Path) -> Result<Self, BundleError> {
        let mut files = Self::built_in().files;
        let mut origins = BTreeMap::new();
        if fs::stamp(folder)?.is_some() {
            let entries = fs::list(folder, is_template_file)?;
            fits(folder)?;
            for entry in entries {
                if entry.kind != EntryKind::File {
                    return Err(BundleError::Irregular { path: entry.path });
                }
                let Ok(relative) = entry.path.strip_prefix(folder) else { continue };
                let name = relative.to_string_lossy().replace('\\', "/");
                let bytes = fs::read(&entry.path, LIMIT)?.ok_or_else(|| BundleError::TooLarge {
                    path: entry.path.display().to_string(),
                })?;
                origins.insert(name.clone(), entry.path);
                // a copy of a built-in file changes nothing, digests included
                if files.get(name.as_str()).is_none_or(|built_in| **built_in != *bytes) {
                    files.insert(name.into(), bytes.into());
                }
            }
        }
        Ok(Self::new(files, origins))
    }

    /// A bundle of just these files, as an archive kept them.
    pub fn of_files(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        let files = files.into_iter().map(|(name, bytes)| (name.into(), bytes.into()));
        Self::new(files.collect(), BTreeMap::new())
    }

    /// A bundle with one file replaced, for trying a template out.
    #[must_use]
    pub fn with(&self, name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        let mut files = self.files.clone();
        files.insert(name.to_owned().into(), bytes.into().into());
        Self::new(files, self.origins.clone())
    }

    fn new(
        files: BTreeMap<Cow<'static, str>, Cow<'static, [u8]>>,
        origins: BTreeMap<String, PathBuf>,
    ) -> Self {
        Self { files, origins, digest: OnceLock::new() }
    }

    /// Where a file was read, for messages: its path, or its name among the
    /// built-in templates.
    pub fn origin(&self, name: &str) -> PathBuf {
        let built_in = || Path::new("<built-in templates>").join(name);
        self.origins.get(name).cloned().unwrap_or_else(built_in)
    }

    /// Whether a file was read from the folder, and is not the built-in one.
    pub fn is_own(&self, name: &str) -> bool {
        self.origins.contains_key(name)
    }

    /// Whether all files whose path is chosen are there just as they are built in,
    /// wherever they were read, and no other. Tests make the built-in files
    /// ready, so that these can be made ready when they are first needed.
    pub fn is_built_in(&self, chosen: impl Fn(&str) -> bool) -> bool {
        let own = self.files.iter().filter(|(path, _)| chosen(path));
        own.clone().all(|(_, bytes)| matches!(bytes, Cow::Borrowed(_)))
            && own.count() == FILES.iter().filter(|(path, _)| chosen(path)).count()
    }

    /// Digest of all names and contents.
    pub fn digest(&self) -> &Digest {
        self.digest.get_or_init(|| self.digest_of(|_| true, ALL))
    }

    /// Digest of what decides the look of every document, templates and labels
    /// aside: those show in a document's source.
    pub fn design_digest(&self) -> Digest {
        let design = |path: &str| {
            path == "theme.json" || ![".hbs", ".json", ".txt"].iter().any(|end| path.ends_with(end))
        };
        self.digest_of(design, DESIGN)
    }

    /// Digest of the files whose path is chosen; `built_in` is that of the
    /// built-in ones.
    fn digest_of(&self, chosen: impl Fn(&str) -> bool, built_in: &str) -> Digest {
        match Digest::parse(built_in) {
            Some(digest) if self.is_built_in(&chosen) => digest,
            _ => {
                let files = self.files.iter().filter(|(path, _)| chosen(path));
                Digest::of_parts(files.flat_map(|(path, bytes)| [path.as_bytes(), bytes.as_ref()]))
            }
        }
    }

    /// Bytes of one file.
    ///
    /// # Errors
    /// When there is no such file.
    pub fn bytes(&self, name: &str) -> Result<&[u8], BundleError> {
        self.files
            .get(name)
            .map(AsRef::as_ref)
            .ok_or_else(|| BundleError::Missing { path: name.to_owned() })
    }

    /// Text of one file.
    ///
    /// # Errors
    /// When there is no such file, or it is not UTF-8.
    pub fn text(&self, name: &str) -> Result<&str, BundleError> {
        std::str::from_utf8(self.bytes(name)?)
            .map_err(|_| BundleError::NotText { path: name.to_owned() })
    }

    /// Every file by its path, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(name, bytes)| (name.as_ref(), bytes.as_ref()))
    }
}

/// Makes sure that no file or folder of a templates folder stands where the other
/// is meant: it would be passed over, and the built-in one used in silence.
fn fits(folder: &Path) -> Result<(), BundleError> {
    for name in FILES.iter().map(|(name, _)| Path::new(name)) {
        let above: Vec<&Path> = name.ancestors().skip(1).collect();
        // the uppermost first: nothing can be looked at below a file
        for above in above.into_iter().rev().filter(|above| !above.as_os_str().is_empty()) {
            let path = folder.join(above);
            if fs::stamp(&path)?.is_some() && !fs::is_folder(&path) {
                return Err(BundleError::File { path });
            }
        }
        let path = folder.join(name);
        if fs::is_folder(&path) {
            return Err(BundleError::Folder { path });
        }
    }
    Ok(())
}

/// True for the files that a templates folder may override; editors' backups
/// and the like are passed over.
fn is_template_file(path: &Path) -> bool {
    let known = ["hbs", "typ", "json", "ttf", "otf", "svg", "png", "jpg", "txt"];
    path.extension()
        .and_then(|extension| extension.to_str())
        .is_some_and(|extension| known.contains(&extension))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_digests_are_those_of_the_files() {
        let bundle = Bundle::built_in();
        let owned = bundle.iter().map(|(name, bytes)| (name.to_owned(), bytes.to_vec()));
        let hashed = Bundle::of_files(owned);
        assert!(bundle.is_built_in(|_| true) && !hashed.is_built_in(|_| true));
        assert_eq!(bundle.digest(), hashed.digest());
        assert_eq!(bundle.design_digest(), hashed.design_digest());
        let other = bundle.with("lib/more.typ", "");
        assert!(!other.is_built_in(|path| path.starts_with("lib/")));
        assert!(other.is_built_in(|path| path.starts_with("labels/")));
        assert_ne!(other.digest(), bundle.digest());
    }

    #[test]
    fn nothing_in_a_templates_folder_is_passed_over_in_silence() {
        let top = tempfile::tempdir().unwrap();
        let folder = |name: &str| top.path().join(name);
        let file = |name: &str, bytes: &[u8]| fs::write_atomic(&folder(name), bytes).unwrap();
        file("file", b"{}");
        Bundle::load(&folder("file")).unwrap_err();
        fs::create_folder(&folder("a/theme.json")).unwrap();
        let error = Bundle::load(&folder("a")).unwrap_err();
        assert!(matches!(error, BundleError::Folder { .. }), "{error}");
        file("b/labels", b"{}");
        let error = Bundle::load(&folder("b")).unwrap_err();
        assert!(matches!(error, BundleError::File { .. }), "{error}");
        let large = vec![b' '; usize::try_from(LIMIT).unwrap() + 1];
        file("c/data/terms.json", &large);
        let error = Bundle::load(&folder("c")).unwrap_err();
        assert!(matches!(error, BundleError::TooLarge { .. }), "{error}");
        file("d/theme.json", b"{}");
        file("d/.hidden/x.json", b"{}");
        Bundle::load(&folder("d")).unwrap();
        Bundle::load(&folder("not-there")).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn links_and_pipes_in_a_templates_folder_are_refused() {
        use std::os::unix::fs::symlink;
        let top = tempfile::tempdir().unwrap();
        let real = top.path().join("real");
        fs::write_atomic(&real.join("theme.json"), b"{}").unwrap();
        for (name, target) in [
            ("theme.json", real.join("theme.json")),
            ("theme.json", "nowhere".into()),
            ("theme.json", "/dev/null".into()),
            ("labels", real.clone()),
        ] {
            let folder = tempfile::tempdir().unwrap();
            symlink(&target, folder.path().join(name)).unwrap();
            let error = Bundle::load(folder.path()).unwrap_err();
            assert!(matches!(error, BundleError::Irregular { .. }), "{target:?}: {error}");
        }
        // the folder as a whole may be a link
        symlink(&real, top.path().join("templates")).unwrap();
        let bundle = Bundle::load(&top.path().join("templates")).unwrap();
        assert_eq!(bundle.text("theme.json").unwrap(), "{}");
    }
}
