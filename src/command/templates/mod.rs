//! `templates`: tries templates out before they are taken into use.

mod check;
mod diff;
mod pages;

use super::Status;
use crate::cli::{Global, TemplatesCommand};

/// Runs one of the subcommands.
pub fn run(global: &Global, command: &TemplatesCommand) -> anyhow::Result<Status> {
    match command {
        TemplatesCommand::Check(args) => check::run(global, args),
        TemplatesCommand::Diff(args) => diff::run(global, args),
        TemplatesCommand::Pages => pages::run(global),
    }
}
