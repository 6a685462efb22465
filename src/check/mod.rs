//! Rules over one record and over the whole set, each a small pure function
//! that reports problems. Knows neither files nor documents; what it needs to
//! know of fonts, tables, offices and the calendar is handed to it.

mod accepting;
mod attachments;
mod citations;
mod dashes;
mod dates;
mod deadlines;
mod measures;
mod municipalities;
mod offices;
mod patterns;
mod privacy;
mod proposal;
mod prose;
mod publicity;
mod references;
mod report;
mod round;
mod rules;
mod scanning;
mod sender;
mod session;
mod spelling;
mod statutes;
mod summary;
mod tables;
mod terms;
mod text;
mod translations;
mod wording;

use std::collections::BTreeSet;

use crate::model::{Date, Language, Problem, Record, RecordSet, Source, schema_of, translation};

use crate::model::problem::quoted;
use report::Report;

pub use municipalities::names_of;
pub use offices::Office;
pub use rules::{Grade, Grades, RULES, Rule, judged};
pub use sender::Sender;
pub use spelling::Speller;
pub use tables::{Tables, TablesError};

/// What rules need to know beside the records.
pub struct Knowledge<'a> {
    pub tables: &'a Tables,
    /// Whether a font has the character.
    pub shows: &'a (dyn Fn(char) -> bool + Sync),
    /// Ids and languages of the shared texts.
    pub texts: BTreeSet<(&'a str, Language)>,
    /// The shared texts themselves.
    pub shared: Vec<(&'a str, Language, &'a str)>,
    /// Keys that slide references may name.
    pub slide_keys: &'a [&'static str],
    /// Names of all municipalities that the records know.
    pub municipalities: BTreeSet<String>,
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
    pub grades: &'a Grades,
}

/// Every problem of one record of the set. Their places name the field; finding
/// it in the text is left to who shows them. A record in several languages is
/// looked at in each, and what is wrong in a text of another language has a
/// place such as `title.sv`.
pub fn check(source: &Source, set: &RecordSet, knowledge: &Knowledge<'_>) -> Vec<Problem> {
    let found = check_languages(source, set, knowledge);
    let mut settled = accepting::settle(found, source, set, knowledge.grades);
    // errors decide whether there is a document: none may fall behind the end
    settled.sort_by_key(|problem| problem.severity);
    settled.truncate(MOST);
    settled
}

fn check_languages(source: &Source, set: &RecordSet, knowledge: &Knowledge<'_>) -> Vec<Problem> {
    let mut problems = check_record(source, set.in_language(source.record.language()), knowledge);
    if source.translations.is_empty() && source.record.envelope().also_in.is_empty() {
        return problems;
    }
    problems.extend(languages(source, set));
    let several = in_several(source);
    for record in &source.translations {
        let language = record.language();
        let translated = Source { record: record.clone(), ..source.clone() };
        let found = check_record(&translated, set.in_language(language), knowledge);
        for problem in found {
            // names are put in order in the record's own language
            let order = problem.rule == "municipalities-order" && problem.place.within.is_none();
            if !order && !problems.contains(&problem) {
                problems.push(in_translation(problem, source, &several, language));
            }
        }
        problems.extend(translations::untranslated(source, record, set));
        problems.extend(translations::round_without(source, language, set));
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
    text::characters(&mut report, knowledge);
    text::slide_references(&mut report);
    publicity::publicity(&mut report);
    version(&mut report);
    match &*source.record {
        Record::Round(record) => round::round(record, &mut report, knowledge),
        Record::Session(record) => session::session(record, &mut report),
        Record::Proposal(record) => proposal::proposal(record, &mut report, knowledge),
        Record::Summary(record) => summary::summary(record, &mut report, knowledge),
        Record::Measures(record) => measures::measures(record, &mut report),
    }
    sender::sender(&mut report, knowledge);
    deadlines::deadlines(&mut report);
    offices::offices(knowledge, &mut report);
    check_texts(&prose::Texts::of(&source.record), &mut report, knowledge);
    // an odd text may break a rule thousands of times
    report.problems.sort_by_key(|problem| problem.severity);
    report.problems.truncate(MANY);
    report.problems
}

/// Most problems that are held of one record in one language.
const MANY: usize = 1000;

/// The rules over what the texts say and how they say it.
fn check_texts(texts: &prose::Texts, report: &mut Report<'_>, knowledge: &Knowledge<'_>) {
    let tables = knowledge.tables;
    privacy::privacy(texts, knowledge, report);
    privacy::identity_codes(texts, report);
    // of letters in two parts the others would only tell nonsense
    let texts = &scanning::decomposed(texts, report);
    statutes::cited(texts, &tables.statutes, report);
    citations::citations(texts, report);
    dates::dates_in_texts(texts, report);
    municipalities::municipalities(texts, tables, &knowledge.municipalities, report);
    terms::terms(texts, &tables.terms, &tables.abbreviations, report);
    references::references(texts, knowledge, report);
    wording::wording(texts, report);
    scanning::scanning(texts, &tables.scanning, report);
    spelling::spelling(texts, knowledge, report);
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
