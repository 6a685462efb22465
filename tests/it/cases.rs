//! Regression cases from similar programs. Each folder of `tests/fixtures/cases` has an
//! input and, in `expected.json`, the expected result; the folder `common` has shared
//! files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use kirjuri::parallel;
use serde::Deserialize;
use serde_json::Value;

use crate::desk::{Desk, Ran, files, home};
use crate::pdf::letters;

/// The expected result.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// Description, for readers.
    #[allow(dead_code)]
    about: String,
    /// Exit status of `build`, where it matters.
    build: Option<i32>,
    /// Documents that `build` makes, when the list must be complete.
    documents: Option<BTreeSet<String>>,
    /// Findings of `check`, as `rule file field`; an asterisk stands for any field.
    #[serde(default)]
    found: Vec<String>,
    /// Rules that must not fire, in `build` or in `check`.
    #[serde(default)]
    not_found: Vec<String>,
    /// Texts in the messages of `check`.
    #[serde(default)]
    said: Vec<String>,
    /// Texts that a document shows, by name of the document.
    #[serde(default)]
    printed: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    not_printed: BTreeMap<String, Vec<String>>,
    /// Texts that a document shows in this order.
    #[serde(default)]
    order: BTreeMap<String, Vec<String>>,
    /// Result of each spreadsheet, imported alone.
    #[serde(default)]
    imports: BTreeMap<String, Import>,
}

/// Result of a spreadsheet.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Import {
    /// Options, apart from the file and the round.
    #[serde(default)]
    options: Vec<String>,
    status: i32,
    /// Texts in the report.
    #[serde(default)]
    said: Vec<String>,
    /// The notes of each session, by group; complete.
    #[serde(default)]
    notes: BTreeMap<String, Vec<Value>>,
}

#[test]
fn every_case_gives_what_a_user_should_get() {
    let mut cases = files(&home().join("tests/fixtures/cases"));
    cases.retain(|name| name != "common");
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let failed = parallel::map(cases, threads, |case| {
        let failed = try_case(&case).into_iter();
        failed.map(|failed| format!("{case}: {failed}")).collect::<Vec<_>>()
    });
    let failed = failed.concat();
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
}

fn desk_of(case: &str) -> Desk {
    Desk::fixture("cases/common").lay(&format!("cases/{case}"))
}

/// What is not as expected.
fn try_case(case: &str) -> Vec<String> {
    let desk = desk_of(case);
    let expected: Expected = serde_json::from_str(&desk.read("expected.json")).unwrap();
    let sheets = files(&home().join("tests/fixtures/cases").join(case)).into_iter();
    let sheets = sheets.filter(|name| {
        Path::new(name).extension().is_some_and(|end| end == "xlsx" || end == "csv")
    });
    let mut failed = Vec::new();
    for sheet in sheets.filter(|name| !expected.imports.contains_key(name)) {
        failed.push(format!("nothing is expected of {sheet}"));
    }
    let checks = !(expected.found.is_empty() && expected.said.is_empty());
    if checks || !expected.not_found.is_empty() {
        check(&desk, &expected, &mut failed);
    }
    if expected.imports.is_empty() {
        build(&desk, &expected, &mut failed);
    }
    for (file, import) in &expected.imports {
        try_import(case, file, import, &mut failed);
    }
    failed
}

