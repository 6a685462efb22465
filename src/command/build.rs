//! `build`: issues what is pending, once; with `--dry-run` shows what that would be.

mod dry_run;

use super::terminal::Show;
use super::workspace::Workspace;
use super::{Status, draw};
use crate::cli::{BuildArgs, Global};
use crate::intake::Memory;
use crate::pipeline::BuildError;
use crate::watch::WakeSignal;

/// Issues what is pending.
pub fn run(global: &Global, args: &BuildArgs) -> anyhow::Result<Status> {
    if args.dry_run {
        return dry_run::run(global, args);
    }
    let workspace = Workspace::open_isolated(global)?.on(args.confirm_date);
    let mut output = workspace.open_output()?;
    let signal = WakeSignal::default();
    let on_interrupt = signal.clone();
    ctrlc::set_handler(move || super::end(&on_interrupt))?;
    let show = Show::new(&workspace.locale, signal, global.quiet);
    let issued = workspace.issue(&mut Memory::default(), &mut output, &show);
    if let Err(BuildError::Unnumbered { report, .. }) = &issued {
        draw::print(&report.worth_saying(), &workspace.locale);
        show.close(report);
    }
    let report = issued?;
    draw::print(&report.worth_saying(), &workspace.locale);
    show.close(&report);
    Ok(if report.has_errors() || report.left > 0 { Status::Refused } else { Status::Well })
}
