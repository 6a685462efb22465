//! Findings of `verify`, as data. Messages come from the labels of a language.

use std::path::Path;

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FindingKind {
    /// A file is not as it was.
    Damaged,
    /// A file is not there.
    Missing,
    /// A file, a link or a folder that does not belong there.
    Stray,
    /// A file could not be looked at.
    Unchecked,
    /// A version's files do not agree with each other, or not with the log.
    Disagrees,
    /// A version is in the files and not in the log.
    Unregistered,
    /// The log is not one chain.
    LogBroken,
    /// The index is not as it was left.
    IndexChanged,
    /// The index says something else than the files.
    IndexDiffers,
    /// Numbers are neither used, nor voided, nor under way.
    NumbersLost,
    /// The registry is not the one of the checkpoint, or is older.
    Checkpoint,
    /// A document made again is not the one that was issued.
    RebuiltDiffers,
    /// A document could not be made again.
    RebuildFailed,
}

impl FindingKind {
    /// Every fault, for looking over the labels.
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

    /// Last part of its label.
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

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntegrityFinding {
    pub fault: FindingKind,
    /// The document and its version, when it is known whose file it is.
    pub document: Option<(String, u16)>,
    /// Where: a path, or a part of the index.
    pub place: String,
    /// What the system or the comparison said, if anything.
    pub detail: String,
}

impl IntegrityFinding {
    /// A fault of a file.
    pub fn at(fault: FindingKind, path: &Path) -> Self {
        Self::of(fault, path.display().to_string())
    }

    /// A fault of anything else.
    pub fn of(fault: FindingKind, place: impl Into<String>) -> Self {
        Self { fault, document: None, place: place.into(), detail: String::new() }
    }

    /// With what was said of it.
    #[must_use]
    pub fn because(self, detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), ..self }
    }

    /// Of a version of a document.
    #[must_use]
    pub fn about(self, document: &str, version: u16) -> Self {
        Self { document: Some((document.to_owned(), version)), ..self }
    }
}
