//! Tests through the command line: what an official sees, and nothing else.
//! Each runs the program in a temporary folder (see `desk.rs`).
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests look behind the program's door to the disk, and fail loudly"
)]

mod accessible;
mod checking;
mod commands;
mod desk;
mod errors;
mod first_use;
mod guards;
mod handover;
mod hostile;
mod import;
mod issued;
mod mistakes;
mod mutations;
mod pdf;
mod proof;
mod registry;
mod rules;
mod samples;
mod sheets;
mod siege;
mod status;
mod tags;
mod templates;
mod tidy;
mod watch;
mod workers;
