//! `watch`: issue what is pending, wait for a change, and again. It can be
//! stopped and started at any point: everything is computed from the files.

mod status_writer;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use super::terminal::{Show, line};
use super::workspace::{self, Workspace};
use super::{Status, draw};
use crate::bundle::Bundle;
use crate::cli::{Global, WatchArgs};
use crate::config;
use crate::fs::{self, FileIdentity, FsError};
use crate::intake::{self, Memory};
use crate::model::Problem;
use crate::pipeline::{BuildError, Report};
use crate::publish::Output;
use crate::watch::{Snapshot, Wake, WakeSignal, WatchScope, Watcher};
use status_writer::{Pulse, StatusWriter};

/// First pause before what failed is tried again; each further one is twice as
/// long, up to the longest.
const AGAIN: Duration = Duration::from_secs(2);
const LONGEST: Duration = Duration::from_secs(16);

/// Issues and waits until somebody asks to stop.
pub fn run(global: &Global, args: &WatchArgs) -> anyhow::Result<Status> {
    let signal = WakeSignal::default();
    let on_interrupt = signal.clone();
    ctrlc::set_handler(move || super::end(&on_interrupt))?;
    let workspace = Workspace::open_isolated(global)?;
    let output = workspace.open_output()?;
    let status_writer = StatusWriter::new(output.folder());
    let output_identity = fs::identity(output.folder());
    let mut desk = Desk {
        global,
        args,
        signal,
        workspace,
        output,
        memory: Memory::default(),
        said: Vec::new(),
        incomplete: BTreeSet::new(),
        restless: BTreeSet::new(),
        failure: None,
        stuck: None,
        announced: None,
        pause: AGAIN,
        status_writer,
        disk: None,
        output_identity,
    };
    while desk.session()? {}
    line(&desk.workspace.locale.label("ui.stopped"));
    Ok(Status::Well)
}

/// Where the watcher sits.
struct Desk<'a> {
    global: &'a Global,
    args: &'a WatchArgs,
    signal: WakeSignal,
    workspace: Workspace,
    output: Output,
    memory: Memory,
    /// Problems that were shown last time, so that each is said once.
    said: Vec<Problem>,
    /// Files whose end is not there yet, so that each is said once.
    incomplete: BTreeSet<PathBuf>,
    /// Files that were not at rest, likewise.
    restless: BTreeSet<PathBuf>,
    /// What is wrong with the new settings or templates, so that it is said once.
    failure: Option<String>,
    /// Why the last round of work came to nothing, likewise.
    stuck: Option<String>,
    /// How it was last said that the folder is watched: by polling or not.
    announced: Option<bool>,
    /// Pause before what fails next is tried again.
    pause: Duration,
    status_writer: StatusWriter,
    /// The disk on which the records were last seen.
    disk: Option<u64>,
    /// Which folder `output` holds.
    output_identity: Option<FileIdentity>,
}

