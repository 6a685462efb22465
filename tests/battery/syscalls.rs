//! Battery `syscalls`: the program is killed at each call that changes the disk.
//! Restarted, it must produce the same PDFs, the same numbers and an intact registry.

use std::time::Instant;

use crate::calls::{by_all, can_be_seen, some, struck};
use crate::scenes::{BUILD, scenes};
use crate::{is_broken, number};

/// Default number of kills.
const KILLS: u64 = 10;
/// Maximum number of failures shown.
const SHOWN: usize = 10;

/// Result of a kill.
struct Done {
    killed: bool,
    failures: Vec<String>,
}

/// Kills at the calls; true when every restart had the same result.
pub fn run(seed: u64) -> bool {
    if !can_be_seen() {
        println!("syscalls: left out, for there is no strace that works here");
        return !is_broken();
    }
    let started = Instant::now();
    let scenes = scenes();
    let all: Vec<_> =
        scenes.iter().flat_map(|scene| scene.calls.iter().map(move |call| (scene, call))).collect();
    let chosen = some(&all, number("KIRJURI_KILLS", KILLS), seed);
    let done = by_all(&chosen, |(scene, call)| {
        let desk = scene.desk();
        let (ran, killed) = struck(&desk, BUILD, call, "signal=SIGKILL");
        let mut failures = scene.partial(&desk);
        failures.extend(scene.resume(&desk, &ran.stdout));
        let place = format!("{}, {} no. {}, {}", scene.name, call.name, call.number, call.path);
        let failures = failures.into_iter().map(|failure| format!("{place}: {failure}"));
        Done { killed: killed && ran.code.is_none(), failures: failures.collect() }
    });
    for scene in &scenes {
        println!("{:38}{:>8}", format!("calls of the {}", scene.name), scene.calls.len());
    }
    let killed = done.iter().filter(|done| done.killed).count();
    let failed: Vec<&Done> = done.iter().filter(|done| !done.failures.is_empty()).collect();
    println!("{:38}{:>8}", "calls tried", done.len());
    println!("{:38}{:>8}", "killed there", killed);
    println!("{:38}{:>8}", "came to the same end", done.len() - failed.len());
    for failure in failed.iter().flat_map(|done| &done.failures).take(SHOWN) {
        println!("FAILED {failure}");
    }
    // the number of calls may vary slightly between runs
    let enough = killed + 1 + done.len() / 20 >= done.len() && killed > 0;
    if !enough {
        println!("FAILED too few kills came to pass");
    }
    println!("syscalls: {} kills, {} failures, {:.1?}", killed, failed.len(), started.elapsed());
    enough && failed.is_empty()
}
