//! Traces the system calls of a run with strace, and runs in which one call fails or is
//! killed.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use crate::chance::Chance;
use crate::desk::{Desk, Ran, finished};

/// Calls that change or open files. Not every processor has all of them.
const WATCHED: &str = "trace=?write,?pwrite64,?writev,?pwritev,?fsync,?fdatasync,?rename,\
                       ?renameat,?renameat2,?unlink,?unlinkat,?rmdir,?mkdir,?mkdirat,?open,\
                       ?openat,?ftruncate,?fallocate,?link,?linkat";

/// Fixed time, so that runs are reproducible.
const TIME: &str = "1767225600";

/// One call of the main thread, which does all the writing.
#[derive(Debug, Clone)]
pub struct Call {
    pub name: String,
    /// Which of the calls of this name it is, from 1.
    pub number: usize,
    /// Its path in the workspace.
    pub path: String,
}

/// True when strace works here.
pub fn can_be_seen() -> bool {
    let mut probe = Command::new("strace");
    probe.args(["-o", "/dev/null", "-e", "trace=none", "true"]);
    probe.output().is_ok_and(|output| output.status.success())
}

/// Runs the program without tracing.
pub fn undisturbed(desk: &Desk, args: &[&str]) -> Ran {
    finished(desk.program(args).env("SOURCE_DATE_EPOCH", TIME))
}

/// Runs the program and records its calls.
pub fn seen(desk: &Desk, args: &[&str]) -> (Ran, Vec<Call>) {
    let (ran, trace) = traced(desk, args, &[WATCHED]);
    let calls = calls(&trace, &desk.folder());
    (ran, calls)
}

/// Runs the program with a fault at one call; returns the output, and whether the fault
/// occurred.
pub fn struck(desk: &Desk, args: &[&str], call: &Call, what: &str) -> (Ran, bool) {
    let Call { name, number, .. } = call;
    let (trace, inject) = (format!("trace={name}"), format!("inject={name}:{what}:when={number}"));
    let (ran, seen) = traced(desk, args, &[&trace, &inject]);
    let same = calls(&seen, &desk.folder()).into_iter().find(|seen| seen.number == *number);
    let befell = same.is_some_and(|seen| place(&seen.path) == place(&call.path));
    (ran, befell)
}

/// A path without the random names of temporary files.
fn place(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with(".kirjuri-") { "*" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

fn traced(desk: &Desk, args: &[&str], expressions: &[&str]) -> (Ran, String) {
    // without other threads and workers
    let mut tool = vec!["strace", "-y", "-o", "calls.txt"];
    tool.extend(expressions.iter().flat_map(|expression| ["-e", *expression]));
    let ran = finished(desk.under(&tool, args).env("SOURCE_DATE_EPOCH", TIME));
    let bytes = std::fs::read(desk.path("calls.txt")).unwrap_or_default();
    (ran, String::from_utf8_lossy(&bytes).into_owned())
}

/// Calls of the main thread about paths in a folder.
fn calls(trace: &str, folder: &Path) -> Vec<Call> {
    let mut counts = BTreeMap::<&str, usize>::new();
    let mut calls = Vec::new();
    for line in trace.lines() {
        let Some((name, arguments)) = line.split_once('(') else { continue };
        // signals and exits have no call name
        if !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            continue;
        }
        let number = counts.entry(name).or_default();
        *number += 1;
        if let Some(path) = subject(arguments, folder) {
            calls.push(Call { name: name.to_owned(), number: *number, path });
        }
    }
    calls
}

/// The path in a folder that a call uses: of an open file, or named.
fn subject(arguments: &str, folder: &Path) -> Option<String> {
    let behind = arguments.trim_start_matches(|c: char| c.is_ascii_digit());
    let open = behind.len() < arguments.len() && behind.starts_with('<');
    let path = if open { behind[1..].split('>').next()? } else { arguments.split('"').nth(1)? };
    if Path::new(path).is_absolute() {
        let below = Path::new(path).strip_prefix(folder).ok()?;
        return Some(below.display().to_string());
    }
    // `pipe:[123]` and similar are not paths
    (!open && !path.is_empty()).then(|| path.to_owned())
}

/// A random sample.
pub fn some<T: Clone>(all: &[T], count: u64, seed: u64) -> Vec<T> {
    let (mut all, mut chance) = (all.to_vec(), Chance::of(seed, 0));
    let count = usize::try_from(count).unwrap_or(usize::MAX).min(all.len());
    for at in 0..count {
        let other = at + chance.below(all.len() - at);
        all.swap(at, other);
    }
    all.truncate(count);
    all
}

/// Processes all items with as many threads as processors.
pub fn by_all<T: Sync, R: Send>(all: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let size = all.len().div_ceil(workers).max(1);
    std::thread::scope(|scope| {
        let work = &work;
        let parts: Vec<_> = all
            .chunks(size)
            .map(|part| scope.spawn(move || part.iter().map(work).collect::<Vec<R>>()))
            .collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    })
}
