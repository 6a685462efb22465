//! `kirjuri check`: reports problems of the records without making documents.

mod fix;
mod sarif;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;

use crate::cli::{CheckArgs, CheckFormat, Global};
use crate::command::failure::Failure;
use crate::command::terminal::{print_line, print_result};
use crate::command::workspace::{Workspace, dictionaries};
use crate::command::{ExitStatus, problem_output};
use crate::document;
use crate::fs;
use crate::intake::{self, Intake};
use crate::model::{
    Id, Problem, Record, RecordSet, Severity, Source, Status as RecordStatus, lint,
};
use crate::pipeline::{BuildSettings, CheckOptions, Checked, check_records, registry_problems};
use crate::registry::RegistryReader;

#[derive(Serialize)]
struct CheckJson {
    records: usize,
    errors: usize,
    warnings: usize,
    hints: usize,
    accepted: usize,
    problems: Vec<problem_output::ProblemJson>,
}

/// Checks all records, or some files against all others.
pub fn run(global: &Global, args: &CheckArgs) -> anyhow::Result<ExitStatus> {
    let workspace = Workspace::open(global)?;
    if args.list_rules {
        return list_rules(&workspace);
    }
    if args.fix {
        return fix::run(args, &workspace);
    }
    let mut all = scan_records(&args.files, &workspace)?;
    if args.as_final && args.files.is_empty() {
        all.set = as_final(&all.set, |_| true);
    }
    let (problems, records) = check_all(args, all, &workspace)?;
    let errors = count(&problems, Severity::Error);
    print_problems(args.format, &problems, records, &workspace, global.quiet)?;
    Ok(if errors > 0 { ExitStatus::Refused } else { ExitStatus::Success })
}

fn count(problems: &[Problem], severity: Severity) -> usize {
    problems.iter().filter(|problem| problem.severity == severity).count()
}

/// The records of the workspace; empty when only files are checked and there is no
/// records folder.
fn scan_records(files: &[PathBuf], workspace: &Workspace) -> anyhow::Result<Intake> {
    if fs::stamp(&workspace.settings.records)?.is_none() && !files.is_empty() {
        return Ok(Intake::default());
    }
    let all = workspace.scan()?;
    if files.is_empty() && all.files == 0 && all.problems.is_empty() {
        return Err(Failure::new("records_none").at(&workspace.settings.records).into());
    }
    Ok(all)
}

/// The record set with the selected records marked as final.
fn as_final(set: &RecordSet, wanted: impl Fn(&Source) -> bool) -> RecordSet {
    let made = |record: &Arc<Record>| {
        let mut record = Arc::clone(record);
        Arc::make_mut(&mut record).set_status(RecordStatus::Final);
        record
    };
    let sources = set.iter().map(|source| match wanted(source) {
        true => Source {
            record: made(&source.record),
            translations: source.translations.iter().map(made).collect(),
            ..source.clone()
        },
        false => source.clone(),
    });
    RecordSet::new(sources.collect::<Vec<_>>(), set.refused().to_vec())
}

/// Checks the records with the given texts in place of those of the files.
fn check_with_texts(
    args: &CheckArgs,
    workspace: &Workspace,
    texts: &BTreeMap<PathBuf, String>,
) -> anyhow::Result<Vec<Problem>> {
    let mut all = scan_records(&args.files, workspace)?;
    all = with_texts(all, texts);
    check_with(args, all, workspace, texts).map(|(problems, _)| problems)
}

