//! Rules over one record and over the whole set, each a small pure function
//! that reports problems. Knows neither files nor documents; what it needs to
//! know of fonts and shared texts is handed to it.

mod attachments;
mod measures;
mod proposal;
mod publicity;
mod round;
mod session;
mod statutes;
mod summary;
mod text;
mod translations;

use std::collections::BTreeSet;

use crate::model::{
    Id, Language, Place, Problem, Publicity, Record, RecordSet, Source, Status, schema_of,
    translation,
};

use crate::model::problem::quoted;

pub use statutes::{Statutes, StatutesError};

/// What rules need to know beside the records.
pub struct Knowledge<'a> {
    pub statutes: &'a Statutes,
    /// Whether a font has the character.
    pub shows: &'a dyn Fn(char) -> bool,
    /// Ids and languages of the shared texts.
    pub texts: BTreeSet<(&'a str, Language)>,
    /// Keys that slide references may name.
    pub slide_keys: &'a [&'static str],
}

/// Every problem of the records in the set, by file. Their places name the
/// field; finding it in the text is left to who shows them. Records in several
/// languages are looked at in each, and what is wrong in a text of another
/// language has a place such as `title.sv`.
pub fn check(set: &RecordSet, knowledge: &Knowledge<'_>) -> Vec<Problem> {
    set.iter().flat_map(|source| check_languages(source, set, knowledge)).collect()
}

fn check_languages(source: &Source, set: &RecordSet, knowledge: &Knowledge<'_>) -> Vec<Problem> {
    let mut problems = check_record(source, set.in_language(source.record.language()), knowledge);
    if source.translations.is_empty() && source.record.envelope().also_in.is_empty() {
        return problems;
    }
    problems.extend(languages(source, set));
    for record in &source.translations {
        let language = record.language();
        let translated = Source { record: record.clone(), ..source.clone() };
        let found = check_record(&translated, set.in_language(language), knowledge);
        for problem in found {
            if !problems.contains(&problem) {
                problems.push(in_translation(problem, source, language));
            }
        }
        problems.extend(translations::untranslated(source, record, set));
        problems.extend(translations::round_without(source, language, set));
    }
    problems
}

/// A problem of a translated text stands at `title.sv`; any other, where it is.
fn in_translation(mut problem: Problem, source: &Source, language: Language) -> Problem {
    let kind = source.record.kind();
    let value = serde_json::from_str(&source.text).unwrap_or_default();
    let texts = translation::paths(&value, schema_of(kind), &|_| true);
    if texts.contains(&problem.place.field) {
        problem.place.field = format!("{}.{}", problem.place.field, language.code());
    } else if problem.rule == "statute-name" {
        // the name is right in the record's own language
        problem.rule = "statute-untranslated";
        let own = source.record.language().code();
        problem = problem.with("language", language.code()).with("own", own);
    }
    problem
}

fn check_record(source: &Source, set: &RecordSet, knowledge: &Knowledge<'_>) -> Vec<Problem> {
    let mut report = Report { source, set, problems: Vec::new() };
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
    report.problems.truncate(MOST);
    report.problems
}

/// Each language is named once.
fn languages(source: &Source, set: &RecordSet) -> Vec<Problem> {
    let mut report = Report { source, set, problems: Vec::new() };
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

/// Collects the problems of one record.
struct Report<'a> {
    source: &'a Source,
    set: &'a RecordSet,
    problems: Vec<Problem>,
}

impl Report<'_> {
    fn place(&self, field: impl Into<String>) -> Place {
        Place {
            file: self.source.file.clone(),
            field: field.into(),
            span: None,
            text: Some(self.source.text.clone()),
        }
    }

    fn error(
        &mut self,
        field: impl Into<String>,
        rule: &'static str,
        args: &[(&'static str, &dyn ToString)],
    ) {
        let problem = Problem::error(rule, self.place(field));
        self.push(problem, args);
    }

    fn warning(
        &mut self,
        field: impl Into<String>,
        rule: &'static str,
        args: &[(&'static str, &dyn ToString)],
    ) {
        let problem = Problem::warning(rule, self.place(field));
        self.push(problem, args);
    }

    fn hint(
        &mut self,
        field: impl Into<String>,
        rule: &'static str,
        args: &[(&'static str, &dyn ToString)],
    ) {
        let problem = Problem::hint(rule, self.place(field));
        self.push(problem, args);
    }

    fn push(&mut self, problem: Problem, args: &[(&'static str, &dyn ToString)]) {
        let problem = args.iter().fold(problem, |p, (name, value)| p.with(name, value.to_string()));
        self.problems.push(problem);
    }

    /// Reports a reference to a record that is nowhere. One that stands in a
    /// refused file is not reported: that file's problem is.
    fn refers_to(&mut self, field: impl Into<String>, id: &Id, found: bool, kind: &'static str) {
        if found || self.set.refused_with_id(id).is_some() {
            return;
        }
        if let Some(other) = self.set.record(id) {
            let found = other.kind().as_str();
            let args: [(&'static str, &dyn ToString); 3] =
                [("id", id), ("kind", &kind), ("found", &found)];
            return self.error(field, "record-of-other-kind", &args);
        }
        let known: Vec<&str> = self
            .set
            .iter()
            .filter(|source| source.record.kind().as_str() == kind)
            .map(|source| source.record.id().as_str())
            .collect();
        let known = if known.is_empty() { "–".to_owned() } else { quoted(&known) };
        self.error(field, "record-missing", &[("id", id), ("kind", &kind), ("known", &known)]);
    }

    /// A final record must have this part.
    fn final_needs(&mut self, field: &'static str, there: bool) {
        if !there && self.source.record.status() == Status::Final {
            self.error(field, "final-needs", &[("name", &field)]);
        }
    }

    /// What a secret record holds shows in this one's document, which is then
    /// not public either.
    fn shows(&mut self, field: impl Into<String>, id: &Id) {
        let secret = |record: &Record| record.case().publicity() == Publicity::Secret;
        let public = self.source.record.case().publicity() == Publicity::Public;
        if public && self.set.record(id).is_some_and(secret) {
            self.error(field, "secret-source", &[("id", id)]);
        }
    }
}
