//! `kirjuri templates pages`: prints a digest of the appearance of each page.

use crate::cli::Global;
use crate::command::terminal::print_line;
use crate::command::workspace::{Workspace, now};
use crate::command::{ExitStatus, problem_output};
use crate::model::{Problem, Severity};
use crate::pipeline::check_records;
use crate::template_tools::page_digests;

/// Prints one line for each page: document, page, digest.
pub fn run(global: &Global) -> anyhow::Result<ExitStatus> {
    let workspace = Workspace::open(global)?;
    let options = workspace.options();
    let intake = workspace.scan()?;
    let design = workspace.design.unnamed();
    let checked = check_records(intake, &design, workspace.settings.check_options(now().day()));
    let errors: Vec<Problem> =
        checked.problems.iter().filter(|p| p.severity == Severity::Error).cloned().collect();
    problem_output::print(&errors, &workspace.locale);
    let mut status = if errors.is_empty() { ExitStatus::Success } else { ExitStatus::Refused };
    for (document, digests) in page_digests(&checked, &design, options) {
        match digests {
            Ok(digests) => {
                for (index, digest) in digests.iter().enumerate() {
                    print_line(&format!("{document} {} {}", index + 1, &digest.as_str()[..16]));
                }
            }
            Err(problems) => {
                problem_output::print(&problems, &workspace.locale);
                status = ExitStatus::Refused;
            }
        }
    }
    Ok(status)
}
