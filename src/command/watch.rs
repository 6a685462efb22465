//! `kirjuri watch`: builds, waits for a change, and builds again. It can be stopped and
//! restarted at any point: all state is computed from the files.

mod status_writer;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use super::terminal::{BuildProgress, print_line};
use super::workspace::{self, Workspace};
use super::{ExitStatus, problem_output};
use crate::bundle::Bundle;
use crate::cli::{Global, WatchArgs};
use crate::config;
use crate::fs::{self, FileIdentity, FsError};
use crate::intake::{self, Memory};
use crate::model::Problem;
use crate::pipeline::{BuildError, Report};
use crate::publish::Output;
use crate::watch::{Snapshot, Wake, WakeSignal, WatchScope, Watcher};
use status_writer::{ProgressWithStatus, StatusWriter};

/// First pause before a failed build is retried; each further one is twice as long, up to
/// the maximum.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(16);

/// Builds and waits until it is interrupted.
pub fn run(global: &Global, args: &WatchArgs) -> anyhow::Result<ExitStatus> {
    let signal = WakeSignal::default();
    let on_interrupt = signal.clone();
    ctrlc::set_handler(move || super::stop_or_exit(&on_interrupt))?;
    let workspace = Workspace::open_isolated(global)?;
    let output = workspace.open_output()?;
    let status_writer = StatusWriter::new(output.folder());
    let output_identity = fs::identity(output.folder());
    let mut watch_loop = WatchLoop {
        global,
        args,
        signal,
        workspace,
        output,
        memory: Memory::default(),
        reported: Vec::new(),
        incomplete: BTreeSet::new(),
        unstable: BTreeSet::new(),
        failure: None,
        stuck: None,
        announced: None,
        pause: FIRST_PAUSE,
        status_writer,
        disk: None,
        output_identity,
    };
    while watch_loop.session()? {}
    print_line(&watch_loop.workspace.locale.label("ui.stopped"));
    Ok(ExitStatus::Success)
}

/// State of the watch loop.
struct WatchLoop<'a> {
    global: &'a Global,
    args: &'a WatchArgs,
    signal: WakeSignal,
    workspace: Workspace,
    output: Output,
    memory: Memory,
    /// Problems printed for the last build, so that each is printed once.
    reported: Vec<Problem>,
    /// Incomplete files, so that each is reported once.
    incomplete: BTreeSet<PathBuf>,
    /// Files that were still changing, for the same reason.
    unstable: BTreeSet<PathBuf>,
    /// The error in the new settings or templates, so that it is printed once.
    failure: Option<String>,
    /// Why the last build failed, for the same reason.
    stuck: Option<String>,
    /// Whether polling was announced last.
    announced: Option<bool>,
    /// Pause before the next retry.
    pause: Duration,
    status_writer: StatusWriter,
    /// Device of the records folder when it last contained records.
    disk: Option<u64>,
    /// Identity of the folder that `output` has locked.
    output_identity: Option<FileIdentity>,
}

