//! `watch`: issue what is pending, wait for a change, and again. It can be
//! stopped and started at any point: everything is computed from the files.

use std::path::PathBuf;
use std::time::Duration;

use super::terminal::{Show, line};
use super::workspace::{self, Workspace};
use super::{Status, draw};
use crate::bundle::Bundle;
use crate::cli::{Global, WatchArgs};
use crate::config;
use crate::fs;
use crate::intake::{self, Memory};
use crate::model::Problem;
use crate::pipeline::{PipelineError, Report};
use crate::publish::Output;
use crate::watch::{Bell, Scope, Wake, Watcher};

/// Pause before a lost folder is looked for again.
const AGAIN: Duration = Duration::from_secs(2);

/// Issues and waits until somebody asks to stop.
pub fn run(global: &Global, args: &WatchArgs) -> anyhow::Result<Status> {
    let bell = Bell::default();
    let ringer = bell.clone();
    ctrlc::set_handler(move || super::end(&ringer))?;
    let workspace = Workspace::open_guarded(global)?;
    let output = workspace.open_output()?;
    let mut desk = Desk {
        global,
        args,
        bell,
        workspace,
        output,
        memory: Memory::default(),
        said: Vec::new(),
        failure: None,
        announced: None,
    };
    while desk.session()? {}
    line(&desk.workspace.locale.label("ui.stopped"));
    Ok(Status::Well)
}

/// Where the watcher sits.
struct Desk<'a> {
    global: &'a Global,
    args: &'a WatchArgs,
    bell: Bell,
    workspace: Workspace,
    output: Output,
    memory: Memory,
    /// Problems that were shown last time, so that each is said once.
    said: Vec<Problem>,
    /// What went wrong last, so that it is said once.
    failure: Option<String>,
    /// How it was last said that the folder is watched: by polling or not.
    announced: Option<bool>,
}

impl Desk<'_> {
    /// Works with one watcher for as long as its folders are there; false when
    /// it is time to stop.
    fn session(&mut self) -> anyhow::Result<bool> {
        let watcher = Watcher::new(self.scope(), self.bell.clone());
        self.announce(watcher.polls());
        loop {
            let mut look = match watcher.look() {
                Ok(look) => look,
                Err(lost) => return Ok(self.wait_for_folder(&watcher, &lost)),
            };
            // what changed after this look shows in the next one
            if self.renew() {
                return Ok(true);
            }
            match self.issue() {
                Ok(there) => look.require(there),
                Err(error) => {
                    let error = anyhow::Error::from(error);
                    if self.failure.as_ref() != Some(&error.to_string()) {
                        super::report_failure(&error);
                        self.failure = Some(error.to_string());
                    }
                    if !self.bell.rest(AGAIN) {
                        return Ok(false);
                    }
                    continue;
                }
            }
            match watcher.wait(&look) {
                Wake::Stop => return Ok(false),
                Wake::Lost(lost) => return Ok(self.wait_for_folder(&watcher, &lost)),
                // look at everything anew, in case a change left no trace
                Wake::Heartbeat => self.memory = Memory::default(),
                Wake::Changed => {
                    if watcher.outgrown() {
                        return Ok(true);
                    }
                }
            }
        }
    }

    fn scope(&self) -> Scope {
        let settings = &self.workspace.settings;
        let file = settings.file.clone().unwrap_or_else(|| config::FILE.into());
        Scope {
            folders: vec![
                (settings.records.clone(), intake::is_record_file),
                (settings.templates.clone(), |_| true),
            ],
            files: vec![file],
            losses: Some((self.output.folder().to_owned(), |path| {
                path.extension().is_some_and(|e| e == "pdf")
            })),
            poll: (self.args.poll || settings.poll).then_some(settings.interval),
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
    fn issue(&mut self) -> Result<Vec<PathBuf>, PipelineError> {
        let workspace = &self.workspace;
        let show = Show::new(&workspace.locale, self.bell.clone(), self.global.quiet);
        let report = workspace.issue(&mut self.memory, &mut self.output, &show)?;
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
                if let Some(output) = output {
                    self.output = output;
                }
                self.failure = None;
                line(&self.workspace.locale.label("ui.settings_changed"));
                true
            }
            Err(error) => {
                let failure = format!("{error:#}");
                if self.failure.as_ref() != Some(&failure) {
                    super::report_failure(&error);
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
        let new = Workspace::open_guarded(self.global)?;
        new.settings.check_folders()?;
        let folder = fs::future_path(&new.settings.output)?;
        let moved = fs::real_path(&old.settings.output).ok() != Some(folder);
        let output = moved.then(|| new.open_output()).transpose()?;
        Ok(Some((new, output)))
    }

    /// Waits until a lost folder is back; false when it is time to stop.
    fn wait_for_folder(&mut self, watcher: &Watcher, lost: &fs::FsError) -> bool {
        let locale = self.workspace.locale.clone();
        let folder = self.workspace.settings.records.display().to_string();
        let cause = lost.source.to_string();
        line(&locale.fill("ui.folder_lost", &[("folder", &folder), ("cause", &cause)]));
        while self.bell.rest(AGAIN) {
            if self.renew() {
                return true;
            }
            if watcher.look().is_ok() {
                line(&locale.fill("ui.folder_back", &[("folder", &folder)]));
                return true;
            }
        }
        false
    }
}

/// True when a round of work has something to say.
fn is_news(report: &Report, said: &[Problem]) -> bool {
    use crate::pipeline::Outcome;
    let issued = report
        .count(|outcome| matches!(outcome, Outcome::Issued { .. } | Outcome::Restored { .. }));
    issued > 0 || !report.orphans.is_empty() || report.problems != said
}
