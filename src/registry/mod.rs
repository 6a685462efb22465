//! The registry: every issued version of every document, findable, readable
//! and provably unchanged. An OCFL storage root holds the files, an index in
//! SQLite says what is issued, a chained log says what happened. Knows no
//! layout and no record types; what it archives is handed to it.
//!
//! Order of a registration, so that a sudden end at any point loses nothing:
//! number reserved → files in their place and on the disk → index and log
//! committed → (the caller) published. On the next start [`Registry::open`]
//! commits a version whose files are in place, and clears away what was not
//! finished; its number is used again in the same year or voided.

mod ahead;
mod archive;
mod beside;
pub mod checkpoint;
mod clock;
mod error;
mod export_intent;
mod find;
mod finding;
mod handover;
mod index;
pub mod log;
pub mod metadata;
mod number;
mod ocfl;
mod places;
mod recover;
mod registering;
mod replay;
mod restricted;
pub mod sahke2;
mod structure;
mod table;
mod verify;

use std::path::{Path, PathBuf};

use crate::fs::{self, FsError, Lock};
use crate::model::{Date, Digest, Moment};

use index::Placed;
use log::{Entry, Head};
use metadata::{Copy, Metadata};
use ocfl::Store;
use places::seal_index;

pub use archive::Archive;
pub use clock::early_for;
pub use error::RegistryError;
pub use export_intent::EarlierExport;
pub use find::{Filter, Found, Reader, Row};
pub use finding::{Fault, Finding};
pub use handover::{Form, Handed, HandoverError, Package, hand_over};
pub use index::{Index, IndexError, Issue, Reservation, Web};
pub use number::{ExpectedNumbers, Numbering, PatternError, Sequence};
pub use ocfl::{Files, StoreError};
pub use places::parts;
pub use recover::{Recovered, recover};
pub use registering::{Submission, Wanted, check_clock};
pub use restricted::{Restricted, Secrecy};
pub use table::CsvTable;
pub use verify::{Inspection, inspect};

/// Name of the SÄHKE2 sidecar among a version's files.
pub const SAHKE2: &str = "metadata.xml";
/// Files and folders of the registry.
const INDEX: &str = "registry.sqlite3";
const SEAL: &str = "registry.sqlite3.sha256";
const HEAD: &str = "registry.head";
const LOCK: &str = ".lock";
const ROOT: &str = "files";
const STAGING: &str = "staging";
/// How the folders of indexes that were replaced begin.
const OLD_INDEX: &str = "old-index-";
/// What the seal says while the index is being written to.
const UNSEALED: &str = "open\n";
/// Largest index that is read whole, in bytes.
const LIMIT: u64 = 64 * 1024 * 1024 * 1024;
/// The OCFL object of the template sets.
const TEMPLATES: &str = "kirjuri:templates";

/// Says what time it is.
pub type Clock = fn() -> Moment;

/// The registry, held by this process alone.
pub struct Registry {
    folder: PathBuf,
    index: Index,
    store: Store,
    numbering: Numbering,
    clock: Clock,
    /// The day that a person says it is.
    confirmed: Option<Date>,
    /// Whether the index may differ from its seal.
    unsealed: bool,
    earlier_export: Option<EarlierExport>,
    _lock: Lock,
}

