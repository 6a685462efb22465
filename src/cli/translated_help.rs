//! Translates the help texts and error messages of the command line. The texts are labels
//! named by command and argument (`cli.check.fix`); in English they are those of the clap
//! types, and clap's own.

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, CommandFactory};

use super::Cli;
use crate::locale::Locale;
use crate::model::Language;

/// The command line with help texts in the language of a locale.
pub fn command(locale: &Locale) -> Command {
    let mut command = Cli::command();
    if locale.language == Language::En {
        return command;
    }
    // adds clap's own arguments and commands
    command.build();
    let translator = HelpTranslator { locale };
    translator.command(command, "")
}

struct HelpTranslator<'a> {
    locale: &'a Locale,
}

impl HelpTranslator<'_> {
    fn get(&self, key: &str) -> Option<String> {
        self.locale.message(&format!("cli.{key}")).map(str::to_owned)
    }

    /// The text of a command under its own key (`registry.list.`), or else the global
    /// one.
    fn own_or_global(&self, path: &str, name: &str) -> Option<String> {
        self.get(&format!("{path}{name}")).or_else(|| self.get(&format!("global.{name}")))
    }

    fn command(&self, command: Command, path: &str) -> Command {
        let (options, positional) = (self.shared("options"), self.shared("arguments"));
        let command = command.mut_args(|arg| {
            let heading = if arg.is_positional() { &positional } else { &options };
            self.argument(arg, path).help_heading(heading.clone())
        });
        let about = self.own_or_global(path, "about").filter(|_| !path.is_empty());
        let about = about.or_else(|| self.get("about").filter(|_| path.is_empty()));
        let command = match about {
            Some(about) => command.about(about.clone()).long_about(about),
            None => command,
        };
        let after = self.get(&format!("{path}after_help"));
        let command = match after {
            Some(after) => command.after_help(after),
            None => command,
        };
        let names: Vec<String> =
            command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
        let mut command = names.into_iter().fold(command, |command, name| {
            // clap's own `help` repeats every subcommand
            let below = if name == "help" { "help.".into() } else { format!("{path}{name}.") };
            command.mut_subcommand(&name, |sub| match path.starts_with("help.") {
                true => sub,
                false => self.command(sub, &below),
            })
        });
        let usage = command.render_usage().to_string();
        let usage = usage.strip_prefix("Usage:").unwrap_or(&usage).trim();
        let usage = usage.replace("[OPTIONS]", &self.shared("usage_options"));
        let usage = usage.replace("<COMMAND>", &self.shared("usage_command"));
        let usage = usage.replace("[COMMAND]", &self.shared("usage_command"));
        let heading = self.shared("usage");
        command
            .override_usage(usage)
            .subcommand_help_heading(self.shared("commands"))
            .help_template(format!(
                "{{before-help}}{{about-with-newline}}\n{heading}: {{usage}}\n\n{{all-args}}{{after-help}}"
            ))
    }

    fn shared(&self, name: &str) -> String {
        self.get(&format!("word.{name}")).unwrap_or_else(|| name.to_owned())
    }

    fn argument(&self, arg: Arg, path: &str) -> Arg {
        let id = arg.get_id().as_str().to_owned();
        let Some(mut help) = self.own_or_global(path, &id) else { return arg };
        let values: Vec<String> = arg
            .get_possible_values()
            .iter()
            .filter(|value| !value.is_hide_set())
            .map(|value| value.get_name().to_owned())
            .collect();
        let takes = arg.get_action().takes_values();
        let default = arg.get_default_values().first().map(|v| v.to_string_lossy().into_owned());
        if let Some(default) = default.filter(|_| takes) {
            help.push_str(&format!(" [{}: {default}]", self.shared("default")));
        }
        if takes && !values.is_empty() {
            help.push_str(&format!(" [{}: {}]", self.shared("values"), values.join(", ")));
        }
        let names: Vec<String> = arg
            .get_value_names()
            .into_iter()
            .flatten()
            .map(|name| self.get(&format!("value.{name}")).unwrap_or_else(|| name.to_string()))
            .collect();
        let arg = if takes && !names.is_empty() { arg.value_names(names) } else { arg };
        arg.help(help.clone()).long_help(help).hide_default_value(true).hide_possible_values(true)
    }
}