fn check(desk: &Desk, expected: &Expected, failed: &mut Vec<String>) {
    let run = desk.run(["check", "--format", "json"]);
    let answer: Value = serde_json::from_str(&run.stdout).unwrap();
    let problems = answer["problems"].as_array().unwrap();
    let word = |problem: &Value, name: &str| problem[name].as_str().unwrap_or("").to_owned();
    let found: Vec<String> = problems
        .iter()
        .map(|one| ["rule", "file", "field"].map(|name| word(one, name)).join(" "))
        .collect();
    for wanted in &expected.found {
        let is_it = |one: &String| match wanted.strip_suffix('*') {
            Some(start) => one.starts_with(start),
            None => one == wanted,
        };
        if !found.iter().any(is_it) {
            failed.push(format!("`{wanted}` is not found, but:\n{}", found.join("\n")));
        }
    }
    for rule in &expected.not_found {
        assert!(labels().contains(&format!("\"{rule}\": {{")), "there is no rule {rule}");
        if let Some(one) = found.iter().find(|one| one.split(' ').next() == Some(rule)) {
            failed.push(format!("found: {one}"));
        }
    }
    let said: Vec<String> = problems
        .iter()
        .map(|one| format!("{} {}", word(one, "message"), word(one, "help")))
        .collect();
    for wanted in &expected.said {
        if !said.iter().any(|one| one.contains(wanted.as_str())) {
            failed.push(format!("`{wanted}` is not said, but:\n{}", said.join("\n")));
        }
    }
}

fn build(desk: &Desk, expected: &Expected, failed: &mut Vec<String>) {
    let run = desk.run(["build"]);
    if let Some(status) = expected.build
        && run.code != Some(status)
    {
        failed.push(format!("build ends with {:?}, not {status}: {}", run.code, all_of(&run)));
    }
    for rule in &expected.not_found {
        if run.stderr.contains(&format!("[{rule}]")) {
            failed.push(format!("build says {rule}: {}", run.stderr));
        }
    }
    if let Some(documents) = &expected.documents {
        let made = desk.pdfs().into_keys();
        let made: BTreeSet<String> = made.map(|name| name.replace(".pdf", "")).collect();
        if made != *documents {
            failed.push(format!("build makes {made:?}"));
        }
    }
    let named = expected.printed.keys().chain(expected.not_printed.keys());
    for document in named.chain(expected.order.keys()).collect::<BTreeSet<_>>() {
        if !desk.path(&format!("output/{document}.pdf")).exists() {
            failed.push(format!("there is no {document}.pdf: {}", all_of(&run)));
            continue;
        }
        let shown = desk.pdf(document).letters();
        let texts =
            |of: &BTreeMap<String, Vec<String>>| of.get(document).cloned().unwrap_or_default();
        for text in texts(&expected.printed) {
            if !shown.contains(&letters(&text)) {
                failed.push(format!("{document} does not show `{text}`:\n{shown}"));
            }
        }
        for text in texts(&expected.not_printed) {
            if shown.contains(&letters(&text)) {
                failed.push(format!("{document} shows `{text}`"));
            }
        }
        let places: Vec<Option<usize>> =
            texts(&expected.order).iter().map(|text| shown.find(&letters(text))).collect();
        if places.iter().any(Option::is_none) || !places.is_sorted() {
            failed.push(format!("{document} has another order, {places:?}"));
        }
    }
}

/// Imports one spreadsheet into a separate copy of the records.
fn try_import(case: &str, file: &str, import: &Import, failed: &mut Vec<String>) {
    let desk = desk_of(case);
    let options = import.options.iter().map(String::as_str);
    let run = desk.run(["import", file, "--round", "hyte-2025"].into_iter().chain(options));
    if run.code != Some(import.status) {
        failed.push(format!("{file} ends with {:?}: {}", run.code, all_of(&run)));
    }
    let said = all_of(&run);
    for text in &import.said {
        if !said.contains(text.as_str()) {
            failed.push(format!("{file}: `{text}` is not said: {said}"));
        }
    }
    let mut notes = BTreeMap::new();
    for name in desk.records() {
        let record: Value = serde_json::from_str(&desk.read(&name)).unwrap();
        if let (Some(group), Some(all)) = (record["group"].as_str(), record["notes"].as_array()) {
            notes.insert(group.to_owned(), all.clone());
        }
    }
    if notes != import.notes {
        let notes = serde_json::to_string_pretty(&notes).unwrap();
        failed.push(format!("{file} gives other notes: {notes}\n{said}"));
    }
}

/// The English messages, which contain every rule.
fn labels() -> String {
    std::fs::read_to_string(home().join("src/messages/en.json")).unwrap()
}

fn all_of(run: &Ran) -> String {
    format!("\n{}\n{}", run.stdout, run.stderr)
}
