//! What is told of a record without a kind, or with one that there is not: the
//! kind by its word, and by the fields that the record has.

use serde_json::Value;

use super::telling::{instead, unknown_value};
use super::{SCHEMAS, Scene};
use crate::intake::meant::{self, Meant};
use crate::model::problem::quoted;
use crate::model::{Kind, Problem, Rewrite};

impl Scene<'_> {
    pub(super) fn kind_problems(&self) -> Vec<Problem> {
        let value: Value = serde_json::from_str(self.text).unwrap_or_default();
        let problem = match value.get("kind") {
            _ if !value.is_object() => Problem::error("not-object", self.at("", None)),
            None => self.kind_missing(&value),
            Some(found) => self.kind_unknown(&value, found),
        };
        let accepted = quoted(&Kind::ALL.map(Kind::as_str));
        vec![problem.with("accepted", accepted).with("field", "kind")]
    }

    fn kind_missing(&self, record: &Value) -> Problem {
        let problem = Problem::error("kind-missing", self.at("", None));
        let Some((kind, start)) = told_by_fields(record).zip(self.text.find('{')) else {
            return problem;
        };
        let word = meant::literal(&kind.as_str().into());
        let edits = vec![(start + 1..start + 1, format!("\n  \"kind\": {word},"))];
        problem.with("instead", word).rewritten_by(Rewrite { edits, safe: true })
    }

    fn kind_unknown(&self, record: &Value, found: &Value) -> Problem {
        let place = self.at("kind", None);
        let words = Kind::ALL.map(|kind| kind.as_str().to_owned());
        let by_word = found.as_str().and_then(|found| meant::word(found, &words));
        let problem = match told_by_fields(record) {
            Some(kind) => {
                let value = Value::from(kind.as_str());
                // word and fields may tell two things
                let sure = by_word.is_none_or(|by_word| by_word.value == value);
                let problem = Problem::error("value-misspelt", place).with("near", kind.as_str());
                instead(problem, found, &Meant { value, sure })
            }
            None => unknown_value(place, found, &words),
        };
        problem.with("found", self.as_typed("kind", found))
    }
}

/// The kind of which a record has everything that is needed, and nothing that
/// is not known, where that is so of one kind only.
fn told_by_fields(record: &Value) -> Option<Kind> {
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
    fn fields_tell_the_kind_when_they_are_those_of_one() {
        let session = json!({
            "id": "a", "language": "fi", "round": "b", "date": "2025-10-23", "mode": "remote",
        });
        assert_eq!(told_by_fields(&session), Some(Kind::Session));
        let summary = json!({"id": "a", "language": "fi", "round": "b", "date": "2025-10-23"});
        assert_eq!(told_by_fields(&summary), Some(Kind::Summary));
        for unclear in [
            json!({}),
            json!({"id": "a", "language": "fi"}),
            // a field that no kind has
            json!({"id": "a", "language": "fi", "round": "b", "date": "2025-10-23", "mod": "x"}),
        ] {
            assert_eq!(told_by_fields(&unclear), None, "{unclear}");
        }
    }
}
