//! Configurable rules: for each, a record set that breaks it and a similar one that does
//! not.

mod records;
mod severities;
mod texts;

use std::collections::{BTreeMap, BTreeSet};

use kirjuri::model::lint;
use kirjuri::parallel;
use serde_json::Value;

use crate::desk::Desk;
use crate::findings::{Finding, findings, places};
use crate::registry::NOW;

/// File, field and its new value: JSON, or a string.
type Edit = (&'static str, &'static str, &'static str);

/// As a value: removes the field or file.
const GONE: &str = "\u{1}gone";
/// As a field: the value is the whole file.
const FILE: &str = "\u{1}file";
/// As a field: the file is a copy of the one named by the value.
const COPY: &str = "\u{1}copy";
/// As a file: the settings.
const SETTINGS: &str = "\u{1}settings";

/// A rule with edits that break it and edits that do not.
#[derive(Debug)]
struct Case {
    rule: &'static str,
    /// `file field` of the finding, the only one of this rule.
    found: &'static str,
    bad: &'static [Edit],
    good: &'static [Edit],
}

const fn case(
    rule: &'static str,
    found: &'static str,
    bad: &'static [Edit],
    good: &'static [Edit],
) -> Case {
    Case { rule, found, bad, good }
}

/// Rules tested elsewhere: `spelling` needs a dictionary.
const ELSEWHERE: &[&str] = &["spelling"];

fn change(desk: &Desk, edits: &[Edit]) {
    for (file, field, new) in edits {
        let name = format!("records/{file}.json");
        match (*file, *field, *new) {
            (SETTINGS, ..) => _ = desk.write("kirjuri.toml", new),
            (_, FILE, GONE) => _ = desk.remove(&name),
            (_, FILE, text) => _ = desk.write(&name, text),
            (_, COPY, from) => {
                let text = desk.read(&format!("records/{from}.json"));
                desk.write(&name, text);
            }
            _ => _ = desk.edit(&name, |record| change_field(record, field, new)),
        }
    }
}

/// Sets a field such as `notes[0].text`.
fn change_field(record: &mut Value, field: &str, new: &str) {
    let path = field.replace('[', ".").replace(']', "");
    let (parent, last) = path.rsplit_once('.').unwrap_or(("", path.as_str()));
    let steps = parent.split('.').filter(|step| !step.is_empty());
    let pointer: String = steps.map(|step| format!("/{step}")).collect();
    let value = || serde_json::from_str(new).unwrap_or_else(|_| Value::from(new));
    match (record.pointer_mut(&pointer).unwrap(), new) {
        (Value::Object(fields), GONE) => assert!(fields.shift_remove(last).is_some(), "{field}"),
        (Value::Object(fields), _) => _ = fields.insert(last.to_owned(), value()),
        (Value::Array(items), GONE) => _ = items.remove(last.parse().unwrap()),
        (Value::Array(items), _) => items[last.parse::<usize>().unwrap()] = value(),
        (other, _) => panic!("{field} in {other}"),
    }
}

/// All findings in the small records with these changes.
fn findings_with(edits: &[Edit]) -> Vec<Finding> {
    let desk = Desk::fixture("small");
    change(&desk, edits);
    findings(&desk, NOW)
}

fn cases() -> impl Iterator<Item = &'static Case> {
    records::CASES.iter().chain(texts::CASES)
}

/// Runs one case; returns the deviation from the expected result.
fn attempt(case: &Case) -> Option<String> {
    let (bad, good) = (findings_with(case.bad), findings_with(case.good));
    let (broken, kept) = (places(case.rule, &bad), places(case.rule, &good));
    if broken == [case.found] && kept.is_empty() {
        return None;
    }
    let all: Vec<&str> = bad.iter().map(|finding| finding.rule).collect();
    let rule = case.rule;
    Some(format!("{rule}: broken at {broken:?}, all {all:?}; found in good records at {kept:?}"))
}

#[test]
fn every_configurable_rule_has_a_case() {
    let tried: BTreeSet<&str> =
        cases().map(|case| case.rule).chain(ELSEWHERE.iter().copied()).collect();
    let rules: BTreeSet<&str> = lint::configurable().map(|lint| lint.key).collect();
    assert_eq!(tried, rules);
}

#[test]
fn every_rule_has_its_findings_and_no_others() {
    let failed: Vec<String> =
        parallel::map(cases().collect(), 2, attempt).into_iter().flatten().collect();
    assert!(failed.is_empty(), "\n{}\n", failed.join("\n"));
}

#[test]
fn every_rule_has_the_severity_of_the_table() {
    let desk = Desk::fixture("small");
    let usual: BTreeMap<&str, _> =
        lint::configurable().map(|lint| (lint.key, lint.severity)).collect();
    // broken together, unless one hides another
    let together = [
        "citation-style",
        "date-weekday",
        "slide-number-typed",
        "highlight-without-groups",
        "session-mode-differs",
        "goal-missing",
        "link-repeated",
        "statute-section-missing",
    ];
    for case in cases().filter(|case| together.contains(&case.rule)) {
        change(&desk, case.bad);
    }
    desk.replace("records/item.json", "Monday 23", "the 7§ day, Monday 23");
    let found = findings(&desk, NOW);
    for finding in &found {
        if let Some(severity) = usual.get(finding.rule) {
            assert_eq!(finding.severity, *severity, "{}", finding.rule);
        }
    }
    let rules: BTreeSet<&str> = found.iter().map(|finding| finding.rule).collect();
    let missing: Vec<&str> = together.into_iter().filter(|rule| !rules.contains(rule)).collect();
    assert!(missing.is_empty(), "{missing:?} not in {rules:?}");
}
