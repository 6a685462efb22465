//! Parses the command line. Its help is in the language that it names itself, or that the
//! settings or the environment name.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::FromArgMatches;

use super::workspace::environment_language;
use crate::bundle::Bundle;
use crate::cli::{Cli, translated_help};
use crate::config;
use crate::locale::Locale;
use crate::model::Language;

/// Parses the command line.
///
/// # Errors
/// Returns an exit status when help was requested or the command line is invalid; the
/// text is printed already.
pub fn read(arguments: &[OsString]) -> Result<(Cli, Option<Locale>), ExitCode> {
    let locale = Locale::load(&Bundle::built_in(), language(arguments)).ok();
    let command = match &locale {
        Some(locale) => translated_help::command(locale),
        None => <Cli as clap::CommandFactory>::command(),
    };
    let read = command.try_get_matches_from(arguments);
    match read.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => Ok((cli, locale)),
        Err(error) => {
            match locale.and_then(|locale| translated_help::error_message(&error, &locale)) {
                Some(message) => anstream::eprintln!("{message}"),
                None => _ = error.print(),
            }
            Err(ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2)))
        }
    }
}

/// The language from the command line, else the settings, else the environment.
fn language(arguments: &[OsString]) -> Language {
    let of = |text: &str| Language::ALL.into_iter().find(|language| language.code() == text);
    if let Some(named) = value_of(arguments, "--language").and_then(|text| of(&text)) {
        return named;
    }
    let file = value_of(arguments, "--config").map_or_else(|| config::FILE.into(), PathBuf::from);
    config::language_of(&file).unwrap_or_else(environment_language)
}

/// The value of an option; the rest of the command line is not validated.
fn value_of(arguments: &[OsString], option: &str) -> Option<String> {
    let mut arguments = arguments.iter().map(|argument| argument.to_string_lossy());
    while let Some(argument) = arguments.next() {
        match argument.strip_prefix(option) {
            _ if argument == "--" => return None,
            Some("") => return arguments.next().map(|value| value.into_owned()),
            Some(rest) => {
                if let Some(value) = rest.strip_prefix('=') {
                    return Some(value.to_owned());
                }
            }
            None => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_found_before_the_command_line_is_read() {
        let of = |args: &[&str]| {
            let args: Vec<OsString> = args.iter().map(OsString::from).collect();
            value_of(&args, "--language")
        };
        assert_eq!(of(&["kirjuri", "check", "--language", "sv"]).as_deref(), Some("sv"));
        assert_eq!(of(&["kirjuri", "--language=fi", "--nonsense"]).as_deref(), Some("fi"));
        assert_eq!(of(&["kirjuri", "check", "--", "--language", "sv"]), None);
        assert_eq!(of(&["kirjuri", "--languages", "sv"]), None);
    }
}
