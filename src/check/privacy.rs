//! Rules about public parts of a record that reveal its secret parts, and about people
//! who must not be named on the web.

use std::collections::HashSet;
use std::ops::Range;

use super::prose::{Texts, last_step};
use super::{CheckContext, Report};
use crate::model::names::{NameSearch, PersonName, Tokens, people as people_in, people_in_role};
use crate::model::reader::{Seen, Word};
use crate::model::round::Sector;
use crate::model::session::Participant;
use crate::model::translation::Prose;
use crate::model::{Record, Session};

/// Number of consecutive words that a title may not have in common with a secret text.
const RUN: usize = 3;

/// All rules about secrets and names.
pub fn privacy(texts: &Texts, context: &CheckContext<'_>, report: &mut Report<'_>) {
    let record = report.source.record.clone();
    if let Record::Session(session) = &*record {
        titles(session, texts, report);
        if context.web_copies {
            people(session, texts, report);
        }
    }
}

/// A public title repeats the text of a secret note.
fn titles(session: &Session, texts: &Texts, report: &mut Report<'_>) {
    let secret = |prose: &&Prose| {
        note_index(&prose.field)
            .is_some_and(|i| session.notes.get(i).is_some_and(|note| note.secret))
    };
    let secrets = texts.all.iter().filter(secret).filter(|p| last_step(&p.field) == "text");
    let folded = |prose| words_of(prose).into_iter().map(|word| word.text).collect();
    let secrets: Vec<(&Prose, Vec<String>)> = secrets.map(|p| (p, folded(p))).collect();
    if secrets.is_empty() {
        return;
    }
    let secrets: Vec<(&Prose, WordRuns<'_>)> =
        secrets.iter().map(|(prose, words)| (*prose, WordRuns::of(words))).collect();
    // names of goals, priorities and the like are public in any case
    let round = report.set.source(&session.round);
    let records =
        round.iter().flat_map(|round| [&round.record].into_iter().chain(&round.translations));
    let known = records.flat_map(|record| Texts::of(record).all);
    let known: Vec<String> =
        known.flat_map(|prose| words_of(&prose)).map(|word| word.text).collect();
    let known = WordRuns::of(&known);
    let open = |prose: &&Prose| {
        let step = last_step(&prose.field);
        // the topic of a secret note is hidden with it
        matches!(step, "title" | "topic" | "what" | "heading" | "programme" | "questions")
            && !secret(prose)
    };
    for prose in texts.all.iter().filter(open) {
        let words = words_of(prose);
        let folded: Vec<String> = words.iter().map(|word| word.text.clone()).collect();
        for (note, said) in &secrets {
            let Some(run) = common_run(&folded, said, &known) else { continue };
            let typed = words[run].iter().filter_map(|word| prose.text.get(word.place.clone()));
            let run = typed.map(str::to_lowercase).collect::<Vec<_>>().join(" ");
            let problem = report.found("secret-in-title", &prose.field);
            report.problems.push(problem.with("words", run).with("note", &note.field));
            break;
        }
    }
}

/// The words of a text, with all pairs and runs of consecutive words.
struct WordRuns<'a> {
    words: &'a [String],
    /// Runs of two and of [`RUN`] words.
    runs: HashSet<&'a [String]>,
}

impl<'a> WordRuns<'a> {
    fn of(words: &'a [String]) -> Self {
        Self { words, runs: words.windows(2).chain(words.windows(RUN)).collect() }
    }

    /// True when these two or [`RUN`] consecutive words occur.
    fn has(&self, run: &[String]) -> bool {
        self.runs.contains(run)
    }

    /// True when a text of at least [`RUN`] words occurs.
    fn has_all(&self, text: &[String]) -> bool {
        text.windows(RUN).all(|run| self.has(run))
            && self.words.windows(text.len()).any(|other| other == text)
    }
}

/// The consecutive words that two texts have in common; of a short title, all words. Two
/// of them must be long: "of the" and the like reveal nothing.
fn common_run(
    title: &[String],
    secret: &WordRuns<'_>,
    known: &WordRuns<'_>,
) -> Option<Range<usize>> {
    // a title that is entirely part of the secret text reveals it, however short its
    // words
    if title.len() >= RUN && secret.has_all(title) && !known.has_all(title) {
        return Some(0..title.len());
    }
    let telling = |run: &[String]| run.iter().filter(|w| w.chars().count() >= 7).count() >= 2;
    let size = RUN.min(title.len()).max(2);
    let mut runs = title.windows(size);
    let found = runs.position(|run| telling(run) && secret.has(run) && !known.has(run))?;
    Some(found..found + size)
}

/// The words as a reader sees them, however they were typed.
fn words_of(prose: &Prose) -> Vec<Word> {
    Seen::of(&prose.text, prose.long).folded().words()
}

fn note_index(field: &str) -> Option<usize> {
    field.strip_prefix("notes[")?.split_once(']')?.0.parse().ok()
}

/// Somebody of an organisation, a parish or a company, whom the copy for the web omits
/// from its lists, is named in a text (611/2021 145 §).
fn people(session: &Session, texts: &Texts, report: &mut Report<'_>) {
    let private = [Sector::Organisation, Sector::Parish, Sector::Company];
    let listed = || session.present.iter().chain(&session.absent);
    let people = |one: &Participant| {
        let role = one.role.as_ref().map(|role| role.as_str());
        let named = one.name.iter().flat_map(|name| people_in(name.as_str(), role));
        named.chain(role.into_iter().flat_map(people_in_role)).collect::<Vec<_>>()
    };
    let is_private = |one: &&Participant| private.contains(&one.sector);
    let names: Vec<PersonName> = listed().filter(is_private).flat_map(people).collect();
    if names.is_empty() {
        return;
    }
    let officers = session.chair.iter().chain(&session.secretary);
    let officers = officers.flat_map(|person| {
        let named = person.name.iter().flat_map(|name| people_in(name.as_str(), None));
        named.chain(people_in_role(person.role.as_str())).collect::<Vec<_>>()
    });
    let mut known: Vec<PersonName> = officers.collect();
    known.extend(listed().filter(|one| !is_private(one)).flat_map(people));
    let known: Vec<&PersonName> = known.iter().collect();
    let wanted: Vec<NameSearch<'_>> = names.iter().filter_map(|one| one.among(&known)).collect();
    for prose in texts.written() {
        let hidden = note_index(&prose.field)
            .is_some_and(|index| session.notes.get(index).is_some_and(|note| note.secret));
        if hidden {
            continue;
        }
        let tokens = Tokens::of(&prose.text, &Seen::of(&prose.text, prose.long));
        let mut named = wanted.iter().filter_map(|one| Some((one.named_in(&tokens)?, one.person)));
        if let Some((place, person)) = named.next() {
            let problem = report.found("person-in-text", &prose.field);
            report.problems.push(problem.within(place).with("name", &person.shown));
        }
    }
}