/// Replaces the texts of the given files in the record set.
fn with_texts(all: Intake, texts: &BTreeMap<PathBuf, String>) -> Intake {
    let parsed = |file: &PathBuf| Some(intake::parse(file, texts.get(file)?.as_bytes()));
    let changed = |source: &Source| parsed(&source.file)?.ok();
    let sources = all.set.iter().map(|source| changed(source).unwrap_or_else(|| source.clone()));
    let mut sources: Vec<Source> = sources.collect();
    let (mut refused, mut problems) = (Vec::new(), all.problems);
    for file in all.set.refused() {
        let Some(read) = parsed(&file.file) else {
            refused.push(file.clone());
            continue;
        };
        // an id in two files stays refused, whatever else is fixed
        if problems.iter().any(|p| p.place.file == file.file && p.rule == "id-twice") {
            refused.push(file.clone());
            continue;
        }
        problems.retain(|problem| problem.place.file != file.file);
        match read {
            Ok(source) if sources.iter().all(|s| s.record.id() != source.record.id()) => {
                sources.push(source);
            }
            Ok(_) => refused.push(file.clone()),
            Err(found) => {
                refused.push(file.clone());
                problems.extend(found);
            }
        }
    }
    Intake { set: RecordSet::new(sources, refused), problems, files: all.files }
}

/// Checks all records or the named files; returns the problems and the number of records.
fn check_all(
    args: &CheckArgs,
    all: Intake,
    workspace: &Workspace,
) -> anyhow::Result<(Vec<Problem>, usize)> {
    check_with(args, all, workspace, &BTreeMap::new())
}

fn check_with(
    args: &CheckArgs,
    all: Intake,
    workspace: &Workspace,
    texts: &BTreeMap<PathBuf, String>,
) -> anyhow::Result<(Vec<Problem>, usize)> {
    let speller = dictionaries();
    let check_options = CheckOptions { speller: Some(&speller), ..workspace.check_options() };
    let files = &args.files;
    let result = if files.is_empty() {
        let mut checked = check_records(all, &workspace.design, check_options);
        let problems = with_registry(&mut checked, workspace, check_options)?;
        // an unreadable file counts as checked
        (problems, checked.set.len() + checked.set.refused().len())
    } else {
        (check_files(args, all, workspace, check_options, texts)?, files.len())
    };
    // already reported when the texts are changed ones
    for fault in speller.faults().iter().filter(|_| texts.is_empty()) {
        let file = fault.file.display().to_string();
        let cause = workspace.locale.with_system(&fault.cause);
        let values = [("file", file.as_str()), ("cause", cause.as_str())];
        anstream::eprintln!("{}", workspace.locale.fill("ui.dictionary_unusable", &values));
    }
    Ok(result)
}

fn print_problems(
    format: CheckFormat,
    problems: &[Problem],
    records: usize,
    workspace: &Workspace,
    quiet: bool,
) -> anyhow::Result<()> {
    let (errors, warnings) = (count(problems, Severity::Error), count(problems, Severity::Warning));
    let accepted = problems.iter().filter(|problem| problem.accepted.is_some()).count();
    let hints = count(problems, Severity::Hint) - accepted;
    match format {
        CheckFormat::Text => {
            problem_output::print(problems, &workspace.locale);
            if !quiet {
                let values = [records, errors, warnings].map(|number| number.to_string());
                let [records, errors, warnings] = values.each_ref().map(String::as_str);
                let values = [("records", records), ("errors", errors), ("warnings", warnings)];
                let mut closing = workspace.locale.fill("ui.check_closing", &values);
                // every finding that is printed is counted
                for (key, count) in
                    [("ui.check.closing_hints", hints), ("ui.check.closing_accepted", accepted)]
                {
                    if count > 0 {
                        let count = count.to_string();
                        closing.push_str(&workspace.locale.fill(key, &[("count", &count)]));
                    }
                }
                print_line(&closing);
            }
        }
        CheckFormat::Json => {
            let problems =
                problems.iter().map(|p| problem_output::localized(p, &workspace.locale)).collect();
            let json = CheckJson { records, errors, warnings, hints, accepted, problems };
            print_result(&serde_json::to_string_pretty(&json)?)?;
        }
        CheckFormat::Sarif => {
            let json = sarif::log(problems, &workspace.locale);
            print_result(&serde_json::to_string_pretty(&json)?)?;
        }
    }
    Ok(())
}

