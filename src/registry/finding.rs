//! What is wrong with the registry, as data. The words are a language's
//! business and live in the labels.

use std::path::Path;

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
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

impl Fault {
    /// Every fault, for looking over the labels.
    pub const ALL: [Fault; 13] = [
        Fault::Damaged,
        Fault::Missing,
        Fault::Stray,
        Fault::Unchecked,
        Fault::Disagrees,
        Fault::Unregistered,
        Fault::LogBroken,
        Fault::IndexChanged,
        Fault::IndexDiffers,
        Fault::NumbersLost,
        Fault::Checkpoint,
        Fault::RebuiltDiffers,
        Fault::RebuildFailed,
    ];

    /// Last part of its label.
    pub fn as_str(self) -> &'static str {
        match self {
            Fault::Damaged => "damaged",
            Fault::Missing => "missing",
            Fault::Stray => "stray",
            Fault::Unchecked => "unchecked",
            Fault::Disagrees => "disagrees",
            Fault::Unregistered => "unregistered",
            Fault::LogBroken => "log_broken",
            Fault::IndexChanged => "index_changed",
            Fault::IndexDiffers => "index_differs",
            Fault::NumbersLost => "numbers_lost",
            Fault::Checkpoint => "checkpoint",
            Fault::RebuiltDiffers => "rebuilt_differs",
            Fault::RebuildFailed => "rebuild_failed",
        }
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub fault: Fault,
    /// The document and its version, when it is known whose file it is.
    pub document: Option<(String, u16)>,
    /// Where: a path, or a part of the index.
    pub place: String,
    /// What the system or the comparison said, if anything.
    pub detail: String,
}

impl Finding {
    /// A fault of a file.
    pub fn at(fault: Fault, path: &Path) -> Self {
        Self::of(fault, path.display().to_string())
    }

    /// A fault of anything else.
    pub fn of(fault: Fault, place: impl Into<String>) -> Self {
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
