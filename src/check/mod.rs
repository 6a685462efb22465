//! Rules about single records and the whole set, each a small pure function that reports
//! problems. Knows neither files nor documents; fonts, tables, offices and the current
//! day come from the caller.

mod abbreviations;
mod acceptances;
mod addresses;
mod archiving;
mod attachments;
mod attendance;
mod citations;
mod damaged_texts;
mod dashes;
mod dates;
mod deadlines;
mod future_dates;
mod hyphens;
mod identity_codes;
mod language_guess;
mod languages;
mod measures;
mod meeting_times;
mod municipalities;
mod offices;
mod patterns;
mod privacy;
mod proposal;
mod prose;
mod publicity;
mod reference;
mod references;
mod report;
mod round;
mod scan_errors;
mod sender;
mod session;
mod severity;
mod similar_passages;
mod small_municipalities;
mod spelling;
mod split_words;
mod statutes;
mod stems;
mod summary;
mod tables;
mod terms;
mod text;
mod translations;
mod wording;

use std::collections::BTreeSet;

use crate::model::guard::guarded;
use crate::model::{
    Date, Language, Place, Problem, Record, RecordSet, Source, lint, schema_of, translation,
};

use crate::model::problem::quoted;
use report::Report;

pub use archiving::{FinalDocument, archiving, example_settings};
pub use language_guess::ProperNames;
pub use municipalities::municipality_names;
pub use offices::Office;
pub use reference::rules_markdown;
pub use sender::ThemeAuthority;
pub use severity::{SeverityOverride, SeverityOverrides};
pub use similar_passages::Passages;
pub use spelling::Speller;
pub use tables::{Tables, TablesError};

/// What rules need besides the records.
pub struct CheckContext<'a> {
    pub tables: &'a Tables,
    /// True when a font has a glyph for the character.
    pub has_glyph: &'a (dyn Fn(char) -> bool + Sync),
    /// Ids and languages of the shared texts.
    pub text_ids: BTreeSet<(&'a str, Language)>,
    /// The shared texts themselves.
    pub shared_texts: Vec<(&'a str, Language, &'a str)>,
    /// Passages of all proposals, indexed for comparison.
    pub passages: Passages,
    /// Valid keys of slide references.
    pub slide_keys: &'a [&'static str],
    /// Names of the municipalities of all rounds.
    pub municipalities: BTreeSet<String>,
    /// The same, recognised in any grammatical case.
    pub proper_names: ProperNames,
    /// Office holders from the settings.
    pub offices: &'a [Office],
    /// The current day; without it, rules about the clock do not apply.
    pub today: Option<Date>,
    /// Whether copies for the web are made.
    pub web_copies: bool,
    /// The spell checker, when there is one.
    pub speller: Option<&'a dyn Speller>,
    /// The authority of the theme; `None` when records are only tried out.
    pub sender: Option<&'a ThemeAuthority>,
    /// Severities that the settings override.
    pub overrides: &'a SeverityOverrides,
}

/// Every problem of one record of the set. A place names the field; the caller finds it
/// in the text. A record in several languages is checked in each of them, and the place
/// of a problem in another language is like `title.sv`.
///
/// A group of rules that panics loses its own findings and is reported as `rule-failed`,
/// an error of the record.
pub fn check(source: &Source, set: &RecordSet, context: &CheckContext<'_>) -> Vec<Problem> {
    guarded(|| check_guarded(source, set, context)).unwrap_or_else(|cause| {
        let place = Place { file: source.file.clone(), ..Place::default() };
        vec![rule_failed(place, "check", &cause)]
    })
}

fn rule_failed(place: Place, rules: &str, cause: &str) -> Problem {
    Problem::new("rule-failed", place).with("rules", rules).with("cause", cause)
}

/// Runs one group of rules. When it panics, the panic is reported in place of its
/// findings.
fn run<'a>(rules: &'static str, report: &mut Report<'a>, work: impl FnOnce(&mut Report<'a>)) {
    let before = report.problems.len();
    if let Err(cause) = guarded(|| work(report)) {
        report.problems.truncate(before);
        let failed = rule_failed(report.place(""), rules, &cause);
        report.problems.push(failed);
    }
}

fn check_guarded(source: &Source, set: &RecordSet, context: &CheckContext<'_>) -> Vec<Problem> {
    let found = check_languages(source, set, context);
    let mut settled = acceptances::apply(found, source, set, context.overrides);
    cut(&mut settled, MOST);
    settled
}

fn check_languages(source: &Source, set: &RecordSet, context: &CheckContext<'_>) -> Vec<Problem> {
    let mut problems = check_record(source, set.in_language(source.record.language()), context);
    problems.extend(translations::sources_without(source, source.record.language(), set));
    problems.extend(translations::finnish(source, &source.record, set, &context.proper_names));
    if source.translations.is_empty() && source.record.envelope().also_in.is_empty() {
        return problems;
    }
    problems.extend(languages(source, set));
    let several = in_several(source);
    for record in &source.translations {
        let language = record.language();
        let translated = Source { record: record.clone(), ..source.clone() };
        let untranslated = translations::untranslated(source, record, set, &context.proper_names);
        if untranslated.iter().any(|problem| problem.rule == "translation-none") {
            // there are no texts in that language yet: nothing to check
            problems.extend(untranslated);
            continue;
        }
        let found = check_record(&translated, set.in_language(language), context);
        for problem in found {
            // names are sorted in the record's own language
            let order = problem.rule == "municipalities-order" && problem.place.within.is_none();
            if !order && !problems.contains(&problem) {
                problems.push(in_translation(problem, source, &several, language));
            }
        }
        problems.extend(untranslated);
        for problem in translations::finnish(source, record, set, &context.proper_names) {
            problems.push(in_translation(problem, source, &several, language));
        }
        problems.extend(translations::sources_without(source, language, set));
    }
    // in its own language, too, a text in several languages is at `title.fi`
    let own = source.record.language();
    problems.into_iter().map(|problem| in_own(problem, &several, own)).collect()
}

