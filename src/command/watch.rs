//! `watch`: issue what is pending, wait for a change, and again. It can be
//! stopped and started at any point: everything is computed from the files.

use std::time::Duration;

use super::terminal::{Show, line};
use super::workspace::Workspace;
use super::{Status, draw};
use crate::bundle::Bundle;
use crate::cli::{Global, WatchArgs};
use crate::config;
use crate::intake::{self, Memory};
use crate::model::Problem;
use crate::pipeline::{PipelineError, Report, issue_pending};
use crate::publish::Output;
use crate::watch::{Bell, Scope, Wake, Watcher};

/// Pause before a lost folder is looked for again.
const AGAIN: Duration = Duration::from_secs(2);

/// Issues and waits until somebody asks to stop.
pub fn run(global: &Global, args: &WatchArgs) -> anyhow::Result<Status> {
    let bell = Bell::default();
    let ringer = bell.clone();
    ctrlc::set_handler(move || ringer.stop())?;
    let workspace = Workspace::open(global)?;
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
    };
    desk.announce();
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
    /// Why the latest settings or templates could not be taken into use.
    failure: Option<String>,
}

impl Desk<'_> {
    /// Works with one watcher for as long as its folders are there; false when
    /// it is time to stop.
    fn session(&mut self) -> anyhow::Result<bool> {
        let watcher = Watcher::new(self.scope(), self.bell.clone());
        loop {
            let mut look = match watcher.look() {
                Ok(look) => look,
                Err(lost) => return Ok(self.wait_for_folder(&watcher, &lost)),
            };
            if let Err(error) = self.issue() {
                tracing::error!("{error}");
                line(&format!("{error:#}"));
                if !watcher.pause(AGAIN) {
                    return Ok(false);
                }
                continue;
            }
            if let Err(lost) = watcher.see_outputs(&mut look) {
                return Ok(self.wait_for_folder(&watcher, &lost));
            }
            match watcher.wait(&look) {
                Wake::Stop => return Ok(false),
                Wake::Lost(lost) => return Ok(self.wait_for_folder(&watcher, &lost)),
                Wake::Heartbeat => {}
                Wake::Changed => {
                    if self.renew()? || watcher.outgrown() {
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
            losses: Some((settings.output.clone(), |path| {
                path.extension().is_some_and(|e| e == "pdf")
            })),
            poll: (self.args.poll || settings.poll).then_some(settings.interval),
        }
    }

    fn announce(&self) {
        if self.global.quiet {
            return;
        }
        let settings = &self.workspace.settings;
        let key = if self.args.poll || settings.poll { "ui.polling" } else { "ui.watching" };
        let folder = settings.records.display().to_string();
        line(&self.workspace.locale.fill(key, &[("folder", &folder)]));
    }

    fn issue(&mut self) -> Result<(), PipelineError> {
        let workspace = &self.workspace;
        let show = Show::new(&workspace.locale, self.bell.clone(), self.global.quiet);
        let report = issue_pending(
            &workspace.settings.records,
            &mut self.memory,
            &workspace.design,
            &mut self.output,
            workspace.options(),
            &show,
        )?;
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
        Ok(())
    }

    /// Takes new templates and settings into use; true when the folders to
    /// watch are others than before. Broken ones are reported and the old ones
    /// stay.
    fn renew(&mut self) -> anyhow::Result<bool> {
        let settings = &self.workspace.settings;
        let changed = match (config::resolve(&self.overrides()), Bundle::load(&settings.templates))
        {
            (Ok(new), Ok(bundle)) => {
                new != *settings || bundle.digest() != self.workspace.design.bundle.digest()
            }
            _ => true,
        };
        if !changed {
            return Ok(false);
        }
        match Workspace::open(self.global) {
            Ok(workspace) => {
                let before = std::mem::replace(&mut self.workspace, workspace);
                self.failure = None;
                line(&self.workspace.locale.label("ui.settings_changed"));
                let (old, new) = (&before.settings, &self.workspace.settings);
                if old.output != new.output {
                    self.output = self.workspace.open_output()?;
                }
                Ok(old != new)
            }
            Err(error) => {
                let failure = format!("{error:#}");
                if self.failure.as_ref() != Some(&failure) {
                    super::report_failure(&error);
                    line(&self.workspace.locale.label("ui.settings_broken"));
                    self.failure = Some(failure);
                }
                Ok(false)
            }
        }
    }

    fn overrides(&self) -> config::Overrides {
        super::workspace::overrides(self.global)
    }

    /// Waits until a lost folder is back; false when it is time to stop.
    fn wait_for_folder(&self, watcher: &Watcher, lost: &crate::fs::FsError) -> bool {
        let locale = &self.workspace.locale;
        let folder = self.workspace.settings.records.display().to_string();
        let cause = lost.source.to_string();
        line(&locale.fill("ui.folder_lost", &[("folder", &folder), ("cause", &cause)]));
        while watcher.pause(AGAIN) {
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
    let issued = report.count(|outcome| matches!(outcome, Outcome::Issued { .. }));
    issued > 0 || !report.orphans.is_empty() || report.problems != said
}
