//! Rules over one record and over the whole set, each a small pure function
//! that reports problems. Knows neither files nor documents; what it needs to
//! know of fonts, tables, offices and the calendar is handed to it.

mod abbreviations;
mod accepting;
mod addresses;
mod attachments;
mod attendance;
mod broken;
mod citations;
mod dashes;
mod dates;
mod deadlines;
mod future;
mod hyphens;
mod identity;
mod languages;
mod measures;
mod municipalities;
mod offices;
mod passages;
mod patterns;
mod privacy;
mod proposal;
mod prose;
mod publicity;
mod references;
mod report;
mod round;
mod ruined;
mod rules;
mod scanning;
mod sender;
mod session;
mod small;
mod spelling;
mod statutes;
mod stems;
mod summary;
mod tables;
mod terms;
mod text;
mod times;
mod tongue;
mod translations;
mod wording;

use std::collections::BTreeSet;

use crate::model::guard::guarded;
use crate::model::{
    Date, Language, Place, Problem, Record, RecordSet, Source, schema_of, translation,
};

use crate::model::problem::quoted;
use report::Report;

pub use municipalities::names_of;
pub use offices::Office;
pub use passages::Passages;
pub use rules::{RULES, Rule, SeverityOverride, SeverityOverrides, judged};
pub use sender::Sender;
pub use spelling::Speller;
pub use tables::{Tables, TablesError};
pub use tongue::ProperNames;

/// What rules need to know beside the records.
pub struct Knowledge<'a> {
    pub tables: &'a Tables,
    /// Whether a font has the character.
    pub shows: &'a (dyn Fn(char) -> bool + Sync),
    /// Ids and languages of the shared texts.
    pub texts: BTreeSet<(&'a str, Language)>,
    /// The shared texts themselves.
    pub shared: Vec<(&'a str, Language, &'a str)>,
    /// Passages of all proposals, by what they say.
    pub passages: Passages,
    /// Keys that slide references may name.
    pub slide_keys: &'a [&'static str],
    /// Names of all municipalities that the records know.
    pub municipalities: BTreeSet<String>,
    /// The same, to be known in any case.
    pub proper: ProperNames,
    /// Who holds which office when.
    pub offices: &'a [Office],
    /// What day it is, where that matters.
    pub today: Option<Date>,
    /// Whether documents get copies for the web.
    pub web: bool,
    /// Knows words, where there is a dictionary.
    pub speller: Option<&'a dyn Speller>,
    /// Whose documents these are; none where records are only tried out.
    pub sender: Option<&'a Sender>,
    /// What the settings make of the rules of judgement.
    pub grades: &'a SeverityOverrides,
}

/// Every problem of one record of the set. Their places name the field; finding
/// it in the text is left to who shows them. A record in several languages is
/// looked at in each, and what is wrong in a text of another language has a
/// place such as `title.sv`.
///
/// A group of rules that panics costs its own findings: `rule-failed` names it,
/// and is an error of the record.
pub fn check(source: &Source, set: &RecordSet, knowledge: &Knowledge<'_>) -> Vec<Problem> {
    guarded(|| check_guarded(source, set, knowledge)).unwrap_or_else(|cause| {
        let place = Place { file: source.file.clone(), ..Place::default() };
        vec![rule_failed(place, "check", &cause)]
    })
}

fn rule_failed(place: Place, rules: &str, cause: &str) -> Problem {
    Problem::error("rule-failed", place).with("rules", rules).with("cause", cause)
}

/// Runs one group of rules; of one that panics the panic is reported, and none
/// of its findings.
fn run<'a>(rules: &'static str, report: &mut Report<'a>, work: impl FnOnce(&mut Report<'a>)) {
    let before = report.problems.len();
    if let Err(cause) = guarded(|| work(report)) {
        report.problems.truncate(before);
        let failed = rule_failed(report.place(""), rules, &cause);
        report.problems.push(failed);
    }
}