/// Field paths of the texts in several languages.
fn in_several(source: &Source) -> BTreeSet<String> {
    let value = serde_json::from_str(&source.text).unwrap_or_default();
    translation::paths(&value, schema_of(source.record.kind()), &|_| true).into_iter().collect()
}

/// A problem inside a text of the record's own language, when there are translations
/// beside it.
fn in_own(mut problem: Problem, several: &BTreeSet<String>, language: Language) -> Problem {
    let narrow = problem.place.within.is_some() || problem.fix.is_some();
    if narrow {
        say_language(&mut problem, several, language);
    }
    problem
}

fn say_language(problem: &mut Problem, several: &BTreeSet<String>, language: Language) {
    // names in several languages are moved together, or not at all
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

/// Moves a problem of a translated text to `title.sv`; any other stays where it is.
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

fn check_record(source: &Source, set: &RecordSet, context: &CheckContext<'_>) -> Vec<Problem> {
    let mut report = Report::new(source, set);
    let report = &mut report;
    run("text", report, |report| {
        text::characters(report, context);
        text::slide_references(report);
        scan_errors::decomposed(report);
    });
    run("publicity", report, publicity::publicity);
    run("version", report, version);
    match &*source.record {
        Record::Round(record) => {
            run("round", report, |report| round::round(record, report, context));
        }
        Record::Session(record) => {
            run("session", report, |report| session::session(record, report));
        }
        Record::Proposal(record) => {
            run("proposal", report, |report| proposal::proposal(record, report, context));
        }
        Record::Summary(record) => {
            run("summary", report, |report| summary::summary(record, report, context));
        }
        Record::Measures(record) => {
            run("measures", report, |report| measures::measures(record, report));
        }
    }
    run("sender", report, |report| sender::sender(report, context));
    run("deadlines", report, deadlines::deadlines);
    run("future", report, |report| future_dates::future_dates(report, context));
    run("offices", report, |report| offices::offices(context, report));
    run("texts", report, |report| {
        check_texts(&prose::Texts::of(&source.record), report, context);
    });
    // an unusual text may break a rule thousands of times
    cut(&mut report.problems, MANY);
    std::mem::take(&mut report.problems)
}

/// Keeps at most so many problems, by severity. Errors that block every document come before
/// those that block only a final one, so that many of these do not displace them all.
fn cut(problems: &mut Vec<Problem>, most: usize) {
    problems.sort_by_key(|problem| problem.severity);
    if problems.len() > most {
        problems.sort_by_key(|problem| (problem.severity, lint::is_configurable(problem.rule)));
        problems.truncate(most);
    }
}

/// Most problems that are collected per record and language.
const MANY: usize = 1000;

/// The rules about the content and wording of texts.
fn check_texts(texts: &prose::Texts, report: &mut Report<'_>, context: &CheckContext<'_>) {
    let tables = context.tables;
    run("privacy", report, |report| privacy::privacy(texts, context, report));
    run("identity", report, |report| identity_codes::identity_codes(texts, report));
    run("statutes", report, |report| statutes::cited(texts, &tables.statutes, report));
    run("citations", report, |report| citations::citations(texts, report));
    run("dates", report, |report| dates::dates_in_texts(texts, report));
    run("municipalities", report, |report| {
        municipalities::municipalities(texts, &context.municipalities, report);
        small_municipalities::small_municipalities(
            texts,
            &tables.municipalities,
            &tables.sensitive,
            report,
        );
    });
    run("terms", report, |report| {
        terms::terms(texts, &tables.terms, &tables.abbreviations, report);
    });
    run("references", report, |report| references::references(texts, context, report));
    run("wording", report, |report| wording::wording(texts, report));
    run("scanning", report, |report| scan_errors::scan_errors(texts, &tables.scanning, report));
    run("hyphens", report, |report| hyphens::hyphens(texts, &tables.words, report));
    let mut damaged = BTreeSet::new();
    run("ruined", report, |report| damaged = damaged_texts::merge_findings(texts, tables, report));
    run("spelling", report, |report| spelling::spelling(texts, &damaged, context, report));
}

/// Each language is named once.
fn languages(source: &Source, set: &RecordSet) -> Vec<Problem> {
    let mut report = Report::new(source, set);
    let envelope = source.record.envelope();
    let mut known = vec![envelope.language];
    for (index, language) in envelope.also_in.iter().enumerate() {
        if known.contains(language) {
            let args: [(&'static str, &dyn ToString); 1] = [("language", &language.code())];
            report.add(format!("also_in[{index}]"), "language-twice", &args);
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
        (1, Some(_)) => report.add("corrects", "correction-without-version", &[]),
        (2.., None) => {
            report.add("version", "version-without-correction", &[("version", &envelope.version)])
        }
        _ => {}
    }
}

/// Most problems that are reported per record.
const MOST: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_errors_of_judgement_do_not_displace_those_that_block_every_document() {
        let problem = |rule| Problem::error(rule, Place::default());
        let mut problems = vec![problem("attendance-twice"); 200];
        problems.push(problem("secret-in-public"));
        cut(&mut problems, 100);
        assert_eq!((problems.len(), problems[0].rule), (100, "secret-in-public"));
    }
}
