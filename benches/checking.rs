//! Benchmark: checking 10,000 records, `cargo bench --bench checking [-- COUNT]`. Prints
//! the time of the rules, cold and by thread.

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

#[path = "samples/mod.rs"]
mod samples;

use std::path::PathBuf;
use std::time::Instant;

use kirjuri::bundle::Bundle;
use kirjuri::intake::{self, Intake};
use kirjuri::model::{RecordSet, Source};
use kirjuri::pipeline::{CheckOptions, Design, check_records};

/// Copies of the sample records under other ids.
fn records(count: usize) -> Vec<Source> {
    let files = samples::files();
    let mut sources = Vec::with_capacity(count);
    for round in 0.. {
        for (path, bytes) in &files {
            if sources.len() == count {
                return sources;
            }
            let text = String::from_utf8_lossy(bytes);
            // references are renamed too, so that each copy is complete
            let text = ["hyte-", "paatos-", "sopimus-", "yhdyspinta-"]
                .iter()
                .fold(text.into_owned(), |text, start| {
                    text.replace(&format!("\"{start}"), &format!("\"n{round}-{start}"))
                });
            let path = PathBuf::from(format!("{round}")).join(path);
            match intake::parse(&path, text.as_bytes()) {
                Ok(source) => sources.push(source),
                Err(problems) => panic!("{}: {problems:?}", path.display()),
            }
        }
    }
    sources
}

fn main() {
    let count = std::env::args().filter_map(|arg| arg.parse().ok()).next().unwrap_or(10_000);
    let design = Design::new(Bundle::built_in()).expect("the built-in design can be used");
    let sources = records(count);
    let bytes: usize = sources.iter().map(|source| source.text.len()).sum();
    println!("{count} records, {:.1} MB", bytes as f64 / 1e6);
    for workers in [1, 2] {
        let set = RecordSet::new(sources.clone(), Vec::new());
        let start = Instant::now();
        let intake = Intake { set, ..Intake::default() };
        let checked =
            check_records(intake, &design, CheckOptions { workers, ..CheckOptions::default() });
        let time = start.elapsed();
        println!(
            "{workers} threads: {:.2} s, {:.0} µs a record, {} findings",
            time.as_secs_f64(),
            time.as_secs_f64() * 1e6 / count as f64,
            checked.problems.len()
        );
    }
}
