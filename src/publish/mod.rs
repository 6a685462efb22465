//! The output folder: whole PDFs put in place atomically, and a ledger of what
//! each was made from, so that nothing is made twice. Knows no layout and no
//! records; the ledger can be lost without harm, and vouches for nothing that
//! the registry can vouch for.

mod names;
mod sheets;
mod state;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::fs::{self, FsError, Lock, Stamp};
use crate::model::{Digest, Id};

use names::{DocumentName, SheetName};

pub use state::{Refusal, Round, State, Wait, holder};

/// Name of the ledger in the output folder.
const LEDGER: &str = ".kirjuri-ledger.json";
/// Name of the lock in the output folder.
const LOCK: &str = ".kirjuri.lock";
/// Folder of the copies for the web.
const WEB: &str = "web";
/// Largest ledger or PDF that is read back, in bytes.
const LIMIT: u64 = 1024 * 1024 * 1024;

/// What an issued PDF was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Digest of everything that decides the PDF's bytes.
    pub made_from: Digest,
    /// Digest of the PDF.
    pub pdf: Digest,
    pub pages: usize,
    /// The record whose document it is.
    pub record: Id,
    /// Register number, when it is registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// State of the file when it was last known to have that digest.
    stamp: Stamp,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ledger {
    documents: BTreeMap<DocumentName, Entry>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    sheets: BTreeMap<SheetName, sheets::Sheet>,
}

/// The output folder, held by this process alone.
#[derive(Debug)]
pub struct Output {
    folder: PathBuf,
    ledger: Ledger,
    /// Whether there was a ledger that could not be read.
    lost_ledger: bool,
    changed: bool,
    /// PDFs that this process itself read, with their state at that time.
    read: BTreeMap<String, (Stamp, Digest)>,
    /// None where the folder is only read.
    _lock: Option<Lock>,
}

/// What the output folder has of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputState {
    /// Its PDF, as it was made from this.
    Current { pages: usize },
    /// Nothing that the ledger knows.
    Unknown,
    /// A PDF that was made from something else.
    Outdated,
    /// The ledger knows it, but the PDF is missing or changed.
    Missing,
}

