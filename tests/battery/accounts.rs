//! Invariants of a registry after any disturbance: reported registrations exist, every
//! number is accounted for, every file is as issued.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use kirjuri::registry::log::Event;
use kirjuri::registry::{Issue, RegistryReader};
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;

use crate::desk::Desk;
use crate::forgery::entries;
use crate::objects::sha256;

/// Expected content of the registry.
pub struct Books<'a> {
    /// Latest version by document.
    pub wanted: &'a BTreeMap<String, u16>,
    /// Documents that may or may not exist.
    pub withdrawn: &'a BTreeSet<String>,
    /// Documents by the number that the program reported.
    pub said: &'a BTreeMap<String, String>,
}

/// Totals of the registry.
#[derive(Default)]
pub struct Sums {
    pub versions: usize,
    pub web: usize,
    pub given: usize,
    pub voided: usize,
}

impl Books<'_> {
    /// Compares the registry with the expectation; returns deviations.
    pub fn check(&self, desk: &Desk, rebuild: bool) -> (Sums, Vec<String>) {
        let (mut sums, mut failures) = (Sums::default(), Vec::new());
        let listed = listed(desk, &mut failures);
        self.registered_once(&listed, &mut failures);
        numbers(desk, &listed, &mut sums, &mut failures);
        self.published(desk, &mut sums, &mut failures);
        nothing_left(desk, &mut failures);
        let args: &[&str] =
            if rebuild { &["registry", "verify", "--rebuild"] } else { &["registry", "verify"] };
        let ran = desk.run(args);
        if ran.code != Some(0) || !ran.stdout.contains("Findings 0") {
            failures.push(format!("verify: {}", ran.said()));
        }
        (sums, failures)
    }

    /// Every version of every document is listed once, and every reported registration
    /// exists.
    fn registered_once(&self, listed: &[Listed], failures: &mut Vec<String>) {
        let mut versions = BTreeMap::<(&str, u16), usize>::new();
        for row in listed {
            *versions.entry((&row.document, row.version)).or_default() += 1;
        }
        let twice = versions.iter().filter(|(_, count)| **count != 1);
        failures.extend(twice.map(|(version, count)| format!("{version:?} {count} times")));
        for (document, latest) in self.wanted {
            let missing = (1..=*latest).filter(|v| !versions.contains_key(&(document, *v)));
            failures.extend(missing.map(|version| format!("no {document}, version {version}")));
        }
        let unknown = listed.iter().filter(|row| {
            let latest = self.wanted.get(&row.document);
            latest.is_none_or(|latest| row.version > *latest)
                && !self.withdrawn.contains(&row.document)
        });
        failures.extend(unknown.map(|row| format!("nobody asked for {row:?}")));
        for (number, document) in self.said {
            let kept = listed.iter().any(|row| row.number == *number && row.document == *document);
            if !kept {
                failures.push(format!("{document}, no. {number}, was issued and is not there"));
            }
        }
    }

    /// Published PDFs are the archived ones.
    fn published(&self, desk: &Desk, sums: &mut Sums, failures: &mut Vec<String>) {
        let reader = RegistryReader::open(&desk.registry()).unwrap();
        let mut latest = BTreeMap::<String, Issue>::new();
        for issue in reader.all().unwrap() {
            sums.web += usize::from(issue.web.is_some());
            latest.insert(issue.document.clone(), issue);
        }
        for issue in latest.values().filter(|issue| self.wanted.contains_key(&issue.document)) {
            let mut same = |folder: &str, file: &str, archived: Option<Vec<u8>>| {
                let path = desk.path(folder).join(file);
                let published = std::fs::read(&path).ok();
                if published.is_none() || published != archived {
                    failures.push(format!("{} is not what was archived", path.display()));
                }
            };
            same("output", &issue.file, reader.archive().pdf(issue).ok());
            match &issue.web {
                Some(web) => {
                    let file = format!("{}.pdf", issue.document);
                    same("output/web", &file, reader.archive().web_pdf(issue, web).ok());
                }
                None => failures.push(format!("{} has no web copy", issue.document)),
            }
        }
    }
}

/// A line of the register.
#[derive(Debug)]
struct Listed {
    number: String,
    document: String,
    version: u16,
}

