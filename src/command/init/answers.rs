//! Values of a new workspace, from arguments or answers on the terminal, and their
//! insertion into its files.

use std::io::{BufRead, IsTerminal, Write};

use super::municipalities::{MunicipalityMatch, find};
use crate::cli::InitArgs;
use crate::command::failure::Failure;
use crate::command::terminal::print_line;
use crate::locale::Locale;
use crate::model::Short;
use crate::registry::{Numbering, Sequence};

/// What is known about the authority.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Answers {
    name: Option<String>,
    number: Option<String>,
    municipalities: Vec<String>,
}

/// A group of the sample round: id, short name, municipalities.
type SampleGroup = (String, String, Vec<String>);

impl Answers {
    /// Takes the arguments, and asks for missing values on an interactive terminal.
    ///
    /// # Errors
    /// When an argument cannot be used.
    pub fn collect(args: &InitArgs, locale: &Locale, quiet: bool) -> Result<Self, Failure> {
        let mut answers = Self {
            name: args.name.as_deref().map(name).transpose()?,
            number: args.number.as_deref().map(pattern).transpose()?,
            ..Self::default()
        };
        let given = args.municipality.iter().flat_map(|list| list.split(','));
        answers.municipalities = given.map(str::trim).filter(|one| !one.is_empty()).try_fold(
            Vec::new(),
            |mut all, one| {
                let (name, known) = municipality(one)?;
                if !known {
                    let warning = locale.fill("ui.init.unknown", &[("name", &name)]);
                    anstream::eprintln!("{warning}");
                }
                if !all.contains(&name) {
                    all.push(name);
                }
                Ok::<_, Failure>(all)
            },
        )?;
        if std::io::stdin().is_terminal() && std::io::stdout().is_terminal() && !quiet {
            let mut ask = |key: &str| {
                let _ = write!(anstream::stdout(), "{} ", locale.label(key));
                let _ = anstream::stdout().flush();
                let mut answer = String::new();
                let read = std::io::stdin().lock().read_line(&mut answer);
                read.ok().filter(|bytes| *bytes > 0).map(|_| answer)
            };
            answers.ask(&mut ask, locale);
        }
        locale.sort_names(&mut answers.municipalities);
        Ok(answers)
    }

    /// Asks for missing values; an empty answer leaves a value open.
    fn ask(&mut self, ask: &mut dyn FnMut(&str) -> Option<String>, locale: &Locale) {
        if self.name.is_none() {
            self.name = ask_until_valid("ui.init.ask_name", &name, ask, locale);
        }
        if self.number.is_none() {
            self.number = ask_until_valid("ui.init.ask_number", &pattern, ask, locale);
        }
        if self.municipalities.is_empty() {
            let list = |answer: &str| {
                let names = answer.split(',').map(str::trim).filter(|one| !one.is_empty());
                names.map(|one| municipality(one).map(|(name, _)| name)).collect()
            };
            self.municipalities = ask_until_valid("ui.init.ask_municipalities", &list, ask, locale)
                .unwrap_or_default();
            self.municipalities.dedup();
        }
    }

    fn name_in(&self, locale: &Locale) -> String {
        self.name.clone().unwrap_or_else(|| locale.label("ui.init.name"))
    }

    /// The settings file with the number pattern.
    pub fn settings(&self, text: &str, locale: &Locale) -> String {
        let number = self.number.clone().unwrap_or_else(|| locale.label("ui.init.number"));
        text.replace("@NUMBER@", &number)
    }

    /// The theme with the authority's name, without the logo of the sample.
    pub fn theme(&self, text: &str, locale: &Locale) -> String {
        let name = format!("  \"authority\": {},", json(&self.name_in(locale)));
        let lines = text.lines().filter(|line| !line.trim_start().starts_with("\"logo\""));
        let own = |line: &str| line.trim_start().starts_with("\"authority\"");
        let lines = lines.map(|line| if own(line) { name.as_str() } else { line });
        lines.flat_map(|line| [line, "\n"]).collect()
    }

