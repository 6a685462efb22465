//! How a fault is told: the value as it is shown, what was meant by it, and its
//! field's path.

use serde_json::Value;

use crate::intake::meant::{self, Meant};
use crate::model::problem::{nearest, quoted};
use crate::model::{Fix, Place, Problem, Rewrite};

pub(super) fn unknown_value(place: Place, found: &Value, options: &[String]) -> Problem {
    let mut problem = Problem::error("value-unknown", place).with("accepted", quoted(options));
    if let Some(meant) = found.as_str().and_then(|found| meant::word(found, options)) {
        problem.rule = "value-misspelt";
        let near = meant.value.as_str().unwrap_or_default();
        let problem = problem.with("near", near);
        return instead(problem, found, &meant);
    }
    if let Some(near) = found.as_str().and_then(|found| nearest(found, options)) {
        problem.rule = "value-misspelt";
        let edits = vec![(problem.place.field.clone(), near.to_owned())];
        problem = problem.with("near", near).fixed_by(Fix { edits, safe: false });
    }
    problem
}

/// A problem with what to write in place of the value that was found.
pub(super) fn instead(problem: Problem, found: &Value, meant: &Meant) -> Problem {
    let (field, span) = (problem.place.field.clone(), problem.place.span.clone());
    let problem = problem.with("instead", meant::literal(&meant.value));
    match (&meant.value, found, span) {
        (Value::String(new), Value::String(_), _) => {
            problem.fixed_by(Fix { edits: vec![(field, new.clone())], safe: meant.sure })
        }
        // of a list or an object only the bracket is marked
        (_, Value::Object(_) | Value::Array(_), _) | (_, _, None) => problem,
        (value, _, Some(span)) => {
            let edits = vec![(span, meant::literal(value))];
            problem.rewritten_by(Rewrite { edits, safe: meant.sure })
        }
    }
}

/// A value as it stands in the text, cut when it is long.
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
