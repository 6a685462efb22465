//! The registry: every issued version of every document, searchable, readable and
//! verifiably unchanged. An OCFL storage root holds the files, an index in SQLite says what
//! is issued, and a hash-chained log records what happened. What is archived is passed in;
//! the registry knows no layout and no record types.
//!
//! Order of a registration, so that an interruption at any point loses nothing: number
//! reserved → files stored and synced → index and log committed → (by the caller)
//! published. The next [`Registry::open`] commits a version whose files are in place and
//! removes what was not finished; its number is used again in the same year or voided.

mod archive;
pub mod checkpoint;
mod clock;
mod error;
mod export;
mod export_intent;
mod extra_files;
mod find;
mod finding;
mod index;
mod layout;
pub mod log;
pub mod metadata;
mod number;
mod ocfl;
mod recover;
mod registration;
mod replay;
mod restricted;
pub mod sahke2;
mod staleness;
mod structure;
mod table;
mod verify;

use std::path::{Path, PathBuf};

use crate::fs::{self, FsError, Lock};
use crate::model::{Date, Digest, Moment};

use index::StoredVersion;
use layout::seal_index;
use log::{LogEntry, LogHead};
use metadata::{Copy, Metadata};
use ocfl::Store;

pub use archive::Archive;
pub use clock::first_date_far_ahead;
pub use error::RegistryError;
pub use export::{ExportError, ExportRequest, ExportSummary, PackageFormat, export_package};
pub use export_intent::EarlierExport;
pub use find::{Filter, FoundVersions, RegistryReader, VersionRow};
pub use finding::{FindingKind, IntegrityFinding};
pub use index::{Index, IndexError, Issue, Reservation, Web};
pub use layout::written_paths;
pub use number::{ExpectedNumbers, Numbering, PatternError, Sequence};
pub use ocfl::{Files, StoreError};
pub use recover::{RecoveryReport, recover};
pub use registration::{NumberRequest, Submission, check_clock};
pub use restricted::{Restricted, Secrecy};
pub use table::CsvTable;
pub use verify::{VerifyReport, verify_registry};

/// Name of the SÄHKE2 sidecar among the files of a version.
pub const SAHKE2: &str = "metadata.xml";
/// Files and folders of the registry.
const INDEX: &str = "registry.sqlite3";
const SEAL: &str = "registry.sqlite3.sha256";
const HEAD: &str = "registry.head";
const LOCK: &str = ".lock";
const ROOT: &str = "files";
const STAGING: &str = "staging";
/// Prefix of the folders of replaced indexes.
const OLD_INDEX: &str = "old-index-";
/// Content of the seal while the index is being written to.
const UNSEALED: &str = "open\n";
/// Largest index that is read as a whole, in bytes.
const LIMIT: u64 = 64 * 1024 * 1024 * 1024;
/// The OCFL object of the template sets.
const TEMPLATES: &str = "kirjuri:templates";

/// Returns the current time.
pub type Clock = fn() -> Moment;

/// The registry, locked by this process.
pub struct Registry {
    folder: PathBuf,
    index: Index,
    store: Store,
    numbering: Numbering,
    clock: Clock,
    /// The date that a person confirmed.
    confirmed: Option<Date>,
    /// Whether the index may differ from its seal.
    unsealed: bool,
    earlier_export: Option<EarlierExport>,
    _lock: Lock,
}

impl Registry {
    /// Opens the registry in a folder in the name of `holder`, creates it if there is none,
    /// and recovers what was interrupted.
    ///
    /// # Errors
    /// Fails if the registry cannot be used, or another process holds it.
    pub fn open(
        folder: &Path,
        numbering: Numbering,
        clock: Clock,
        holder: &str,
    ) -> Result<Self, RegistryError> {
        fs::create_folder(folder)?;
        for path in written_paths(folder) {
            fs::refuse_links(folder, &path)?;
        }
        let lock = acquire_lock(folder, holder)?;
        let store = Store::new(folder.join(ROOT), folder.join(STAGING));
        let path = folder.join(INDEX);
        let new = fs::stamp(&path)?.is_none_or(|stamp| stamp.size == 0) || Index::is_blank(&path);
        if new && fs::is_folder(store.root()) {
            return Err(RegistryError::NoIndex { folder: folder.to_owned() });
        }
        let unsealed = new || is_unsealed(folder)?;
        if unsealed {
            fs::write_atomic(&folder.join(SEAL), UNSEALED.as_bytes())?;
            store.remove_leftovers()?;
        }
        fs::remove_leftovers(folder)?;
        let index = Index::open(&path)?;
        let folder = folder.to_owned();
        if is_older(&folder, &index)? {
            return Err(RegistryError::Older { folder });
        }
        if let Some(place) = staleness::missing_object(&index, &store)? {
            return Err(RegistryError::FilesOlder { folder, place });
        }
        store.create()?;
        let mut registry = Self {
            folder,
            index,
            store,
            numbering,
            clock,
            confirmed: None,
            unsealed,
            earlier_export: None,
            _lock: lock,
        };
        registry.recover_interrupted()?;
        registry.earlier_export = registry.recover_interrupted_export()?;
        Ok(registry)
    }