fn check_guarded(source: &Source, set: &RecordSet, knowledge: &Knowledge<'_>) -> Vec<Problem> {
    let found = check_languages(source, set, knowledge);
    let mut settled = accepting::settle(found, source, set, knowledge.grades);
    // errors decide whether there is a document: none may fall behind the end
    settled.sort_by_key(|problem| problem.severity);
    settled.truncate(MOST);
    settled
}

fn check_languages(source: &Source, set: &RecordSet, knowledge: &Knowledge<'_>) -> Vec<Problem> {
    let mut problems = check_record(source, set.in_language(source.record.language()), knowledge);
    problems.extend(translations::sources_without(source, source.record.language(), set));
    problems.extend(translations::finnish(source, &source.record, set, &knowledge.proper));
    if source.translations.is_empty() && source.record.envelope().also_in.is_empty() {
        return problems;
    }
    problems.extend(languages(source, set));
    let several = in_several(source);
    for record in &source.translations {
        let language = record.language();
        let translated = Source { record: record.clone(), ..source.clone() };
        let untranslated = translations::untranslated(source, record, set, &knowledge.proper);
        if untranslated.iter().any(|problem| problem.rule == "translation-none") {
            // nothing is written in that language yet: there is nothing to look at
            problems.extend(untranslated);
            continue;
        }
        let found = check_record(&translated, set.in_language(language), knowledge);
        for problem in found {
            // names are put in order in the record's own language
            let order = problem.rule == "municipalities-order" && problem.place.within.is_none();
            if !order && !problems.contains(&problem) {
                problems.push(in_translation(problem, source, &several, language));
            }
        }
        problems.extend(untranslated);
        for problem in translations::finnish(source, record, set, &knowledge.proper) {
            problems.push(in_translation(problem, source, &several, language));
        }
        problems.extend(translations::sources_without(source, language, set));
    }
    // in its own language, too, a text in several stands at `title.fi`
    let own = source.record.language();
    problems.into_iter().map(|problem| in_own(problem, &several, own)).collect()
}

/// Field paths of the texts that are written in several languages.
fn in_several(source: &Source) -> BTreeSet<String> {
    let value = serde_json::from_str(&source.text).unwrap_or_default();
    translation::paths(&value, schema_of(source.record.kind()), &|_| true).into_iter().collect()
}

/// A problem inside a text of the record's own language, when that stands beside
/// others.
fn in_own(mut problem: Problem, several: &BTreeSet<String>, language: Language) -> Problem {
    let narrow = problem.place.within.is_some() || problem.fix.is_some();
    if narrow {
        say_language(&mut problem, several, language);
    }
    problem
}

fn say_language(problem: &mut Problem, several: &BTreeSet<String>, language: Language) {
    // names in several languages move together, or not at all
    let list = problem.fix.as_ref().is_some_and(|fix| fix.edits.len() > 1);
    let edited = problem.fix.iter().flat_map(|fix| &fix.edits);
    if list && edited.map(|(field, _)| field).any(|field| several.contains(field)) {
        problem.fix = None;
    }
    let fields = std::iter::once(&mut problem.place.field);
    let edits = problem.fix.iter_mut().flat_map(|fix| &mut fix.edits).map(|(field, _)| field);
    for field in fields.chain(edits) {
        if several.contains(field) {
            *field = format!("{field}.{}", language.code());
        }
    }
}

/// A problem of a translated text stands at `title.sv`; any other, where it is.
fn in_translation(
    mut problem: Problem,
    source: &Source,
    several: &BTreeSet<String>,
    language: Language,
) -> Problem {
    if several.contains(&problem.place.field) {
        say_language(&mut problem, several, language);
    } else if problem.rule == "statute-name" {
        // the name is right in the record's own language
        problem.rule = "statute-untranslated";
        let own = source.record.language().code();
        problem = problem.with("language", language.code()).with("own", own);
    }
    problem
}

