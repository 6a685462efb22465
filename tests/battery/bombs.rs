//! Battery `bombs`: records of maximum size in every respect end in bounded time and
//! memory, issued or refused, and the document of another record is issued.

use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::desk::{Desk, small};
use crate::kills::plan;
use crate::watching::memory;
use crate::{is_broken, number};

/// Settings with the limits of one document.
const SETTINGS: &str = "workers = 1\n[typeset]\ndeadline = 8\nmemory = 1024\n";
/// Unknown fields for each entry of a list.
const FIELDS: usize = 30;

/// Default number of list entries, and KiB of a text. In full: 10,000 and 64.
const ENTRIES: u64 = 150;
const TEXT: u64 = 8;
/// Default limits: memory in MiB, and time in seconds.
const MEMORY: u64 = 2048;
const SECONDS: u64 = 120;

/// Sizes.
struct Size {
    entries: usize,
    /// Bytes.
    text: usize,
}

/// Result of a run.
pub struct Run {
    pub code: Option<i32>,
    pub said: String,
    pub time: Duration,
    /// Peak memory, including workers, in KiB.
    pub memory: u64,
}

type Bomb = fn(&mut Value, &Size);

const BOMBS: [(&str, Bomb); 15] = [
    ("a text as long as may be", |record, size| record["notes"][0]["text"] = words(size).into()),
    ("one word as long as may be", |record, size| {
        record["notes"][0]["text"] = "a".repeat(size.text).into();
    }),
    ("six levels of lists", |record, _| {
        let levels = (0..6).map(|at| format!("{}- level {at}", "  ".repeat(at)));
        record["notes"][0]["text"] = levels.collect::<Vec<_>>().join("\n").into();
    }),
    ("many notes", |record, size| record["notes"] = notes(size.entries, "A note")),
    ("many people", |record, size| {
        let one = |at: usize| {
            let role = format!("Role {at}");
            json!({"sector": "municipality", "organisation": "Alder", "role": role})
        };
        record["present"] = (0..size.entries).map(one).collect();
    }),
    ("many agreements", |record, size| {
        let one = |at: usize| {
            let what = format!("Matter {at}");
            json!({"what": what, "who": "Coordinators", "by": "2026-03-31"})
        };
        record["agreed"] = (0..size.entries).map(one).collect();
    }),
    ("a file of long notes", |record, size| {
        // 4 MiB is the largest file
        let many = (size.entries / 25).clamp(2, 4 * 1024 * 1024 / size.text - 8);
        record["notes"] = notes(many, &words(size));
    }),
    ("dates side by side", |record, size| filled(record, size, "1.1.2199, 1.2., ")),
    ("references side by side", |record, size| filled(record, size, "p. 1 24 § ](x www.a.fi ")),
    ("names out of order", |record, size| filled(record, size, "Birch, Alder, Alder. ")),
    ("secrets and titles", |record, size| {
        let secret = json!({"municipality": "Alder", "secret": true, "text": "a ".repeat(3000)});
        let open = json!({"municipality": "Alder", "topic": "a ".repeat(150) + "b", "text": "c"});
        let some = size.entries / 25;
        let notes = vec![secret; some / 10 + 1].into_iter().chain(vec![open; some]);
        record["notes"] = notes.collect();
        record["case"]["publicity"] = "partly-secret".into();
        record["case"]["secrecy_basis"] = "621/1999 24 §".into();
    }),
    ("many fields that are unknown", |record, size| {
        for at in 0..size.entries * FIELDS {
            record[format!("f{at}")] = 1.into();
        }
    }),
    ("a list longer than may be", |record, size| {
        record["programme"] = (0..size.entries * FIELDS).map(|_| json!("a")).collect();
    }),
    ("many wrong dates", |record, size| {
        let one = |_| json!({"what": "A matter", "who": "Coordinators", "by": "2026-13-31"});
        record["agreed"] = (0..size.entries).map(one).collect();
    }),
    ("many cells that are not there", |record, size| {
        let one = |at| json!({"priority": "none", "service_area": "none", "text": format!("{at}")});
        record["notes"] = (0..size.entries).map(one).collect();
    }),
];

