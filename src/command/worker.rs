//! `kirjuri worker`: typesets documents received through a pipe, for the parent process.
//! Not for users.

use std::io;

use super::ExitStatus;
use crate::cli::WorkerArgs;
use crate::typeset;

/// Runs until the pipe is closed.
#[expect(clippy::exit, reason = "nobody waits for a result when the parent process is gone")]
pub fn run(args: &WorkerArgs) -> anyhow::Result<ExitStatus> {
    typeset::sandbox(args.memory);
    // the parent process is gone: the document is not needed
    typeset::work(io::stdin(), io::stdout(), || std::process::exit(0))?;
    Ok(ExitStatus::Success)
}
