//! Integration tests. Most run the program in a temporary workspace (`desk.rs`); tests of
//! rules call the library (`findings.rs`).
#![allow(
    clippy::disallowed_methods,
    clippy::exit,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unreachable,
    clippy::unwrap_used,
    reason = "tests bypass the abstractions of the program and fail loudly"
)]

mod accessible;
mod attendance;
mod cases;
mod checking;
mod commands;
mod desk;
mod errors;
mod examples;
mod findings;
mod first_use;
mod fixtures;
mod future;
mod guards;
mod handbook;
mod handover;
mod hostile;
mod import;
mod issued;
mod labels;
mod languages;
mod lints;
mod mistakes;
mod mutations;
mod outside;
mod pdf;
mod planning;
mod proof;
mod public;
mod reference;
mod registry;
mod restored;
mod rules;
mod samples;
mod sheets;
mod siege;
mod spreadsheets;
mod status;
mod tags;
mod templates;
mod tidy;
mod typed;
mod unmarked;
mod watch;
mod workers;
