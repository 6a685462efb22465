//! The commands, one file or folder each. Only this floor reads the environment and
//! writes to the terminal.

mod arguments;
mod build;
mod check;
mod failure;
mod import;
mod init;
mod problem_output;
mod registry;
mod render;
mod schema;
mod status;
mod templates;
mod terminal;
mod watch;
mod worker;
mod workspace;

pub use arguments::read;

use std::process::ExitCode;

use crate::cli::{Cli, Command, translated_help};
use crate::locale::Locale;
use crate::model::guard;
use crate::watch::WakeSignal;

/// The result of a command that could run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitStatus {
    /// Success.
    Success,
    /// Some record or document has an error.
    Refused,
    /// What was asked for does not exist.
    NotFound,
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        match status {
            ExitStatus::Success => ExitCode::SUCCESS,
            ExitStatus::Refused => ExitCode::from(1),
            ExitStatus::NotFound => ExitCode::from(2),
        }
    }
}

/// Runs a command.
///
/// # Errors
/// When the command line, the configuration or a folder cannot be used.
pub fn run(cli: &Cli, locale: Option<&Locale>) -> anyhow::Result<ExitStatus> {
    terminal::start_logging(cli.global.verbose);
    guard::hush_guarded_panics();
    match &cli.command {
        Command::Build(args) => build::run(&cli.global, args),
        Command::Watch(args) => watch::run(&cli.global, args),
        Command::Status(args) => status::run(&cli.global, args),
        Command::Check(args) => check::run(&cli.global, args),
        Command::Import(args) => import::run(&cli.global, args),
        Command::Render(args) => render::run(&cli.global, args),
        Command::Templates(args) => templates::run(&cli.global, &args.command),
        Command::Registry(args) => registry::run(&cli.global, args),
        Command::Schema(args) => schema::run(&cli.global, args),
        Command::Init(args) => init::run(&cli.global, args),
        Command::Worker(args) => worker::run(args),
        Command::Completions(args) => {
            let mut script = Vec::new();
            let mut command = locale
                .map_or_else(<Cli as clap::CommandFactory>::command, translated_help::command);
            clap_complete::generate(args.shell, &mut command, "kirjuri", &mut script);
            terminal::print_result(String::from_utf8_lossy(&script).trim_end())?;
            Ok(ExitStatus::Success)
        }
        Command::Man => {
            let mut page = Vec::new();
            let command = locale
                .map_or_else(<Cli as clap::CommandFactory>::command, translated_help::command);
            clap_mangen::Man::new(command).render(&mut page)?;
            terminal::print_result(String::from_utf8_lossy(&page).trim_end())?;
            Ok(ExitStatus::Success)
        }
    }
}

/// Handles an interrupt: the first stops between two documents, the second exits
/// immediately.
#[expect(clippy::exit, reason = "a second signal ends the process at once")]
fn stop_or_exit(signal: &WakeSignal) {
    if signal.stopped() {
        std::process::exit(130);
    }
    signal.stop();
}

/// Prints why a command failed, with all causes.
pub fn report_failure(error: &anyhow::Error, locale: Option<&Locale>) {
    let message = |error: &(dyn std::error::Error + 'static)| match locale {
        Some(locale) => failure::message(error, locale),
        None => error.to_string(),
    };
    let because = locale.map_or_else(|| "because".to_owned(), |l| l.label("failure.because"));
    let mut previous: Option<String> = None;
    for (depth, cause) in error.chain().enumerate() {
        // a failure used as `anyhow` context is found only through the outer error
        let failure = error.downcast_ref::<failure::Failure>().filter(|_| depth == 0);
        let cause = failure.map_or_else(|| message(cause), |failure| message(failure));
        match &previous {
            None => anstream::eprintln!("kirjuri: {cause}"),
            Some(previous) if !previous.contains(&cause) => {
                anstream::eprintln!("  {because}: {cause}")
            }
            Some(_) => {}
        }
        previous = Some(cause);
    }
}
