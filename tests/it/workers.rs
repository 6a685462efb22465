//! Typesetting in worker processes: documents over a limit are stopped and reported for
//! their record, all others are made, with the same bytes as without workers.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use crate::desk::{Desk, differences, eventually, names};
use crate::watch::Watch;

const TEMPLATE: &str = "memo.typ.hbs";
const FILE: &str = "templates/memo.typ.hbs";
const LEAD: &str = "#lead[{{lead}}]";
const MEMO: &str = "talks-north-memo";
const SHEET: &str = "output/corrections/talks-north.html";

/// Runs forever.
const LOOP: &str = "for a in range(9000) { for b in range(9000) { for c in range(9000) { } } }";
/// Allocates unlimited memory.
const ARRAY: &str = "let a = range(500000000)";
const DOUBLING: &str = "let s = \"x\"; for i in range(40) { s += s }";
/// Creates tens of thousands of pages.
const TALL: &str = "block(height: 1000000cm)";

/// The small set, with code that is only executed in the northern memo.
fn mined(settings: &str, code: &str) -> Desk {
    let desk = Desk::fixture("small");
    desk.write("kirjuri.toml", format!("[typeset]\n{settings}\n[watch]\ninterval = 100\n"));
    desk.template(TEMPLATE);
    // the southern memo is of other municipalities
    let mine = format!("#if {{{{str lead}}}}.contains(\"Alder\") {{ {code} }}");
    desk.replace(FILE, LEAD, &format!("{LEAD}\n{mine}"));
    desk
}

/// The documents of that set without the code, typeset in process.
fn in_process() -> BTreeMap<String, Vec<u8>> {
    let desk = mined("isolated = false", "none");
    desk.run(["build"]).exits(0);
    desk.pdfs()
}

/// Builds with the code: one document is refused, for its record, and the others are
/// made; when the code is removed, everything is made.
fn goes_off(settings: &str, code: &str, rules: &[&str]) {
    let desk = mined(settings, code);
    let run = desk.run(["build"]).exits(1);
    assert!(rules.iter().any(|rule| run.stderr.contains(rule)), "{}", run.stderr);
    assert!(run.stderr.contains("records/north.json"), "{}", run.stderr);
    assert!(!run.stderr.contains("typeset-unguarded"), "{}", run.stderr);
    let (made, whole) = (desk.pdfs(), in_process());
    let others: BTreeSet<String> =
        whole.keys().filter(|name| **name != format!("{MEMO}.pdf")).cloned().collect();
    assert_eq!(made.keys().cloned().collect::<BTreeSet<_>>(), others);
    let page = desk.read(SHEET);
    assert!(rules.iter().any(|rule| page.contains(rule)), "{page}");
    desk.replace(FILE, code, "none");
    desk.run(["build"]).exits(0);
    assert_eq!(differences(&desk.pdfs(), &whole), BTreeSet::new());
    assert!(!desk.path(SHEET).exists());
}

#[test]
fn an_endless_loop_hits_the_deadline() {
    goes_off("deadline = 4", LOOP, &["typeset-killed-time"]);
}

#[test]
fn a_huge_array_hits_the_limit_of_memory() {
    goes_off("memory = 512", ARRAY, &["typeset-killed-memory"]);
}

#[test]
fn a_doubled_text_hits_the_limit_of_memory() {
    goes_off("memory = 512", DOUBLING, &["typeset-killed-memory"]);
}

#[test]
fn a_tall_block_hits_one_limit_or_the_other() {
    let rules = ["typeset-killed-time", "typeset-killed-memory"];
    goes_off("deadline = 4\nmemory = 1024", TALL, &rules);
}

#[test]
fn pdfs_are_the_same_with_and_without_workers() {
    let (with, without) = (Desk::samples(), Desk::samples());
    without.write("kirjuri.toml", "[typeset]\nisolated = false\n");
    with.run(["build"]).exits(0);
    without.run(["build"]).exits(0);
    assert_eq!(differences(&with.pdfs(), &without.pdfs()), BTreeSet::new());
}

#[test]
fn limits_have_limits() {
    let desk = Desk::fixture("small");
    for wrong in ["deadline = 0", "memory = 1", "isolated = 1", "timeout = 3"] {
        desk.write("kirjuri.toml", format!("[typeset]\n{wrong}\n"));
        desk.run(["build"]).exits(2).complains("kirjuri.toml");
    }
}

