//! Reads the command line, runs the command, turns its result into an exit
//! status. Knows nothing else.

use std::process::ExitCode;

use clap::Parser;
use kirjuri::{cli::Cli, command};

fn main() -> ExitCode {
    let cli = Cli::parse();
    match command::run(&cli) {
        Ok(status) => status.into(),
        Err(error) => {
            command::report_failure(&error);
            ExitCode::from(2)
        }
    }
}
