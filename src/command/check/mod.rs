//! `check`: look for mistakes, make nothing.

mod fix;
mod sarif;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::anyhow;
use serde::Serialize;

use crate::check::RULES;
use crate::cli::{CheckArgs, CheckFormat, Global};
use crate::command::terminal::{answer, line};
use crate::command::workspace::{Workspace, dictionaries};
use crate::command::{Status, draw};
use crate::fs;
use crate::intake::{self, Intake, Memory};
use crate::model::{Problem, RecordSet, Severity, Source};
use crate::pipeline::{Checked, Scrutiny, examine, hold_against_registry};
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
    if args.list_rules {
        return list_rules(&workspace);
    }
    if args.fix {
        return fix::run(args, &workspace);
    }
    let all = scan(&args.files, &workspace)?;
    let (problems, records) = look(&args.files, all, &workspace)?;
    let errors = count(&problems, Severity::Error);
    say(args.format, &problems, records, &workspace, global.quiet)?;
    Ok(if errors > 0 { Status::Refused } else { Status::Well })
}

fn count(problems: &[Problem], severity: Severity) -> usize {
    problems.iter().filter(|problem| problem.severity == severity).count()
}

/// The records as they are; none where files alone are looked at.
fn scan(files: &[PathBuf], workspace: &Workspace) -> anyhow::Result<Intake> {
    let records = &workspace.settings.records;
    if fs::stamp(records)?.is_some() || files.is_empty() {
        Ok(intake::scan(records, &mut Memory::default())?)
    } else {
        Ok(Intake::default())
    }
}

/// The problems of the records if these files held these texts.
fn look_at(
    files: &[PathBuf],
    workspace: &Workspace,
    texts: &BTreeMap<PathBuf, String>,
) -> anyhow::Result<Vec<Problem>> {
    let mut all = scan(files, workspace)?;
    all.set = with_texts(&all.set, texts);
    look_through(files, all, workspace, texts).map(|(problems, _)| problems)
}

/// The set as it would be if these files held these texts.
fn with_texts(set: &RecordSet, texts: &BTreeMap<PathBuf, String>) -> RecordSet {
    let changed = |source: &Source| {
        let text = texts.get(&source.file)?;
        intake::parse(&source.file, text.as_bytes()).ok()
    };
    let sources = set.iter().map(|source| changed(source).unwrap_or_else(|| source.clone()));
    RecordSet::new(sources.collect::<Vec<_>>(), set.refused().to_vec())
}

/// The problems of all records or of some files, and how many these are.
fn look(
    files: &[PathBuf],
    all: Intake,
    workspace: &Workspace,
) -> anyhow::Result<(Vec<Problem>, usize)> {
    look_through(files, all, workspace, &BTreeMap::new())
}

fn look_through(
    files: &[PathBuf],
    all: Intake,
    workspace: &Workspace,
    texts: &BTreeMap<PathBuf, String>,
) -> anyhow::Result<(Vec<Problem>, usize)> {
    let speller = dictionaries();
    let scrutiny = Scrutiny { speller: Some(&speller), ..workspace.scrutiny() };
    let looked = if files.is_empty() {
        let mut checked = examine(all, &workspace.design, scrutiny);
        let problems = with_registry(&mut checked, workspace)?;
        (problems, checked.set.len())
    } else {
        (some(files, all, workspace, scrutiny, texts)?, files.len())
    };
    // with other texts it was said before
    for fault in speller.faults().iter().filter(|_| texts.is_empty()) {
        let file = fault.file.display().to_string();
        let values = [("file", file.as_str()), ("cause", fault.cause.as_str())];
        anstream::eprintln!("{}", workspace.locale.fill("ui.dictionary_unusable", &values));
    }
    Ok(looked)
}

fn say(
    format: CheckFormat,
    problems: &[Problem],
    records: usize,
    workspace: &Workspace,
    quiet: bool,
) -> anyhow::Result<()> {
    let (errors, warnings) = (count(problems, Severity::Error), count(problems, Severity::Warning));
    match format {
        CheckFormat::Text => {
            draw::print(problems, &workspace.locale);
            if !quiet {
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
            let said = Answer { records, errors, warnings, problems };
            answer(&serde_json::to_string_pretty(&said)?)?;
        }
        CheckFormat::Sarif => {
            let said = sarif::log(problems, &workspace.locale);
            answer(&serde_json::to_string_pretty(&said)?)?;
        }
    }
    Ok(())
}

/// The rules of judgement, with how serious each is here.
fn list_rules(workspace: &Workspace) -> anyhow::Result<Status> {
    let locale = &workspace.locale;
    answer(&locale.label("ui.check.rules_header"))?;
    for rule in RULES {
        let graded = workspace.settings.checking.grades.severity(rule.id, rule.severity);
        let severity = match graded {
            None => locale.label("ui.check.off"),
            Some(Severity::Error) => locale.label("ui.error"),
            Some(Severity::Warning) => locale.label("ui.warning"),
            Some(Severity::Hint) => locale.label("ui.hint"),
        };
        let why = locale.label(&format!("problem.{}.why", rule.id));
        answer(&format!("{:26} {severity:10} {why}", rule.id))?;
    }
    Ok(Status::Well)
}

/// The problems of some files, each held against all other records. A file of
/// the records folder is looked at where it is; one from elsewhere stands for
/// the record with its id, as a new version that is not in the folder yet.
fn some(
    files: &[PathBuf],
    all: Intake,
    workspace: &Workspace,
    scrutiny: Scrutiny<'_>,
    texts: &BTreeMap<PathBuf, String>,
) -> anyhow::Result<Vec<Problem>> {
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
    let mut own = intake::take_files(&outside);
    own.set = with_texts(&own.set, texts);
    let others = all.set.iter().filter(|source| own.set.source(source.record.id()).is_none());
    let sources: Vec<_> = others.chain(own.set.iter()).cloned().collect();
    let refused = all.set.refused().iter().chain(own.set.refused()).cloned().collect();
    let together = Intake {
        set: RecordSet::new(sources, refused),
        problems: all.problems.into_iter().chain(own.problems).collect(),
        files: own.files,
    };
    let mut checked = examine(together, &workspace.design, scrutiny);
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
