//! Writes problems as a SARIF 2.1.0 log (OASIS), for editors and code hosts. Only the
//! parts of the format that they use.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use crate::fs;
use crate::locale::Locale;
use crate::model::{Problem, Severity};

/// The log of one run.
pub fn log(problems: &[Problem], locale: &Locale) -> Value {
    // paths are relative to the working folder, as the user gave them
    let base = fs::real_path(Path::new(".")).ok().map(|folder| {
        let folder = uri(&folder);
        format!("file://{}{folder}/", if folder.starts_with('/') { "" } else { "/" })
    });
    let mut rules: BTreeMap<&str, Value> = BTreeMap::new();
    for problem in problems {
        rules.entry(problem.rule).or_insert_with(|| rule(problem, locale));
    }
    let index: BTreeMap<&str, usize> =
        rules.keys().enumerate().map(|(at, name)| (*name, at)).collect();
    let results: Vec<Value> = problems
        .iter()
        .map(|problem| result(problem, index.get(problem.rule).copied(), locale))
        .collect();
    let mut run = json!({
        "tool": { "driver": {
            "name": "kirjuri",
            "version": env!("CARGO_PKG_VERSION"),
            "rules": rules.into_values().collect::<Vec<_>>(),
        } },
        "columnKind": "unicodeCodePoints",
        "results": results,
    });
    if let Some(base) = base {
        run["originalUriBaseIds"] = json!({ "WORKSPACE": { "uri": base } });
    }
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    })
}

fn rule(problem: &Problem, locale: &Locale) -> Value {
    let words = locale.word(problem);
    let why = if words.why.is_empty() { problem.rule.to_owned() } else { words.why };
    json!({ "id": problem.rule, "shortDescription": { "text": why } })
}

fn result(problem: &Problem, rule: Option<usize>, locale: &Locale) -> Value {
    let words = locale.word(problem);
    let level = match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "note",
    };
    let file = problem.place.file.display().to_string();
    let relative = !problem.place.file.is_absolute();
    let mut artifact = json!({ "uri": uri(&problem.place.file) });
    if relative {
        artifact["uriBaseId"] = "WORKSPACE".into();
    } else {
        artifact["uri"] = format!("file://{}", uri(Path::new(&file))).into();
    }
    let mut location = json!({ "physicalLocation": { "artifactLocation": artifact } });
    if let Some(region) = region(problem) {
        location["physicalLocation"]["region"] = region;
    }
    if !problem.place.field.is_empty() {
        location["logicalLocations"] = json!([{ "fullyQualifiedName": problem.place.field }]);
    }
    let mut result = json!({
        "ruleId": problem.rule,
        "level": level,
        "message": { "text": format!("{}\n{}", words.message, words.help) },
        "locations": [location],
    });
    if let Some(index) = rule {
        result["ruleIndex"] = index.into();
    }
    if let Some(reason) = &problem.accepted {
        let kind = json!({ "kind": "inSource", "status": "accepted", "justification": reason });
        result["suppressions"] = json!([kind]);
    }
    result
}

/// The marked region. Lines and columns count from 1; the end column is that after the
/// last character.
fn region(problem: &Problem) -> Option<Value> {
    let (line, column) = problem.line_column()?;
    let (span, text) = (problem.place.span.as_ref()?, problem.place.text.as_ref()?);
    let marked = text.get(span.clone())?;
    let end_line = line + marked.matches('\n').count();
    let tail = marked.rsplit('\n').next().unwrap_or_default().chars().count();
    let end = if end_line == line { column + tail } else { tail + 1 };
    Some(json!({
        "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end,
    }))
}

/// A path as part of a URI (RFC 3986), percent-encoded.
fn uri(path: &Path) -> String {
    let text = path.display().to_string().replace('\\', "/");
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~/:".contains(&b);
    let byte = |b: u8| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") };
    text.bytes().map(byte).collect()
}
