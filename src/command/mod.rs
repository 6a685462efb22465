//! What a user asks for, one command a file. The only floor that may read the
//! environment and write to the terminal.

mod arguments;
mod build;
mod check;
mod draw;
mod failure;
mod import;
mod init;
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

use crate::cli::{Cli, Command, words};
use crate::locale::Locale;
use crate::model::guard;
use crate::watch::WakeSignal;

/// How a command ended, when it could do its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// All well.
    Well,
    /// Some record or document was refused.
    Refused,
    /// There is nothing of what was asked for.
    Absent,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        match status {
            Status::Well => ExitCode::SUCCESS,
            Status::Refused => ExitCode::from(1),
            Status::Absent => ExitCode::from(2),
        }
    }
}

/// Runs a command.
///
/// # Errors
/// When the command line, the configuration or a folder cannot be used.
pub fn run(cli: &Cli, locale: Option<&Locale>) -> anyhow::Result<Status> {
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
            let mut command =
                locale.map_or_else(<Cli as clap::CommandFactory>::command, words::command);
            clap_complete::generate(args.shell, &mut command, "kirjuri", &mut script);
            terminal::answer(String::from_utf8_lossy(&script).trim_end())?;
            Ok(Status::Well)
        }
        Command::Man => {
            let mut page = Vec::new();
            let command =
                locale.map_or_else(<Cli as clap::CommandFactory>::command, words::command);
            clap_mangen::Man::new(command).render(&mut page)?;
            terminal::answer(String::from_utf8_lossy(&page).trim_end())?;
            Ok(Status::Well)
        }
    }
}

/// Answers a signal: the first asks for an end between two documents, the
/// second ends at once.
#[expect(clippy::exit, reason = "a second signal ends the process at once")]
fn end(signal: &WakeSignal) {
    if signal.stopped() {
        std::process::exit(130);
    }
    signal.stop();
}

/// Says why a command could not do its work, with all causes.
pub fn report_failure(error: &anyhow::Error, locale: Option<&Locale>) {
    let words = |error: &(dyn std::error::Error + 'static)| match locale {
        Some(locale) => failure::words(error, locale),
        None => error.to_string(),
    };
    let because = locale.map_or_else(|| "because".to_owned(), |l| l.label("failure.because"));
    let mut said: Option<String> = None;
    for (depth, cause) in error.chain().enumerate() {
        // one that was put over another error shows itself only so
        let over = error.downcast_ref::<failure::Failure>().filter(|_| depth == 0);
        let cause = over.map_or_else(|| words(cause), |over| words(over));
        match &said {
            None => anstream::eprintln!("kirjuri: {cause}"),
            Some(said) if !said.contains(&cause) => anstream::eprintln!("  {because}: {cause}"),
            Some(_) => {}
        }
        said = Some(cause);
    }
}