impl Registry {
    /// Opens the registry in a folder in the name of `holder`, making it when
    /// there is none, and finishes what was under way when it was last used.
    ///
    /// # Errors
    /// When it cannot be used, or another process holds it.
    pub fn open(
        folder: &Path,
        numbering: Numbering,
        clock: Clock,
        holder: &str,
    ) -> Result<Self, RegistryError> {
        fs::create_folder(folder)?;
        for path in parts(folder) {
            fs::refuse_links(folder, &path)?;
        }
        let lock = hold(folder, holder)?;
        let store = Store::new(folder.join(ROOT), folder.join(STAGING));
        let path = folder.join(INDEX);
        let new = fs::stamp(&path)?.is_none_or(|stamp| stamp.size == 0) || Index::is_blank(&path);
        if new && fs::is_folder(store.root()) {
            return Err(RegistryError::NoIndex { folder: folder.to_owned() });
        }
        let unsealed = new || is_unsealed(folder)?;
        if unsealed {
            fs::write_atomic(&folder.join(SEAL), UNSEALED.as_bytes())?;
            store.sweep()?;
        }
        fs::sweep(folder)?;
        let index = Index::open(&path)?;
        let folder = folder.to_owned();
        if is_older(&folder, &index)? {
            return Err(RegistryError::Older { folder });
        }
        if let Some(place) = ahead::lost(&index, &store)? {
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
        registry.settle()?;
        registry.earlier_export = registry.settle_export()?;
        Ok(registry)
    }

    /// Takes a person's word that it is this day, should the clock be in doubt.
    pub fn confirm_date(&mut self, day: Option<Date>) {
        self.confirmed = day;
    }

    /// The day that a person says it is.
    pub fn confirmed_date(&self) -> Option<Date> {
        self.confirmed
    }

    /// What time it is.
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
    /// When the index cannot be read.
    pub fn latest(&self, document: &str) -> Result<Option<Issue>, RegistryError> {
        Ok(self.index.latest(document)?)
    }

    /// Closes the registry: the index is sealed with its digest, when it
    /// changed.
    ///
    /// # Errors
    /// When the seal cannot be written; everything is issued all the same.
    pub fn close(self) -> Result<(), RegistryError> {
        let Self { folder, index, unsealed, _lock, .. } = self;
        let head = index.head_at(index.archived()?)?.unwrap_or_else(Head::none);
        index.close()?;
        // while another process reads, a part may wait in SQLite's own log:
        // who uses the registry next seals it
        let waits = fs::stamp(&folder.join(format!("{INDEX}-wal")))?.is_some_and(|s| s.size > 0);
        if unsealed && !waits {
            fs::write_atomic(&folder.join(HEAD), head_line(&head).as_bytes())?;
            seal_index(&folder)?;
        }
        Ok(())
    }

    /// The files.
    pub fn archive(&self) -> Archive<'_> {
        Archive { store: &self.store }
    }

    /// Says that the index differs from its seal from now on.
    fn unseal(&mut self) -> Result<(), RegistryError> {
        if !self.unsealed {
            fs::write_atomic(&self.folder.join(SEAL), UNSEALED.as_bytes())?;
            self.unsealed = true;
        }
        Ok(())
    }

    /// Finishes what was under way when the program ended.
    fn settle(&mut self) -> Result<(), RegistryError> {
        let Some(intent) = self.store.settle()? else { return Ok(()) };
        self.unseal()?;
        let read = |file: &str| self.store.read(&intent.object, intent.version, file);
        if intent.object == TEMPLATES {
            if let Some(digest) = self.template_digest(intent.version)?
                && self.index.template_set(&digest)?.is_none()
            {
                let version = intent.version;
                self.index.all_or_nothing(|db| index::insert_template_set(db, &digest, version))?;
            }
            return Ok(self.store.done()?);
        }
        let head = self.index.head()?;
        let bytes = read(log::FILE)?;
        let entries = log::read(&bytes).ok_or_else(|| RegistryError::Unreadable {
            number: intent.object.clone(),
            cause: format!("{} is damaged", log::FILE),
        })?;
        let upto = entries.last().map_or(0, |last| last.sequence);
        let new: Vec<Entry> =
            entries.into_iter().filter(|entry| entry.sequence > head.sequence).collect();
        if intent.object.starts_with(LOG) {
            if self.index.archived()? < upto {
                self.index.all_or_nothing(|db| index::insert_archived(db, upto))?;
            }
        } else if !new.is_empty() {
            let sidecar = read(metadata::FILE)?;
            let metadata: Metadata = serde_json::from_slice(&sidecar)
                .map_err(|source| RegistryError::Json { what: metadata::FILE, source })?;
            let inventory = self.store.inventory_digest(&intent.object)?;
            let metadata_digest = Digest::of(&sidecar);
            let placed =
                Placed { object_version: intent.version, inventory, metadata: metadata_digest };
            let known = self.index.by_number(&metadata.number)?.is_some();
            let web = metadata.rendition(Copy::Web).filter(|_| known).cloned();
            self.commit(&metadata, &placed, &new, upto, web.as_ref())?;
        }
        Ok(self.store.done()?)
    }

