//! Status file of the watcher in the output folder, readable by others while the watcher
//! runs. It can be lost without harm.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{LOCK, PublishError};
use crate::fs;
use crate::model::Moment;

/// Name of the file in the output folder.
pub(super) const STATUS_FILE: &str = ".kirjuri-status.json";
/// Largest file that is read back, in bytes.
const LIMIT: u64 = 16 * 1024 * 1024;

/// What a watcher says of itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WatchStatus {
    /// Number of its process.
    pub process: u32,
    /// Version of the program.
    pub version: String,
    pub started: Moment,
    /// When it last looked at the folders, or ended a document.
    pub last_look: Moment,
    /// True when it looks regularly instead of waiting for events.
    pub polls: bool,
    /// What keeps it from its work, or what is in its way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
    /// The last round of work that came to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_round: Option<RoundSummary>,
    /// What that round refused.
    pub refused: Vec<StatusProblem>,
    /// How many more it refused than are named.
    pub more_refused: usize,
    /// What waits since that round.
    pub waiting: Vec<WaitingItem>,
    /// How many more wait than are named.
    pub more_waiting: usize,
}

/// What a round of work came to, in documents.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RoundSummary {
    pub when: Moment,
    /// Records that could be read.
    pub records: usize,
    pub issued: usize,
    /// Brought back from the registry.
    #[serde(default)]
    pub restored: usize,
    pub unchanged: usize,
    pub waiting: usize,
    pub refused: usize,
}

/// An error, in words.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StatusProblem {
    pub file: String,
    /// From 1; absent when the place in the text is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    pub rule: String,
    pub message: String,
}

/// Something that waits.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WaitingItem {
    /// A document, or a record file.
    pub what: String,
    /// What it waits for, in words or as files.
    pub waits_for: String,
}

impl WatchStatus {
    /// True when nothing is in the way, refused or waiting.
    pub fn is_well(&self) -> bool {
        let refused = self.last_round.as_ref().is_some_and(|round| round.refused > 0);
        self.trouble.is_none() && !refused && self.refused.is_empty() && self.waiting.is_empty()
    }

    /// Writes it into an output folder. Only for who holds the folder's lock.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, folder: &Path) -> Result<(), PublishError> {
        let bytes = serde_json::to_vec_pretty(self)?;
        Ok(fs::write_atomic_unsynced(&folder.join(STATUS_FILE), &bytes)?)
    }

    /// What the last watcher on an output folder said; `None` when there was
    /// none, or it cannot be understood.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn read(folder: &Path) -> Result<Option<Self>, PublishError> {
        let path = folder.join(STATUS_FILE);
        if fs::stamp(&path)?.is_none() {
            return Ok(None);
        }
        let bytes = fs::read(&path, LIMIT)?.unwrap_or_default();
        Ok(serde_json::from_slice(&bytes).ok())
    }
}

/// The name of the process that holds an output folder: `None` when none does,
/// empty when it cannot be told. The folder itself is left as it is.
///
/// # Errors
/// When the lock is there and cannot be asked about.
pub fn lock_holder(folder: &Path) -> Result<Option<String>, PublishError> {
    let lock = folder.join(LOCK);
    if !fs::is_locked(&lock)? {
        return Ok(None);
    }
    Ok(Some(fs::holder_of(&lock)))
}