impl Desk<'_> {
    /// Works with one watcher for as long as its folders are there; false when
    /// it is time to stop.
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
            // what changed after this look shows in the next one
            if self.renew() {
                return Ok(true);
            }
            self.status_writer.looked(watcher.polls(), self.trouble());
            match self.hold_output().and_then(|()| Ok(self.issue()?)) {
                Ok(there) => {
                    look.require(there);
                    self.pause = AGAIN;
                    if self.stuck.take().is_some() {
                        self.status_writer.looked(watcher.polls(), self.trouble());
                    }
                }
                Err(error) => {
                    let stuck = format!("{error:#}");
                    if self.stuck.as_ref() != Some(&stuck) {
                        super::report_failure(&error, Some(&self.workspace.locale));
                        self.stuck = Some(stuck);
                    }
                    self.status_writer.looked(watcher.polls(), self.trouble());
                    if !self.rest() {
                        return Ok(false);
                    }
                    continue;
                }
            }
            match watcher.wait(&look) {
                Wake::Stop => return Ok(false),
                Wake::Lost(lost) => return Ok(self.wait_for_folder(&watcher, Some(lost))),
                Wake::Heartbeat => {
                    // look at everything anew, in case a change left no trace
                    self.memory = Memory::default();
                    self.restless.clear();
                    if watcher.falls_back_to_polling() {
                        return Ok(true);
                    }
                }
                Wake::Changed(restless) => {
                    self.tell("ui.restless_line", restless.difference(&self.restless));
                    self.restless = restless;
                    if watcher.paths_replaced() {
                        // another folder may hold other files in the same state
                        self.memory = Memory::default();
                        return Ok(true);
                    }
                }
            }
        }
    }

    /// What is in the way, if anything is.
    fn trouble(&self) -> Option<String> {
        self.stuck.clone().or_else(|| self.failure.clone())
    }

    /// Waits before something is tried again, longer each time; false when it
    /// is time to stop.
    fn rest(&mut self) -> bool {
        let pause = self.pause;
        self.pause = (pause * 2).min(LONGEST);
        self.signal.rest(pause)
    }

    /// True when there are no records any more and the folder is on another disk
    /// than they were: its own disk is not mounted, and no record was deleted.
    fn is_unmounted(&mut self, look: &Snapshot) -> bool {
        let records = &self.workspace.settings.records;
        let disk = fs::identity(records).map(|place| place.device);
        if look.holds_any_of(records) {
            self.disk = disk;
        }
        self.disk.is_some() && disk != self.disk
    }

    /// Takes hold of the output folder again when another stands at its path: the
    /// lock and the ledger are those of the old one.
    fn hold_output(&mut self) -> anyhow::Result<()> {
        let output_identity = fs::identity(self.output.folder());
        if output_identity.is_none() || output_identity != self.output_identity {
            self.output = self.workspace.open_output()?;
            self.output_identity = fs::identity(self.output.folder());
        }
        self.workspace.refuse_links()
    }

    /// Says one thing of each file.
    fn tell<'f>(&self, key: &str, files: impl Iterator<Item = &'f PathBuf>) {
        for file in files.filter(|_| !self.global.quiet) {
            let file = file.display().to_string();
            line(&self.workspace.locale.fill(key, &[("file", &file)]));
        }
    }

    fn scope(&self) -> WatchScope {
        let settings = &self.workspace.settings;
        let file = settings.file.clone().unwrap_or_else(|| config::FILE.into());
        WatchScope {
            folders: vec![
                (settings.records.clone(), intake::is_looked_at),
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
        line(&self.workspace.locale.fill(key, &[("folder", &folder)]));
    }

    /// Issues what is pending; the documents that are in place now.
    fn issue(&mut self) -> Result<Vec<PathBuf>, BuildError> {
        let workspace = &self.workspace;
        let show = Show::new(&workspace.locale, self.signal.clone(), self.global.quiet);
        let pulse = Pulse { show: &show, status_writer: &self.status_writer };
        let report = workspace.issue(&mut self.memory, &mut self.output, &pulse)?;
        let news: Vec<Problem> = report
            .worth_saying()
            .iter()
            .filter(|problem| !self.said.contains(problem))
            .cloned()
            .collect();
        draw::print(&news, &workspace.locale);
        if is_news(&report, &self.said) {
            show.close(&report);
        }
        let incomplete = status_writer::incomplete(&report);
        self.tell("ui.incomplete_line", incomplete.difference(&self.incomplete));
        self.incomplete = incomplete;
        self.status_writer.ended(&report, &self.restless, &self.workspace.locale);
        self.said = report.problems;
        let there = report.lines.into_iter().filter(|line| line.outcome.is_well());
        Ok(there.map(|line| line.path).collect())
    }

    /// Takes new templates and settings into use; true when it did. Broken ones
    /// are reported once, and the old ones stay.
    fn renew(&mut self) -> bool {
        match self.renewed() {
            Ok(None) => {
                self.failure = None;
                false
            }
            Ok(Some((workspace, output))) => {
                self.workspace = workspace;
                // the records may be meant to be elsewhere now
                self.disk = None;
                if let Some(output) = output {
                    self.status_writer.move_to(output.folder());
                    self.output_identity = fs::identity(output.folder());
                    self.output = output;
                }
                self.failure = None;
                line(&self.workspace.locale.label("ui.settings_changed"));
                true
            }
            Err(error) => {
                let failure = format!("{error:#}");
                if self.failure.as_ref() != Some(&failure) {
                    super::report_failure(&error, Some(&self.workspace.locale));
                    line(&self.workspace.locale.label("ui.settings_broken"));
                    self.failure = Some(failure);
                }
                false
            }
        }
    }

    /// The workspace as its files are now, and its output folder when that is
    /// another; nothing when all is as it was.
    fn renewed(&self) -> anyhow::Result<Option<(Workspace, Option<Output>)>> {
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

    /// Waits until a folder that cannot be listed, or that lost its disk, is back;
    /// false when it is time to stop.
    fn wait_for_folder(&mut self, watcher: &Watcher, mut lost: Option<FsError>) -> bool {
        let locale = self.workspace.locale.clone();
        let mut said = None;
        loop {
            let records = &self.workspace.settings.records;
            let folder = lost.as_ref().map_or(records, |lost| &lost.path).display().to_string();
            let cause = match &lost {
                Some(lost) => locale.system(&lost.source),
                None => locale.label("ui.folder_emptied"),
            };
            let alarm = locale.fill("ui.folder_lost", &[("folder", &folder), ("cause", &cause)]);
            if said.as_ref() != Some(&alarm) {
                line(&alarm);
            }
            self.status_writer.looked(watcher.polls(), Some(alarm.clone()));
            said = Some(alarm);
            if !self.rest() {
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
                line(&locale.fill("ui.folder_back", &[("folder", &folder)]));
            }
            if back || self.renew() {
                self.pause = AGAIN;
                // what is there now may be in the same state and yet another file
                self.memory = Memory::default();
                return true;
            }
        }
    }
}

/// True when a round of work has something to say.
fn is_news(report: &Report, said: &[Problem]) -> bool {
    use crate::pipeline::Outcome;
    let issued = report
        .count(|outcome| matches!(outcome, Outcome::Issued { .. } | Outcome::Restored { .. }));
    issued > 0 || !report.orphans.is_empty() || report.problems != said
}
