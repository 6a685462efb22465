//! `kirjuri templates`: tests templates before they are used.

mod check;
mod diff;
mod pages;

use super::ExitStatus;
use crate::cli::{Global, TemplatesCommand};

/// Runs one of the subcommands.
pub fn run(global: &Global, command: &TemplatesCommand) -> anyhow::Result<ExitStatus> {
    match command {
        TemplatesCommand::Check(args) => check::run(global, args),
        TemplatesCommand::Diff(args) => diff::run(global, args),
        TemplatesCommand::Pages => pages::run(global),
    }
}
