//! Two batteries for the registry: `tampering` edits it in every way and
//! demands that each edit is found; `kills` ends the program at random moments
//! and demands that nothing is lost. Both print their figures.
//!
//! ```text
//! cargo test --release --test battery -- tampering
//! cargo test --release --test battery -- kills
//! ```
//!
//! `KIRJURI_SEED` sets the random numbers, `KIRJURI_EDITS` and
//! `KIRJURI_REGISTRATIONS` how much is done, `KIRJURI_EDIT` does one edit
//! alone. With `KIRJURI_BREAK=1` a battery must fail.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod accounts;
mod chance;
mod database;
mod desk;
mod edits;
mod forgery;
mod kills;
mod objects;
mod tampering;
mod tree;

use std::process::ExitCode;

/// The seed when none is set.
const SEED: u64 = 20_261_124;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if args.iter().any(|arg| arg == "--list") {
        return ExitCode::SUCCESS;
    }
    let named = |name: &str| args.iter().any(|arg| arg == name);
    let all = !named("tampering") && !named("kills");
    let seed = number("KIRJURI_SEED", SEED);
    let mut well = true;
    if all || named("tampering") {
        well &= tampering::run(seed);
    }
    if all || named("kills") {
        well &= kills::run(seed);
    }
    if well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A number from the environment, or this one.
fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().map_or(otherwise, |text| text.parse().unwrap())
}

/// Whether the battery is to fail.
fn is_broken() -> bool {
    std::env::var("KIRJURI_BREAK").is_ok_and(|value| value == "1")
}
