//! Battery `soak`: one `watch` builds document after document from repeatedly edited
//! records; its memory must stay constant.

use std::fs;
use std::time::Instant;

use crate::desk::Desk;
use crate::kills::plan;
use crate::watching::{PATIENCE, SETTINGS, Watch};
use crate::{is_broken, number};

/// Default number of documents.
const DOCUMENTS: u64 = 120;
/// Records that are edited.
const RECORDS: usize = 12;
/// Memory may grow by a fifth after the first quarter of the documents.
const GROWTH: (u64, u64) = (6, 5);

/// Edits the records; true when memory stayed flat.
pub fn run(_: u64) -> bool {
    let started = Instant::now();
    let wanted = usize::try_from(number("KIRJURI_DOCUMENTS", DOCUMENTS)).unwrap();
    let desk = Desk::plain(SETTINGS);
    (0..RECORDS).for_each(|at| save(&desk, at, 0));
    let watch = Watch::start(&desk, &["watch"]);
    let (mut made, mut round, mut quarter) = (RECORDS, 0, None);
    let mut well = true;
    while made < wanted.max(2 * RECORDS) && well {
        round += 1;
        (0..RECORDS).for_each(|at| save(&desk, at, round));
        made += RECORDS;
        well = watch.until(PATIENCE, |watch| watch.all() >= made);
        if quarter.is_none() && made >= wanted / 4 {
            quarter = watch.memory();
        }
    }
    let quarter = quarter.unwrap_or_default();
    let end = watch.memory().unwrap_or_default();
    println!("{:38}{:>8}", "documents made", watch.all());
    println!("{:38}{:>8}", "rounds of work", watch.rounds());
    println!("{:38}{:>8}", "memory after a quarter, KiB", quarter);
    println!("{:38}{:>8}", "memory at the end, KiB", end);
    if watch.all() != made {
        println!("FAILED {} documents instead of {made}", watch.all());
        well = false;
    }
    let flat = quarter > 0 && end * GROWTH.1 <= quarter * GROWTH.0;
    if !flat {
        println!("FAILED memory is not flat, or cannot be measured");
    }
    well &= watch.stop() == Some(0);
    let word = if well && flat { "well" } else { "FAILED" };
    println!("soak: {made} documents, {word}, {:.1?}", started.elapsed());
    well && flat
}

/// Saves a state of a record, as an editor does.
fn save(desk: &Desk, at: usize, round: usize) {
    // every document leaks a large record
    let left = if is_broken() { format!("-{round}") } else { String::new() };
    let id = format!("plan-{at}{left}");
    let mut record = plan(&id);
    record["measures"][0]["title"] = format!("A group of round {round}").into();
    if is_broken() {
        let reason = "word ".repeat(1500);
        let one =
            serde_json::json!({"rule": "text-spaces", "field": "follow_up", "reason": reason});
        record["accept"] = vec![one; 100].into();
    }
    desk.write("aside.tmp", serde_json::to_vec_pretty(&record).unwrap());
    fs::create_dir_all(desk.path("records")).unwrap();
    fs::rename(desk.path("aside.tmp"), desk.path(&format!("records/{id}.json"))).unwrap();
}