fn check_record(source: &Source, set: &RecordSet, knowledge: &Knowledge<'_>) -> Vec<Problem> {
    let mut report = Report::new(source, set);
    let report = &mut report;
    run("text", report, |report| {
        text::characters(report, knowledge);
        text::slide_references(report);
        scanning::decomposed(report);
    });
    run("publicity", report, publicity::publicity);
    run("version", report, version);
    match &*source.record {
        Record::Round(record) => {
            run("round", report, |report| round::round(record, report, knowledge));
        }
        Record::Session(record) => {
            run("session", report, |report| session::session(record, report));
        }
        Record::Proposal(record) => {
            run("proposal", report, |report| proposal::proposal(record, report, knowledge));
        }
        Record::Summary(record) => {
            run("summary", report, |report| summary::summary(record, report, knowledge));
        }
        Record::Measures(record) => {
            run("measures", report, |report| measures::measures(record, report));
        }
    }
    run("sender", report, |report| sender::sender(report, knowledge));
    run("deadlines", report, deadlines::deadlines);
    run("future", report, |report| future::facts(report, knowledge));
    run("offices", report, |report| offices::offices(knowledge, report));
    run("texts", report, |report| {
        check_texts(&prose::Texts::of(&source.record), report, knowledge);
    });
    // an odd text may break a rule thousands of times
    report.problems.sort_by_key(|problem| problem.severity);
    report.problems.truncate(MANY);
    std::mem::take(&mut report.problems)
}

/// Most problems that are held of one record in one language.
const MANY: usize = 1000;

/// The rules over what the texts say and how they say it.
fn check_texts(texts: &prose::Texts, report: &mut Report<'_>, knowledge: &Knowledge<'_>) {
    let tables = knowledge.tables;
    run("privacy", report, |report| privacy::privacy(texts, knowledge, report));
    run("identity", report, |report| identity::identity_codes(texts, report));
    run("statutes", report, |report| statutes::cited(texts, &tables.statutes, report));
    run("citations", report, |report| citations::citations(texts, report));
    run("dates", report, |report| dates::dates_in_texts(texts, report));
    run("municipalities", report, |report| {
        municipalities::municipalities(texts, tables, &knowledge.municipalities, report);
    });
    run("terms", report, |report| {
        terms::terms(texts, &tables.terms, &tables.abbreviations, report);
    });
    run("references", report, |report| references::references(texts, knowledge, report));
    run("wording", report, |report| wording::wording(texts, report));
    run("scanning", report, |report| scanning::scanning(texts, &tables.scanning, report));
    run("hyphens", report, |report| hyphens::hyphens(texts, &tables.words, report));
    let mut damaged = BTreeSet::new();
    run("ruined", report, |report| damaged = ruined::fold(texts, tables, report));
    run("spelling", report, |report| spelling::spelling(texts, &damaged, knowledge, report));
}

/// Each language is named once.
fn languages(source: &Source, set: &RecordSet) -> Vec<Problem> {
    let mut report = Report::new(source, set);
    let envelope = source.record.envelope();
    let mut known = vec![envelope.language];
    for (index, language) in envelope.also_in.iter().enumerate() {
        if known.contains(language) {
            let args: [(&'static str, &dyn ToString); 1] = [("language", &language.code())];
            report.error(format!("also_in[{index}]"), "language-twice", &args);
        }
        known.push(*language);
    }
    report.problems
}

/// A correction is a new version, and a new version says what it corrects.
fn version(report: &mut Report<'_>) {
    let record = report.source.record.clone();
    let envelope = record.envelope();
    match (envelope.version, envelope.corrects) {
        (1, Some(_)) => report.error("corrects", "correction-without-version", &[]),
        (2.., None) => {
            report.error("version", "version-without-correction", &[("version", &envelope.version)])
        }
        _ => {}
    }
}

/// Most problems that are said of one record at once.
const MOST: usize = 100;