/// Prints the configurable rules with their severities in this workspace.
fn list_rules(workspace: &Workspace) -> anyhow::Result<ExitStatus> {
    let locale = &workspace.locale;
    print_result(&locale.label("ui.check.rules_header"))?;
    for lint in lint::configurable() {
        let graded = workspace.settings.checking.overrides.severity(lint.key, lint.severity);
        let severity = match graded {
            None => locale.label("ui.check.off"),
            Some(Severity::Error) => locale.label("ui.error"),
            Some(Severity::Warning) => locale.label("ui.warning"),
            Some(Severity::Hint) => locale.label("ui.hint"),
        };
        let why = locale.label(&format!("problem.{}.why", lint.key));
        print_result(&format!("{:26} {severity:10} {why}", lint.key))?;
    }
    Ok(ExitStatus::Success)
}

/// Checks some files, each against all other records. A file of the records folder is
/// checked in place; one from elsewhere replaces the record with its id, like a new
/// version that is not in the folder yet.
fn check_files(
    args: &CheckArgs,
    all: Intake,
    workspace: &Workspace,
    check_options: CheckOptions<'_>,
    texts: &BTreeMap<PathBuf, String>,
) -> anyhow::Result<Vec<Problem>> {
    let real = |path: &PathBuf| fs::real_path(path);
    let files = &args.files;
    let mut named = BTreeSet::new();
    for file in files {
        named.insert(real(file).map_err(|_| Failure::new("no_file").at(file))?);
    }
    // files that the scan skips, such as a pipe or a backup, are read here
    let known = all.set.iter().map(|source| &source.file);
    let known = known.chain(all.set.refused().iter().map(|refused| &refused.file));
    let known: BTreeSet<PathBuf> = known.filter_map(|file| real(file).ok()).collect();
    let unknown = |file: &&PathBuf| !real(file).is_ok_and(|path| known.contains(&path));
    let outside: Vec<PathBuf> = files.iter().filter(unknown).cloned().collect();
    let mut own = intake::take_files(&outside);
    own = with_texts(own, texts);
    let others = all.set.iter().filter(|source| own.set.source(source.record.id()).is_none());
    let sources: Vec<_> = others.chain(own.set.iter()).cloned().collect();
    let asked = |source: &Source| {
        args.as_final && real(&source.file).is_ok_and(|path| named.contains(&path))
    };
    let refused = all.set.refused().iter().chain(own.set.refused()).cloned().collect();
    let together = Intake {
        set: as_final(&RecordSet::new(sources, refused), asked),
        problems: all.problems.into_iter().chain(own.problems).collect(),
        files: own.files,
    };
    let is_named = |source: &&Source| real(&source.file).is_ok_and(|path| named.contains(&path));
    let named_ids = together.set.iter().filter(is_named).map(|source| source.record.id().clone());
    let only = with_context(named_ids.collect(), &together.set, workspace);
    let check_options = CheckOptions { only: Some(&only), ..check_options };
    let mut checked = check_records(together, &workspace.design, check_options);
    let mut problems = with_registry(&mut checked, workspace, check_options)?;
    problems.retain(|problem| real(&problem.place.file).is_ok_and(|path| named.contains(&path)));
    Ok(problems)
}

/// Some records with all that their documents draw on: errors there keep the documents from
/// being compared with the registry.
fn with_context(named: BTreeSet<Id>, set: &RecordSet, workspace: &Workspace) -> BTreeSet<Id> {
    let documents = document::documents(set, workspace.settings.bilingual).into_iter();
    let own = documents.filter(|document| named.contains(&document.source));
    let mut all: BTreeSet<Id> = own.flat_map(|document| document.draws_on).collect();
    all.extend(named);
    all
}

/// The problems of the records, with those found by comparing them with the registry.
fn with_registry(
    checked: &mut Checked,
    workspace: &Workspace,
    check_options: CheckOptions<'_>,
) -> anyhow::Result<Vec<Problem>> {
    let mut problems = std::mem::take(&mut checked.problems);
    let settings = &workspace.settings;
    if settings.archiving.is_some() && RegistryReader::has_index(&settings.registry) {
        let reader = RegistryReader::open(&settings.registry)?;
        if let Some(view) = workspace.registry_view(&reader) {
            let settings = BuildSettings { check_options, ..workspace.build_settings() };
            problems.extend(registry_problems(checked, &settings, view)?);
        }
    }
    Ok(problems)
}
