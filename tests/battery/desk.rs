//! `Desk`: a temporary workspace with records and settings, in which the program under
//! test runs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::tree::Tree;

/// The settings, extended by `more`.
const SETTINGS: &str = r#"
[registry]
folder = "registry"
number = "KJ-{year}-{number:5}"
checker = "Registry office"

[registry.all]
function = "00.01.02"
publicity = "public"
personal_data = "yes"
retention = { permanent = true, reason = "records management plan 00.01.02" }
"#;

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
    /// A workspace with only settings.
    pub fn new(more: &str) -> Self {
        Self::plain(&format!("{more}\n{SETTINGS}"))
    }

    /// A workspace with these settings, without a registry.
    pub fn plain(settings: &str) -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        desk.write("kirjuri.toml", format!("# no registry unless it says so\n{settings}"));
        desk
    }

    /// Full path of the workspace, with links resolved.
    pub fn folder(&self) -> PathBuf {
        std::fs::canonicalize(self.folder.path()).unwrap()
    }

    /// Full path of a file in the workspace.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn registry(&self) -> PathBuf {
        self.path("registry")
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    /// Changes a record.
    pub fn edit(&self, name: &str, change: impl FnOnce(&mut Value)) {
        let bytes = std::fs::read(self.path(name)).unwrap();
        let mut record = serde_json::from_slice(&bytes).unwrap();
        change(&mut record);
        self.write(name, serde_json::to_vec_pretty(&record).unwrap());
    }

    /// The program in this workspace, with messages in English.
    pub fn program(&self, args: &[&str]) -> Command {
        self.under(&[], args)
    }

    /// The program, started by another one.
    pub fn under(&self, tool: &[&str], args: &[&str]) -> Command {
        // an installed program may be tested as well
        let own = std::env::var("KIRJURI_PROGRAM");
        let own = own.as_deref().unwrap_or(env!("CARGO_BIN_EXE_kirjuri"));
        let own = [own];
        let mut line = tool.iter().chain(&own).chain(args);
        let mut program = Command::new(line.next().unwrap());
        program.args(line).current_dir(self.folder.path()).env("LC_ALL", "C");
        // the dictionaries of the computer must not affect the results
        program.env("KIRJURI_SPELLING", "off").stdin(Stdio::null());
        program
    }

    /// The PDFs in the output folder and below it, by their path from there.
    pub fn pdfs(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let output = self.path("output");
        if !output.is_dir() {
            return BTreeMap::new();
        }
        let mut files = Tree::of(&output).files;
        files.retain(|path, _| path.extension().is_some_and(|end| end == "pdf"));
        files
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        finished(&mut self.program(args))
    }
}

/// Runs a program to its end.
pub fn finished(program: &mut Command) -> Ran {
    let output = program.output().unwrap();
    Ran {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

impl Ran {
    /// All output.
    pub fn said(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }

    /// Fails with all output unless the run was successful.
    #[track_caller]
    pub fn well(self) -> Self {
        assert_eq!(self.code, Some(0), "{}", self.said());
        self
    }
}

/// The small set of final records.
pub fn small() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/small/records")
}
