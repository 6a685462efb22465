//! `kirjuri check --fix`: applies corrections that do not change the meaning. Shows the
//! differences first; a file that changed in the meantime is skipped.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use similar::TextDiff;

use super::check_with_texts;
use crate::cli::{CheckArgs, CheckFormat};
use crate::command::ExitStatus;
use crate::command::terminal::print_line;
use crate::command::workspace::Workspace;
use crate::fs;
use crate::intake;
use crate::locale::Locale;
use crate::model::problem::MORE;
use crate::model::{Problem, Rewrite, Severity};

/// Maximum number of passes over the records: one correction may enable another in the
/// same text.
const PASSES: usize = 20;

/// A record file before and after its corrections.
struct FileChange {
    before: Arc<str>,
    after: String,
    corrections: usize,
}

/// Shows the corrections and applies them when confirmed.
pub fn run(args: &CheckArgs, workspace: &Workspace) -> anyhow::Result<ExitStatus> {
    let locale = &workspace.locale;
    let mut changes: BTreeMap<PathBuf, FileChange> = BTreeMap::new();
    for _ in 0..PASSES {
        let texts = changes.iter().map(|(file, change)| (file.clone(), change.after.clone()));
        let problems = check_with_texts(args, workspace, &texts.collect())?;
        if !correct(&problems, &mut changes) {
            break;
        }
    }
    skip_registered(args, workspace, &mut changes)?;
    if changes.is_empty() {
        print_line(&locale.label("ui.check.fix_none"));
        return report_remaining(args, workspace);
    }
    print_diffs(&changes);
    let count: usize = changes.values().map(|change| change.corrections).sum();
    let values = [("count", count.to_string()), ("files", changes.len().to_string())];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    print_line(&locale.fill("ui.check.fix_would", &values));
    if !(args.yes || confirm(locale)) {
        print_line(&locale.label("ui.check.fix_not_made"));
        return Ok(ExitStatus::Refused);
    }
    for (file, change) in &changes {
        write(file, change, locale)?;
    }
    report_remaining(args, workspace)
}

/// Skips registered records, which must not change.
fn skip_registered(
    args: &CheckArgs,
    workspace: &Workspace,
    changes: &mut BTreeMap<PathBuf, FileChange>,
) -> anyhow::Result<()> {
    let texts = changes.iter().map(|(file, change)| (file.clone(), change.after.clone()));
    let after = check_with_texts(args, workspace, &texts.collect())?;
    for problem in after.iter().filter(|problem| problem.rule == "registered-changed") {
        if changes.remove(&problem.place.file).is_some() {
            let file = problem.place.file.display().to_string();
            print_line(&workspace.locale.fill("ui.check.fix_issued", &[("file", &file)]));
        }
    }
    Ok(())
}

/// Applies one correction to each field that has any; false when there is none.
fn correct(problems: &[Problem], changes: &mut BTreeMap<PathBuf, FileChange>) -> bool {
    let mut by_file: BTreeMap<&Path, Vec<&Problem>> = BTreeMap::new();
    for problem in problems {
        let safe = problem.fix.as_ref().is_some_and(|fix| fix.safe)
            || problem.rewrite.as_ref().is_some_and(|rewrite| rewrite.safe);
        if safe && problem.accepted.is_none() {
            by_file.entry(&problem.place.file).or_default().push(problem);
        }
    }
    let mut any = false;
    for (file, problems) in by_file {
        let Some(text) = problems.first().and_then(|problem| problem.place.text.clone()) else {
            continue;
        };
        let (mut after, mut done) = rewritten(file, &text, &problems);
        if done > 0 {
            any = true;
            record_change(changes, file, text, after, done);
            // field positions have changed: the other fields follow in the next pass
            continue;
        }
        let mut touched: Vec<&str> = Vec::new();
        let fixes = problems.iter().filter_map(|problem| problem.fix.as_ref());
        for fix in fixes.filter(|fix| fix.safe) {
            let fields = || fix.edits.iter().map(|(field, _)| field.as_str());
            if fields().any(|field| touched.contains(&field)) {
                continue;
            }
            let edited = fix
                .edits
                .iter()
                .try_fold(after.clone(), |text, (field, new)| replaced(&text, field, new));
            let better = |edited: &String| is_better(file, &after, edited);
            if let Some(edited) = edited.filter(|edited| *edited != after).filter(better) {
                touched.extend(fields());
                after = edited;
                done += 1;
            }
        }
        if done > 0 {
            any = true;
            record_change(changes, file, text, after, done);
        }
    }
    any
}

/// Records the new text of a file.
fn record_change(
    changes: &mut BTreeMap<PathBuf, FileChange>,
    file: &Path,
    text: Arc<str>,
    after: String,
    done: usize,
) {
    let change = changes.entry(file.to_owned());
    let change =
        change.or_insert(FileChange { before: text, after: String::new(), corrections: 0 });
    change.after = after;
    change.corrections += done;
}

/// Applies every safe rewrite of the syntax; returns the text and the number of
/// corrections.
fn rewritten(file: &Path, text: &str, problems: &[&Problem]) -> (String, usize) {
    let safe = problems.iter().filter_map(|problem| {
        let more: usize = problem.args.get(MORE).and_then(|more| more.parse().ok()).unwrap_or(0);
        Some((problem.rewrite.as_ref().filter(|rewrite| rewrite.safe)?, more + 1))
    });
    let mut safe: Vec<(&Rewrite, usize)> = safe.collect();
    safe.sort_by_key(|(rewrite, _)| rewrite.edits.first().map(|(span, _)| span.start));
    // corrections of two kinds may be interleaved
    let edits = safe.iter().flat_map(|(rewrite, _)| rewrite.edits.clone());
    let mut edits: Vec<_> = edits.collect();
    edits.sort_by_key(|(span, _)| (span.start, span.end));
    edits.dedup();
    let all = Rewrite { edits, safe: true }.apply(text).filter(|_| !safe.is_empty());
    if let Some(all) = all.filter(|all| is_better(file, text, all)) {
        return (all, safe.iter().map(|(_, count)| count).sum());
    }
    // one of them is wrong in combination with the others
    written(text, &safe, |before, after| is_better(file, before, after))
}

