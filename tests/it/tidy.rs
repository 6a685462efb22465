//! Rules of the architecture that neither the compiler nor Clippy keeps, checked by
//! reading the sources: layers and import circles, the length of files, who may use the
//! terminal and the environment, templates and dependencies.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::desk::{home, walk};

/// The layers, from the bottom up; a module imports only from layers below its own.
const FLOORS: &[&[&str]] = &[
    &["model", "fs", "bundle", "locale", "parallel"],
    &[
        "intake", "check", "document", "import", "spelling", "render", "testdata", "typeset",
        "publish", "registry", "watch",
    ],
    &["pipeline"],
    &["config", "audit", "template_tools"],
    &["command"],
    &["cli", "main", "lib"],
];

/// Allowed imports besides those from lower layers, by importing module.
const ALSO: &[(&str, &str)] = &[
    ("bundle", "fs"),
    ("bundle", "model"),
    ("locale", "bundle"),
    ("locale", "model"),
    // in its tests, which put errors into words
    ("locale", "fs"),
    ("command", "cli"),
    ("main", "cli"),
];

/// Files that may have more than 400 lines: tables, not code.
const LONG: &[&str] = &["src/model/round.rs"];

/// What only these modules may use.
const RESERVED: &[(&[&str], &[&str])] = &[
    (&["env::var", "anstream", "stdout()", "stderr()"], &["command", "main"]),
    (&["std::fs", "OpenOptions", "walkdir", "tempfile"], &["fs"]),
];

pub struct File {
    /// Path relative to the crate.
    pub path: String,
    pub text: String,
}

impl File {
    /// The top-level module that the file belongs to.
    pub fn module(&self) -> &str {
        let below = self.path.strip_prefix("src/").unwrap();
        below.split('/').next().unwrap().trim_end_matches(".rs")
    }

    /// Path of the file's module below the crate: `["registry", "log"]`.
    fn module_path(&self) -> Vec<&str> {
        let below = self.path.trim_start_matches("src/").trim_end_matches(".rs");
        below.split('/').filter(|part| !["mod", "lib"].contains(part)).collect()
    }

