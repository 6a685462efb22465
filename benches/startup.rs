//! What a command costs before and beside its work: instructions that the built
//! program executes to check one record of the samples, and to build them a second
//! time, when there is nothing to do. Counted by callgrind, so that the figures are
//! the same on a busy computer. `cargo bench --bench startup -- 300 300` fails when
//! a command takes more millions than these.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "benchmarks print their figures and fail loudly"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// A day on which everything that the samples tell of has come.
const TODAY: &str = "1796083200";

fn main() -> ExitCode {
    let limits: Vec<u64> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("valgrind is not installed: nothing is counted");
        return ExitCode::SUCCESS;
    }
    let workspace = tempfile::tempdir().unwrap();
    copy_samples(workspace.path());
    let program = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kirjuri"));
        command.args(arguments);
        run(command, workspace.path())
    };
    program(&["build"]);
    let mut too_many = false;
    for (name, arguments, limit) in [
        ("check of one record", &["check", "records/2025/round.json"][..], limits.first()),
        ("build without changes", &["build"], limits.get(1)),
    ] {
        let millions = instructions(arguments, workspace.path()) / 1_000_000;
        let above = limit.is_some_and(|limit| millions > *limit);
        let said = if above { ", more than it may take" } else { "" };
        println!("{name}: {millions} million instructions{said}");
        too_many |= above;
    }
    if too_many { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// The samples as a workspace, with the templates beside them as in the repository.
fn copy_samples(to: &Path) {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    for part in ["kirjuri.toml", "records", "templates"] {
        for entry in walkdir::WalkDir::new(home.join(part)) {
            let entry = entry.unwrap();
            let path = to.join(entry.path().strip_prefix(home).unwrap());
            match entry.file_type().is_dir() {
                true => std::fs::create_dir_all(&path).unwrap(),
                false => drop(std::fs::copy(entry.path(), &path).unwrap()),
            }
        }
    }
}

/// Instructions of a command in all its threads; workers that it starts aside.
fn instructions(arguments: &[&str], workspace: &Path) -> u64 {
    let counts: PathBuf = workspace.join("callgrind.out");
    let mut command = Command::new("valgrind");
    command.arg("--tool=callgrind").arg(format!("--callgrind-out-file={}", counts.display()));
    command.arg(env!("CARGO_BIN_EXE_kirjuri")).args(arguments);
    run(command, workspace);
    let counted = std::fs::read_to_string(counts).unwrap();
    let totals = counted.lines().filter_map(|line| line.strip_prefix("totals: "));
    totals.map(|total| total.trim().parse::<u64>().unwrap()).sum()
}

fn run(mut command: Command, workspace: &Path) {
    let environment =
        [("SOURCE_DATE_EPOCH", TODAY), ("KIRJURI_SPELLING", "off"), ("LC_ALL", "fi_FI.UTF-8")];
    let run = command.current_dir(workspace).envs(environment).output().unwrap();
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(run.status.success(), "{command:?}: {said}");
}
