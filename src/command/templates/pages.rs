//! `templates pages`: how each page looks, as a digest to keep.

use crate::cli::Global;
use crate::command::terminal::line;
use crate::command::workspace::{Workspace, now};
use crate::command::{Status, draw};
use crate::model::{Problem, Severity};
use crate::pipeline::check_records;
use crate::template_tools::page_digests;

/// Prints document, page and digest, a line for each page.
pub fn run(global: &Global) -> anyhow::Result<Status> {
    let workspace = Workspace::open(global)?;
    let options = workspace.options();
    let intake = workspace.scan()?;
    let design = workspace.design.unnamed();
    let checked = check_records(intake, &design, workspace.settings.check_options(now().day()));
    let errors: Vec<Problem> =
        checked.problems.iter().filter(|p| p.severity == Severity::Error).cloned().collect();
    draw::print(&errors, &workspace.locale);
    let mut status = if errors.is_empty() { Status::Well } else { Status::Refused };
    for (document, digests) in page_digests(&checked, &design, options) {
        match digests {
            Ok(digests) => {
                for (index, digest) in digests.iter().enumerate() {
                    line(&format!("{document} {} {}", index + 1, &digest.as_str()[..16]));
                }
            }
            Err(problems) => {
                draw::print(&problems, &workspace.locale);
                status = Status::Refused;
            }
        }
    }
    Ok(status)
}
