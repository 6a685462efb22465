//! Architecture tests, by reading the sources: module floors, disk access, clock access,
//! panics, labels, dependencies.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::desk::{home, walk};

/// Floor of each module; a module imports from lower floors only.
const FLOORS: &[(&str, usize)] = &[
    ("model", 0),
    ("fs", 0),
    ("bundle", 0),
    ("locale", 0),
    ("intake", 1),
    ("check", 1),
    ("document", 1),
    ("import", 1),
    ("spelling", 1),
    ("render", 1),
    ("testdata", 1),
    ("parallel", 0),
    ("typeset", 1),
    ("publish", 1),
    ("registry", 1),
    ("watch", 1),
    ("pipeline", 2),
    ("config", 3),
    ("audit", 3),
    ("template_tools", 3),
    ("command", 4),
    ("cli", 5),
    ("main", 5),
    ("lib", 5),
];

/// Allowed imports besides those from lower floors.
const ALSO: &[(&str, &[&str])] = &[
    // the lowest modules import nothing else; the order of the others has no cycle
    ("bundle", &["fs", "model"]),
    ("locale", &["bundle", "model"]),
    // parsed arguments
    ("command", &["cli"]),
    ("main", &["cli"]),
];

/// Calls that may panic, each with its reason.
const MAY_PANIC: &[(&str, &str, &str)] = &[
    (
        "src/intake/diagnose.rs",
        ".expect(\"a schema made from a Rust type",
        "a schema made at build time, held by a test",
    ),
    ("src/typeset/mod.rs", ".expect(\"PDF/A-2a and PDF/A-3a combine", "two constants"),
    ("src/typeset/world.rs", ".expect(\"a plain name is a valid path\")", "a constant"),
    ("src/model/round.rs", ".expect(\"the first of January 2000 exists\")", "a constant"),
    ("src/check/patterns.rs", ".expect(\"a pattern of this program", "constants, tried by tests"),
    ("src/check/languages.rs", ".expect(\"a test reads this list\")", "constants, tried by a test"),
];

/// Files that may be longer: tables, not code.
const MAY_BE_LONG: &[(&str, &str)] =
    &[("src/model/round.rs", "the fields of a round with their descriptions")];

pub struct File {
    /// Path relative to the crate.
    pub path: String,
    pub text: String,
}

impl File {
    /// The first part of the path below `src`: the module it belongs to.
    pub fn module(&self) -> &str {
        let below = self.path.strip_prefix("src/").unwrap();
        below.split('/').next().unwrap().trim_end_matches(".rs")
    }

