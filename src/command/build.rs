//! `kirjuri build`: builds new and changed documents once; `--dry-run` prints the plan.

mod dry_run;

use super::terminal::BuildProgress;
use super::workspace::Workspace;
use super::{ExitStatus, problem_output};
use crate::cli::{BuildArgs, Global};
use crate::intake::Memory;
use crate::pipeline::BuildError;
use crate::watch::WakeSignal;

/// Runs one build, or prints its plan.
pub fn run(global: &Global, args: &BuildArgs) -> anyhow::Result<ExitStatus> {
    if args.dry_run {
        return dry_run::run(global, args);
    }
    let workspace = Workspace::open_isolated(global)?.on(args.confirm_date);
    let mut output = workspace.open_output()?;
    let signal = WakeSignal::default();
    let on_interrupt = signal.clone();
    ctrlc::set_handler(move || super::stop_or_exit(&on_interrupt))?;
    let progress = BuildProgress::new(&workspace.locale, signal, global.quiet);
    let result = workspace.issue(&mut Memory::default(), &mut output, &progress);
    if let Err(BuildError::Unnumbered { report, .. }) = &result {
        problem_output::print(&report.worth_saying(), &workspace.locale);
        progress.close(report);
    }
    let report = result?;
    problem_output::print(&report.worth_saying(), &workspace.locale);
    progress.close(&report);
    Ok(if report.has_errors() || report.left > 0 {
        ExitStatus::Refused
    } else {
        ExitStatus::Success
    })
}