/// Builds the documents; true when all ended within the limits.
pub fn run(_: u64) -> bool {
    let started = Instant::now();
    let size = Size {
        entries: usize::try_from(number("KIRJURI_ENTRIES", ENTRIES)).unwrap(),
        text: usize::try_from(number("KIRJURI_TEXT", TEXT)).unwrap() * 1024,
    };
    let most = number("KIRJURI_MEMORY", MEMORY);
    let limit = Duration::from_secs(number("KIRJURI_SECONDS", SECONDS));
    let limit = if is_broken() { Duration::from_millis(1) } else { limit };
    println!("bombs: lists of {}, texts of {} KiB", size.entries, size.text / 1024);
    println!("{:30}{:>10}{:>10}{:>8}  outcome", "record", "seconds", "MiB", "exit");
    let mut failed = 0;
    for (name, bomb) in BOMBS {
        let desk = desk(bomb, &size);
        let run = burst(&desk, most, limit);
        let issued = |document: &str| run.said.contains(&format!("{document}.pdf: issued,"));
        let outcome = if issued("talks-north-memo") { "issued" } else { "refused" };
        let fault = fault(&run, most, issued("beside-measures"));
        let exit = run.code.map_or("-".to_owned(), |code| code.to_string());
        let (seconds, mib) = (run.time.as_secs_f64(), run.memory / 1024);
        println!("{name:30}{seconds:>10.1}{mib:>10}{exit:>8}  {outcome}");
        if let Some(fault) = fault {
            println!("FAILED {name}: {fault}");
            failed += 1;
        }
    }
    println!("bombs: {} records, {failed} failures, {:.1?}", BOMBS.len(), started.elapsed());
    failed == 0
}

/// The fault in how a run ended.
pub fn fault(run: &Run, most: u64, beside: bool) -> Option<String> {
    let end: String =
        run.said.chars().rev().take(500).collect::<Vec<_>>().into_iter().rev().collect();
    if !matches!(run.code, Some(0 | 1)) {
        return Some(format!("it did not come to an end by itself in time and memory: {end}"));
    }
    if run.memory > most * 1024 {
        return Some(format!("it took {} MiB", run.memory / 1024));
    }
    if run.said.contains("panicked") {
        return Some(format!("a panic: {end}"));
    }
    (!beside).then(|| format!("the document beside it was not issued: {end}"))
}

/// A workspace with an oversized record and a normal one.
fn desk(bomb: Bomb, size: &Size) -> Desk {
    let desk = Desk::plain(SETTINGS);
    for file in ["round.json", "north.json"] {
        desk.write(&format!("records/{file}"), std::fs::read(small().join(file)).unwrap());
    }
    desk.write("records/beside.json", serde_json::to_vec(&plan("beside")).unwrap());
    desk.edit("records/north.json", |record| bomb(record, size));
    desk
}

/// Builds within limits: MiB of memory, and time.
pub fn burst(desk: &Desk, most: u64, limit: Duration) -> Run {
    // address space exceeds memory; beyond twice as much the system kills this process
    // and no other
    let bound = format!("ulimit -v {}; exec \"$0\" \"$@\"", 2 * most * 1024);
    let mut program = desk.under(&["sh", "-c", &bound], &["build"]);
    let said = std::fs::File::create(desk.path("said.txt")).unwrap();
    program.stdout(said.try_clone().unwrap()).stderr(Stdio::from(said));
    let started = Instant::now();
    let mut child = program.spawn().unwrap();
    let mut most = 0;
    let status = loop {
        most = most.max(memory(child.id()).unwrap_or_default());
        if let Some(status) = child.try_wait().unwrap() {
            break Some(status);
        }
        if started.elapsed() > limit {
            child.kill().unwrap();
            child.wait().unwrap();
            break None;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let said = String::from_utf8_lossy(&std::fs::read(desk.path("said.txt")).unwrap()).into_owned();
    Run { code: status.and_then(|s| s.code()), said, time: started.elapsed(), memory: most }
}

/// Words up to the maximum text length.
fn words(size: &Size) -> String {
    let mut text = String::new();
    let mut at = 0;
    while text.len() + 16 < size.text {
        at += 1;
        text.push_str(&format!("word{at} "));
    }
    text.trim_end().to_owned()
}

/// Many notes filled with a text.
fn filled(record: &mut Value, size: &Size, piece: &str) {
    let text = piece.repeat(size.text / piece.len()).trim_end().to_owned();
    let one = |_| json!({"municipality": "Alder", "text": text});
    record["notes"] = (0..(size.entries / 500).clamp(1, 20)).map(one).collect();
}

fn notes(count: usize, text: &str) -> Value {
    let one = |at: usize| {
        let text = format!("{text} {at}");
        json!({"priority": "safety", "service_area": "children", "text": text})
    };
    (0..count).map(one).collect()
}
