//! Labels: the same keys and placeholders in each language, none missing and none unused.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::desk::home;
use crate::tidy::{File, files, none, sources};

/// Labels and messages of a language by dotted key.
pub fn labels(language: &str) -> BTreeMap<String, String> {
    fn flatten(key: &str, value: &Value, into: &mut BTreeMap<String, String>) {
        match value {
            Value::String(text) => drop(into.insert(key.to_owned(), text.clone())),
            Value::Object(fields) => fields.iter().for_each(|(name, value)| {
                let child = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
                flatten(&child, value, into);
            }),
            other => panic!("{key}: {other}"),
        }
    }
    let mut labels = BTreeMap::new();
    for folder in ["templates/labels", "src/messages"] {
        let path = home().join(format!("{folder}/{language}.json"));
        let text = std::fs::read_to_string(path).unwrap();
        flatten("", &serde_json::from_str(&text).unwrap(), &mut labels);
    }
    labels
}

/// Names in braces: `{count}`, `{slides:goals}`.
pub fn placeholders(text: &str) -> BTreeSet<String> {
    let inside =
        text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0.to_owned()));
    inside
        .filter(|name| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || "_-:".contains(c))
        })
        .collect()
}

#[test]
fn the_languages_have_the_same_labels_and_placeholders() {
    let english = labels("en");
    let mut findings = Vec::new();
    for language in ["fi", "sv"] {
        let mut other = labels(language);
        for (key, text) in &english {
            let Some(own) = other.remove(key) else {
                findings.push(format!("{language}: {key} is missing"));
                continue;
            };
            if placeholders(text) != placeholders(&own) {
                findings.push(format!("{language}: {key}: `{own}`, in English `{text}`"));
            }
            // the time has no prefix in English
            if own.trim().is_empty() && key != "time.prefix" {
                findings.push(format!("{language}: {key} is blank"));
            }
        }
        findings.extend(other.keys().map(|key| format!("{language}: {key} is not in English")));
    }
    none(findings);
}

/// String literals right after a text, white space aside.
pub fn literals_after(code: &str, before: &str) -> Vec<String> {
    let rests = code.split(before).skip(1).filter_map(|rest| rest.trim_start().strip_prefix('"'));
    rests.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())).collect()
}

/// Every string literal without escapes.
pub fn literals(code: &str) -> BTreeSet<String> {
    code.replace("\\\"", "")
        .replace("'\"'", "")
        .split('"')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_label_that_is_asked_for_is_there() {
    let labels = labels("en");
    let calls: [(Vec<File>, &[&str]); 2] = [
        (files("templates", ".hbs"), &["{{word ", "{{word_str ", "(word ", "(word_str "]),
        (
            sources(),
            &[
                "label(",
                "fill(",
                "labels().get(",
                "Fact::new(locale,",
                "Fact::new(self.scope.locale,",
            ],
        ),
    ];
    let mut findings = Vec::new();
    for (files, calls) in calls {
        for file in files {
            let code = if file.path.ends_with(".rs") { file.code() } else { file.text };
            let keys = calls.iter().flat_map(|call| literals_after(&code, call));
            let unknown = keys.filter(|key| !labels.contains_key(key));
            findings.extend(unknown.map(|key| format!("{}: `{key}`", file.path)));
        }
    }
    none(findings);
}

/// Labels whose keys are made from a word of a record, of the command line or
/// of the rules.
const COMPUTED: &str = "accepts. cli. construct. deadline. failure. file. kind. month. \
    proposal.appeal. problem. progress. sector. publicity. record_kind. slide_ref. theme. \
    ui.plan. ui.registry. why.";

#[test]
fn no_label_is_left_over() {
    let templates = files("templates", ".hbs").into_iter().map(|file| file.text);
    let texts = sources().iter().map(File::code).chain(templates).collect::<Vec<_>>();
    let words: BTreeSet<String> = texts.iter().flat_map(|text| literals(text)).collect();
    // `ui.table_file` and its like, put together from a list
    let put_together = |key: &str| {
        key.split_once('.').is_some_and(|(group, name)| group == "ui" && words.contains(name))
    };
    let unused = labels("en").into_keys().filter(|key| {
        !words.contains(key)
            && !COMPUTED.split(' ').any(|prefix| key.starts_with(prefix))
            && !put_together(key)
    });
    none(unused);
}

/// Labels whose keys end in a word of a record: the group and its words.
const GROUPS: &[(&str, &str)] = &[
    ("accepts", "date time id short long statute string integer number boolean array object any"),
    ("construct", "image link nesting"),
    ("deadline", "plan session comments agreed memo summary valid measure follow-up"),
    ("file", "memo proposal extract summary plan measures"),
    ("kind", "memo proposal extract summary plan measures"),
    ("month", "1 2 3 4 5 6 7 8 9 10 11 12"),
    ("progress", "not-started under-way done dropped"),
    ("proposal.appeal", "rectification complaint note preparation none"),
    ("record_kind", "round session proposal summary measures"),
    (
        "sector",
        "municipality employment-area organisation parish company regional-council authority",
    ),
    ("theme", "goals measures cooperation follow-up"),
];

#[test]
fn words_of_records_have_labels() {
    let labels = labels("en");
    none(GROUPS.iter().flat_map(|(group, words)| {
        let own: BTreeSet<&str> =
            labels.keys().filter_map(|key| key.strip_prefix(group)?.strip_prefix('.')).collect();
        let words: BTreeSet<&str> = words.split(' ').collect();
        let differing = own.symmetric_difference(&words);
        differing.map(|word| format!("{group}.{word}")).collect::<Vec<_>>()
    }));
}
