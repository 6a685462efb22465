//! Benchmark: whole runs with 1,000 different memos, a build of 10,000 unchanged records,
//! and the latency of `watch`. Run one with `cargo bench --bench throughput -- memos` (or
//! `unchanged`, `latency`).
#![allow(
    clippy::disallowed_methods,
    clippy::exit,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unreachable,
    clippy::unwrap_used,
    reason = "benchmarks print their figures and fail loudly"
)]

mod samples;

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use kirjuri::document::{Bilingual, DocumentKind, documents};
use kirjuri::fs;
use kirjuri::pipeline::job;

fn main() {
    let wanted = std::env::args().skip(1).find(|word| !word.starts_with('-'));
    let all = [("memos", memos as fn()), ("unchanged", unchanged), ("latency", latency)];
    for (name, bench) in all {
        if wanted.as_deref().is_none_or(|wanted| wanted == name) {
            bench();
        }
    }
}

/// Documents per second for 1,000 different memos, with one worker and two, and peak
/// memory.
fn memos() {
    let design = samples::design();
    let files = many_rounds(167);
    let checked = samples::check_records(&files, &design);
    let memos: Vec<_> = documents(&checked.set, Bilingual::Separate)
        .into_iter()
        .filter(|document| document.kind == DocumentKind::Memo)
        .take(1000)
        .collect();
    for workers in [1, 2] {
        let folder = tempfile::tempdir().unwrap();
        let queue = Mutex::new(memos.iter());
        let start = Instant::now();
        std::thread::scope(|scope| {
            for _ in 0..workers {
                scope.spawn(|| {
                    loop {
                        let Some(document) = queue.lock().unwrap().next() else { break };
                        let id = document.id(design.locales.of(document.language));
                        let ready = samples::context(&checked, &design).render(document).unwrap();
                        let pdf = design.engine.pdf(&job(&id, &ready)).unwrap();
                        let path = folder.path().join(format!("{id}.pdf"));
                        fs::write_atomic(&path, &pdf.bytes).unwrap();
                    }
                });
            }
        });
        let rate = memos.len() as f64 / start.elapsed().as_secs_f64();
        let (count, peak) = (memos.len(), peak_memory());
        println!("{count} memos, {workers} worker(s): {rate:.1} documents/s, peak memory {peak}");
    }
}

/// A build in which nothing changed, over 10,000 records.
fn unchanged() {
    let folder = tempfile::tempdir().unwrap();
    let proposal = include_str!("../records/2026/paatos-yhdyspinta.json");
    let measures = include_str!("../records/2026/toimenpiteet.json");
    let round = include_str!("../records/2025/round-14.json");
    write(folder.path(), "records/measures.json", measures);
    write(folder.path(), "records/round.json", round);
    for number in 2..10_000 {
        let text = proposal.replace("\"paatos-yhdyspinta\"", &format!("\"paatos-{number}\""));
        write(folder.path(), &format!("records/{}/{number}.json", number % 100), &text);
    }
    let first = run(folder.path(), &["build", "--quiet"]);
    let second = run(folder.path(), &["build", "--quiet"]);
    println!("10,000 records: first build {first:.1?}, build without changes {second:.2?}");
}

/// From saving a record to its new PDF, under `watch`.
fn latency() {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in samples::files() {
        let name = path.file_name().unwrap().to_str().unwrap();
        write(folder.path(), &format!("records/{name}"), std::str::from_utf8(&bytes).unwrap());
    }
    let mut child = Command::new(env!("CARGO_BIN_EXE_kirjuri"))
        .args(["watch", "--quiet"])
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let pdf = folder.path().join("output/hyte-2025-jamsa-muistio.pdf");
    let record = folder.path().join("records/session-jamsa.json");
    let ready = folder.path().join("output/hyte-2025-koonti.pdf");
    while !ready.exists() {
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_secs(1));
    let text = std::fs::read_to_string(&record).unwrap();
    let mut times: Vec<Duration> = (0..20)
        .map(|round| {
            let before = std::fs::metadata(&pdf).unwrap().modified().unwrap();
            std::fs::write(
                &record,
                text.replace("Multia", &format!("Multia {round}")).replace(
                    &format!("\"municipality\": \"Multia {round}\""),
                    "\"municipality\": \"Multia\"",
                ),
            )
            .unwrap();
            let start = Instant::now();
            while std::fs::metadata(&pdf).unwrap().modified().unwrap() == before {
                assert!(start.elapsed() < Duration::from_secs(10), "no new PDF");
                std::thread::sleep(Duration::from_millis(2));
            }
            let time = start.elapsed();
            std::thread::sleep(Duration::from_millis(700));
            time
        })
        .collect();
    child.kill().unwrap();
    child.wait().unwrap();
    times.sort();
    println!("save to PDF under watch: median {:.0?}, slowest {:.0?}", times[10], times[19]);
}

/// Copies of the 2025 round, with other ids and notes.
fn many_rounds(count: usize) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let files = samples::files();
    let one = |number: usize| {
        files.iter().map(move |(path, bytes)| {
            let text = std::str::from_utf8(bytes).unwrap();
            let text = text
                .replace("hyte-2025", &format!("hyte-{number}"))
                .replace("kunta", &format!("kunta {number} "));
            (path.with_extension(format!("{number}.json")), text.into_bytes())
        })
    };
    (0..count).flat_map(one).collect()
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn run(folder: &Path, args: &[&str]) -> Duration {
    let start = Instant::now();
    let status =
        Command::new(env!("CARGO_BIN_EXE_kirjuri")).args(args).current_dir(folder).status();
    assert!(status.unwrap().success());
    start.elapsed()
}

/// `VmHWM` of Linux.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib: Option<f64> =
        line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse().ok());
    kib.map_or_else(|| "unknown".into(), |kib| format!("{:.0} MiB", kib / 1024.0))
}
