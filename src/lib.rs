//! Kirjuri makes the documents of negotiations between wellbeing services
//! counties and municipalities from structured session records.
//!
//! ```text
//! records/*.json ─ intake ─▶ model ─ check ─▶ document views ─ render ─▶ Typst source
//!     ─ typeset ─▶ PDF ─ register ─▶ registry/ ─ publish ─▶ output/
//! ```
//!
//! Modules by floor, from the top; each imports only from lower floors.

#![cfg_attr(
    test,
    allow(
        clippy::disallowed_methods,
        clippy::expect_used,
        clippy::panic,
        clippy::unreachable,
        clippy::unwrap_used,
    )
)]

// floor 5: the command line
pub mod cli;
// floor 4: one module for each command
pub mod command;
// floor 3: settings, archive audits, tools for template authors
pub mod audit;
pub mod config;
pub mod template_tools;
// floor 2: the build, the only place where stages meet
pub mod pipeline;
// floor 1: the stages, which do not know each other
pub mod check;
pub mod document;
pub mod import;
pub mod intake;
pub mod publish;
pub mod registry;
pub mod render;
pub mod spelling;
pub mod testdata;
pub mod typeset;
pub mod watch;
// floor 0: data types, locale, bundle, and the only access to the disk
pub mod bundle;
pub mod fs;
pub mod locale;
pub mod model;
pub mod parallel;
