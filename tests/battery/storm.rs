//! Battery `storm`: many records at once while `watch` runs. None is missed, each is
//! issued once, and memory is bounded.

use std::cell::Cell;
use std::fs;
use std::time::{Duration, Instant};

use crate::desk::Desk;
use crate::kills::plan;
use crate::watching::{PATIENCE, SETTINGS, Watch};
use crate::{is_broken, number};

/// Default number of records.
const RECORDS: u64 = 200;
/// Memory limit with workers, in KiB: a base, and an amount for each record.
const MEMORY: (u64, u64) = (600 * 1024, 16);
/// Waiting time when a missing document is expected.
const SHORT: Duration = Duration::from_secs(2);
/// Maximum number of failures shown.
const SHOWN: usize = 10;

/// Drops the records; true when each was issued once.
pub fn run(_: u64) -> bool {
    let count = usize::try_from(number("KIRJURI_RECORDS", RECORDS)).unwrap();
    let desk = Desk::plain(SETTINGS);
    let name = |at: usize| format!("plan-{at:06}");
    for at in 0..count {
        let bytes = serde_json::to_vec_pretty(&plan(&name(at))).unwrap();
        desk.write(&format!("aside/{}.json", name(at)), bytes);
    }
    desk.write("records/first.json", serde_json::to_vec_pretty(&plan("first")).unwrap());
    let watch = Watch::start(&desk, &["watch"]);
    let started = Instant::now();
    let lost = usize::from(is_broken());
    for at in lost..count {
        let file = format!("{}.json", name(at));
        let to = desk.path("records").join(&file);
        fs::rename(desk.path("aside").join(&file), to).unwrap();
    }
    let dropped = started.elapsed();
    let patience = if is_broken() { SHORT } else { PATIENCE };
    let most = Cell::new(0);
    watch.until(patience, |watch| {
        most.set(most.get().max(watch.memory().unwrap_or_default()));
        watch.all() > count
    });
    let took = started.elapsed();
    // a second issue would follow soon
    std::thread::sleep(Duration::from_millis(500));
    let (issued, memory) = (watch.issued(), most.get());
    let times = |at: usize| issued.get(&format!("{}-measures", name(at))).copied();
    let missed: Vec<usize> = (0..count).filter(|at| times(*at).is_none()).collect();
    let twice: Vec<usize> = (0..count).filter(|at| times(*at) > Some(1)).collect();
    let bound = MEMORY.0 + MEMORY.1 * count as u64;
    println!("{:38}{count:>8}", "records dropped");
    println!("{:38}{:>8}", "milliseconds for dropping them", dropped.as_millis());
    println!("{:38}{:>8}", "documents issued", watch.all() - 1);
    println!("{:38}{:>8}", "rounds of work", watch.rounds());
    println!("{:38}{:>8}", "missed", missed.len());
    println!("{:38}{:>8}", "issued more than once", twice.len());
    println!("{:38}{:>8}", "most memory, MiB", memory / 1024);
    println!("{:38}{:>8}", "may be, MiB", bound / 1024);
    for at in missed.iter().chain(&twice).take(SHOWN) {
        println!("FAILED {} was issued {} times", name(*at), times(*at).unwrap_or_default());
    }
    let well = missed.is_empty() && twice.is_empty() && memory <= bound;
    let ended = watch.stop() == Some(0);
    let word = if well && ended { "well" } else { "FAILED" };
    println!("storm: {count} records, {word}, {took:.1?}");
    well && ended
}
