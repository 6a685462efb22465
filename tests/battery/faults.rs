//! Battery `faults`: each call that changes or opens a file fails once, as on a full,
//! broken or read-only disk. The program must report what failed and why, leave nothing
//! partial, and complete everything after a restart.

use std::collections::BTreeMap;
use std::time::Instant;

use crate::calls::{Call, by_all, can_be_seen, some, struck};
use crate::desk::{Desk, Ran};
use crate::scenes::{BUILD, Scene, scenes};
use crate::{is_broken, number};

/// Default number of faults.
const FAULTS: u64 = 10;
/// Maximum number of failures shown.
const SHOWN: usize = 10;

/// System errors with their messages.
const ERRORS: [(&str, &str); 4] = [
    ("ENOSPC", "No space left"),
    ("EIO", "Input/output error"),
    ("EROFS", "Read-only file system"),
    ("EMFILE", "Too many open files"),
];
/// Messages of SQLite.
const OF_SQLITE: [&str; 5] = [
    "disk I/O error",
    "disk is full",
    "unable to open database",
    "readonly database",
    // SQLite does not say why it refuses another journal
    "cannot keep a write-ahead log",
];
/// Paths in the workspace; a message must name one of them.
const PLACES: [&str; 8] = [
    "registry/",
    "output/",
    "records/",
    "templates/",
    "`registry`",
    "`output`",
    "`records`",
    "kirjuri.toml",
];
/// Paths at which a fault must never be silent.
const PRECIOUS: [&str; 3] = ["registry/files/", "registry/staging/", "output/"];

/// Result of a fault.
struct Done {
    error: &'static str,
    befell: bool,
    /// True when the program succeeded anyway.
    well: bool,
    failures: Vec<String>,
}

/// Makes the calls fail; true when each fault was reported and recovered from.
pub fn run(seed: u64) -> bool {
    if !can_be_seen() {
        println!("faults: left out, for there is no strace that works here");
        return !is_broken();
    }
    let started = Instant::now();
    let scenes = scenes();
    let mut all = Vec::new();
    for scene in &scenes {
        for call in &scene.calls {
            all.extend(ERRORS.iter().map(|(error, words)| (scene, call, *error, *words)));
        }
    }
    let chosen = some(&all, number("KIRJURI_FAULTS", FAULTS), seed);
    let done = by_all(&chosen, |(scene, call, error, words)| {
        let desk = scene.desk();
        let (mut ran, befell) = struck(&desk, BUILD, call, &format!("error={error}"));
        if is_broken() {
            ran.stderr.clear();
        }
        let mut failures = scene.partial(&desk);
        failures.extend(told(scene, &desk, call, &ran, words));
        failures.extend(scene.resume(&desk, &ran.stdout));
        if call.path.starts_with("records/") {
            // an unreadable record gets a later number: published PDFs are compared with
            // the registry instead
            let other = [" is not whole", " is not as undisturbed"];
            failures.retain(|failure| !other.iter().any(|end| failure.ends_with(end)));
        }
        let place =
            format!("{error}, {}, {} no. {}, {}", scene.name, call.name, call.number, call.path);
        let failures = failures.into_iter().map(|failure| format!("{place}: {failure}"));
        let well = ran.code == Some(0);
        Done { error, befell, well, failures: failures.collect() }
    });
    print(&done);
    let failed = done.iter().filter(|done| !done.failures.is_empty()).count();
    let befell = done.iter().filter(|done| done.befell).count();
    let enough = befell + 1 + done.len() / 20 >= done.len() && befell > 0;
    if !enough {
        println!("FAILED too few faults came to pass");
    }
    println!("faults: {befell} faults, {failed} failures, {:.1?}", started.elapsed());
    enough && failed == 0
}

/// What the report of a fault lacks.
fn told(scene: &Scene, desk: &Desk, call: &Call, ran: &Ran, words: &str) -> Vec<String> {
    let mut failures = Vec::new();
    match ran.code {
        // such as an existing folder, or work that SQLite does later
        Some(0) => {
            if !scene.is_complete(desk) {
                failures.push("it ended well, and something is missing".to_owned());
            }
            let precious = PRECIOUS.iter().any(|place| call.path.starts_with(place));
            // an unreadable published PDF is restored
            if precious && !is_forgiven(call) && !ran.stderr.contains(words) {
                failures.push("nothing was said".to_owned());
            }
        }
        Some(1 | 2) => {
            let cause = ran.stderr.contains(words);
            let by_sqlite = call.path.contains("registry.sqlite3");
            let known = by_sqlite && OF_SQLITE.iter().any(|words| ran.stderr.contains(words));
            if !cause && !known {
                failures.push(format!("no cause is said: {}", ran.stderr));
            }
            if !PLACES.iter().any(|place| ran.stderr.contains(place)) {
                failures.push(format!("no place is said: {}", ran.stderr));
            }
        }
        code => failures.push(format!("exit {code:?}: {}", ran.said())),
    }
    if ran.stderr.contains("panicked") {
        failures.push(format!("a panic: {}", ran.stderr));
    }
    failures
}

/// Calls whose failure is harmless: creating an existing folder, removing what the next
/// run removes.
fn is_forgiven(call: &Call) -> bool {
    ["mkdir", "unlink", "rmdir"].iter().any(|start| call.name.starts_with(start))
}

fn print(done: &[Done]) {
    println!("{:12}{:>8}{:>8}{:>8}{:>8}", "error", "calls", "struck", "told", "no harm");
    let mut rows = BTreeMap::<&str, [usize; 4]>::new();
    for one in done {
        let row = rows.entry(one.error).or_default();
        row[0] += 1;
        row[1] += usize::from(one.befell);
        row[2] += usize::from(one.befell && !one.well);
        row[3] += usize::from(one.befell && one.well);
    }
    for (error, [calls, befell, told, well]) in rows {
        println!("{error:12}{calls:>8}{befell:>8}{told:>8}{well:>8}");
    }
    for failure in done.iter().flat_map(|done| &done.failures).take(SHOWN) {
        println!("FAILED {failure}");
    }
}