    /// The code: without comments, and without the tests at the end.
    pub fn code(&self) -> String {
        if self.path.ends_with("/tests.rs") {
            return String::new();
        }
        let code = self.text.split("#[cfg(test)]").next().unwrap();
        let lines = code.lines().map(|line| match line.trim_start().starts_with("//") {
            true => "",
            // a trailing comment, but not `https://`
            false => line.split(" // ").next().unwrap(),
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

fn files(folder: &str, end: &str) -> Vec<File> {
    let mut files = Vec::new();
    walk(&home().join(folder), &mut |path| {
        let path = path.strip_prefix(home()).unwrap().to_str().unwrap();
        if path.ends_with(end) {
            files.push(File {
                path: path.to_owned(),
                text: std::fs::read_to_string(home().join(path)).unwrap(),
            });
        }
    });
    assert!(!files.is_empty());
    files
}

pub fn sources() -> Vec<File> {
    files("src", ".rs")
}

/// Fails with every finding.
#[track_caller]
pub fn none(findings: impl IntoIterator<Item = String>) {
    let findings: Vec<String> = findings.into_iter().collect();
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}

/// Every occurrence of a text, as `file:line`.
fn places(file: &File, wanted: &str) -> Vec<String> {
    let code = file.code();
    let found = code.lines().enumerate().filter(|(_, line)| line.contains(wanted));
    found.map(|(index, line)| format!("{}:{}: {}", file.path, index + 1, line.trim())).collect()
}

#[test]
fn every_file_begins_with_a_description() {
    none(sources().into_iter().filter(|file| !file.text.starts_with("//! ")).map(|file| file.path));
}

#[test]

fn no_file_is_long() {
    let long = sources().into_iter().filter(|file| file.text.lines().count() > 400);
    let long = long.filter(|file| !MAY_BE_LONG.iter().any(|(path, _)| *path == file.path));
    none(long.map(|file| format!("{}: {} lines", file.path, file.text.lines().count())));
}

/// Modules of the crate named in code: `crate::x`, `crate::{x, y::z}`.
fn imports(code: &str, root: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for rest in code.split(root).skip(1) {
        match rest.strip_prefix('{') {
            Some(inside) => found.extend(names_in_braces(inside)),
            None => found.extend(first_name(rest)),
        }
    }
    found
}

fn first_name(text: &str) -> Option<String> {
    let name: String =
        text.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    (!name.is_empty()).then_some(name)
}

/// `cli::Cli, command}` gives `cli` and `command`.
fn names_in_braces(inside: &str) -> Vec<String> {
    let (mut depth, mut names, mut part) = (0, Vec::new(), String::new());
    for c in inside.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => names.extend(first_name(std::mem::take(&mut part).trim_start())),
            c => part.push(c),
        }
    }
    names.extend(first_name(part.trim_start()));
    names
}

#[test]
fn modules_import_from_lower_floors_only() {
    let floors: BTreeMap<&str, usize> = FLOORS.iter().copied().collect();
    let also: BTreeMap<&str, &[&str]> = ALSO.iter().copied().collect();
    let mut findings = Vec::new();
    for file in sources() {
        let module = file.module();
        let Some(floor) = floors.get(module) else {
            findings.push(format!("{}: the module `{module}` is on no floor", file.path));
            continue;
        };
        let code = file.code();
        let mut names = imports(&code, "crate::");
        if module == "main" {
            names.extend(imports(&code, "kirjuri::"));
        }
        for name in names.iter().filter(|name| *name != module) {
            let Some(other) = floors.get(name.as_str()) else {
                // a macro or a name at the root
                findings.push(format!("{}: `crate::{name}` is no module", file.path));
                continue;
            };
            let allowed =
                other < floor || also.get(module).is_some_and(|also| also.contains(&name.as_str()));
            if !allowed {
                findings.push(format!(
                    "{}: {module} (floor {floor}) imports {name} (floor {other})",
                    file.path
                ));
            }
        }
    }
    none(findings);
}

#[test]
fn imports_are_read_as_the_compiler_reads_them() {
    let code = "use crate::fs;\nuse crate::{cli::{A, B}, command};\nlet x = crate::model::Y;";
    let names: Vec<String> = imports(code, "crate::").into_iter().collect();
    assert_eq!(names, ["cli", "command", "fs", "model"]);
}

#[test]
fn the_disk_has_one_door() {
    let files = sources().into_iter().filter(|file| file.module() != "fs");
    none(files.flat_map(|file| {
        ["std::fs", "File::open", "OpenOptions", "walkdir", "tempfile"]
            .into_iter()
            .flat_map(move |wanted| places(&file, wanted))
            .collect::<Vec<_>>()
    }));
}

#[test]
fn panics_need_a_reason() {
    let mut used = BTreeSet::new();
    let mut findings = Vec::new();
    for file in sources() {
        for call in
            [".unwrap()", ".expect(", "panic!(", "unreachable!(", "todo!(", "unimplemented!("]
        {
            for place in places(&file, call) {
                match MAY_PANIC
                    .iter()
                    .position(|(path, text, _)| *path == file.path && place.contains(text))
                {
                    Some(index) => {
                        used.insert(index);
                    }
                    None => findings.push(place),
                }
            }
        }
    }
    none(findings);
    assert_eq!(used.len(), MAY_PANIC.len(), "an entry of MAY_PANIC is not needed any more");
}

#[test]
fn no_clock_is_read_below_the_commands() {
    let below =
        sources().into_iter().filter(|file| !["command", "cli", "main"].contains(&file.module()));
    none(below.flat_map(|file| {
        let clocks =
            ["SystemTime::now", "Instant::now", "Zoned::now", "Timestamp::now", "civil::now"];
        clocks.into_iter().flat_map(|clock| places(&file, clock)).collect::<Vec<_>>()
    }));
}

#[test]
fn the_environment_and_the_terminal_belong_to_the_commands() {
    let below = sources().into_iter().filter(|file| !["command", "main"].contains(&file.module()));
    none(below.flat_map(|file| {
        let words =
            ["env::var", "println!(", "eprintln!(", "stdout()", "stderr()", "process::exit"];
        words.into_iter().flat_map(|word| places(&file, word)).collect::<Vec<_>>()
    }));
}

#[test]
fn templates_have_no_traps() {
    let traps = [
        "{{{", "{{&", "{{~&", "{{~{", "\\{{", "{{> (", "{{>(", "{{~> (", "{{#> ", "{{lookup",
        "(lookup", "{{ &",
    ];
    none(files("templates", ".hbs").iter().flat_map(|file| {
        let found = file.text.lines().enumerate().flat_map(|(index, line)| {
            let here = traps.iter().filter(move |trap| line.contains(**trap));
            here.map(move |trap| format!("{}:{}: `{trap}`", file.path, index + 1))
        });
        found.collect::<Vec<_>>()
    }));
}

/// Labels of a language by dotted key.
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
        let other = labels(language);
        let keys =
            |labels: &BTreeMap<String, String>| labels.keys().cloned().collect::<BTreeSet<_>>();
        findings.extend(
            keys(&english)
                .symmetric_difference(&keys(&other))
                .map(|key| format!("{language}: {key} is only in one")),
        );
        for (key, text) in &english {
            let Some(own) = other.get(key) else { continue };
            if placeholders(text) != placeholders(own) {
                findings.push(format!("{language}: {key}: `{own}`, in English `{text}`"));
            }
            // in English, times have no prefix
            if own.trim().is_empty() && key != "time.prefix" {
                findings.push(format!("{language}: {key} is blank"));
            }
        }
    }
    none(findings);
}

