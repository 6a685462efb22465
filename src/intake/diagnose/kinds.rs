//! What is told of a record without a kind, or with one that there is not: the
//! kind by its word, and by the fields that the record has.

use serde_json::Value;

use super::misnamed::meaning_field;
use super::telling::{instead, unknown_value};
use super::{SCHEMAS, Scene};
use crate::intake::meant::{self, Meant};
use crate::model::problem::quoted;
use crate::model::{Kind, Problem, Rewrite};

impl Scene<'_> {
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
            // what else is wrong with it is seen as with the right kind
            record["kind"] = kind.as_str().into();
            problems.extend(self.shape_problems_of(kind, &record));
        }
        problems
    }

    fn kind_missing(&self, record: &Value) -> (Problem, Option<Kind>) {
        let problem = Problem::error("kind-missing", self.at("", None));
        let Some((kind, start)) = told_by_fields(record).zip(self.text.find('{')) else {
            return (problem, None);
        };
        let word = meant::literal(&kind.as_str().into());
        let edits = vec![(start + 1..start + 1, format!("\n  \"kind\": {word},"))];
        let rewrite = Rewrite { edits, safe: true };
        (problem.with("instead", word).rewritten_by(rewrite), Some(kind))
    }

    /// A record whose kind stands under another name.
    fn kind_misnamed(&self, record: &Value, name: &str, found: &Value) -> (Problem, Option<Kind>) {
        let mut problem = meaning_field(self.unknown_name("", name), "kind", true);
        let (by_word, by_fields) = (kind_by_word(found), told_by_fields(record));
        let kind = by_word.or(by_fields);
        // word and fields may tell two things
        let agrees = |kind: &Kind| by_fields.is_none_or(|by_fields| by_fields == *kind);
        let agreed = kind.filter(agrees).filter(|_| found.is_string());
        if let (Some(rewrite), Some(span), Some(kind)) =
            (&mut problem.rewrite, self.places.span_of(name), agreed)
        {
            rewrite.edits.push((span, meant::literal(&kind.as_str().into())));
        }
        (problem, kind)
    }

    fn kind_unknown(&self, record: &Value, found: &Value) -> (Problem, Option<Kind>) {
        let place = self.at("kind", None);
        let by_word = kind_by_word(found);
        let (problem, kind) = match told_by_fields(record) {
            Some(kind) => {
                let value = Value::from(kind.as_str());
                // word and fields may tell two things
                let sure = by_word.is_none_or(|by_word| by_word == kind);
                let problem = Problem::error("value-misspelt", place).with("near", kind.as_str());
                (instead(problem, found, &Meant { value, sure }), Some(kind))
            }
            None => {
                let words = Kind::ALL.map(|kind| kind.as_str().to_owned());
                (unknown_value(place, found, &words), by_word)
            }
        };
        (problem.with("found", self.as_typed("kind", found)), kind)
    }
}

/// The kind that a word means.
fn kind_by_word(found: &Value) -> Option<Kind> {
    let words = Kind::ALL.map(|kind| kind.as_str().to_owned());
    let meant = meant::word(found.as_str()?, &words)?;
    Kind::ALL.into_iter().find(|kind| meant.value == kind.as_str())
}

/// The name under which a record has its kind, where that is one.
fn other_name(record: &Value) -> Option<String> {
    let kind = ["kind".to_owned()];
    let fields = record.as_object()?;
    let mut names = fields.keys().filter(|name| meant::field(name, &kind).is_some());
    match (names.next(), names.next()) {
        (Some(name), None) => Some(name.clone()),
        _ => None,
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
