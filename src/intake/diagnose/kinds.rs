//! Problems of a record with a missing or unknown kind; the kind is guessed from its
//! value and from the fields.

use serde_json::Value;

use super::unknown_fields::with_meaning;
use super::value_problems::{instead, unknown_value};
use super::{FaultContext, SCHEMAS};
use crate::intake::suggestions::{self, Suggestion};
use crate::model::problem::quoted;
use crate::model::{Kind, Problem, Rewrite};

impl FaultContext<'_> {
    pub(super) fn kind_problems(&self) -> Vec<Problem> {
        let mut record: Value = serde_json::from_str(self.text).unwrap_or_default();
        let (problem, kind) = match record.get("kind") {
            _ if !record.is_object() => (Problem::error("not-object", self.at("", None)), None),
            None => match other_name(&record) {
                Some(name) => {
                    let found = record.as_object_mut().and_then(|fields| fields.remove(&name));
                    self.kind_misnamed(&record, &name, &found.unwrap_or_default())
                }
                None => self.kind_missing(&record),
            },
            Some(found) => self.kind_unknown(&record, found),
        };
        let accepted = quoted(&Kind::ALL.map(Kind::as_str));
        let mut problems = vec![problem.with("accepted", accepted).with("field", "kind")];
        if let Some(kind) = kind {
            // the other faults are those of the guessed kind
            record["kind"] = kind.as_str().into();
            problems.extend(self.shape_problems_of(kind, &record));
        }
        problems
    }

    fn kind_missing(&self, record: &Value) -> (Problem, Option<Kind>) {
        let problem = Problem::error("kind-missing", self.at("", None));
        let Some((kind, start)) = kind_by_fields(record).zip(self.text.find('{')) else {
            return (problem, None);
        };
        let word = suggestions::literal(&kind.as_str().into());
        let edits = vec![(start + 1..start + 1, format!("\n  \"kind\": {word},"))];
        let rewrite = Rewrite { edits, safe: true };
        (problem.with("instead", word).rewritten_by(rewrite), Some(kind))
    }

    /// A record with its kind in a field of another name.
    fn kind_misnamed(&self, record: &Value, name: &str, found: &Value) -> (Problem, Option<Kind>) {
        let mut problem = with_meaning(self.unknown_name("", name), "kind", true);
        let (by_value, by_fields) = (kind_by_value(found), kind_by_fields(record));
        let kind = by_value.or(by_fields);
        // value and fields may contradict each other
        let agrees = |kind: &Kind| by_fields.is_none_or(|by_fields| by_fields == *kind);
        let agreed = kind.filter(agrees).filter(|_| found.is_string());
        if let (Some(rewrite), Some(span), Some(kind)) =
            (&mut problem.rewrite, self.places.span_of(name), agreed)
        {
            rewrite.edits.push((span, suggestions::literal(&kind.as_str().into())));
        }
        (problem, kind)
    }

    fn kind_unknown(&self, record: &Value, found: &Value) -> (Problem, Option<Kind>) {
        let place = self.at("kind", None);
        let by_value = kind_by_value(found);
        let (problem, kind) = match kind_by_fields(record) {
            Some(kind) => {
                let value = Value::from(kind.as_str());
                // value and fields may contradict each other
                let sure = by_value.is_none_or(|by_value| by_value == kind);
                let problem = Problem::error("value-misspelt", place).with("near", kind.as_str());
                (instead(problem, found, &Suggestion { value, sure }), Some(kind))
            }
            None => {
                let words = Kind::ALL.map(|kind| kind.as_str().to_owned());
                (unknown_value(place, found, &words), by_value)
            }
        };
        (problem.with("found", self.as_typed("kind", found)), kind)
    }
}

/// The kind that a value means.
fn kind_by_value(found: &Value) -> Option<Kind> {
    let words = Kind::ALL.map(|kind| kind.as_str().to_owned());
    let suggestion = suggestions::word(found.as_str()?, &words)?;
    Kind::ALL.into_iter().find(|kind| suggestion.value == kind.as_str())
}

/// The name of the field that means `kind`, if there is exactly one.
fn other_name(record: &Value) -> Option<String> {
    let kind = ["kind".to_owned()];
    let fields = record.as_object()?;
    let mut names = fields.keys().filter(|name| suggestions::field(name, &kind).is_some());
    match (names.next(), names.next()) {
        (Some(name), None) => Some(name.clone()),
        _ => None,
    }
}

/// The only kind whose required fields a record has without unknown fields.
fn kind_by_fields(record: &Value) -> Option<Kind> {
    let fields = record.as_object()?;
    let fits = |schema: &Value| {
        let known = schema.get("properties").and_then(Value::as_object);
        let needed = schema.get("required").and_then(Value::as_array);
        let mut needed = needed.into_iter().flatten().filter_map(Value::as_str);
        known.is_some_and(|known| fields.keys().all(|name| known.contains_key(name)))
            && needed.all(|name| name == "kind" || fields.contains_key(name))
    };
    let mut kinds = SCHEMAS.kinds.iter().filter(|(_, schema, _)| fits(schema));
    match (kinds.next(), kinds.next()) {
        (Some((kind, ..)), None) => Some(*kind),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_kind_is_guessed_when_the_fields_match_one_kind() {
        let session = json!({
            "id": "a", "language": "fi", "round": "b", "date": "2025-10-23", "mode": "remote",
        });
        assert_eq!(kind_by_fields(&session), Some(Kind::Session));
        let summary = json!({"id": "a", "language": "fi", "round": "b", "date": "2025-10-23"});
        assert_eq!(kind_by_fields(&summary), Some(Kind::Summary));
        for unclear in [
            json!({}),
            json!({"id": "a", "language": "fi"}),
            // an unknown field
            json!({"id": "a", "language": "fi", "round": "b", "date": "2025-10-23", "mod": "x"}),
        ] {
            assert_eq!(kind_by_fields(&unclear), None, "{unclear}");
        }
    }
}
