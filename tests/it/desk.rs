//! `Desk`: a temporary workspace in which tests run the program and inspect its output.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::pdf::Pdf;

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_kirjuri");

/// Time limit of one run on a slow machine.
const PATIENCE: Duration = Duration::from_secs(300);

/// Folder of the crate.
pub fn home() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A temporary workspace, removed when dropped.
pub struct Desk {
    folder: tempfile::TempDir,
}

/// Output of a run.
pub struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Desk {
    /// An empty workspace.
    pub fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// The sample records of the repository.
    pub fn samples() -> Self {
        let desk = Self::empty();
        copy(&home().join("records"), &desk.path("records"));
        desk
    }

    /// The files of `tests/fixtures/<name>/`.
    pub fn fixture(name: &str) -> Self {
        Self::empty().lay(name)
    }

    /// Turns off all configurable rules, for tests of odd texts and layouts.
    pub fn without_judgement(self) -> Self {
        let off =
            kirjuri::model::lint::configurable().map(|lint| format!("{} = \"off\"\n", lint.key));
        self.write("kirjuri.toml", format!("[check.rules]\n{}", off.collect::<String>()));
        self
    }

    /// Adds the files of another fixture.
    pub fn lay(self, name: &str) -> Self {
        let from = home().join("tests/fixtures").join(name);
        assert!(from.is_dir(), "there is no fixture {name}");
        copy(&from, self.folder.path());
        self
    }

    /// Full path of a file in the workspace.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> &Self {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
        self
    }

    pub fn read(&self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).unwrap()
    }

    pub fn bytes(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub fn remove(&self, name: &str) -> &Self {
        std::fs::remove_file(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        self
    }

    /// Changes a JSON file through its value.
    pub fn edit(&self, name: &str, change: impl FnOnce(&mut Value)) -> &Self {
        let mut value = serde_json::from_str(&self.read(name)).unwrap();
        change(&mut value);
        self.write(name, serde_json::to_string_pretty(&value).unwrap())
    }

    /// Replaces a text that must be in the file.
    pub fn replace(&self, name: &str, from: &str, to: &str) -> &Self {
        let text = self.read(name);
        assert!(text.contains(from), "{name} has no `{from}`");
        self.write(name, text.replace(from, to))
    }

    /// Names of all records, for `edit` and `replace`.
    pub fn records(&self) -> Vec<String> {
        let mut names = Vec::new();
        walk(&self.path("records"), &mut |path| {
            if path.extension().is_some_and(|e| e == "json") {
                names.push(
                    path.strip_prefix(self.folder.path()).unwrap().to_str().unwrap().to_owned(),
                );
            }
        });
        names.sort();
        names
    }

    /// Copies a built-in template into the workspace, where it overrides itself.
    pub fn template(&self, name: &str) -> &Self {
        let bytes = std::fs::read(home().join("templates").join(name)).unwrap();
        self.write(&format!("templates/{name}"), bytes)
    }

    /// A command in this workspace, in English and without colour.
    pub fn command(&self) -> std::process::Command {
        let mut command = std::process::Command::new(PROGRAM);
        command.current_dir(self.folder.path()).args(["--language", "en"]);
        command.env("NO_COLOR", "1").env_remove("CLICOLOR_FORCE").env_remove("RUST_LOG");
        // the dictionaries of the computer must not affect the tests
        command.env("KIRJURI_SPELLING", "off");
        command
    }

    /// Runs the program until it ends.
    pub fn run<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Ran {
        let mut command = assert_cmd::Command::from_std(self.command());
        let output = command.args(args).timeout(PATIENCE).output().unwrap();
        Ran {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The finished PDFs, by file name.
    pub fn pdfs(&self) -> BTreeMap<String, Vec<u8>> {
        self.pdfs_in("output")
    }

    pub fn pdfs_in(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        self.outputs(folder).map(|path| (name(&path), std::fs::read(&path).unwrap())).collect()
    }

    /// Modification times of the PDFs.
    pub fn times(&self) -> BTreeMap<String, SystemTime> {
        let time = |path: &Path| std::fs::metadata(path).unwrap().modified().unwrap();
        self.outputs("output").map(|path| (name(&path), time(&path))).collect()
    }

    /// A finished PDF; `name` without folder and extension.
    pub fn pdf(&self, name: &str) -> Pdf {
        Pdf::open(&self.bytes(&format!("output/{name}.pdf")))
    }

    fn outputs(&self, folder: &str) -> impl Iterator<Item = PathBuf> {
        let entries = std::fs::read_dir(self.path(folder)).into_iter().flatten();
        entries
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|e| e == "pdf"))
    }
}

impl Ran {
    /// Fails, with all output, unless the run ended with this status.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(
            self.code,
            Some(code),
            "\n--- stdout\n{}\n--- stderr\n{}",
            self.stdout,
            self.stderr
        );
        self
    }

    /// Fails unless standard error contains the text.
    #[track_caller]
    pub fn complains(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "`{text}` is not in:\n{}", self.stderr);
        self
    }

    /// Names of the PDFs that the run reports as issued.
    pub fn issued(&self) -> BTreeSet<String> {
        let lines = self.stdout.lines().filter_map(|line| line.split_once(": issued,"));
        lines.map(|(path, _)| name(Path::new(path))).collect()
    }
}

/// Names of entries that differ, or exist on one side only.
pub fn differences<V: PartialEq>(
    a: &BTreeMap<String, V>,
    b: &BTreeMap<String, V>,
) -> BTreeSet<String> {
    a.keys().chain(b.keys()).filter(|key| a.get(*key) != b.get(*key)).cloned().collect()
}

/// A set of file names, for comparing.
pub fn names<const N: usize>(names: [&str; N]) -> BTreeSet<String> {
    names.map(|name| format!("{name}.pdf")).into_iter().collect()
}

/// Maximum waiting time. Shorter than the heartbeat of `watch` (60 s), so that a change
/// found only by the heartbeat is a failure.
const DEADLINE: Duration = Duration::from_secs(45);

/// Waits until a condition is true; fails with `what` otherwise.
#[track_caller]
pub fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = std::time::Instant::now();
    while !is_so() {
        assert!(start.elapsed() < DEADLINE, "this never came true: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Names of the files and folders in a folder, in order.
pub fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.collect::<BTreeSet<_>>().into_iter().collect()
}

/// Visits every file below a folder.
pub fn walk(folder: &Path, visit: &mut impl FnMut(&Path)) {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() { walk(&path, visit) } else { visit(&path) }
    }
}

fn copy(from: &Path, to: &Path) {
    walk(from, &mut |path| {
        let target = to.join(path.strip_prefix(from).unwrap());
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::copy(path, target).unwrap();
    });
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}
