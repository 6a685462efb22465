//! Builds problems of values: the value as displayed, and the suggested replacement as a
//! fix.

use serde_json::Value;

use crate::intake::suggestions::{self, Suggestion};
use crate::model::problem::{nearest, quoted};
use crate::model::{Fix, Place, Problem, Rewrite};

pub(super) fn unknown_value(place: Place, found: &Value, options: &[String]) -> Problem {
    let mut problem = Problem::error("value-unknown", place).with("accepted", quoted(options));
    if let Some(suggestion) = found.as_str().and_then(|found| suggestions::word(found, options)) {
        problem.rule = "value-misspelt";
        let near = suggestion.value.as_str().unwrap_or_default();
        let problem = problem.with("near", near);
        return instead(problem, found, &suggestion);
    }
    if let Some(near) = found.as_str().and_then(|found| nearest(found, options)) {
        problem.rule = "value-misspelt";
        let edits = vec![(problem.place.field.clone(), near.to_owned())];
        problem = problem.with("near", near).fixed_by(Fix { edits, safe: false });
    }
    problem
}

/// Adds a suggested replacement to the problem of a value.
pub(super) fn instead(problem: Problem, found: &Value, suggestion: &Suggestion) -> Problem {
    let (field, span) = (problem.place.field.clone(), problem.place.span.clone());
    let problem = problem.with("instead", suggestions::literal(&suggestion.value));
    match (&suggestion.value, found, span) {
        (Value::String(new), Value::String(_), _) => {
            problem.fixed_by(Fix { edits: vec![(field, new.clone())], safe: suggestion.sure })
        }
        // of a list or object only the bracket is marked
        (_, Value::Object(_) | Value::Array(_), _) | (_, _, None) => problem,
        (value, _, Some(span)) => {
            let edits = vec![(span, suggestions::literal(value))];
            problem.rewritten_by(Rewrite { edits, safe: suggestion.sure })
        }
    }
}

/// A value as displayed, shortened when it is long.
pub(super) fn shown(value: &Value) -> String {
    cut(&value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}

pub(super) fn cut(text: &str) -> String {
    if text.chars().count() > 60 {
        text.chars().take(57).chain("...".chars()).collect()
    } else {
        text.to_owned()
    }
}