    /// Accepts a person's confirmation of the date, in case the clock is in doubt.
    pub fn confirm_date(&mut self, day: Option<Date>) {
        self.confirmed = day;
    }

    /// The date that a person confirmed.
    pub fn confirmed_date(&self) -> Option<Date> {
        self.confirmed
    }

    /// The current time.
    pub fn now(&self) -> Moment {
        (self.clock)()
    }

    /// How register numbers look.
    pub fn numbering(&self) -> &Numbering {
        &self.numbering
    }

    /// The latest version of a document.
    ///
    /// # Errors
    /// Fails if the index cannot be read.
    pub fn latest(&self, document: &str) -> Result<Option<Issue>, RegistryError> {
        Ok(self.index.latest(document)?)
    }

    /// Closes the registry and seals the index with its digest if it changed.
    ///
    /// # Errors
    /// Fails if the seal cannot be written; everything is issued all the same.
    pub fn close(self) -> Result<(), RegistryError> {
        let Self { folder, index, unsealed, _lock, .. } = self;
        let head = index.head_at(index.archived_sequence()?)?.unwrap_or_else(LogHead::none);
        index.close()?;
        // while another process reads, a part may remain in SQLite's write-ahead log: the
        // next process that uses the registry seals the index
        let waits = fs::stamp(&folder.join(format!("{INDEX}-wal")))?.is_some_and(|s| s.size > 0);
        if unsealed && !waits {
            fs::write_atomic(&folder.join(HEAD), head_line(&head).as_bytes())?;
            seal_index(&folder)?;
        }
        Ok(())
    }

    /// The archived files.
    pub fn archive(&self) -> Archive<'_> {
        Archive { store: &self.store }
    }

    /// Marks the index as differing from its seal.
    fn unseal(&mut self) -> Result<(), RegistryError> {
        if !self.unsealed {
            fs::write_atomic(&self.folder.join(SEAL), UNSEALED.as_bytes())?;
            self.unsealed = true;
        }
        Ok(())
    }

    /// Finishes what was interrupted when the process ended.
    fn recover_interrupted(&mut self) -> Result<(), RegistryError> {
        let Some(intent) = self.store.recover_interrupted()? else { return Ok(()) };
        self.unseal()?;
        let read = |file: &str| self.store.read(&intent.object, intent.version, file);
        if intent.object == TEMPLATES {
            if let Some(digest) = self.template_digest(intent.version)?
                && self.index.template_set(&digest)?.is_none()
            {
                let version = intent.version;
                self.index.transaction(|db| index::insert_template_set(db, &digest, version))?;
            }
            return Ok(self.store.finish()?);
        }
        let head = self.index.head()?;
        let bytes = read(log::FILE)?;
        let entries = log::read(&bytes).ok_or_else(|| RegistryError::Unreadable {
            number: intent.object.clone(),
            cause: format!("{} is damaged", log::FILE),
        })?;
        let upto = entries.last().map_or(0, |last| last.sequence);
        let new: Vec<LogEntry> =
            entries.into_iter().filter(|entry| entry.sequence > head.sequence).collect();
        if intent.object.starts_with(LOG) {
            if self.index.archived_sequence()? < upto {
                self.index.transaction(|db| index::insert_archived(db, upto))?;
            }
        } else if !new.is_empty() {
            let sidecar = read(metadata::FILE)?;
            let metadata: Metadata = serde_json::from_slice(&sidecar)
                .map_err(|source| RegistryError::Json { what: metadata::FILE, source })?;
            let inventory = self.store.inventory_digest(&intent.object)?;
            let metadata_digest = Digest::of(&sidecar);
            let placed = StoredVersion {
                object_version: intent.version,
                inventory,
                metadata: metadata_digest,
            };
            let known = self.index.by_number(&metadata.number)?.is_some();
            let web = metadata.rendition(Copy::Web).filter(|_| known).cloned();
            self.commit(&metadata, &placed, &new, upto, web.as_ref())?;
        }
        Ok(self.store.finish()?)
    }

    /// The digest of the template set in a version of the template object.
    fn template_digest(&self, version: u32) -> Result<Option<Digest>, RegistryError> {
        let inventory = self.store.inventory(TEMPLATES)?;
        let message = inventory
            .and_then(|i| i.versions.get(&format!("v{version}")).map(|v| v.message.clone()));
        Ok(message.and_then(|message| Digest::parse(message.strip_prefix(TEMPLATE_SET)?)))
    }
}

