//! The template bundle: every file that decides how documents look (templates,
//! design library, labels, theme, fonts, data), built in and overridden file
//! by file. Knows nothing of what the files mean.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

use crate::fs::{self, FsError, Sort};
use crate::model::Digest;

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");

/// Largest file taken from a templates folder, in bytes.
const LIMIT: u64 = 32 * 1024 * 1024;

/// Files by their path below `templates/`, with forward slashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    files: BTreeMap<String, Cow<'static, [u8]>>,
    /// Where the files that are not built in were read.
    origins: BTreeMap<String, PathBuf>,
    digest: Digest,
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
}

impl Bundle {
    /// The files inside the program.
    pub fn built_in() -> Self {
        let mut files = BTreeMap::new();
        collect(&BUILT_IN, &mut files);
        Self::new(files, BTreeMap::new())
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
            for entry in entries.into_iter().filter(|entry| entry.sort == Sort::File) {
                let Ok(relative) = entry.path.strip_prefix(folder) else { continue };
                let name = relative.to_string_lossy().replace('\\', "/");
                let bytes = fs::read(&entry.path, LIMIT)?.ok_or_else(|| BundleError::TooLarge {
                    path: entry.path.display().to_string(),
                })?;
                origins.insert(name.clone(), entry.path);
                files.insert(name, Cow::Owned(bytes));
            }
        }
        Ok(Self::new(files, origins))
    }

    /// A bundle of just these files, as an archive kept them.
    pub fn of_files(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        let files = files.into_iter().map(|(name, bytes)| (name, Cow::Owned(bytes))).collect();
        Self::new(files, BTreeMap::new())
    }

    /// A bundle with one file replaced, for trying a template out.
    #[must_use]
    pub fn with(&self, name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        let mut files = self.files.clone();
        files.insert(name.to_owned(), Cow::Owned(bytes.into()));
        Self::new(files, self.origins.clone())
    }

    fn new(
        files: BTreeMap<String, Cow<'static, [u8]>>,
        origins: BTreeMap<String, PathBuf>,
    ) -> Self {
        let parts = files.iter().flat_map(|(name, bytes)| [name.as_bytes(), bytes.as_ref()]);
        let digest = Digest::of_parts(parts);
        Self { files, origins, digest }
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

    /// Digest of all names and contents.
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// Digest of what decides the look of every document, templates and labels
    /// aside: those show in a document's source.
    pub fn design_digest(&self) -> Digest {
        let design = |path: &str| {
            path == "theme.json" || ![".hbs", ".json", ".txt"].iter().any(|end| path.ends_with(end))
        };
        let files = self.files.iter().filter(|(path, _)| design(path));
        Digest::of_parts(files.flat_map(|(path, bytes)| [path.as_bytes(), bytes.as_ref()]))
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
        self.files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_ref()))
    }
}

/// True for the files that a templates folder may override; editors' backups
/// and the like are passed over.
fn is_template_file(path: &Path) -> bool {
    let known = ["hbs", "typ", "json", "ttf", "otf", "svg", "png", "jpg", "txt"];
    path.extension()
        .and_then(|extension| extension.to_str())
        .is_some_and(|extension| known.contains(&extension))
}

fn collect(dir: &'static Dir<'static>, files: &mut BTreeMap<String, Cow<'static, [u8]>>) {
    for file in dir.files() {
        let name = file.path().to_string_lossy().replace('\\', "/");
        files.insert(name, Cow::Borrowed(file.contents()));
    }
    for child in dir.dirs() {
        collect(child, files);
    }
}
