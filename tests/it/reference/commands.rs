//! The page of commands, generated from the clap types.

use clap::{Arg, ArgAction, Command, CommandFactory};
use kirjuri::cli::Cli;

use super::{code, compare, table};

#[test]
fn the_page_of_commands_is_generated_from_the_command_line() {
    let mut program = Cli::command();
    program.build(); // names the commands in their usage lines
    let mut sections = Vec::new();
    below(&program, "kirjuri", "##", &mut sections);
    let overview = sections.iter().map(|section| {
        let link = format!("[`{}`](#{})", section.name, section.name.replace(' ', "-"));
        [link, section.about.clone()]
    });
    let mut page = table(["Command", "What it does"], overview);
    page += "\n## Options of every command\n\n";
    page += &table(["Option", "Meaning"], options(&program, true));
    page.extend(sections.iter().map(|section| section.text.as_str()));
    compare("commands.md", &page);
}

struct Section {
    name: String,
    about: String,
    text: String,
}

/// The sections of the commands below a command.
fn below(command: &Command, name: &str, heading: &str, sections: &mut Vec<Section>) {
    let shown = |sub: &&Command| !sub.is_hide_set() && sub.get_name() != "help";
    for sub in command.get_subcommands().filter(shown) {
        let name = format!("{name} {}", sub.get_name());
        let about = sentence(sub.get_about().unwrap().to_string());
        let mut text = format!("\n{heading} `{name}`\n\n{about}\n");
        if !sub.is_subcommand_required_set() {
            let usage = sub.clone().render_usage().to_string();
            text += &listing(usage.trim_start_matches("Usage: "));
        }
        let options = options(sub, false);
        if !options.is_empty() {
            text += &format!("\n{}", table(["Option", "Meaning"], options));
        }
        if let Some(after) = sub.get_after_help() {
            text += &listing(&after.to_string());
        }
        sections.push(Section { name: name.clone(), about, text });
        below(sub, &name, "###", sections);
    }
}

/// Arguments and options of a command: those of every command, or its own.
fn options(command: &Command, global: bool) -> Vec<[String; 2]> {
    let shown = |arg: &&Arg| {
        let of_clap = matches!(arg.get_action(), ArgAction::Help | ArgAction::Version);
        arg.is_global_set() == global && !arg.is_hide_set() && !of_clap
    };
    command.get_arguments().filter(shown).map(|arg| [names(arg), meaning(arg)]).collect()
}

fn names(arg: &Arg) -> String {
    let short = arg.get_short().map(|short| format!("-{short}"));
    let aliases = arg.get_visible_aliases().into_iter().flatten().map(|name| format!("--{name}"));
    code(short.into_iter().chain([arg.to_string()]).chain(aliases))
}

fn meaning(arg: &Arg) -> String {
    let mut text = sentence(arg.get_help().unwrap().to_string());
    if !arg.get_action().takes_values() {
        return text;
    }
    let default = arg.get_default_values().first().map(|value| value.to_str().unwrap());
    let mut plain = Vec::new();
    for value in arg.get_possible_values().iter().filter(|value| !value.is_hide_set()) {
        let Some(help) = value.get_help() else {
            plain.push(value.get_name().to_owned());
            continue;
        };
        let default = if default == Some(value.get_name()) { " (default)" } else { "" };
        text += &format!(" `{}`: {help}{default}.", value.get_name());
    }
    match default {
        _ if !plain.is_empty() => text += &format!(" Values: {}.", code(plain)),
        Some(default) if arg.get_possible_values().is_empty() => {
            text += &format!(" Default: `{default}`.");
        }
        _ => {}
    }
    text
}

fn sentence(text: String) -> String {
    if text.ends_with('.') { text } else { text + "." }
}

fn listing(text: &str) -> String {
    format!("\n```text\n{text}\n```\n")
}
