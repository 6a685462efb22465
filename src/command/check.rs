//! `check`: look for mistakes, make nothing.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::anyhow;
use serde::Serialize;

use super::terminal::{answer, line};
use super::workspace::Workspace;
use super::{Status, draw};
use crate::cli::{CheckArgs, CheckFormat, Global};
use crate::fs;
use crate::intake::{self, Intake, Memory};
use crate::model::{Problem, RecordSet, Severity};
use crate::pipeline::{Checked, examine, hold_against_registry};
use crate::registry::Reader;

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
        let mut checked = examine(all, &workspace.design, workspace.settings.plan());
        let problems = with_registry(&mut checked, &workspace)?;
        (problems, checked.set.len())
    } else {
        let problems = some(&args.files, all, &workspace)?;
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
            answer(&serde_json::to_string_pretty(&Answer {
                records,
                errors,
                warnings,
                problems,
            })?)?;
        }
    }
    Ok(if errors > 0 { Status::Refused } else { Status::Well })
}

/// The problems of some files, each held against all other records. A file of
/// the records folder is looked at where it is; one from elsewhere stands for
/// the record with its id, as a new version that is not in the folder yet.
fn some(files: &[PathBuf], all: Intake, workspace: &Workspace) -> anyhow::Result<Vec<Problem>> {
    let real = |path: &PathBuf| fs::real_path(path);
    let mut named = BTreeSet::new();
    for file in files {
        named.insert(real(file).map_err(|_| anyhow!("there is no file `{}`", file.display()))?);
    }
    // what the scan passed over, such as a pipe or a backup, is read here
    let known = all.set.iter().map(|source| &source.file);
    let known = known.chain(all.set.refused().iter().map(|refused| &refused.file));
    let known: BTreeSet<PathBuf> = known.filter_map(|file| real(file).ok()).collect();
    let unknown = |file: &&PathBuf| !real(file).is_ok_and(|path| known.contains(&path));
    let outside: Vec<PathBuf> = files.iter().filter(unknown).cloned().collect();
    let own = intake::take_files(&outside);
    let others = all.set.iter().filter(|source| own.set.source(source.record.id()).is_none());
    let sources: Vec<_> = others.chain(own.set.iter()).cloned().collect();
    let refused = all.set.refused().iter().chain(own.set.refused()).cloned().collect();
    let together = Intake {
        set: RecordSet::new(sources, refused),
        problems: all.problems.into_iter().chain(own.problems).collect(),
        files: own.files,
    };
    let mut checked = examine(together, &workspace.design, workspace.settings.plan());
    let mut problems = with_registry(&mut checked, workspace)?;
    problems.retain(|problem| real(&problem.place.file).is_ok_and(|path| named.contains(&path)));
    Ok(problems)
}

/// The problems of the records, with those that they have with the registry.
fn with_registry(checked: &mut Checked, workspace: &Workspace) -> anyhow::Result<Vec<Problem>> {
    let mut problems = std::mem::take(&mut checked.problems);
    let settings = &workspace.settings;
    if settings.archiving.is_some() && Reader::has_index(&settings.registry) {
        let reader = Reader::open(&settings.registry)?;
        let options = workspace.options();
        problems.extend(hold_against_registry(checked, &workspace.design, options, &reader)?);
    }
    Ok(problems)
}