fn listed(desk: &Desk, failures: &mut Vec<String>) -> Vec<Listed> {
    let ran = desk.run(&["registry", "list", "--format", "json", "--limit", "0"]);
    let Ok(Value::Array(rows)) = serde_json::from_str(&ran.stdout) else {
        failures.push(format!("list: {}", ran.said()));
        return Vec::new();
    };
    let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    let version = |row: &Value| row["version"].as_u64().unwrap().try_into().unwrap();
    let read = |row| Listed {
        number: text(row, "number"),
        document: text(row, "document"),
        version: version(row),
    };
    rows.iter().map(read).collect()
}

/// Numbers have no gaps; each is assigned to one version, or voided with a reason.
fn numbers(desk: &Desk, listed: &[Listed], sums: &mut Sums, failures: &mut Vec<String>) {
    let path = desk.registry().join("registry.sqlite3");
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let pairs = |sql: &str| -> Vec<(String, String)> {
        let mut statement = db.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.collect::<rusqlite::Result<_>>().unwrap()
    };
    let positions =
        pairs("SELECT number, CAST(position AS TEXT) FROM reservation ORDER BY series, position");
    let mut given = BTreeMap::<&str, usize>::new();
    listed.iter().for_each(|row| *given.entry(&row.number).or_default() += 1);
    let voided: BTreeMap<String, String> =
        pairs("SELECT number, reason FROM void").into_iter().collect();
    let open = pairs("SELECT number, '' FROM open");
    failures.extend(open.iter().map(|(number, _)| format!("{number} is still under way")));
    for (at, (number, position)) in positions.iter().enumerate() {
        if *position != (at + 1).to_string() {
            failures.push(format!("a gap before {number}, position {position}"));
        }
        let reason = voided.get(number);
        let used = given.get(number.as_str()).copied().unwrap_or_default();
        if used + usize::from(reason.is_some()) != 1 || reason.is_some_and(String::is_empty) {
            failures.push(format!("{number} is used {used} times, voided: {reason:?}"));
        }
    }
    if given.keys().any(|number| !positions.iter().any(|(given, _)| given == number)) {
        failures.push("a number was never reserved".into());
    }
    (sums.versions, sums.given, sums.voided) = (listed.len(), given.len(), voided.len());
}

/// No temporary files of interrupted operations remain.
fn nothing_left(desk: &Desk, failures: &mut Vec<String>) {
    let left = |folder: &Path| -> Vec<String> {
        let entries = std::fs::read_dir(folder).into_iter().flatten();
        entries.map(|entry| entry.unwrap().path().display().to_string()).collect()
    };
    failures.extend(left(&desk.registry().join("staging")));
    let output = left(&desk.path("output")).into_iter().chain(left(&desk.path("output/web")));
    failures.extend(output.filter(|path| path.ends_with(".tmp")));
}

/// Validates a bag; returns its faults.
pub fn bag(folder: &Path) -> Vec<String> {
    let mut failures = Vec::new();
    for manifest in ["manifest-sha256.txt", "tagmanifest-sha256.txt"] {
        let text = std::fs::read_to_string(folder.join(manifest)).unwrap_or_default();
        if text.is_empty() {
            failures.push(format!("{} has no {manifest}", folder.display()));
        }
        for line in text.lines() {
            let (digest, path) = line.split_once("  ").unwrap();
            let bytes = std::fs::read(folder.join(path)).unwrap_or_default();
            if sha256(&bytes) != digest {
                failures.push(format!("{path} of {} is not whole", folder.display()));
            }
        }
    }
    failures
}

/// Incomplete packages in a folder.
pub fn partial(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let names = entries.map(|entry| entry.unwrap().path().display().to_string());
    names.filter(|name| name.ends_with(".partial")).map(|name| format!("{name} stayed")).collect()
}

/// True when the log has the export of a package.
pub fn exported_to(desk: &Desk, name: &str) -> bool {
    let is_it = |to: &String| Path::new(to).ends_with(name);
    let entries = entries(&desk.registry());
    let mut exported = entries.iter().filter(|entry| entry.event == Event::Exported);
    exported.any(|entry| entry.detail.get("to").is_some_and(is_it))
}
