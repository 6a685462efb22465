//! Collects the problems of one record.

use super::rules::judged;
use crate::model::{Id, Place, Problem, Publicity, Record, RecordSet, Severity, Source, Status};

use crate::model::problem::quoted;

/// Most records that a message names.
const NAMED: usize = 20;

/// The problems of one record so far.
pub struct Report<'a> {
    pub source: &'a Source,
    pub set: &'a RecordSet,
    pub problems: Vec<Problem>,
}

impl<'a> Report<'a> {
    /// Nothing yet.
    pub fn new(source: &'a Source, set: &'a RecordSet) -> Self {
        Self { source, set, problems: Vec::new() }
    }

    /// A field of the record.
    pub fn place(&self, field: impl Into<String>) -> Place {
        Place {
            file: self.source.file.clone(),
            field: field.into(),
            text: Some(self.source.text.clone()),
            ..Place::default()
        }
    }

    /// A breach of a rule of judgement, as serious as the rule usually is.
    pub fn found(&self, rule: &'static str, field: impl Into<String>) -> Problem {
        let severity = judged(rule).map_or(Severity::Error, |rule| rule.severity);
        Problem { severity, ..Problem::error(rule, self.place(field)) }
    }

    /// Reports an error.
    pub fn error(
        &mut self,
        field: impl Into<String>,
        rule: &'static str,
        args: &[(&'static str, &dyn ToString)],
    ) {
        let problem = Problem::error(rule, self.place(field));
        self.push(problem, args);
    }

    /// Reports a warning.
    pub fn warning(
        &mut self,
        field: impl Into<String>,
        rule: &'static str,
        args: &[(&'static str, &dyn ToString)],
    ) {
        let problem = Problem::warning(rule, self.place(field));
        self.push(problem, args);
    }

    /// Reports a hint.
    pub fn hint(
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
    pub fn refers_to(
        &mut self,
        field: impl Into<String>,
        id: &Id,
        found: bool,
        kind: &'static str,
    ) {
        // a file whose id cannot be read may be the one that is meant
        let unread = self.set.refused().iter().any(|refused| refused.id.is_none());
        if found || unread || self.set.refused_with_id(id).is_some() {
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
            .take(NAMED)
            .collect();
        let known = if known.is_empty() { "–".to_owned() } else { quoted(&known) };
        self.error(field, "record-missing", &[("id", id), ("kind", &kind), ("known", &known)]);
    }

    /// A final record must have this part.
    pub fn final_needs(&mut self, field: &'static str, there: bool) {
        if !there && self.source.record.status() == Status::Final {
            self.error(field, "final-needs", &[("name", &field)]);
        }
    }

    /// What a secret record holds shows in this one's document, which is then
    /// not public either.
    pub fn shows(&mut self, field: impl Into<String>, id: &Id) {
        let secret = |record: &Record| record.case().publicity() == Publicity::Secret;
        let public = self.source.record.case().publicity() == Publicity::Public;
        if public && self.set.record(id).is_some_and(secret) {
            self.error(field, "secret-source", &[("id", id)]);
        }
    }
}
