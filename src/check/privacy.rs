//! Rules over what a public part of a record says of its secret parts, and of
//! people who are not to be named on the web.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Captures;

use super::patterns::{Pattern, pattern};
use super::prose::{Texts, last_step};
use super::{Knowledge, Report};
use crate::model::round::Sector;
use crate::model::translation::Prose;
use crate::model::{Record, Session};

/// Words in a row that a title has in common with a secret text.
const RUN: usize = 3;

/// All rules over secrets and names.
pub fn privacy(texts: &Texts, knowledge: &Knowledge<'_>, report: &mut Report<'_>) {
    let record = report.source.record.clone();
    if let Record::Session(session) = &*record {
        titles(session, texts, report);
        if knowledge.web {
            people(session, texts, report);
        }
    }
}

/// Somebody's personal identity code, with its right check character (661/2009
/// 11 §): a number of that form that is none has another one.
pub fn identity_codes(texts: &Texts, report: &mut Report<'_>) {
    static CODE: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(r"\b(\d{6})[-+A-FU-Ya-fu-y–](\d{3})([0-9A-FHJ-NPR-Ya-fhj-npr-y])\b")
    });
    const CHECK: &[u8; 31] = b"0123456789ABCDEFHJKLMNPRSTUVWXY";
    for prose in &texts.all {
        let right = |found: &Captures<'_>| {
            let number: Option<usize> = format!("{}{}", &found[1], &found[2]).parse().ok();
            let wanted = number.and_then(|number| CHECK.get(number % 31).copied());
            let day = found[1][..2].parse().is_ok_and(|day: u8| (1..=31).contains(&day));
            let month = found[1][2..4].parse().is_ok_and(|month: u8| (1..=12).contains(&month));
            let given = found[3].bytes().next().map(|c| c.to_ascii_uppercase());
            day && month && given == wanted
        };
        if let Some(found) = CODE.captures_iter(&prose.text).find(right)
            && let Some(all) = found.get(0)
        {
            let problem = report.found("identity-code", &prose.field).within(all.range());
            report.problems.push(problem);
        }
    }
}

/// A title that everybody may read says what a secret note says.
fn titles(session: &Session, texts: &Texts, report: &mut Report<'_>) {
    let secret = |prose: &&Prose| {
        note_index(&prose.field)
            .is_some_and(|i| session.notes.get(i).is_some_and(|note| note.secret))
    };
    let secrets = texts.all.iter().filter(secret).filter(|p| last_step(&p.field) == "text");
    let secrets: Vec<(&Prose, Vec<String>)> = secrets.map(|p| (p, word_list(&p.text))).collect();
    if secrets.is_empty() {
        return;
    }
    let secrets: Vec<(&Prose, Runs<'_>)> =
        secrets.iter().map(|(prose, words)| (*prose, Runs::of(words))).collect();
    // names of goals, priorities and the like are public in any case
    let round = report.set.source(&session.round).map(|source| word_list(&source.text));
    let known = round.unwrap_or_default();
    let known = Runs::of(&known);
    let open = |prose: &&Prose| {
        let step = last_step(&prose.field);
        // the topic of a secret note is hidden with it
        matches!(step, "title" | "topic" | "what" | "heading" | "programme" | "questions")
            && !secret(prose)
    };
    for prose in texts.all.iter().filter(open) {
        let words = word_list(&prose.text);
        for (note, said) in &secrets {
            let Some(run) = common_run(&words, said, &known) else { continue };
            let problem = report.found("secret-in-title", &prose.field);
            report.problems.push(problem.with("words", run).with("note", &note.field));
            break;
        }
    }
}

/// The words of a text, with all that stand beside each other in it.
struct Runs<'a> {
    words: &'a [String],
    /// Two and [`RUN`] at a time.
    runs: HashSet<&'a [String]>,
}

impl<'a> Runs<'a> {
    fn of(words: &'a [String]) -> Self {
        Self { words, runs: words.windows(2).chain(words.windows(RUN)).collect() }
    }

    /// Whether two or [`RUN`] words stand there so.
    fn has(&self, run: &[String]) -> bool {
        self.runs.contains(run)
    }

    /// Whether a text of at least [`RUN`] words stands there.
    fn has_all(&self, text: &[String]) -> bool {
        text.windows(RUN).all(|run| self.has(run))
            && self.words.windows(text.len()).any(|other| other == text)
    }
}

/// Words that two texts have in a row in common, of a short title all. Two of
/// them are long: "of the" and its like say nothing.
fn common_run(title: &[String], secret: &Runs<'_>, known: &Runs<'_>) -> Option<String> {
    // a title that is wholly a part of the secret text tells it, however short its
    // words
    if title.len() >= RUN && secret.has_all(title) && !known.has_all(title) {
        return Some(title.join(" "));
    }
    let telling = |run: &[String]| run.iter().filter(|w| w.chars().count() >= 7).count() >= 2;
    let size = RUN.min(title.len()).max(2);
    title
        .windows(size)
        .find(|run| telling(run) && secret.has(run) && !known.has(run))
        .map(|run| run.join(" "))
}

fn word_list(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

fn note_index(field: &str) -> Option<usize> {
    field.strip_prefix("notes[")?.split_once(']')?.0.parse().ok()
}

/// Somebody of an organisation, a parish or a company, whom the copy for the web
/// leaves out of its lists, is named in a text of it (611/2021 145 §).
fn people(session: &Session, texts: &Texts, report: &mut Report<'_>) {
    let private = [Sector::Organisation, Sector::Parish, Sector::Company];
    let listed = session.present.iter().chain(&session.absent);
    let names: Vec<&str> = listed
        .filter(|participant| private.contains(&participant.sector))
        .filter_map(|participant| participant.name.as_ref().map(|name| name.as_str()))
        .filter(|name| name.contains(' '))
        .collect();
    for prose in texts.written() {
        let hidden = note_index(&prose.field)
            .is_some_and(|index| session.notes.get(index).is_some_and(|note| note.secret));
        let Some(name) = names.iter().find(|name| prose.text.contains(**name)) else { continue };
        if !hidden && let Some(at) = prose.text.find(name) {
            let problem = report.found("person-in-text", &prose.field);
            report.problems.push(problem.within(at..at + name.len()).with("name", name));
        }
    }
}
