//! Battery `exports`: an export is killed at each call that changes the disk. A package
//! under its final name is always complete and logged; after a restart nothing is
//! partial, and the log matches the packages.

use std::time::Instant;

use crate::accounts::{bag, exported_to, partial};
use crate::calls::{by_all, can_be_seen, seen, some, struck, undisturbed};
use crate::desk::Desk;
use crate::kills::plan;
use crate::scenes::BUILD;
use crate::tree::Tree;
use crate::{is_broken, number};

/// Default number of kills.
const KILLS: u64 = 10;
const EXPORT: &[&str] = &["registry", "export", "--to", "handed/bag"];

/// Kills at the calls; true when no package was partial or unlogged.
pub fn run(seed: u64) -> bool {
    if !can_be_seen() {
        println!("exports: left out, for there is no strace that works here");
        return !is_broken();
    }
    let started = Instant::now();
    let desk = Desk::new("workers = 1");
    for id in ["plan-0", "plan-1"] {
        let record = serde_json::to_vec_pretty(&plan(id)).unwrap();
        desk.write(&format!("records/{id}.json"), record);
    }
    undisturbed(&desk, BUILD).well();
    std::fs::create_dir(desk.path("handed")).unwrap();
    desk.write("handed/other", "");
    let before = Tree::of(&desk.folder());
    let fresh = || {
        let copy = Desk::new("");
        before.put(&copy.folder());
        copy
    };
    let (ran, calls) = seen(&fresh(), EXPORT);
    ran.well();
    let chosen = some(&calls, number("KIRJURI_EXPORTS", KILLS), seed);
    let done = by_all(&chosen, |call| {
        let desk = fresh();
        let (ran, killed) = struck(&desk, EXPORT, call, "signal=SIGKILL");
        let failures = after(&desk).into_iter();
        let place = format!("{} no. {}, {}", call.name, call.number, call.path);
        let failures: Vec<String> = failures.map(|what| format!("{place}: {what}")).collect();
        (killed && ran.code.is_none(), failures)
    });
    let killed = done.iter().filter(|(killed, _)| *killed).count();
    println!("{:38}{:>8}", "calls of an export", calls.len());
    println!("{:38}{:>8}", "killed", killed);
    let failures: Vec<&String> = done.iter().flat_map(|(_, failures)| failures).collect();
    failures.iter().for_each(|failure| println!("FAILED {failure}"));
    let enough = killed + 1 + done.len() / 20 >= done.len() && killed > 0;
    println!("exports: {} failures, {:.1?}", failures.len(), started.elapsed());
    enough && failures.is_empty()
}

/// Faults after a kill, before and after a restart.
fn after(desk: &Desk) -> Vec<String> {
    let (name, place) = ("handed/bag", desk.path("handed/bag"));
    let mut failures = Vec::new();
    if place.is_dir() {
        failures.extend(bag(&place));
        if !exported_to(desk, name) {
            failures.push("the package is there and not in the log".into());
        }
    }
    let ran = undisturbed(desk, BUILD);
    if ran.code != Some(0) {
        failures.push(format!("the next run: {}", ran.said()));
    }
    if is_broken() {
        std::fs::create_dir(desk.path("handed/.kirjuri-bag.partial")).unwrap();
    }
    failures.extend(partial(&desk.path("handed")));
    if place.is_dir() != exported_to(desk, name) {
        failures.push("the log does not say what is there".into());
    }
    if desk.registry().join("export.json").exists() {
        failures.push("the intent stayed".into());
    }
    if place.is_dir() {
        failures.extend(bag(&place));
    } else {
        let ran = undisturbed(desk, EXPORT);
        failures.extend((ran.code != Some(0)).then(|| ran.said()));
        failures.extend(bag(&place));
    }
    let ran = undisturbed(desk, &["registry", "verify"]);
    failures.extend((ran.code != Some(0)).then(|| ran.said()));
    failures
}
