//! Entry point: reads the command line, runs the command and turns its result into an
//! exit status.

use std::process::ExitCode;

use kirjuri::command;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    let (cli, locale) = match command::read(&arguments) {
        Ok(read) => read,
        Err(status) => return status,
    };
    match command::run(&cli, locale.as_ref()) {
        Ok(status) => status.into(),
        Err(error) => {
            command::report_failure(&error, locale.as_ref());
            ExitCode::from(2)
        }
    }
}
