//! Status file of the watcher in the output folder, readable by others while the watcher
//! runs. It can be lost without harm.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{LOCK, PublishError};
use crate::fs;
use crate::model::Moment;

/// Name of the file in the output folder.
pub(super) const STATUS_FILE: &str = ".kirjuri-status.json";
/// Largest file that is read, in bytes.
const LIMIT: u64 = 16 * 1024 * 1024;

/// Status of a watcher.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WatchStatus {
    /// Process id.
    pub process: u32,
    /// Version of the program.
    pub version: String,
    pub started: Moment,
    /// When it last checked the folders, or finished a document.
    pub last_look: Moment,
    /// True if it polls instead of waiting for events.
    pub polls: bool,
    /// What prevents or hinders its work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
    /// The last completed round of work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_round: Option<RoundSummary>,
    /// Problems of that round.
    pub refused: Vec<StatusProblem>,
    /// Number of problems that are not listed.
    pub more_refused: usize,
    /// What has been waiting since that round.
    pub waiting: Vec<WaitingItem>,
    /// Number of waiting items that are not listed.
    pub more_waiting: usize,
}

/// Result of a round of work, in numbers of documents.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RoundSummary {
    pub when: Moment,
    /// Records that could be read.
    pub records: usize,
    pub issued: usize,
    /// Restored from the registry.
    #[serde(default)]
    pub restored: usize,
    pub unchanged: usize,
    pub waiting: usize,
    pub refused: usize,
}

/// An error message.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StatusProblem {
    pub file: String,
    /// From 1; absent if the position in the text is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    pub rule: String,
    pub message: String,
}

/// Something that is waiting.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WaitingItem {
    /// A document or a record file.
    pub what: String,
    /// What it is waiting for, as a message or as files.
    pub waits_for: String,
}

impl WatchStatus {
    /// True if nothing is hindered, refused or waiting.
    pub fn is_well(&self) -> bool {
        let refused = self.last_round.as_ref().is_some_and(|round| round.refused > 0);
        self.trouble.is_none() && !refused && self.refused.is_empty() && self.waiting.is_empty()
    }

    /// Writes the status into an output folder. Requires the folder's lock.
    ///
    /// # Errors
    /// Fails if it cannot be written.
    pub fn write(&self, folder: &Path) -> Result<(), PublishError> {
        let bytes = serde_json::to_vec_pretty(self)?;
        Ok(fs::write_atomic_unsynced(&folder.join(STATUS_FILE), &bytes)?)
    }

    /// The status that the last watcher wrote into an output folder; `None` if there is
    /// none, or it is malformed.
    ///
    /// # Errors
    /// Fails if the file exists and cannot be read.
    pub fn read(folder: &Path) -> Result<Option<Self>, PublishError> {
        let path = folder.join(STATUS_FILE);
        if fs::stamp(&path)?.is_none() {
            return Ok(None);
        }
        let bytes = fs::read(&path, LIMIT)?.unwrap_or_default();
        Ok(serde_json::from_slice(&bytes).ok())
    }
}

/// The name of the process that holds an output folder: `None` if none does, empty if it is
/// unknown. The folder itself is not changed.
///
/// # Errors
/// Fails if the lock exists and cannot be checked.
pub fn lock_holder(folder: &Path) -> Result<Option<String>, PublishError> {
    let lock = folder.join(LOCK);
    if !fs::is_locked(&lock)? {
        return Ok(None);
    }
    Ok(Some(fs::holder_of(&lock)))
}