    /// The text without comments.
    fn without_comments(&self) -> String {
        let lines = self.text.lines().map(|line| match line.trim_start().starts_with("//") {
            true => "",
            // a comment after code; `https://` is none
            false => line.split(" // ").next().unwrap(),
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The code: without comments and unit tests. Its lines keep their numbers.
    pub fn code(&self) -> String {
        if self.path.ends_with("/tests.rs") {
            return String::new();
        }
        let (text, mut in_tests) = (self.without_comments(), false);
        let lines = text.lines().map(|line| {
            in_tests |= line == "#[cfg(test)]";
            let shown = if in_tests { "" } else { line };
            in_tests &= line != "}" && !(line.starts_with("mod ") && line.ends_with(';'));
            shown
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

pub fn files(folder: &str, end: &str) -> Vec<File> {
    let mut files = Vec::new();
    walk(&home().join(folder), &mut |path| {
        let path = path.strip_prefix(home()).unwrap().to_str().unwrap().to_owned();
        if path.ends_with(end) {
            let text = std::fs::read_to_string(home().join(&path)).unwrap();
            files.push(File { path, text });
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

#[test]
fn every_file_has_a_description_and_is_short() {
    none(sources().into_iter().filter(|file| !file.text.starts_with("//! ")).map(|file| file.path));
    let lines = |file: &File| file.text.lines().count();
    let long = sources().into_iter().filter(|file| lines(file) > 400);
    let long = long.filter(|file| !LONG.contains(&file.path.as_str()));
    none(long.map(|file| format!("{}: {} lines", file.path, lines(&file))));
}

#[test]
fn reserved_words_are_used_where_they_may_be() {
    let mut findings = Vec::new();
    for (file, (words, modules)) in
        sources().iter().flat_map(|file| RESERVED.iter().map(move |rule| (file, rule)))
    {
        for (index, line) in file.code().lines().enumerate() {
            let used = words.iter().any(|word| line.contains(word));
            if used && !modules.contains(&file.module()) {
                findings.push(format!("{}:{}: {}", file.path, index + 1, line.trim()));
            }
        }
    }
    none(findings);
}

/// Reads a path, or a group of paths in braces, and returns what follows it.
fn read_path<'t>(text: &'t str, base: &[&'t str], found: &mut Vec<Vec<&'t str>>) -> &'t str {
    let text = text.trim_start();
    if let Some(mut rest) = text.strip_prefix('{') {
        loop {
            rest = read_path(rest, base, found).trim_start();
            match rest.strip_prefix(',') {
                Some(next) => rest = next,
                None => return rest.strip_prefix('}').unwrap_or(rest),
            }
        }
    }
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '*';
    let (name, rest) = text.split_at(text.find(|c| !is_name(c)).unwrap_or(text.len()));
    let path = if name.is_empty() { base.to_vec() } else { [base, &[name]].concat() };
    if let Some(rest) = rest.strip_prefix("::") {
        return read_path(rest, &path, found);
    }
    found.push(path);
    rest.trim_start().strip_prefix("as ").map_or(rest, |alias| alias.trim_start_matches(is_name))
}

/// A path as seen from a module, from the root of the crate.
fn absolute<'t>(module: &[&'t str], path: &[&'t str]) -> Vec<&'t str> {
    let mut at = module.to_vec();
    for part in path {
        match *part {
            "crate" | "kirjuri" => at.clear(),
            "super" => drop(at.pop()),
            "self" => {}
            name => at.push(name),
        }
    }
    at
}

/// Every path inside the crate that a module names, tests included.
fn imports<'t>(module: &[&'t str], code: &'t str) -> BTreeSet<Vec<&'t str>> {
    // inside `mod tests`, `super` is the file itself
    let (own, tests) = code.split_once("\nmod tests {").unwrap_or((code, ""));
    let declared = own.lines().filter_map(|line| line.split_once("mod ")?.1.strip_suffix(';'));
    let roots: Vec<&str> = declared.chain(["crate", "super", "self", "kirjuri"]).collect();
    let inside = |c: char| c.is_alphanumeric() || "_:.".contains(c);
    let mut found = BTreeSet::new();
    for (module, code) in [(module.to_vec(), own), ([module, &["tests"]].concat(), tests)] {
        for root in &roots {
            for (at, _) in code.match_indices(&format!("{root}::")) {
                if !code[..at].ends_with(inside) {
                    let mut paths = Vec::new();
                    read_path(&code[at..], &[], &mut paths);
                    found.extend(paths.iter().map(|path| absolute(&module, path)));
                }
            }
        }
    }
    found
}

/// What the `use` declarations of a module call by a name of their own, so that a type
/// is looked for where it is defined and not where it is re-exported.
fn aliases<'t>(module: &[&'t str], code: &'t str) -> Vec<(Vec<&'t str>, Vec<&'t str>)> {
    let mut paths = Vec::new();
    for (at, _) in code.match_indices("use ") {
        let line = code[..at].rsplit('\n').next().unwrap();
        if line.is_empty() || line.starts_with("pub") {
            read_path(&code[at + 4..], &[], &mut paths);
        }
    }
    let named = paths.iter().filter_map(|path| Some(([module, &[*path.last()?]].concat(), path)));
    named.map(|(alias, path)| (alias, absolute(module, path))).collect()
}

/// The modules that each module imports from. The module above counts for none: a folder
/// and its `mod.rs` are one.
fn edges<'t>(files: &'t [(Vec<&'t str>, String)]) -> BTreeMap<String, BTreeSet<String>> {
    let modules: BTreeSet<&[&str]> = files.iter().map(|(module, _)| module.as_slice()).collect();
    let aliases: BTreeMap<Vec<&str>, Vec<&str>> =
        files.iter().flat_map(|(module, code)| aliases(module, code)).collect();
    let defined_in = |mut path: Vec<&'t str>| {
        // a re-export of a re-export is followed as well, a circle of them is not
        for _ in 0..4 {
            let known = (1..=path.len()).find(|end| !modules.contains(&path[..*end]));
            let Some(end) = known else { break };
            let Some(target) = aliases.get(&path[..end]) else {
                path.truncate(end - 1);
                break;
            };
            path = [target.as_slice(), &path[end..]].concat();
        }
        path
    };
    let mut edges = BTreeMap::new();
    for (module, code) in files {
        let targets = imports(module, code).into_iter().map(defined_in);
        let others = targets.filter(|target| !module.starts_with(target));
        edges.insert(module.join("::"), others.map(|target| target.join("::")).collect());
    }
    edges
}

/// The shortest circle through the first module of each, as `a -> b -> a`.
fn circles(edges: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let mut found = Vec::new();
    for start in edges.keys() {
        let (mut ways, mut seen) = (VecDeque::from([vec![start]]), BTreeSet::new());
        while let Some(way) = ways.pop_front() {
            if way.len() > 1 && way.last() == Some(&start) {
                let first = way.iter().all(|module| *module >= start);
                let names: Vec<&str> = way.iter().map(|module| module.as_str()).collect();
                found.extend(first.then(|| format!("circle: {}", names.join(" -> "))));
                break;
            }
            for next in way.last().and_then(|here| edges.get(*here)).into_iter().flatten() {
                if seen.insert(next) {
                    ways.push_back([way.as_slice(), &[next]].concat());
                }
            }
        }
    }
    found
}

/// Imports of a module that its layer does not allow.
fn upward(module: &[&str], code: &str) -> Vec<String> {
    let floor = |name: &str| FLOORS.iter().position(|names| names.contains(&name));
    let own = module.first().copied().unwrap_or("lib");
    let rooms: BTreeSet<&str> =
        imports(module, code).iter().filter_map(|path| path.first().copied()).collect();
    let refused = rooms.into_iter().filter(|other| {
        let allowed = floor(other).is_some() && floor(other) < floor(own);
        *other != own && own != "lib" && !allowed && !ALSO.contains(&(own, other))
    });
    refused.map(|other| format!("{} imports `{other}`", module.join("::"))).collect()
}

#[test]
fn modules_import_from_lower_layers_only_and_in_no_circle() {
    let sources = sources();
    let files: Vec<(Vec<&str>, String)> =
        sources.iter().map(|file| (file.module_path(), file.without_comments())).collect();
    let upward = files.iter().flat_map(|(module, code)| upward(module, code));
    none(upward.chain(circles(&edges(&files))));
}

#[test]
fn made_up_circles_and_upward_imports_are_found() {
    let file = |path: &'static str, code: &str| (path.split("::").collect(), code.to_owned());
    let files = [
        file("model", "mod a;\nmod b;\npub use a::A;\nfn f() { b::f() }"),
        file("model::a", "use super::{b::{self, B}, text::Id};\npub struct A;"),
        // `A` is re-exported by the module above
        file("model::b", "#[cfg(test)]\nmod tests {\n    use super::super::A;\n}"),
    ];
    assert_eq!(circles(&edges(&files)), ["circle: model::a -> model::b -> model::a"]);
    assert_eq!(circles(&edges(&files[..2])), Vec::<String>::new());
    let code = "use super::super::{fs, registry::{Index as I, log}};\nuse crate::{cli::A, render};";
    let found = upward(&["model", "a"], code).join("\n");
    for other in ["fs", "registry", "cli", "render"] {
        assert!(found.contains(&format!("model::a imports `{other}`")), "{found}");
    }
    assert_eq!(upward(&["registry", "log"], "use super::find;\nuse crate::model::Id;"), [""; 0]);
}

/// Constructs of Handlebars that escape nothing or run what they are given.
const TRAPS: &[&str] = &[
    "{{{", "{{&", "{{~&", "{{~{", "\\{{", "{{> (", "{{>(", "{{~> (", "{{#> ", "{{lookup",
    "(lookup", "{{ &",
];

#[test]
fn templates_have_no_traps() {
    none(files("templates", ".hbs").iter().flat_map(|file| {
        let lines = file.text.lines().enumerate();
        lines
            .filter(|(_, line)| TRAPS.iter().any(|trap| line.contains(trap)))
            .map(|(index, line)| format!("{}:{}: {line}", file.path, index + 1))
            .collect::<Vec<_>>()
    }));
}

#[test]
fn every_dependency_has_its_reason() {
    let manifest = std::fs::read_to_string(home().join("Cargo.toml")).unwrap();
    let tables = manifest.split("\n[").filter_map(|table| table.split_once("dependencies]\n"));
    let mut findings = Vec::new();
    for (_, table) in tables {
        // the reason is after the crate or in the comment above it
        let mut before = "";
        for line in table.lines() {
            let explained = line.contains(" # ") || before.starts_with('#');
            if line.contains(" = ") && !line.starts_with('#') && !explained {
                findings.push(format!("Cargo.toml does not say why: {line}"));
            }
            before = line;
        }
    }
    assert!(manifest.contains("\ntypst = ") && manifest.contains("\ninsta = "));
    none(findings);
}
