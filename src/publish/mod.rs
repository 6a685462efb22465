//! The output folder: PDFs written atomically, and a ledger of what each was made from, so
//! that nothing is made twice. The ledger can be lost without harm; for registered
//! documents the registry is authoritative.

mod names;
mod sheets;
mod watch_status;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::fs::{self, FsError, Lock, Stamp};
use crate::model::{Digest, Id};

use names::{DocumentName, SheetName};

pub use watch_status::{RoundSummary, StatusProblem, WaitingItem, WatchStatus, lock_holder};

/// Name of the ledger in the output folder.
const LEDGER: &str = ".kirjuri-ledger.json";
/// Name of the lock in the output folder.
const LOCK: &str = ".kirjuri.lock";
/// Folder of the web copies.
const WEB: &str = "web";
/// Largest ledger or PDF that is read, in bytes.
const LIMIT: u64 = 1024 * 1024 * 1024;

/// Ledger entry of an issued PDF.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LedgerEntry {
    /// Digest of everything that determines the PDF's bytes.
    pub made_from: Digest,
    /// Digest of the PDF.
    pub pdf: Digest,
    pub pages: usize,
    /// The record whose document it is.
    pub record: Id,
    /// Register number, if it is registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// State of the file when it was last known to have that digest.
    stamp: Stamp,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ledger {
    documents: BTreeMap<DocumentName, LedgerEntry>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    sheets: BTreeMap<SheetName, sheets::SheetEntry>,
}

/// The output folder, locked by this process.
#[derive(Debug)]
pub struct Output {
    folder: PathBuf,
    ledger: Ledger,
    /// Whether the ledger could not be read.
    lost_ledger: bool,
    changed: bool,
    /// PDFs that this process has read, with their state at that time.
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

/// An error of the output folder.
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
    /// Opens the folder, creates it if needed, and takes its lock in the name of `holder`.
    /// An unreadable ledger is replaced by an empty one: then every document is made again,
    /// with the same bytes.
    ///
    /// # Errors
    /// Fails if the folder cannot be used, or another process holds it.
    pub fn open(folder: &Path, holder: &str) -> Result<Self, PublishError> {
        fs::create_folder(folder)?;
        for path in written_paths(folder) {
            fs::refuse_links(folder, &path)?;
        }
        let lock_path = folder.join(LOCK);
        let Some(lock) = fs::try_lock(&lock_path, holder)? else {
            let holder = fs::holder_of(&lock_path);
            return Err(PublishError::InUse { folder: folder.to_owned(), holder });
        };
        fs::remove_leftovers(folder)?;
        for below in [WEB, sheets::SHEETS].map(|name| folder.join(name)) {
            if fs::is_folder(&below) {
                fs::remove_leftovers(&below)?;
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

    /// The path of the folder, as it was given.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Path of the ledger.
    pub fn ledger(&self) -> PathBuf {
        self.folder.join(LEDGER)
    }

    /// Whether the ledger could not be read.
    pub fn had_unreadable_ledger(&self) -> bool {
        self.lost_ledger
    }

    /// PDFs in the folder that the ledger does not have, or that changed.
    ///
    /// # Errors
    /// Fails if the folder cannot be listed.
    pub fn unknown_pdfs(&self) -> Result<Vec<PathBuf>, FsError> {
        let known: BTreeMap<PathBuf, Stamp> =
            self.entries().map(|(name, entry)| (self.path_of(name), entry.stamp)).collect();
        let mut unknown_pdfs = Vec::new();
        for folder in [self.folder.clone(), self.folder.join(WEB)] {
            let inside =
                if fs::is_folder(&folder) { fs::read_folder(&folder)? } else { Vec::new() };
            let pdf = |path: &Path| path.extension().is_some_and(|e| e.eq_ignore_ascii_case("pdf"));
            for found in inside.into_iter().filter(|found| found.regular && pdf(&found.path)) {
                if known.get(&found.path).copied() != fs::stamp(&found.path)? {
                    unknown_pdfs.push(found.path);
                }
            }
        }
        Ok(unknown_pdfs)
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

    /// Whether the PDF of a registered document is present with exactly this digest. The
    /// ledger is not consulted: whoever can write a PDF there can write the ledger, too. A
    /// file is read again only if its state changed since this process read it.
    ///
    /// # Errors
    /// Fails if an existing PDF cannot be read.
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

    /// Writes a PDF atomically and durably.
    ///
    /// # Errors
    /// Fails if it cannot be written; the old file then remains.
    pub fn put(&mut self, document: &str, pdf: &[u8]) -> Result<Digest, FsError> {
        let path = self.path_of(document);
        fs::refuse_links(&self.folder, path.parent().unwrap_or(&self.folder))?;
        fs::write_atomic(&path, pdf)?;
        Ok(Digest::of(pdf))
    }

    /// Adds or updates the entry of a PDF in the folder.
    ///
    /// # Errors
    /// Fails if the state of the PDF cannot be read.
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
            let entry = LedgerEntry { made_from, pdf, pages, record, number, stamp };
            if self.ledger.documents.get(&name) != Some(&entry) {
                self.ledger.documents.insert(name, entry);
                self.changed = true;
            }
        }
        Ok(())
    }

    /// The entries of the ledger by document.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &LedgerEntry)> {
        self.ledger.documents.iter().map(|(name, entry)| (name.as_str(), entry))
    }

    /// Names of the PDFs in the folder that could be documents, including web copies.
    ///
    /// # Errors
    /// Fails if the folder cannot be listed.
    pub fn pdfs(&self) -> Result<Vec<String>, FsError> {
        let mut names = Vec::new();
        for (folder, before) in [(self.folder.clone(), ""), (self.folder.join(WEB), "web/")] {
            if !fs::is_folder(&folder) {
                continue;
            }
            for found in fs::read_folder(&folder)?.into_iter().filter(|found| !found.folder) {
                let name = found.path.file_name().unwrap_or_default().to_string_lossy();
                let name = name.strip_suffix(".pdf").map(|stem| format!("{before}{stem}"));
                let name = name.and_then(|name| DocumentName::try_from(name).ok());
                names.extend(name.map(|name| name.as_str().to_owned()));
            }
        }
        Ok(names)
    }

    /// Removes the entry of a document that is no longer needed. Its PDF stays.
    pub fn forget(&mut self, document: &str) {
        self.changed |= self.ledger.documents.remove(document).is_some();
    }

    /// Writes the ledger if it changed.
    ///
    /// # Errors
    /// Fails if it cannot be written; the PDFs are in place all the same.
    pub fn save(&mut self) -> Result<(), PublishError> {
        if self.changed {
            let bytes = serde_json::to_vec_pretty(&self.ledger)?;
            fs::write_atomic(&self.folder.join(LEDGER), &bytes)?;
            self.changed = false;
        }
        Ok(())
    }
}

/// Everything in an output folder that is written to, except PDFs.
pub fn written_paths(folder: &Path) -> Vec<PathBuf> {
    [LOCK, LEDGER, watch_status::STATUS_FILE, WEB, sheets::SHEETS]
        .map(|name| folder.join(name))
        .into()
}

#[cfg(test)]
mod tests;
