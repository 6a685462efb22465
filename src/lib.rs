//! Kirjuri makes the documents of negotiations between wellbeing services
//! counties and municipalities from structured session records.
//!
//! ```text
//! records/*.json ─ intake ─▶ model ─ check ─▶ document views ─ render ─▶ Typst source
//!     ─ typeset ─▶ PDF ─ register ─▶ registry/ ─ publish ─▶ output/
//! ```
//!
//! Modules in reading order; each imports only from those on lower floors.

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
// floor 4: what a user asks for
pub mod command;
// floor 3: settings, and what is made with the whole pipeline beside documents
pub mod audit;
pub mod config;
pub mod template_tools;
// floor 2: the flow, the only place where stages meet
pub mod pipeline;
// floor 1: the stages, none knowing another
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
// floor 0: nouns and the one door to the disk
pub mod bundle;
pub mod fs;
pub mod locale;
pub mod model;
pub mod parallel;
