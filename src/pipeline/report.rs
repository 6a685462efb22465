//! The result of a build, and the interface for observing its progress.

use std::path::PathBuf;

use crate::document::DocumentId;
use crate::model::{Problem, Severity};

/// Outcome of one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Issued {
        pages: usize,
    },
    Unchanged {
        pages: usize,
    },
    /// It was issued earlier, and its PDF was restored from the registry.
    Restored {
        pages: usize,
    },
    /// Its own record or its template has an error.
    Refused,
    /// Other records that it draws on have an error: the first of these files, and the
    /// number of further ones.
    Withheld {
        waits_for: Vec<PathBuf>,
        more: usize,
    },
}

/// The result of one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub document: DocumentId,
    pub path: PathBuf,
    pub outcome: Outcome,
    /// Register number, when it is registered.
    pub number: Option<String>,
}

impl Line {
    /// A document without a register number.
    pub fn new(document: DocumentId, path: PathBuf, outcome: Outcome) -> Self {
        Self { document, path, outcome, number: None }
    }
}

impl Outcome {
    /// True when the document is in place.
    pub fn is_well(&self) -> bool {
        !matches!(self, Outcome::Refused | Outcome::Withheld { .. })
    }
}

/// The result of a build.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Records that could be read.
    pub records: usize,
    /// Files that could not be read as records.
    pub unread: usize,
    /// In the order of the documents' names.
    pub lines: Vec<Line>,
    /// By file and place.
    pub problems: Vec<Problem>,
    /// PDFs that no record calls for any more.
    pub orphans: Vec<PathBuf>,
    /// Number of documents not made because of an interruption.
    pub left: usize,
}

impl Report {
    /// True when some record or document was refused.
    pub fn has_errors(&self) -> bool {
        let refused = self.lines.iter().any(|line| line.outcome == Outcome::Refused);
        refused || self.problems.iter().any(|problem| problem.severity == Severity::Error)
    }

    /// The problems without hints.
    pub fn worth_saying(&self) -> Vec<Problem> {
        let problems = self.problems.iter();
        problems.filter(|problem| problem.severity != Severity::Hint).cloned().collect()
    }

    /// The number of documents with an outcome.
    pub fn count(&self, wanted: impl Fn(&Outcome) -> bool) -> usize {
        self.lines.iter().filter(|line| wanted(&line.outcome)).count()
    }

    /// Adds the records' problems and sorts the lines.
    pub(super) fn finish(&mut self, problems: Vec<Problem>) {
        // an error in a template affects all its documents: report it once
        for problem in std::mem::replace(&mut self.problems, problems) {
            if !self.problems.contains(&problem) {
                self.problems.push(problem);
            }
        }
        self.lines.sort_by(|a, b| a.document.cmp(&b.document));
    }
}

/// Observes the progress of a build.
pub trait Observer: Sync {
    /// Called with the number of documents that will be typeset.
    fn planned(&self, _documents: usize) {}

    /// Called when a document was typeset or refused.
    fn done(&self, _line: &Line) {}

    /// True when the build should stop after the current documents.
    fn stop(&self) -> bool {
        false
    }
}

/// An observer that ignores everything.
#[derive(Debug, Clone, Copy)]
pub struct Quiet;

impl Observer for Quiet {}