    /// A sample record with name, groups and municipalities.
    pub fn record(&self, text: &str, locale: &Locale) -> String {
        let groups = self.groups(locale);
        let (first, _, members) = &groups[0];
        let all: Vec<&String> = groups.iter().flat_map(|(_, _, members)| members).collect();
        let names =
            |names: &[&String]| names.iter().map(|name| json(name)).collect::<Vec<_>>().join(", ");
        let group = |(id, short, members): &SampleGroup| {
            let members = names(&members.iter().collect::<Vec<_>>());
            format!(
                "    {{ \"id\": {}, \"short\": {}, \"municipalities\": [{members}] }}",
                json(id),
                json(short)
            )
        };
        let meeting = |(at, (id, ..)): (usize, &SampleGroup)| {
            let day = ["2026-10-06", "2026-10-13"][at];
            let group = json(id);
            format!(
                "    {{ \"group\": {group}, \"date\": \"{day}\", \"start\": \"13:00\", \"end\": \"15:00\", \"mode\": \"remote\" }}"
            )
        };
        let lines = |lines: Vec<String>| lines.join(",\n");
        let places = format!(
            "  \"municipalities\": [{}],\n  \"groups\": [\n{}\n  ],\n  \"schedule\": [\n{}\n  ],\n",
            names(&all),
            lines(groups.iter().map(group).collect()),
            lines(groups.iter().enumerate().map(meeting).collect()),
        );
        let role = json(&locale.label("ui.init.role"));
        let present = members.iter().map(|name| {
            let name = json(name);
            format!("    {{ \"sector\": \"municipality\", \"organisation\": {name}, \"role\": {role} }},\n")
        });
        let sent = members.iter().map(|name| {
            let recipient = json(&locale.fill("ui.init.recipient", &[("name", name)]));
            let name = json(name);
            format!("    {{ \"recipient\": {recipient}, \"municipality\": {name} }}")
        });
        let sent = format!("{}\n", lines(sent.collect()));
        text.replace("@PLACES@", &places)
            .replace("@PRESENT@", &present.collect::<String>())
            .replace("@DISTRIBUTION@", &sent)
            .replace("@GROUP@", first)
            .replace("\"@FIRST@\"", &json(&members[0]))
            .replace("\"@NAME@\"", &json(&self.name_in(locale)))
    }

    /// The municipalities in one or two groups; invented ones when none are given. The
    /// ids are the same in both cases, so that a record for one fits the other.
    fn groups(&self, locale: &Locale) -> Vec<SampleGroup> {
        let id = |at: usize| locale.fill("ui.init.group_id", &[("number", &(at + 1).to_string())]);
        if self.municipalities.is_empty() {
            let own = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
            return vec![
                (id(0), locale.label("ui.init.south"), own(&["Alakylä", "Mallila"])),
                (id(1), locale.label("ui.init.north"), own(&["Ylämaa"])),
            ];
        }
        let half = self.municipalities.len().div_ceil(2);
        let groups = self.municipalities.chunks(half).enumerate();
        let group = |(at, members): (usize, &[String])| {
            let number = (at + 1).to_string();
            (id(at), locale.fill("ui.init.group", &[("number", &number)]), members.to_vec())
        };
        groups.map(group).collect()
    }
}

/// Asks until an answer is valid or empty.
fn ask_until_valid<T>(
    key: &str,
    taken: &dyn Fn(&str) -> Result<T, Failure>,
    ask: &mut dyn FnMut(&str) -> Option<String>,
    locale: &Locale,
) -> Option<T> {
    loop {
        let answer = ask(key)?;
        match answer.trim() {
            "" => return None,
            answer => match taken(answer) {
                Ok(value) => return Some(value),
                Err(failure) => print_line(&failure.message(locale)),
            },
        }
    }
}

/// Validates the name of an authority: one line of text.
fn name(text: &str) -> Result<String, Failure> {
    let name = text.trim();
    match Short::parse(name) {
        Some(name) => Ok(name.as_str().to_owned()),
        None => Err(Failure::new("init_name").with("name", name)),
    }
}

fn pattern(text: &str) -> Result<String, Failure> {
    let pattern = text.trim();
    match Numbering::parse(pattern, Sequence::Yearly) {
        Ok(_) => Ok(pattern.to_owned()),
        Err(cause) => Err(Failure::new("init_number").with("number", pattern).caused_by(cause)),
    }
}

/// A municipality in its official spelling, and whether the list contains it.
fn municipality(text: &str) -> Result<(String, bool), Failure> {
    match find(text) {
        MunicipalityMatch::Known(name) => Ok((name.to_owned(), true)),
        MunicipalityMatch::Near(near) => {
            Err(Failure::new("init_municipality").with("name", text).with("near", near))
        }
        MunicipalityMatch::Unknown => Ok((name(text)?, false)),
    }
}

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
