//! Findings of `verify`, as data. Messages come from the labels of a language.

use std::path::Path;

/// The kind of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FindingKind {
    /// A file was changed.
    Damaged,
    /// A file is missing.
    Missing,
    /// A file, link or folder that does not belong there.
    Stray,
    /// A file could not be read.
    Unchecked,
    /// The files of a version contradict each other or the log.
    Disagrees,
    /// A version is in the files but not in the log.
    Unregistered,
    /// The log is not one chain.
    LogBroken,
    /// The index file was changed.
    IndexChanged,
    /// The index contradicts the files.
    IndexDiffers,
    /// Numbers are neither used, nor voided, nor reserved.
    NumbersLost,
    /// The registry is not the one of the checkpoint, or is older.
    Checkpoint,
    /// A rebuilt document differs from the one that was issued.
    RebuiltDiffers,
    /// A document could not be rebuilt.
    RebuildFailed,
}

impl FindingKind {
    /// All kinds of findings.
    pub const ALL: [FindingKind; 13] = [
        FindingKind::Damaged,
        FindingKind::Missing,
        FindingKind::Stray,
        FindingKind::Unchecked,
        FindingKind::Disagrees,
        FindingKind::Unregistered,
        FindingKind::LogBroken,
        FindingKind::IndexChanged,
        FindingKind::IndexDiffers,
        FindingKind::NumbersLost,
        FindingKind::Checkpoint,
        FindingKind::RebuiltDiffers,
        FindingKind::RebuildFailed,
    ];

    /// Last part of the label.
    pub fn as_str(self) -> &'static str {
        match self {
            FindingKind::Damaged => "damaged",
            FindingKind::Missing => "missing",
            FindingKind::Stray => "stray",
            FindingKind::Unchecked => "unchecked",
            FindingKind::Disagrees => "disagrees",
            FindingKind::Unregistered => "unregistered",
            FindingKind::LogBroken => "log_broken",
            FindingKind::IndexChanged => "index_changed",
            FindingKind::IndexDiffers => "index_differs",
            FindingKind::NumbersLost => "numbers_lost",
            FindingKind::Checkpoint => "checkpoint",
            FindingKind::RebuiltDiffers => "rebuilt_differs",
            FindingKind::RebuildFailed => "rebuild_failed",
        }
    }
}

/// A problem of the registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntegrityFinding {
    pub kind: FindingKind,
    /// The document and its version, if known.
    pub document: Option<(String, u16)>,
    /// The place: a path, or a part of the index.
    pub place: String,
    /// The system's message or the result of the comparison, if any.
    pub detail: String,
}

impl IntegrityFinding {
    /// A finding about a file.
    pub fn at(kind: FindingKind, path: &Path) -> Self {
        Self::of(kind, path.display().to_string())
    }

    /// A finding about anything else.
    pub fn of(kind: FindingKind, place: impl Into<String>) -> Self {
        Self { kind, document: None, place: place.into(), detail: String::new() }
    }

    /// Adds a detail.
    #[must_use]
    pub fn because(self, detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), ..self }
    }

    /// Sets the version of a document.
    #[must_use]
    pub fn about(self, document: &str, version: u16) -> Self {
        Self { document: Some((document.to_owned(), version)), ..self }
    }
}