/// String literals directly after a text, apart from white space.
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
fn every_requested_label_exists() {
    let labels = labels("en");
    let mut findings = Vec::new();
    for file in files("templates", ".hbs") {
        for call in ["{{word ", "{{word_str ", "(word ", "(word_str "] {
            for key in
                literals_after(&file.text, call).into_iter().filter(|key| !labels.contains_key(key))
            {
                findings.push(format!("{}: `{key}`", file.path));
            }
        }
    }
    for file in sources() {
        for call in [
            "label(",
            "fill(",
            "labels().get(",
            "Fact::new(locale,",
            "Fact::new(self.scope.locale,",
        ] {
            for key in literals_after(&file.code(), call)
                .into_iter()
                .filter(|key| !labels.contains_key(key))
            {
                findings.push(format!("{}: `{key}`", file.path));
            }
        }
    }
    none(findings);
}

/// Labels with computed keys.
const COMPUTED: &[&str] = &[
    "accepts.",
    "cli.",
    "construct.",
    "deadline.",
    "failure.",
    "file.",
    "kind.",
    "month.",
    "proposal.appeal.",
    "problem.",
    "progress.",
    "sector.",
    "publicity.",
    "record_kind.",
    "slide_ref.",
    "theme.",
    "ui.registry.",
    "why.",
];

#[test]
fn no_label_is_left_over() {
    let mut words = BTreeSet::new();
    for file in sources()
        .iter()
        .map(File::code)
        .chain(files("templates", ".hbs").into_iter().map(|file| file.text))
    {
        words.extend(literals(&file));
    }
    // keys such as `ui.table_file`, built from a list
    let put_together = |key: &str| {
        key.split_once('.').is_some_and(|(group, name)| group == "ui" && words.contains(name))
    };
    let unused = labels("en").into_keys().filter(|key| {
        !words.contains(key)
            && !COMPUTED.iter().any(|prefix| key.starts_with(prefix))
            && !put_together(key)
    });
    none(unused);
}

#[test]
fn the_words_that_computed_labels_are_made_from_have_labels() {
    let labels = labels("en");
    let enums = [
        (
            "sector",
            vec![
                "municipality",
                "employment-area",
                "organisation",
                "parish",
                "company",
                "regional-council",
                "authority",
            ],
        ),
        ("progress", vec!["not-started", "under-way", "done", "dropped"]),
        ("theme", vec!["goals", "measures", "cooperation", "follow-up"]),
        ("file", vec!["memo", "proposal", "extract", "summary", "plan", "measures"]),
        ("kind", vec!["memo", "proposal", "extract", "summary", "plan", "measures"]),
        ("proposal.appeal", vec!["rectification", "complaint", "note", "preparation", "none"]),
        ("record_kind", vec!["round", "session", "proposal", "summary", "measures"]),
        ("month", vec!["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"]),
        ("construct", vec!["image", "link", "nesting"]),
        (
            "deadline",
            vec![
                "plan",
                "session",
                "comments",
                "agreed",
                "memo",
                "summary",
                "valid",
                "measure",
                "follow-up",
            ],
        ),
        (
            "accepts",
            vec![
                "date", "time", "id", "short", "long", "statute", "string", "integer", "number",
                "boolean", "array", "object", "any",
            ],
        ),
    ];
    let mut findings = Vec::new();
    for (group, words) in enums {
        let own: BTreeSet<&str> =
            labels.keys().filter_map(|key| key.strip_prefix(group)?.strip_prefix('.')).collect();
        let words: BTreeSet<&str> = words.into_iter().collect();
        findings.extend(own.symmetric_difference(&words).map(|word| format!("{group}.{word}")));
    }
    none(findings);
}

/// Names of all dependencies in `Cargo.toml`.
fn dependencies() -> BTreeSet<String> {
    let manifest = std::fs::read_to_string(home().join("Cargo.toml")).unwrap();
    let (mut names, mut inside) = (BTreeSet::new(), false);
    for line in manifest.lines() {
        if let Some(table) = line.strip_prefix('[') {
            inside = table.trim_end_matches(']').ends_with("dependencies");
        } else if inside && let Some((name, _)) = line.split_once('=') {
            names.insert(name.trim().to_owned());
        }
    }
    assert!(names.contains("typst") && names.contains("rustix") && names.contains("insta"));
    names
}

#[test]
fn every_dependency_has_its_reason() {
    let text = std::fs::read_to_string(home().join("ARCHITECTURE.md")).unwrap();
    let part = text.split("\n## Dependencies\n").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows = part.lines().filter_map(|line| line.strip_prefix("| `"));
    let mut reasons = BTreeSet::new();
    for row in rows {
        let (crates, reason) = row.split_once(" | ").unwrap();
        assert!(reason.trim_end_matches(['|', ' ']).len() > 5, "{row}");
        // `a`, `b` (Unix)
        let names = crates.split(',').map(|name| name.trim().trim_start_matches('`'));
        reasons.extend(names.map(|name| name.split('`').next().unwrap().to_owned()));
    }
    let used = dependencies();
    none(used.symmetric_difference(&reasons).map(|name| format!("{name} is only in one")));
}