/// Applies the accepted corrections from last to first, so that positions stay valid.
fn written(
    text: &str,
    rewrites: &[(&Rewrite, usize)],
    wanted: impl Fn(&str, &str) -> bool,
) -> (String, usize) {
    let (mut after, mut done, mut end) = (text.to_owned(), 0, text.len());
    for (rewrite, count) in rewrites.iter().rev() {
        let last = rewrite.edits.last().map_or(0, |(span, _)| span.end);
        let edited = rewrite.apply(&after).filter(|_| last <= end);
        let Some(edited) = edited.filter(|edited| wanted(&after, edited)) else { continue };
        end = rewrite.edits.first().map_or(0, |(span, _)| span.start);
        (after, done) = (edited, done + count);
    }
    (after, done)
}

/// True when a corrected text is a valid record or closer to one: it has fewer faults, or
/// faults that another one hid before.
fn is_better(file: &Path, before: &str, after: &str) -> bool {
    let Err(now) = intake::parse(file, after.as_bytes()) else { return true };
    let Err(then) = intake::parse(file, before.as_bytes()) else { return false };
    let hidden = |problems: &[Problem]| problems.iter().map(hides_rank).max();
    match hidden(&now).cmp(&hidden(&then)) {
        Ordering::Less => true,
        Ordering::Greater => false,
        // the number of reported faults is limited: a corrected one may make room for
        // another
        Ordering::Equal if then.len() >= intake::MOST_FAULTS => {
            let stays =
                |problem: &Problem| now.iter().any(|p| p.place.field == problem.place.field);
            !then.iter().all(stays)
        }
        Ordering::Equal => {
            // the content of a field is checked once its name is right
            let renamed: Vec<String> = then.iter().filter_map(intake::renamed_to).collect();
            let seen_only_now = |problem: &Problem| {
                let ends = |rest: &str| rest.is_empty() || rest.starts_with(['.', '[']);
                let within = |path: &String| problem.place.field.strip_prefix(path.as_str());
                renamed.iter().any(|path| within(path).is_some_and(ends))
            };
            now.iter().filter(|problem| !seen_only_now(problem)).count() < then.len()
        }
    }
}

/// Rank of the faults that a fault hides: a syntax error hides all others, a wrong kind
/// those of fields.
fn hides_rank(problem: &Problem) -> u8 {
    match problem.rule {
        rule if rule.split('-').next() == Some("json") => 2,
        "kind-missing" | "not-object" => 1,
        _ => {
            let named = problem.rule == "field-misspelt"
                && problem.args.get("near").is_some_and(|near| near == "kind");
            u8::from(named || problem.place.field == "kind")
        }
    }
}

/// Replaces the string in a field; `None` when its value is not a string.
fn replaced(text: &str, field: &str, new: &str) -> Option<String> {
    let span = intake::span_of(text, field)?;
    if !text.get(span.clone())?.starts_with('"') {
        return None;
    }
    let literal = serde_json::to_string(new).ok()?;
    Some(format!("{}{literal}{}", &text[..span.start], &text[span.end..]))
}

fn print_diffs(changes: &BTreeMap<PathBuf, FileChange>) {
    for (file, change) in changes {
        let name = file.display().to_string();
        let diff = TextDiff::from_lines(&*change.before, change.after.as_str());
        let diff = diff.unified_diff().context_radius(1).header(&name, &name).to_string();
        print_line(diff.trim_end());
        print_line("");
    }
}

/// Asks on the terminal; without a terminal the answer is no.
fn confirm(locale: &Locale) -> bool {
    if !std::io::stdin().is_terminal() {
        return false;
    }
    let _ = write!(anstream::stdout(), "{}", locale.label("ui.check.fix_ask"));
    let _ = anstream::stdout().flush();
    let mut answer = String::new();
    let read = std::io::stdin().read_line(&mut answer);
    let yes = locale.label("ui.check.fix_yes");
    read.is_ok() && answer.trim().to_lowercase().starts_with(&yes)
}

fn write(file: &Path, change: &FileChange, locale: &Locale) -> anyhow::Result<()> {
    let name = file.display().to_string();
    let now = fs::read(file, intake::FILE_LIMIT)?;
    if now.as_deref() != Some(change.before.as_bytes()) {
        print_line(&locale.fill("ui.check.fix_changed", &[("file", &name)]));
        return Ok(());
    }
    fs::replace_contents(file, change.after.as_bytes())?;
    let count = change.corrections.to_string();
    print_line(&locale.fill("ui.check.fix_made", &[("file", &name), ("count", &count)]));
    Ok(())
}

/// Reports the remaining problems.
fn report_remaining(args: &CheckArgs, workspace: &Workspace) -> anyhow::Result<ExitStatus> {
    let all = super::scan_records(&args.files, workspace)?;
    let (problems, records) = super::check_all(args, all, workspace)?;
    super::print_problems(CheckFormat::Text, &problems, records, workspace, false)?;
    let errors = super::count(&problems, Severity::Error);
    Ok(if errors > 0 { ExitStatus::Refused } else { ExitStatus::Success })
}
