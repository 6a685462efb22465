//! Writes the status of `kirjuri watch` to a file in the output folder, for `kirjuri
//! status`. Write errors are only logged.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::command::terminal::{self, BuildProgress};
use crate::command::workspace::now;
use crate::locale::Locale;
use crate::model::problem::with_causes;
use crate::model::{Moment, Problem, Severity};
use crate::pipeline::{Line, Observer, Outcome, Report};
use crate::publish::{RoundSummary, StatusProblem, WaitingItem, WatchStatus};

/// Seconds between two status updates during a build.
const HEARTBEAT: i64 = 10;
/// Maximum number of refusals, and of waiting documents, that are listed.
const MOST_LISTED: usize = 500;

/// Rules broken by a file that is not completely written yet.
const INCOMPLETE_RULES: [&str; 2] = ["json-cut", "file-empty"];

/// Writes the status file.
pub struct StatusWriter(Mutex<Inner>);

struct Inner {
    folder: PathBuf,
    state: WatchStatus,
    /// True after a write error, so that it is logged once.
    write_failed: bool,
}

impl StatusWriter {
    /// Starts writing to an output folder.
    pub fn new(folder: &Path) -> Self {
        let now = now();
        let state = WatchStatus {
            process: std::process::id(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            started: now,
            last_look: now,
            polls: false,
            trouble: None,
            last_round: None,
            refused: Vec::new(),
            more_refused: 0,
            waiting: Vec::new(),
            more_waiting: 0,
        };
        Self(Mutex::new(Inner { folder: folder.to_owned(), state, write_failed: false }))
    }

    /// Writes to another folder from now on.
    pub fn move_to(&self, folder: &Path) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).folder = folder.to_owned();
    }

    /// Records that the folders were scanned, and what blocks the watcher.
    pub fn scanned(&self, polls: bool, trouble: Option<String>) {
        self.update(|state| {
            state.polls = polls;
            state.trouble = trouble;
        });
    }

    /// Records the result of a build.
    pub fn build_ended(&self, report: &Report, unstable: &BTreeSet<PathBuf>, locale: &Locale) {
        let count = |wanted: fn(&Outcome) -> bool| report.count(wanted);
        let errors = report.problems.iter().filter(|problem| problem.severity == Severity::Error);
        let refused: Vec<StatusProblem> = errors.map(|problem| refusal(problem, locale)).collect();
        let waiting: Vec<WaitingItem> = waiting(report, unstable, locale);
        self.update(|state| {
            state.last_round = Some(RoundSummary {
                when: state.last_look,
                records: report.records,
                issued: count(|done| matches!(done, Outcome::Issued { .. })),
                restored: count(|done| matches!(done, Outcome::Restored { .. })),
                unchanged: count(|done| matches!(done, Outcome::Unchanged { .. })),
                waiting: count(|done| matches!(done, Outcome::Withheld { .. })),
                refused: count(|done| matches!(done, Outcome::Refused)),
            });
            state.more_refused = refused.len().saturating_sub(MOST_LISTED);
            state.refused = refused;
            state.refused.truncate(MOST_LISTED);
            state.more_waiting = waiting.len().saturating_sub(MOST_LISTED);
            state.waiting = waiting;
            state.waiting.truncate(MOST_LISTED);
        });
    }

    fn update(&self, change: impl FnOnce(&mut WatchStatus)) {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.state.last_look = now();
        change(&mut inner.state);
        let written = inner.state.write(&inner.folder);
        if let Err(error) = &written
            && !inner.write_failed
        {
            tracing::error!("the status cannot be written: {}", with_causes(error));
        }
        inner.write_failed = written.is_err();
    }

    fn last_update(&self) -> Moment {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).state.last_look
    }
}

/// Files that are not completely written yet.
pub fn incomplete(report: &Report) -> BTreeSet<PathBuf> {
    let cut = report.problems.iter().filter(|problem| INCOMPLETE_RULES.contains(&problem.rule));
    cut.map(|problem| problem.place.file.clone()).collect()
}

/// Maximum length of a message in the status, in characters.
const MESSAGE_LENGTH: usize = 1000;

fn refusal(problem: &Problem, locale: &Locale) -> StatusProblem {
    StatusProblem {
        file: problem.place.file.display().to_string(),
        line: problem.line_column().map(|(line, _)| line),
        rule: problem.rule.to_owned(),
        message: locale.word(problem).message.chars().take(MESSAGE_LENGTH).collect(),
    }
}

fn waiting(report: &Report, unstable: &BTreeSet<PathBuf>, locale: &Locale) -> Vec<WaitingItem> {
    let wait = |what: &Path, waits_for: String| WaitingItem {
        what: what.display().to_string(),
        waits_for,
    };
    let documents = report.lines.iter().filter_map(|line| match &line.outcome {
        Outcome::Withheld { waits_for, more } => {
            Some(wait(&line.path, terminal::file_list(waits_for, *more)))
        }
        _ => None,
    });
    let cut = incomplete(report);
    let cut = cut.iter().map(|file| wait(file, locale.label("ui.status.whole")));
    let unstable = unstable.iter().map(|file| wait(file, locale.label("ui.status.rest")));
    documents.chain(cut).chain(unstable).collect()
}

/// Shows progress, and updates the status regularly.
pub struct ProgressWithStatus<'a> {
    pub progress: &'a BuildProgress<'a>,
    pub status_writer: &'a StatusWriter,
}

impl Observer for ProgressWithStatus<'_> {
    fn planned(&self, documents: usize) {
        self.progress.planned(documents);
    }

    fn done(&self, line: &Line) {
        self.progress.done(line);
        if now().seconds_since(self.status_writer.last_update()).abs() >= HEARTBEAT {
            self.status_writer.update(|_| {});
        }
    }

    fn stop(&self) -> bool {
        self.progress.stop()
    }
}