/// The message of a command-line error in the language of a locale; `None` for help and
/// version, which are not errors, and in English.
pub fn error_message(error: &clap::Error, locale: &Locale) -> Option<String> {
    if locale.language == Language::En {
        return None;
    }
    let one = |kind| error.get(kind).map(text_of).filter(|text| !text.is_empty());
    let arg = one(ContextKind::InvalidArg).unwrap_or_default();
    let value = one(ContextKind::InvalidValue);
    let key = match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
        | ErrorKind::DisplayVersion => return None,
        ErrorKind::UnknownArgument => "unknown",
        ErrorKind::InvalidSubcommand => "no_command",
        ErrorKind::MissingSubcommand => "command_missing",
        ErrorKind::MissingRequiredArgument => "missing",
        ErrorKind::InvalidValue if value.is_none() => "value_missing",
        ErrorKind::InvalidValue => "value",
        ErrorKind::ValueValidation => "value_form",
        ErrorKind::ArgumentConflict => "conflict",
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            "value_count"
        }
        ErrorKind::InvalidUtf8 => "utf8",
        _ => "other",
    };
    let values = [
        ("arg", arg),
        ("value", value.unwrap_or_default()),
        ("command", one(ContextKind::InvalidSubcommand).unwrap_or_default()),
        ("other", one(ContextKind::PriorArg).unwrap_or_default()),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let complaint =
        |key: &str, values: &[(&str, &str)]| locale.fill(&format!("cli.error.{key}"), values);
    let mut text = format!("kirjuri: {}", complaint(key, &values));
    if let Some(valid) = one(ContextKind::ValidValue) {
        text.push_str(&format!("\n  {}", complaint("valid", &[("values", &valid)])));
    }
    let near =
        [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    if let Some(near) = near.into_iter().find_map(one) {
        text.push_str(&format!("\n  {}", complaint("near", &[("near", &near)])));
    }
    text.push_str(&format!("\n  {}", complaint("more", &[])));
    Some(text)
}

fn text_of(value: &ContextValue) -> String {
    match value {
        ContextValue::Strings(all) => all.join("`, `"),
        ContextValue::StyledStrs(all) => {
            all.iter().map(StyledStr::to_string).collect::<Vec<_>>().join(", ")
        }
        ContextValue::None => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Bundle;

    fn locale(language: Language) -> Locale {
        Locale::load(&Bundle::built_in(), language).unwrap()
    }

    /// Collects every text of the command line with its key.
    fn texts(command: &Command, path: &str, found: &mut Vec<(String, String)>) {
        let mut add = |key: String, text: Option<&StyledStr>| {
            found.extend(text.map(|text| (key, text.to_string())));
        };
        let hidden = command.is_hide_set();
        if !hidden {
            add(format!("{path}about"), command.get_about());
            add(format!("{path}after_help"), command.get_after_help());
            for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
                let under = if arg.is_global_set() { "global." } else { path };
                add(format!("{under}{}", arg.get_id()), arg.get_help());
            }
            for sub in command.get_subcommands() {
                texts(sub, &format!("{path}{}.", sub.get_name()), found);
            }
        }
    }

    #[test]
    fn every_help_text_is_translated() {
        let mut found = Vec::new();
        texts(&Cli::command(), "", &mut found);
        assert!(found.len() > 60, "{}", found.len());
        let (fi, sv, en) = (locale(Language::Fi), locale(Language::Sv), locale(Language::En));
        for (key, text) in &found {
            let of = |locale: &Locale| HelpTranslator { locale }.get(key);
            assert_eq!(of(&en).as_ref(), Some(text), "cli.{key}");
            for other in [&fi, &sv] {
                let words = of(other);
                assert!(words.as_ref().is_some_and(|words| words != text), "cli.{key}");
            }
        }
    }

    fn paths(command: &Command, path: &[String], found: &mut Vec<Vec<String>>) {
        found.push(path.to_vec());
        for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
            paths(sub, &[path, &[sub.get_name().to_owned()]].concat(), found);
        }
    }

    #[test]
    fn translated_help_has_no_english_words() {
        let mut all = Vec::new();
        paths(&Cli::command(), &["kirjuri".to_owned()], &mut all);
        for language in [Language::Fi, Language::Sv] {
            let locale = locale(language);
            for path in &all {
                let asked = path.iter().cloned().chain(["--help".to_owned()]);
                let help = command(&locale).try_get_matches_from(asked).unwrap_err().to_string();
                for english in [
                    "Usage:",
                    "Options:",
                    "Arguments:",
                    "Commands:",
                    "Print",
                    "[default",
                    "possible values",
                    "[OPTIONS]",
                    "<COMMAND>",
                    "<FILE",
                    "<DIR",
                    "[FILES",
                ] {
                    assert!(!help.contains(english), "{path:?} {english}\n{help}");
                }
            }
        }
    }

    #[test]
    fn help_and_errors_are_translated() {
        let fi = locale(Language::Fi);
        let ask = |args: &[&str]| command(&fi).try_get_matches_from(args).unwrap_err();
        let help = ask(&["kirjuri", "check", "--help"]).to_string();
        for words in ["Käyttö: kirjuri check [VALINNAT]", "Valinnat:", "--as-final", "--help"] {
            assert!(help.contains(words), "{words}\n{help}");
        }
        for english in ["Usage", "Options", "Print", "default", "possible"] {
            assert!(!help.contains(english), "{english}\n{help}");
        }
        let message = error_message(&ask(&["kirjuri", "check", "--fixx"]), &fi).unwrap();
        assert!(
            message.contains("`--fixx`") && message.contains("tarkoititko `--fix`"),
            "{message}"
        );
        let message = error_message(&ask(&["kirjuri", "chek"]), &fi).unwrap();
        assert!(message.contains("`chek`") && message.contains("`check`"), "{message}");
        assert_eq!(error_message(&ask(&["kirjuri", "--help"]), &fi), None);
    }
}
