//! What keeps final records from being archived: metadata that neither the record nor the
//! settings have, a round that is a draft, settings that are still examples.

use crate::model::problem::quoted;
use crate::model::{Id, Place, Problem, RecordSet, Source, Status};

/// A document of a final record, as far as these rules look at it.
pub struct FinalDocument<'a> {
    /// Key of its kind.
    pub kind: &'static str,
    pub source: &'a Source,
    /// Whether the document itself is final.
    pub is_final: bool,
    pub draws_on: &'a [Id],
    /// Names of the fields of `case` that neither the record nor the settings have.
    pub missing: Vec<&'static str>,
}

/// Final records whose documents cannot be archived as they are.
pub fn archiving<'a>(
    documents: impl Iterator<Item = FinalDocument<'a>>,
    set: &RecordSet,
) -> Vec<Problem> {
    documents.flat_map(|document| of_document(&document, set)).collect()
}

fn of_document(document: &FinalDocument<'_>, set: &RecordSet) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut rounds = document.draws_on.iter().filter_map(|id| set.round(id));
    if let Some(round) = rounds.find(|round| round.status == Status::Draft)
        && document.is_final
    {
        let problem = Problem::error("final-of-draft", place(document.source, "status"));
        problems.push(problem.with("kind", document.kind).with("id", &round.id));
    }
    if !document.missing.is_empty() {
        let names: Vec<String> =
            document.missing.iter().map(|name| format!("case.{name}")).collect();
        let problem = Problem::error("archive-incomplete", place(document.source, "case"))
            .with("missing", quoted(&names))
            .with("keys", quoted(&document.missing));
        problems.push(problem.with("kind", document.kind));
    }
    problems
}

/// Final records, of which no final document may be made while these settings are still
/// examples.
pub fn example_settings(set: &RecordSet, settings: &str) -> Vec<Problem> {
    let finals = set.iter().filter(|source| source.record.status() == Status::Final);
    let problem = |source| Problem::error("settings-example", place(source, "status"));
    finals.map(|source| problem(source).with("settings", settings)).collect()
}

fn place(source: &Source, field: &str) -> Place {
    Place {
        file: source.file.clone(),
        field: field.into(),
        text: Some(source.text.clone()),
        ..Place::default()
    }
}
