//! `check`: look for mistakes, make nothing.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde::Serialize;

use super::terminal::line;
use super::workspace::Workspace;
use super::{Status, draw};
use crate::cli::{CheckArgs, CheckFormat, Global};
use crate::fs;
use crate::intake::{self, Intake, Memory};
use crate::model::{Problem, RecordSet, Severity};
use crate::pipeline::examine;

#[derive(Serialize)]
struct Answer {
    records: usize,
    errors: usize,
    warnings: usize,
    problems: Vec<draw::Worded>,
}

/// Looks at all records, or at some against all the others.
pub fn run(global: &Global, args: &CheckArgs) -> anyhow::Result<Status> {
    let workspace = Workspace::open(global)?;
    let settings = &workspace.settings;
    let all = if fs::stamp(&settings.records)?.is_some() || args.files.is_empty() {
        intake::scan(&settings.records, &mut Memory::default())?
    } else {
        Intake::default()
    };
    let (problems, records) = if args.files.is_empty() {
        let checked = examine(all, &workspace.design);
        (checked.problems, checked.set.len())
    } else {
        let problems = some(&args.files, all, &workspace);
        (problems, args.files.len())
    };
    let count = |severity| problems.iter().filter(|p: &&Problem| p.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    match args.format {
        CheckFormat::Text => {
            draw::print(&problems, &workspace.locale);
            if !global.quiet {
                let values = [records, errors, warnings].map(|number| number.to_string());
                let [records, errors, warnings] = values.each_ref().map(String::as_str);
                line(&workspace.locale.fill(
                    "ui.check_closing",
                    &[("records", records), ("errors", errors), ("warnings", warnings)],
                ));
            }
        }
        CheckFormat::Json => {
            let problems = problems.iter().map(|p| draw::word(p, &workspace.locale)).collect();
            line(&serde_json::to_string_pretty(&Answer { records, errors, warnings, problems })?);
        }
    }
    Ok(if errors > 0 { Status::Refused } else { Status::Well })
}

/// The problems of some files, each held against all other records.
fn some(files: &[PathBuf], all: Intake, workspace: &Workspace) -> Vec<Problem> {
    let own = intake::take_files(files);
    let names: BTreeSet<&PathBuf> = files.iter().collect();
    // a file named here stands for the same record in the folder
    let others = all.set.iter().filter(|source| own.set.source(source.record.id()).is_none());
    let sources: Vec<_> = others.chain(own.set.iter()).cloned().collect();
    let refused = all.set.refused().iter().chain(own.set.refused()).cloned().collect();
    let together =
        Intake { set: RecordSet::new(sources, refused), problems: own.problems, files: own.files };
    let mut problems = examine(together, &workspace.design).problems;
    problems.retain(|problem| names.contains(&problem.place.file));
    problems
}
