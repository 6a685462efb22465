//! What `watch` says of itself in the output folder, for `kirjuri status`. It
//! holds up nothing: what cannot be written is logged, and the work goes on.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::command::terminal::{self, Show};
use crate::command::workspace::now;
use crate::locale::Locale;
use crate::model::problem::with_causes;
use crate::model::{Moment, Problem, Severity};
use crate::pipeline::{Line, Observer, Outcome, Report};
use crate::publish::{RoundSummary, StatusProblem, WaitingItem, WatchStatus};

/// Seconds between two signs of life while documents are made.
const PULSE: i64 = 10;
/// Most that is named of what is refused, and of what waits.
const NAMED: usize = 500;

/// Rules that a file breaks of which the end is not there yet.
const CUT: [&str; 2] = ["json-cut", "file-empty"];

/// Tells how the watcher is.
pub struct StatusWriter(Mutex<Told>);

struct Told {
    folder: PathBuf,
    state: WatchStatus,
    /// True once it could not be written, so that it is logged once.
    mute: bool,
}

impl StatusWriter {
    /// Begins to tell, in an output folder.
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
        Self(Mutex::new(Told { folder: folder.to_owned(), state, mute: false }))
    }

    /// Tells it in another folder from now on.
    pub fn move_to(&self, folder: &Path) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).folder = folder.to_owned();
    }

    /// Tells that the folders were looked at, and what is in the way.
    pub fn looked(&self, polls: bool, trouble: Option<String>) {
        self.tell(|state| {
            state.polls = polls;
            state.trouble = trouble;
        });
    }

    /// Tells what came of a round of work.
    pub fn ended(&self, report: &Report, restless: &BTreeSet<PathBuf>, locale: &Locale) {
        let count = |wanted: fn(&Outcome) -> bool| report.count(wanted);
        let errors = report.problems.iter().filter(|problem| problem.severity == Severity::Error);
        let refused: Vec<StatusProblem> = errors.map(|problem| refusal(problem, locale)).collect();
        let waiting: Vec<WaitingItem> = waiting(report, restless, locale);
        self.tell(|state| {
            state.last_round = Some(RoundSummary {
                when: state.last_look,
                records: report.records,
                issued: count(|done| matches!(done, Outcome::Issued { .. })),
                restored: count(|done| matches!(done, Outcome::Restored { .. })),
                unchanged: count(|done| matches!(done, Outcome::Unchanged { .. })),
                waiting: count(|done| matches!(done, Outcome::Withheld { .. })),
                refused: count(|done| matches!(done, Outcome::Refused)),
            });
            state.more_refused = refused.len().saturating_sub(NAMED);
            state.refused = refused;
            state.refused.truncate(NAMED);
            state.more_waiting = waiting.len().saturating_sub(NAMED);
            state.waiting = waiting;
            state.waiting.truncate(NAMED);
        });
    }

    fn tell(&self, change: impl FnOnce(&mut WatchStatus)) {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.state.last_look = now();
        change(&mut told.state);
        let written = told.state.write(&told.folder);
        if let Err(error) = &written
            && !told.mute
        {
            tracing::error!("the status cannot be written: {}", with_causes(error));
        }
        told.mute = written.is_err();
    }

    fn last_told(&self) -> Moment {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).state.last_look
    }
}

/// Files whose end is not there yet.
pub fn incomplete(report: &Report) -> BTreeSet<PathBuf> {
    let cut = report.problems.iter().filter(|problem| CUT.contains(&problem.rule));
    cut.map(|problem| problem.place.file.clone()).collect()
}

/// Most characters of a message in the status.
const MESSAGE: usize = 1000;

fn refusal(problem: &Problem, locale: &Locale) -> StatusProblem {
    StatusProblem {
        file: problem.place.file.display().to_string(),
        line: problem.line_column().map(|(line, _)| line),
        rule: problem.rule.to_owned(),
        message: locale.word(problem).message.chars().take(MESSAGE).collect(),
    }
}

fn waiting(report: &Report, restless: &BTreeSet<PathBuf>, locale: &Locale) -> Vec<WaitingItem> {
    let wait = |what: &Path, waits_for: String| WaitingItem {
        what: what.display().to_string(),
        waits_for,
    };
    let documents = report.lines.iter().filter_map(|line| match &line.outcome {
        Outcome::Withheld { waits_for, more } => {
            Some(wait(&line.path, terminal::waits(waits_for, *more)))
        }
        _ => None,
    });
    let cut = incomplete(report);
    let cut = cut.iter().map(|file| wait(file, locale.label("ui.status.whole")));
    let restless = restless.iter().map(|file| wait(file, locale.label("ui.status.rest")));
    documents.chain(cut).chain(restless).collect()
}

/// Shows the work, and gives a sign of life now and then.
pub struct Pulse<'a> {
    pub show: &'a Show<'a>,
    pub status_writer: &'a StatusWriter,
}

impl Observer for Pulse<'_> {
    fn planned(&self, documents: usize) {
        self.show.planned(documents);
    }

    fn done(&self, line: &Line) {
        self.show.done(line);
        if now().seconds_since(self.status_writer.last_told()).abs() >= PULSE {
            self.status_writer.tell(|_| {});
        }
    }

    fn stop(&self) -> bool {
        self.show.stop()
    }
}
