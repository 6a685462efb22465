//! Rebuilds a lost or damaged index from the files.

use std::path::{Path, PathBuf};

use super::finding::{FindingKind, IntegrityFinding};
use super::index::Index;
use super::log::{self, Event, LogEvent, LogHead};
use super::ocfl::Store;
use super::replay::replay;
use super::{
    HEAD, INDEX, OLD_INDEX, ROOT, RegistryError, SEAL, STAGING, UNSEALED, acquire_lock, head_line,
    read_head, seal_index, written_paths,
};
use crate::fs;
use crate::model::Digest;

/// Result of a recovery.
#[derive(Debug)]
pub struct RecoveryReport {
    /// Issued versions in the files.
    pub versions: usize,
    /// Entries of the log.
    pub entries: u64,
    /// Problems of the files. If there are any, the index is not replaced: a rebuilt one
    /// would lack numbers, and they would be assigned again.
    pub findings: Vec<IntegrityFinding>,
    /// The replaced index, if there was one.
    pub kept: Option<ReplacedIndex>,
}

/// An index that was replaced.
#[derive(Debug)]
pub struct ReplacedIndex {
    pub folder: PathBuf,
    /// Its files by name, with their digests.
    files: Vec<(String, Digest)>,
}

/// The files that an index may consist of.
pub(super) const PARTS: [&str; 3] = [INDEX, "registry.sqlite3-wal", "registry.sqlite3-shm"];
/// Detail of the log event that names the folder of the replaced index.
pub(super) const REPLACED: &str = "kept";

impl RecoveryReport {
    /// The log event of the recovery.
    pub fn log_event(&self) -> LogEvent {
        let event = LogEvent::of(Event::Recovered);
        let event = event.with("versions", self.versions).with("entries", self.entries);
        let Some(kept) = &self.kept else { return event };
        let name = kept.folder.file_name().unwrap_or_default().to_string_lossy();
        let files = kept.files.iter();
        files.fold(event.with(REPLACED, name), |event, (file, digest)| event.with(file, digest))
    }
}

/// Rebuilds the index of the registry in a folder, if the files are intact. The old index
/// is kept in a folder next to it. The files are not changed, except that interrupted work
/// is finished or removed.
///
/// # Errors
/// Fails if there are no files, or the index cannot be written.
pub fn recover(folder: &Path, holder: &str) -> Result<RecoveryReport, RegistryError> {
    let store = Store::new(folder.join(ROOT), folder.join(STAGING));
    if !fs::is_folder(store.root()) {
        return Err(RegistryError::Absent { folder: folder.to_owned() });
    }
    for path in written_paths(folder) {
        fs::refuse_links(folder, &path)?;
    }
    let _lock = acquire_lock(folder, holder)?;
    store.recover_interrupted()?;
    store.finish()?;
    let mut findings = Vec::new();
    let replayed = replay(&store, &mut findings);
    let new = folder.join(format!("{INDEX}.new"));
    for end in ["", "-wal", "-shm"] {
        fs::remove_file(&folder.join(format!("{INDEX}.new{end}")))?;
    }
    let mut index = Index::open(&new)?;
    replayed.apply(&mut index, &[], &mut findings)?;
    let head = index.head()?;
    let (versions, entries) = (index.count("issue")?, head.sequence);
    index.close()?;
    let path = folder.join(INDEX);
    findings.extend(missing_entries(folder, &path, &head));
    if !findings.is_empty() {
        for end in ["", "-wal", "-shm"] {
            fs::remove_file(&folder.join(format!("{INDEX}.new{end}")))?;
        }
        return Ok(RecoveryReport { versions, entries, findings, kept: None });
    }
    fs::write_atomic(&folder.join(SEAL), UNSEALED.as_bytes())?;
    let kept = move_aside(folder)?;
    fs::move_new(&new, &path)?;
    fs::write_atomic(&folder.join(HEAD), head_line(&head).as_bytes())?;
    seal_index(folder)?;
    Ok(RecoveryReport { versions, entries, findings, kept })
}

/// A finding if the old index, as far as it can be read, or the head file has later entries
/// than the files: then the last of the files are missing.
fn missing_entries(folder: &Path, path: &Path, head: &LogHead) -> Option<IntegrityFinding> {
    let index = Index::open_read_only(path).ok().and_then(|index| index.archived_sequence().ok());
    let kept = match read_head(folder) {
        Ok(Some(kept)) if kept.sequence == head.sequence && kept != *head => u64::MAX,
        Ok(Some(kept)) => kept.sequence,
        Ok(None) => 0,
        Err(_) => u64::MAX,
    };
    let known = kept.max(index.unwrap_or_default());
    let finding = IntegrityFinding::of(FindingKind::Missing, log::FILE);
    (known > head.sequence).then(|| finding.because(format!("{} < {known}", head.sequence)))
}

/// Moves an old index and SQLite's helper files out of the way: the helper files first,
/// since they must never lie next to another index.
fn move_aside(folder: &Path) -> Result<Option<ReplacedIndex>, RegistryError> {
    let mut parts = Vec::new();
    for end in ["-wal", "-shm", ""] {
        let name = format!("{INDEX}{end}");
        if fs::stamp(&folder.join(&name))?.is_some() {
            parts.push(name);
        }
    }
    if parts.is_empty() {
        return Ok(None);
    }
    let mut place = (1..).map(|n: u32| folder.join(format!("{OLD_INDEX}{n}")));
    let free = place.find(|place| matches!(fs::stamp(place), Ok(None)));
    let kept = free.unwrap_or_else(|| folder.join(OLD_INDEX));
    let mut files = Vec::new();
    for name in parts {
        let bytes = fs::read(&folder.join(&name), super::LIMIT)?.unwrap_or_default();
        fs::move_new(&folder.join(&name), &kept.join(&name))?;
        files.push((name, Digest::of(&bytes)));
    }
    Ok(Some(ReplacedIndex { folder: kept, files }))
}
