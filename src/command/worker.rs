//! `worker`: typesets what comes through a pipe, for the program that started
//! it. Not for people.

use std::io;

use super::Status;
use crate::cli::WorkerArgs;
use crate::typeset;

/// Works until the pipe is closed.
#[expect(clippy::exit, reason = "nobody waits for a result when the parent process is gone")]
pub fn run(args: &WorkerArgs) -> anyhow::Result<Status> {
    typeset::sandbox(args.memory);
    // whoever started it is gone: nobody waits for the document at hand
    typeset::work(io::stdin(), io::stdout(), || std::process::exit(0))?;
    Ok(Status::Well)
}
