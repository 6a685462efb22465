//! Batteries: long-running robustness tests, which print figures and fail when a
//! guarantee is violated.
//!
//! ```text
//! cargo test --release --test battery -- tampering kills
//! ```
//!
//! Without a name all batteries run, with small sizes. [`BATTERIES`] lists them with the
//! variable of their size; `docs/administrators/reliability.md` has the required figures.
//! `KIRJURI_SEED` sets the random numbers, `KIRJURI_EDIT` runs a single edit of the
//! registry, `KIRJURI_PROGRAM` tests another program. With `KIRJURI_BREAK=1` a battery
//! must fail.

#![allow(
    clippy::disallowed_methods,
    clippy::exit,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unreachable,
    clippy::unwrap_used,
    reason = "batteries print their figures and fail loudly"
)]

mod accounts;
mod bombs;
mod calls;
mod chance;
mod copies;
mod database;
mod desk;
mod edits;
mod escapes;
mod exports;
mod faults;
mod forgery;
mod full;
mod kills;
mod malformed;
mod mines;
mod objects;
mod scenes;
mod soak;
mod storm;
mod syscalls;
mod tampering;
mod tree;
mod watching;
mod writes;

use std::process::ExitCode;

/// Default seed.
const SEED: u64 = 20_261_124;

/// A battery, with a seed; true when all guarantees were kept.
type Battery = fn(u64) -> bool;

const BATTERIES: [(&str, Battery); 14] = [
    // KIRJURI_EDITS: edits of the registry's files
    ("tampering", tampering::run),
    // KIRJURI_REGISTRATIONS: documents registered while the program is killed;
    // KIRJURI_CYCLES: kills, in as many workspaces as needed
    ("kills", kills::run),
    // KIRJURI_KILLS: calls at which the program is killed
    ("syscalls", syscalls::run),
    // KIRJURI_EXPORTS: calls of an export at which it is killed
    ("exports", exports::run),
    // KIRJURI_FAULTS: calls that fail
    ("faults", faults::run),
    // KIRJURI_FULL: times that the disk becomes full
    ("full", full::run),
    // KIRJURI_FILES: files written in eight ways
    ("writes", writes::run),
    // KIRJURI_RECORDS: records dropped at once
    ("storm", storm::run),
    // KIRJURI_MALFORMED: malformed records
    ("malformed", malformed::run),
    // KIRJURI_TEXTS: hostile texts; KIRJURI_COMPILED: those that are typeset
    ("escapes", escapes::run),
    // KIRJURI_COPIES: web copies of records with secrets
    ("copies", copies::run),
    // KIRJURI_ENTRIES, KIRJURI_TEXT: lengths of lists, KiB of texts;
    // KIRJURI_MEMORY, KIRJURI_SECONDS: MiB and time that they may take
    ("bombs", bombs::run),
    // KIRJURI_MINES: templates that use unlimited resources
    ("mines", mines::run),
    // KIRJURI_DOCUMENTS: documents made by one `watch`
    ("soak", soak::run),
];

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if args.iter().any(|arg| arg == "--list") {
        return ExitCode::SUCCESS;
    }
    let named = |name: &str| args.iter().any(|arg| arg == name);
    let unknown = args
        .iter()
        .find(|arg| !arg.starts_with('-') && !BATTERIES.iter().any(|(name, _)| name == arg));
    if let Some(unknown) = unknown {
        println!("FAILED there is no battery `{unknown}`");
        return ExitCode::FAILURE;
    }
    let all = !BATTERIES.iter().any(|(name, _)| named(name));
    let seed = number("KIRJURI_SEED", SEED);
    let mut well = true;
    for (name, run) in BATTERIES {
        if all || named(name) {
            well &= run(seed);
        }
    }
    if well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A number from the environment, or the default.
fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().map_or(otherwise, |text| text.parse().unwrap())
}

/// True when the battery must fail.
fn is_broken() -> bool {
    std::env::var("KIRJURI_BREAK").is_ok_and(|value| value == "1")
}
