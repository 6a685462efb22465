//! Consistency of the table of rules with the code that reports them and their messages
//! in three languages.

use std::collections::{BTreeMap, BTreeSet};

use kirjuri::model::lint::{self, Lint};

use crate::labels::{labels, literals, literals_after, placeholders};
use crate::tidy::{File, none, sources};

const PARTS: [&str; 4] = ["message", "help", "why", "instead"];

/// Placeholders of each text of a rule, by part.
fn texts(
    lint: &Lint,
    labels: &BTreeMap<String, String>,
) -> BTreeMap<&'static str, BTreeSet<String>> {
    let text = |part| Some((part, labels.get(&format!("problem.{}.{part}", lint.key))?));
    let texts = PARTS.into_iter().filter_map(text);
    texts.map(|(part, text)| (part, placeholders(text))).collect()
}

#[test]
fn every_lint_has_its_texts_with_its_placeholders_in_three_languages() {
    let languages = ["en", "fi", "sv"].map(|code| (code, labels(code)));
    let mut findings = Vec::new();
    for lint in lint::all() {
        let args = lint.args.iter().chain(lint.dates);
        let args: BTreeSet<String> = args.map(|name| (*name).to_owned()).collect();
        let english = texts(lint, &languages[0].1);
        for (code, labels) in &languages {
            let own = texts(lint, labels);
            let why = lint.configurable.then_some("why");
            for part in ["message", "help"].into_iter().chain(why) {
                if !own.contains_key(part) {
                    findings.push(format!("{code}: `{}` has no {part}", lint.key));
                }
            }
            if own != english {
                findings
                    .push(format!("{code}: `{}` has {own:?}, in English {english:?}", lint.key));
            }
            let named: BTreeSet<String> = own.into_values().flatten().collect();
            if named != args {
                findings.push(format!("{code}: `{}` has {named:?}, the table {args:?}", lint.key));
            }
        }
    }
    none(findings);
}

#[test]
fn every_message_belongs_to_a_rule() {
    let labels = labels("en");
    let keys = labels.keys().filter_map(|key| key.strip_prefix("problem."));
    none(keys.filter_map(|key| {
        let (rule, part) = key.split_once('.').unwrap();
        let known = lint::find(rule).is_some() && PARTS.contains(&part);
        (!known).then(|| format!("`problem.{key}` belongs to no lint"))
    }));
}

/// The second argument of each call, when it is a literal.
fn second_arguments(code: &str, call: &str) -> Vec<String> {
    let mut found = Vec::new();
    for rest in code.split(call).skip(1) {
        let (mut depth, mut quoted, mut at) = (0, false, None);
        for (index, c) in rest.char_indices() {
            match c {
                '"' => quoted = !quoted,
                _ if quoted => {}
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' if depth == 0 => break,
                ')' | ']' | '}' => depth -= 1,
                ',' if depth == 0 => {
                    at = Some(index + 1);
                    break;
                }
                _ => {}
            }
        }
        let second = at.and_then(|at| rest[at..].trim_start().strip_prefix('"'));
        found.extend(second.and_then(|text| Some(text.split_once('"')?.0.to_owned())));
    }
    found
}

/// Source files that may report rules, without the table itself.
fn reporting() -> impl Iterator<Item = File> {
    let modules = ["intake", "check", "pipeline", "command"];
    sources().into_iter().filter(move |file| modules.contains(&file.module()))
}

/// Calls with a rule key as first argument, or for `SECOND` as second, and the severity
/// that they set.
const FIRST: [(&str, Option<&str>); 8] = [
    ("Problem::new(", None),
    ("Problem::error(", Some("Error")),
    ("Problem::warning(", Some("Warning")),
    ("Problem::hint(", Some("Hint")),
    (".found(", None),
    ("problem.rule = ", None),
    (".rule == ", None),
    (".rule != ", None),
];
const SECOND: [&str; 3] = [".add(", ".unknown_id(", ".part_of_round("];

#[test]
fn every_rule_that_the_code_names_is_in_the_table_with_its_severity() {
    let (mut findings, mut named) = (Vec::new(), 0);
    for file in reporting() {
        let code = file.code();
        let first = FIRST.into_iter().flat_map(|(call, severity)| {
            literals_after(&code, call).into_iter().map(move |key| (key, severity))
        });
        let second = SECOND.into_iter().flat_map(|call| second_arguments(&code, call));
        for (key, severity) in first.chain(second.map(|key| (key, None))) {
            named += 1;
            let usual = lint::find(&key).map(|lint| format!("{:?}", lint.severity));
            if usual.is_none() || severity.is_some() && usual.as_deref() != severity {
                findings
                    .push(format!("{}: `{key}` as {severity:?}, the table {usual:?}", file.path));
            }
        }
    }
    none(findings);
    assert!(named > 150, "only {named} rules are found in the code");
}

#[test]
fn every_lint_is_reported_by_some_code() {
    let named: BTreeSet<String> = reporting().flat_map(|file| literals(&file.code())).collect();
    none(lint::all().map(|lint| lint.key.to_owned()).filter(|key| !named.contains(key)));
}