#[test]
fn a_worker_ends_when_its_pipe_closes() {
    let desk = Desk::empty();
    for said in ["", "no message of ours"] {
        let mut command = assert_cmd::Command::from_std(desk.command());
        command.args(["worker", "--memory", "512"]).write_stdin(said);
        let output = command.timeout(Duration::from_secs(60)).output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn the_watcher_survives_and_retries_only_changes() {
    let desk = mined("deadline = 4", LOOP);
    let watch = Watch::start(&desk, &["watch"]);
    watch.says("typeset-killed-time");
    // three attempts would take 12 seconds
    let start = Instant::now();
    let issued = watch.issues_after(|| {
        desk.replace("records/south.json", "Clubs need rooms", "Clubs need halls");
    });
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    assert!(!issued.contains(&format!("{MEMO}.pdf")) && issued.contains("talks-south-memo.pdf"));
    let issued = watch.issues_after(|| {
        desk.replace(FILE, LOOP, "none");
    });
    assert_eq!(issued, names([MEMO, "talks-south-memo"]));
    eventually("the sheet goes", || !desk.path(SHEET).exists());
}

/// Child processes of a process, from the process list of Linux.
#[cfg(target_os = "linux")]
fn children(parent: u32) -> Vec<u32> {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let is_child = |process: &u32| {
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        // after the name, which may contain anything: the state, then the parent
        let fields = stat.rsplit(')').next().unwrap_or_default();
        fields.split_whitespace().nth(1).is_some_and(|number| number == parent.to_string())
    };
    numbers.filter(is_child).collect()
}

#[cfg(target_os = "linux")]
fn kill(processes: &[u32]) {
    for process in processes {
        // it may have ended by itself
        let _ = std::process::Command::new("kill")
            .args(["-9", &process.to_string()])
            .stderr(std::process::Stdio::null())
            .status();
    }
}

#[test]
#[cfg(target_os = "linux")]
fn workers_that_are_killed_from_outside_lose_nothing() {
    let whole = Desk::samples();
    whole.run(["build"]).exits(0);
    let desk = Desk::samples();
    desk.write("kirjuri.toml", "workers = 2\n");
    let mut command = desk.command();
    command.arg("build").stdout(std::process::Stdio::null());
    let mut child = command.spawn().unwrap();
    let mut killed = 0;
    for documents in [1, 8] {
        eventually("some PDFs are there", || desk.pdfs().len() >= documents);
        let workers = children(child.id());
        killed += workers.len();
        kill(&workers);
    }
    let mut status = None;
    eventually("build ends", || {
        status = child.try_wait().unwrap();
        status.is_some()
    });
    assert_eq!(status.unwrap().code(), Some(0));
    assert!(killed > 0, "no worker was there to be killed");
    assert_eq!(differences(&desk.pdfs(), &whole.pdfs()), BTreeSet::new());
}

#[test]
#[cfg(target_os = "linux")]
fn workers_live_as_long_as_the_watcher() {
    let desk = Desk::fixture("small");
    let watch = Watch::start(&desk, &["watch"]);
    let workers = children(watch.process());
    assert!(!workers.is_empty());
    // an idle worker that dies is replaced
    kill(&workers);
    let issued = watch.issues_after(|| {
        desk.replace("records/south.json", "Clubs need rooms", "Clubs need halls");
    });
    assert!(issued.contains("talks-south-memo.pdf"), "{issued:?}");
    let workers = children(watch.process());
    assert!(!workers.is_empty());
    // even when the watcher is killed
    drop(watch);
    let here = |process: &u32| {
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        let state = stat.rsplit(')').next().unwrap_or_default().trim_start().to_owned();
        !state.is_empty() && !state.starts_with('Z')
    };
    eventually("the workers are gone", || !workers.iter().any(here));
}

#[test]
#[cfg(target_os = "linux")]
fn a_worker_has_no_open_files_and_has_limits() {
    let desk = mined("deadline = 20\nmemory = 700", LOOP);
    let mut child = desk.command().arg("build").spawn().unwrap();
    let mut seen = Vec::new();
    eventually("a worker has its limits", || {
        let limits = |process: u32| std::fs::read_to_string(format!("/proc/{process}/limits"));
        seen = children(child.id()).into_iter().filter_map(|one| limits(one).ok()).collect();
        let limited = |text: &String| {
            let has = |name: &str, value: &str| {
                let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
                line.split_whitespace().any(|word| word == value)
            };
            has("Max data size", &(700 * 1024 * 1024).to_string())
                && has("Max open files", "3")
                && has("Max file size", "0")
                && has("Max core file size", "0")
        };
        seen.iter().any(limited)
    });
    child.kill().unwrap();
    child.wait().unwrap();
}