impl WatchLoop<'_> {
    /// Runs with one watcher while its folders exist; false when it is time to stop.
    fn session(&mut self) -> anyhow::Result<bool> {
        let watcher = Watcher::new(self.scope(), self.signal.clone());
        self.announce(watcher.polls());
        loop {
            let mut look = match watcher.snapshot() {
                Ok(look) if self.is_unmounted(&look) => {
                    return Ok(self.wait_for_folder(&watcher, None));
                }
                Ok(look) => look,
                Err(lost) => return Ok(self.wait_for_folder(&watcher, Some(lost))),
            };
            // a change after this snapshot shows in the next one
            if self.reload() {
                return Ok(true);
            }
            self.status_writer.scanned(watcher.polls(), self.obstacle());
            match self.reopen_output_if_replaced().and_then(|()| Ok(self.issue()?)) {
                Ok(there) => {
                    look.require(there);
                    self.pause = FIRST_PAUSE;
                    if self.stuck.take().is_some() {
                        self.status_writer.scanned(watcher.polls(), self.obstacle());
                    }
                }
                Err(error) => {
                    let stuck = format!("{error:#}");
                    if self.stuck.as_ref() != Some(&stuck) {
                        super::report_failure(&error, Some(&self.workspace.locale));
                        self.stuck = Some(stuck);
                    }
                    self.status_writer.scanned(watcher.polls(), self.obstacle());
                    if !self.pause() {
                        return Ok(false);
                    }
                    continue;
                }
            }
            match watcher.wait(&look) {
                Wake::Stop => return Ok(false),
                Wake::Lost(lost) => return Ok(self.wait_for_folder(&watcher, Some(lost))),
                Wake::Heartbeat => {
                    // read everything again, in case a change was not detected
                    self.memory = Memory::default();
                    self.unstable.clear();
                    if watcher.falls_back_to_polling() {
                        return Ok(true);
                    }
                }
                Wake::Changed(unstable) => {
                    self.print_for_each("ui.restless_line", unstable.difference(&self.unstable));
                    self.unstable = unstable;
                    if watcher.paths_replaced() {
                        // another folder may hold other files with the same metadata
                        self.memory = Memory::default();
                        return Ok(true);
                    }
                }
            }
        }
    }

    /// What blocks the watcher, if anything.
    fn obstacle(&self) -> Option<String> {
        self.stuck.clone().or_else(|| self.failure.clone())
    }

    /// Waits before a retry, longer each time; false when it is time to stop.
    fn pause(&mut self) -> bool {
        let pause = self.pause;
        self.pause = (pause * 2).min(LONGEST_PAUSE);
        self.signal.rest(pause)
    }

    /// True when no records are left and the folder is on another device than before: its
    /// disk was unmounted, and no record was deleted.
    fn is_unmounted(&mut self, look: &Snapshot) -> bool {
        let records = &self.workspace.settings.records;
        let disk = fs::identity(records).map(|place| place.device);
        if look.holds_any_of(records) {
            self.disk = disk;
        }
        self.disk.is_some() && disk != self.disk
    }

    /// Reopens the output folder when another folder has replaced it: lock and ledger
    /// belong to the old one.
    fn reopen_output_if_replaced(&mut self) -> anyhow::Result<()> {
        let output_identity = fs::identity(self.output.folder());
        if output_identity.is_none() || output_identity != self.output_identity {
            self.output = self.workspace.open_output()?;
            self.output_identity = fs::identity(self.output.folder());
        }
        self.workspace.refuse_links()
    }

    /// Prints a message for each file.
    fn print_for_each<'f>(&self, key: &str, files: impl Iterator<Item = &'f PathBuf>) {
        for file in files.filter(|_| !self.global.quiet) {
            let file = file.display().to_string();
            print_line(&self.workspace.locale.fill(key, &[("file", &file)]));
        }
    }

    fn scope(&self) -> WatchScope {
        let settings = &self.workspace.settings;
        let file = settings.file.clone().unwrap_or_else(|| config::FILE.into());
        WatchScope {
            folders: vec![
                (settings.records.clone(), intake::is_scanned),
                (settings.templates.clone(), |_| true),
            ],
            files: vec![file],
            removals: Some((self.output.folder().to_owned(), |path| {
                path.extension().is_some_and(|e| e == "pdf")
            })),
            poll: self.args.poll || settings.poll,
            interval: settings.interval,
        }
    }

    fn announce(&mut self, polls: bool) {
        if self.global.quiet || self.announced == Some(polls) {
            return;
        }
        self.announced = Some(polls);
        let key = if polls { "ui.polling" } else { "ui.watching" };
        let folder = self.workspace.settings.records.display().to_string();
        print_line(&self.workspace.locale.fill(key, &[("folder", &folder)]));
    }

    /// Runs a build; returns the documents that are in place.
    fn issue(&mut self) -> Result<Vec<PathBuf>, BuildError> {
        let workspace = &self.workspace;
        let progress =
            BuildProgress::new(&workspace.locale, self.signal.clone(), self.global.quiet);
        let pulse = ProgressWithStatus { progress: &progress, status_writer: &self.status_writer };
        let report = workspace.issue(&mut self.memory, &mut self.output, &pulse)?;
        let new: Vec<Problem> = report
            .worth_saying()
            .iter()
            .filter(|problem| !self.reported.contains(problem))
            .cloned()
            .collect();
        problem_output::print(&new, &workspace.locale);
        if has_news(&report, &self.reported) {
            progress.close(&report);
        }
        let incomplete = status_writer::incomplete(&report);
        self.print_for_each("ui.incomplete_line", incomplete.difference(&self.incomplete));
        self.incomplete = incomplete;
        self.status_writer.build_ended(&report, &self.unstable, &self.workspace.locale);
        self.reported = report.problems;
        let there = report.lines.into_iter().filter(|line| line.outcome.is_well());
        Ok(there.map(|line| line.path).collect())
    }

    /// Loads new templates and settings; true when they changed. Errors are reported
    /// once, and the old ones stay in use.
    fn reload(&mut self) -> bool {
        match self.reloaded() {
            Ok(None) => {
                self.failure = None;
                false
            }
            Ok(Some((workspace, output))) => {
                self.workspace = workspace;
                // the records folder may be another one now
                self.disk = None;
                if let Some(output) = output {
                    self.status_writer.move_to(output.folder());
                    self.output_identity = fs::identity(output.folder());
                    self.output = output;
                }
                self.failure = None;
                print_line(&self.workspace.locale.label("ui.settings_changed"));
                true
            }
            Err(error) => {
                let failure = format!("{error:#}");
                if self.failure.as_ref() != Some(&failure) {
                    super::report_failure(&error, Some(&self.workspace.locale));
                    print_line(&self.workspace.locale.label("ui.settings_broken"));
                    self.failure = Some(failure);
                }
                false
            }
        }
    }

    /// The workspace as its files are now, and its output folder when that moved; `None`
    /// when nothing changed.
    fn reloaded(&self) -> anyhow::Result<Option<(Workspace, Option<Output>)>> {
        let old = &self.workspace;
        let settings = config::resolve(&workspace::overrides(self.global))?;
        let bundle = Bundle::load(&settings.templates)?;
        if settings == old.settings && bundle.digest() == old.design.bundle.digest() {
            return Ok(None);
        }
        let new = Workspace::open_isolated(self.global)?;
        new.settings.check_folders()?;
        let folder = fs::resolve_path(&new.settings.output)?;
        let moved = fs::real_path(&old.settings.output).ok() != Some(folder);
        let output = moved.then(|| new.open_output()).transpose()?;
        Ok(Some((new, output)))
    }

    /// Waits until a folder that cannot be listed, or whose disk was unmounted, is
    /// available again; false when it is time to stop.
    fn wait_for_folder(&mut self, watcher: &Watcher, mut lost: Option<FsError>) -> bool {
        let locale = self.workspace.locale.clone();
        let mut printed = None;
        loop {
            let records = &self.workspace.settings.records;
            let folder = lost.as_ref().map_or(records, |lost| &lost.path).display().to_string();
            let cause = match &lost {
                Some(lost) => locale.system(&lost.source),
                None => locale.label("ui.folder_emptied"),
            };
            let message = locale.fill("ui.folder_lost", &[("folder", &folder), ("cause", &cause)]);
            if printed.as_ref() != Some(&message) {
                print_line(&message);
            }
            self.status_writer.scanned(watcher.polls(), Some(message.clone()));
            printed = Some(message);
            if !self.pause() {
                return false;
            }
            let back = match watcher.snapshot() {
                Ok(look) => {
                    lost = None;
                    !self.is_unmounted(&look)
                }
                Err(failure) => {
                    lost = Some(failure);
                    false
                }
            };
            if back {
                print_line(&locale.fill("ui.folder_back", &[("folder", &folder)]));
            }
            if back || self.reload() {
                self.pause = FIRST_PAUSE;
                // other files may have the same metadata
                self.memory = Memory::default();
                return true;
            }
        }
    }
}

/// True when a build has results to print.
fn has_news(report: &Report, reported: &[Problem]) -> bool {
    use crate::pipeline::Outcome;
    let issued = report
        .count(|outcome| matches!(outcome, Outcome::Issued { .. } | Outcome::Restored { .. }));
    issued > 0 || !report.orphans.is_empty() || report.problems != reported
}