/// The output folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    #[error(transparent)]
    Fs(#[from] FsError),
    #[error("the output folder `{}` is in use by {holder}", folder.display())]
    InUse { folder: PathBuf, holder: String },
    #[error("the ledger or the status of the output folder cannot be written as JSON")]
    Ledger(#[from] serde_json::Error),
}

impl Output {
    /// Opens the folder, creating it, and takes its lock in the name of
    /// `holder`. A ledger that cannot be read is begun anew: then every
    /// document is made again, which gives the same bytes.
    ///
    /// # Errors
    /// When the folder cannot be used, or another process holds it.
    pub fn open(folder: &Path, holder: &str) -> Result<Self, PublishError> {
        fs::create_folder(folder)?;
        for path in parts(folder) {
            fs::refuse_links(folder, &path)?;
        }
        let lock_path = folder.join(LOCK);
        let Some(lock) = fs::try_lock(&lock_path, holder)? else {
            let holder = fs::holder_of(&lock_path);
            return Err(PublishError::InUse { folder: folder.to_owned(), holder });
        };
        fs::sweep(folder)?;
        for below in [WEB, sheets::SHEETS].map(|name| folder.join(name)) {
            if fs::is_folder(&below) {
                fs::sweep(&below)?;
            }
        }
        Self::read(folder, Some(lock))
    }

    /// Reads the folder without holding it, and without writing to it: for planning.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn read_only(folder: &Path) -> Result<Self, PublishError> {
        Self::read(folder, None)
    }

    fn read(folder: &Path, lock: Option<Lock>) -> Result<Self, PublishError> {
        let path = folder.join(LEDGER);
        let bytes = if fs::stamp(&path)?.is_some() { fs::read(&path, LIMIT)? } else { None };
        let there = bytes.is_some() || fs::stamp(&path)?.is_some();
        let ledger: Option<Ledger> = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let lost_ledger = there && ledger.is_none();
        let ledger = ledger.unwrap_or_default();
        let (folder, read) = (folder.to_owned(), BTreeMap::new());
        Ok(Self { folder, ledger, lost_ledger, changed: false, read, _lock: lock })
    }

    /// The folder itself, spelt as it was when it was opened.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Path of the ledger.
    pub fn ledger(&self) -> PathBuf {
        self.folder.join(LEDGER)
    }

    /// Whether there was a ledger that could not be read.
    pub fn lost_its_ledger(&self) -> bool {
        self.lost_ledger
    }

    /// PDFs in the folder that the ledger does not know, or not as they are.
    ///
    /// # Errors
    /// When the folder cannot be listed.
    pub fn strangers(&self) -> Result<Vec<PathBuf>, FsError> {
        let known: BTreeMap<PathBuf, Stamp> =
            self.entries().map(|(name, entry)| (self.path_of(name), entry.stamp)).collect();
        let mut strangers = Vec::new();
        for folder in [self.folder.clone(), self.folder.join(WEB)] {
            let inside = if fs::is_folder(&folder) { fs::inside(&folder)? } else { Vec::new() };
            let pdf = |path: &Path| path.extension().is_some_and(|e| e.eq_ignore_ascii_case("pdf"));
            for found in inside.into_iter().filter(|found| found.regular && pdf(&found.path)) {
                if known.get(&found.path).copied() != fs::stamp(&found.path)? {
                    strangers.push(found.path);
                }
            }
        }
        Ok(strangers)
    }

    /// Path of a document's PDF.
    pub fn path_of(&self, document: &str) -> PathBuf {
        self.folder.join(format!("{document}.pdf"))
    }

    /// Whether the PDF of a document is there, untouched, and was made from just this. A
    /// PDF that cannot be read counts as missing.
    pub fn state(&mut self, document: &str, made_from: &Digest) -> OutputState {
        let path = self.path_of(document);
        let Some(entry) = self.ledger.documents.get_mut(document) else {
            return OutputState::Unknown;
        };
        if entry.made_from != *made_from {
            return OutputState::Outdated;
        }
        let Ok(Some(stamp)) = fs::stamp(&path) else { return OutputState::Missing };
        if stamp != entry.stamp {
            // moved, copied back or touched: only its bytes can tell
            match fs::read(&path, LIMIT) {
                Ok(Some(bytes)) if Digest::of(&bytes) == entry.pdf => {}
                _ => return OutputState::Missing,
            }
            entry.stamp = stamp;
            self.changed = true;
        }
        OutputState::Current { pages: entry.pages }
    }

    /// Whether the PDF of a registered document is there with just this digest.
    /// The ledger is not asked: whoever can write a PDF there can write the
    /// ledger, too. A file is read again only when its state is another than when
    /// this process read it.
    ///
    /// # Errors
    /// When a PDF is there and cannot be read.
    pub fn holds(&mut self, document: &str, pdf: &Digest) -> Result<bool, FsError> {
        let path = self.path_of(document);
        let Some(stamp) = fs::stamp(&path)? else { return Ok(false) };
        if self.read.get(document).is_some_and(|read| *read == (stamp, pdf.clone())) {
            return Ok(true);
        }
        self.read.remove(document);
        let same = fs::read(&path, LIMIT)?.is_some_and(|bytes| Digest::of(&bytes) == *pdf);
        if same {
            self.read.insert(document.to_owned(), (stamp, pdf.clone()));
        }
        Ok(same)
    }

    /// Puts a PDF in place, durably: readers see the old file or the new one.
    ///
    /// # Errors
    /// When it cannot be written; the old file is then still there.
    pub fn put(&mut self, document: &str, pdf: &[u8]) -> Result<Digest, FsError> {
        let path = self.path_of(document);
        fs::refuse_links(&self.folder, path.parent().unwrap_or(&self.folder))?;
        fs::write_atomic(&path, pdf)?;
        Ok(Digest::of(pdf))
    }

    /// Enters a PDF that is in place, unless the ledger says all that already.
    ///
    /// # Errors
    /// When the PDF cannot be looked at.
    pub fn enter(
        &mut self,
        document: &str,
        record: &Id,
        made_from: Digest,
        pdf: Digest,
        pages: usize,
        number: Option<&str>,
    ) -> Result<(), FsError> {
        let stamp = fs::stamp(&self.path_of(document))?;
        if let (Some(stamp), Ok(name)) = (stamp, DocumentName::try_from(document.to_owned())) {
            let number = number.map(str::to_owned);
            let record = record.clone();
            let entry = Entry { made_from, pdf, pages, record, number, stamp };
            if self.ledger.documents.get(&name) != Some(&entry) {
                self.ledger.documents.insert(name, entry);
                self.changed = true;
            }
        }
        Ok(())
    }

    /// Documents in the ledger whose PDFs are still there, with the record
    /// each belongs to.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.ledger.documents.iter().map(|(name, entry)| (name.as_str(), entry))
    }

    /// Names of the PDFs in the folder that documents could have, those of the
    /// copies for the web among them.
    ///
    /// # Errors
    /// When the folder cannot be listed.
    pub fn pdfs(&self) -> Result<Vec<String>, FsError> {
        let mut names = Vec::new();
        for (folder, before) in [(self.folder.clone(), ""), (self.folder.join(WEB), "web/")] {
            if !fs::is_folder(&folder) {
                continue;
            }
            for found in fs::inside(&folder)?.into_iter().filter(|found| !found.folder) {
                let name = found.path.file_name().unwrap_or_default().to_string_lossy();
                let name = name.strip_suffix(".pdf").map(|stem| format!("{before}{stem}"));
                let name = name.and_then(|name| DocumentName::try_from(name).ok());
                names.extend(name.map(|name| name.as_str().to_owned()));
            }
        }
        Ok(names)
    }

    /// Forgets a document that nothing calls for. Its PDF stays.
    pub fn forget(&mut self, document: &str) {
        self.changed |= self.ledger.documents.remove(document).is_some();
    }

    /// Writes the ledger, when it changed.
    ///
    /// # Errors
    /// When it cannot be written; the PDFs are in place all the same.
    pub fn save(&mut self) -> Result<(), PublishError> {
        if self.changed {
            let bytes = serde_json::to_vec_pretty(&self.ledger)?;
            fs::write_atomic(&self.folder.join(LEDGER), &bytes)?;
            self.changed = false;
        }
        Ok(())
    }
}

/// Everything in an output folder that is written to beside the PDFs.
pub fn parts(folder: &Path) -> Vec<PathBuf> {
    [LOCK, LEDGER, state::STATE, WEB, sheets::SHEETS].map(|name| folder.join(name)).into()
}

#[cfg(test)]
mod tests;