    /// The digest of the template set in a version of their object.
    fn template_digest(&self, version: u32) -> Result<Option<Digest>, RegistryError> {
        let inventory = self.store.inventory(TEMPLATES)?;
        let message = inventory
            .and_then(|i| i.versions.get(&format!("v{version}")).map(|v| v.message.clone()));
        Ok(message.and_then(|message| Digest::parse(message.strip_prefix(TEMPLATE_SET)?)))
    }
}

/// How the message of an archived template set begins.
const TEMPLATE_SET: &str = "template set ";
/// How the objects of the log are called.
const LOG: &str = "kirjuri:log-";

/// The message of a piece of the log.
const LOG_MESSAGE: &str = "log";

/// The OCFL object of a piece of the log.
fn log_object(first: u64) -> String {
    format!("{LOG}{first:09}")
}

/// The message of a version of a document's object.
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
fn hold(folder: &Path, holder: &str) -> Result<Lock, RegistryError> {
    let path = folder.join(LOCK);
    for _ in 0..PATIENCE {
        if let Some(lock) = fs::try_lock(&path, holder)? {
            return Ok(lock);
        }
        std::thread::sleep(PAUSE);
    }
    Err(RegistryError::InUse { folder: folder.to_owned(), holder: fs::holder_of(&path) })
}

/// Whether the registry in a folder was left without being closed, so that
/// something may be under way in it.
pub fn is_left_open(folder: &Path) -> bool {
    Reader::has_index(folder) && is_unsealed(folder).unwrap_or(false)
}

/// Holds the registry against others that would write to it, for as long as
/// the value lives.
///
/// # Errors
/// When there is no registry, or another process holds it.
pub fn held(folder: &Path, holder: &str) -> Result<Lock, RegistryError> {
    if !fs::is_folder(folder) {
        return Err(RegistryError::Absent { folder: folder.to_owned() });
    }
    hold(folder, holder)
}

/// How often, and how long apart, a lock is asked for.
const PATIENCE: usize = 200;
const PAUSE: std::time::Duration = std::time::Duration::from_millis(50);

/// What the seal of an index says: as `sha256sum` writes it.
fn seal(bytes: &[u8]) -> String {
    format!("{}  {INDEX}\n", Digest::of(bytes))
}

/// What is kept of where the log ends.
fn head_line(head: &Head) -> String {
    format!("{} {}\n", head.sequence, head.digest)
}

/// Where the log once ended in the files; none when nothing is kept of it.
///
/// # Errors
/// When it cannot be read. What cannot be understood is beyond any log.
fn kept_head(folder: &Path) -> Result<Option<Head>, FsError> {
    let path = folder.join(HEAD);
    if fs::stamp(&path)?.is_none() {
        return Ok(None);
    }
    let bytes = fs::read(&path, 4096)?.unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let parsed = text.trim_end().split_once(' ').and_then(|(sequence, digest)| {
        Some(Head { sequence: sequence.parse().ok()?, digest: Digest::parse(digest)? })
    });
    Ok(Some(parsed.unwrap_or(Head { sequence: u64::MAX, digest: Digest::of(b"") })))
}

/// Whether an index lacks what the log once had, or has something else there.
fn is_older(folder: &Path, index: &Index) -> Result<bool, RegistryError> {
    let Some(kept) = kept_head(folder)? else { return Ok(false) };
    Ok(index.head_at(kept.sequence)? != Some(kept))
}

fn is_unsealed(folder: &Path) -> Result<bool, FsError> {
    let path = folder.join(SEAL);
    Ok(fs::stamp(&path)?.is_none()
        || fs::read(&path, 4096)?.as_deref() == Some(UNSEALED.as_bytes()))
}

#[cfg(test)]
mod tests;
