//! What a round of work did, and who hears of it while it is done.

use std::path::PathBuf;

use crate::document::DocumentId;
use crate::model::{Problem, Severity};

/// What happened to one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Issued {
        pages: usize,
    },
    Unchanged {
        pages: usize,
    },
    /// It was issued earlier, and its PDF was brought back from the registry.
    Restored {
        pages: usize,
    },
    /// Its own record, or its template, has an error.
    Refused,
    /// Other records that it draws on have one: the first of these files, and
    /// how many more there are.
    Withheld {
        waits_for: Vec<PathBuf>,
        more: usize,
    },
}

/// One document of a round of work.
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
    /// True when the document is there.
    pub fn is_well(&self) -> bool {
        !matches!(self, Outcome::Refused | Outcome::Withheld { .. })
    }
}

/// What a round of work did.
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
    /// PDFs that nothing calls for any more.
    pub orphans: Vec<PathBuf>,
    /// Documents that were not made because somebody asked to stop.
    pub left: usize,
}

impl Report {
    /// True when some record or document was refused.
    pub fn has_errors(&self) -> bool {
        let refused = self.lines.iter().any(|line| line.outcome == Outcome::Refused);
        refused || self.problems.iter().any(|problem| problem.severity == Severity::Error)
    }

    /// The problems that concern whoever did not ask: all but hints.
    pub fn worth_saying(&self) -> Vec<Problem> {
        let problems = self.problems.iter();
        problems.filter(|problem| problem.severity != Severity::Hint).cloned().collect()
    }

    /// How many documents had an outcome.
    pub fn count(&self, wanted: impl Fn(&Outcome) -> bool) -> usize {
        self.lines.iter().filter(|line| wanted(&line.outcome)).count()
    }

    /// Adds the records' problems and puts everything in order.
    pub(super) fn finish(&mut self, problems: Vec<Problem>) {
        // a template's mistake shows in each of its documents: say it once
        for problem in std::mem::replace(&mut self.problems, problems) {
            if !self.problems.contains(&problem) {
                self.problems.push(problem);
            }
        }
        self.lines.sort_by(|a, b| a.document.cmp(&b.document));
    }
}

/// Hears of the work while it is done.
pub trait Observer: Sync {
    /// So many documents will be typeset.
    fn planned(&self, _documents: usize) {}

    /// A document was typeset, or refused.
    fn done(&self, _line: &Line) {}

    /// True when the work should end after the documents at hand.
    fn stop(&self) -> bool {
        false
    }
}

/// An observer that takes no notice.
#[derive(Debug, Clone, Copy)]
pub struct Quiet;

impl Observer for Quiet {}