/// Prefix of the message of an archived template set.
const TEMPLATE_SET: &str = "template set ";
/// Prefix of the log objects.
const LOG: &str = "kirjuri:log-";

/// The message of a log segment.
const LOG_MESSAGE: &str = "log";

/// The OCFL object of a log segment.
fn log_object(first: u64) -> String {
    format!("{LOG}{first:09}")
}

/// The message of a version in a document's object.
fn message_of(metadata: &Metadata, web: bool) -> String {
    let Metadata { document, version, number, .. } = metadata;
    let copy = if web { ", web copy" } else { "" };
    format!("{document}, version {version}, no. {number}{copy}")
}

/// The OCFL object of a document.
fn object_of(document: &str) -> String {
    format!("kirjuri:document:{document}")
}

/// Takes the lock; another process may need a moment to finish.
fn acquire_lock(folder: &Path, holder: &str) -> Result<Lock, RegistryError> {
    let path = folder.join(LOCK);
    for _ in 0..LOCK_ATTEMPTS {
        if let Some(lock) = fs::try_lock(&path, holder)? {
            return Ok(lock);
        }
        std::thread::sleep(LOCK_PAUSE);
    }
    Err(RegistryError::InUse { folder: folder.to_owned(), holder: fs::holder_of(&path) })
}

/// Whether the registry in a folder was not closed, so that something may have been
/// interrupted in it.
pub fn was_not_closed(folder: &Path) -> bool {
    RegistryReader::has_index(folder) && is_unsealed(folder).unwrap_or(false)
}

/// Locks the registry against other writers for as long as the value lives.
///
/// # Errors
/// Fails if there is no registry, or another process holds it.
pub fn lock_registry(folder: &Path, holder: &str) -> Result<Lock, RegistryError> {
    if !fs::is_folder(folder) {
        return Err(RegistryError::Absent { folder: folder.to_owned() });
    }
    acquire_lock(folder, holder)
}

/// Attempts to take a lock, and the pause between them.
const LOCK_ATTEMPTS: usize = 200;
const LOCK_PAUSE: std::time::Duration = std::time::Duration::from_millis(50);

/// Content of the seal of an index, in the format of `sha256sum`.
fn seal(bytes: &[u8]) -> String {
    format!("{}  {INDEX}\n", Digest::of(bytes))
}

/// Content of the head file, which records where the log ends.
fn head_line(head: &LogHead) -> String {
    format!("{} {}\n", head.sequence, head.digest)
}

/// Reads where the log ended in the files; `None` if there is no head file.
///
/// # Errors
/// Fails if it cannot be read. A malformed head file counts as beyond any log.
fn read_head(folder: &Path) -> Result<Option<LogHead>, FsError> {
    let path = folder.join(HEAD);
    if fs::stamp(&path)?.is_none() {
        return Ok(None);
    }
    let bytes = fs::read(&path, 4096)?.unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let parsed = text.trim_end().split_once(' ').and_then(|(sequence, digest)| {
        Some(LogHead { sequence: sequence.parse().ok()?, digest: Digest::parse(digest)? })
    });
    Ok(Some(parsed.unwrap_or(LogHead { sequence: u64::MAX, digest: Digest::of(b"") })))
}

/// Whether an index lacks an entry that the log once had, or has a different one.
fn is_older(folder: &Path, index: &Index) -> Result<bool, RegistryError> {
    let Some(kept) = read_head(folder)? else { return Ok(false) };
    Ok(index.head_at(kept.sequence)? != Some(kept))
}

fn is_unsealed(folder: &Path) -> Result<bool, FsError> {
    let path = folder.join(SEAL);
    Ok(fs::stamp(&path)?.is_none()
        || fs::read(&path, 4096)?.as_deref() == Some(UNSEALED.as_bytes()))
}

#[cfg(test)]
mod tests;
