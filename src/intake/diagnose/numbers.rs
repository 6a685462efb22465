//! Problems of numbers, shown as written in the file: parsing loses their zeros and
//! exponents.

use serde_json::Value;

use super::value_problems::{instead, shown};
use super::{FaultContext, cut};
use crate::intake::locate::join;
use crate::intake::schema::resolve;
use crate::intake::suggestions;
use crate::model::Problem;

impl FaultContext<'_> {
    /// A value as displayed: a number with the digits of the file.
    pub(super) fn as_typed(&self, field: &str, value: &Value) -> String {
        let number = value.is_number().then(|| self.number(field)).flatten();
        number.map_or_else(|| shown(value), cut)
    }

    /// The digits of a number as written in the file.
    fn number(&self, field: &str) -> Option<&str> {
        let raw = self.text.get(self.at(field, None).span?)?;
        raw.starts_with(|c: char| c == '-' || c.is_ascii_digit()).then_some(raw)
    }

    /// Numbers such as `4.0` and `1e2` where an integer is expected: they are integers
    /// for JSON Schema, but not for a record.
    pub(super) fn fractions(&self, value: &Value, schema: &Value, problems: &mut Vec<Problem>) {
        self.fractions_in(value, ([schema].as_slice(), schema), "", problems);
    }

    /// `nodes` are the schema nodes of the value.
    fn fractions_in(
        &self,
        value: &Value,
        (nodes, schema): (&[&Value], &Value),
        path: &str,
        problems: &mut Vec<Problem>,
    ) {
        let mut all = Vec::new();
        nodes.iter().for_each(|node| branches(node, schema, &mut all));
        match value {
            Value::Object(fields) => {
                for (name, inner) in fields {
                    let named = all.iter().filter_map(|node| node.get("properties")?.get(name));
                    let named: Vec<&Value> = named.collect();
                    self.fractions_in(
                        inner,
                        (named.as_slice(), schema),
                        &join(path, name),
                        problems,
                    );
                }
            }
            Value::Array(items) => {
                let of_items: Vec<&Value> =
                    all.iter().filter_map(|node| node.get("items")).collect();
                for (at, inner) in items.iter().enumerate() {
                    let path = format!("{path}[{at}]");
                    self.fractions_in(inner, (of_items.as_slice(), schema), &path, problems);
                }
            }
            Value::Number(number) if number.is_f64() => {
                let may_be = |kind| all.iter().any(|node| suggestions::takes(node, schema, kind));
                let place = self.at(path, None);
                let reported = problems.iter().any(|problem| problem.place.field == place.field);
                if reported || !may_be("integer") || may_be("number") {
                    return;
                }
                let found = self.as_typed(path, value);
                let suggestion = suggestions::value("integer", "", value, &found);
                let problem = Problem::error("value-type", place).with("wanted", "integer");
                let problem = problem.with("field", path).with("found", found);
                problems.push(match suggestion {
                    Some(suggestion) => instead(problem, value, &suggestion),
                    None => problem,
                });
            }
            _ => {}
        }
    }
}

/// A schema node with all its alternatives.
fn branches<'a>(node: &'a Value, schema: &'a Value, found: &mut Vec<&'a Value>) {
    let node = resolve(node, schema);
    found.push(node);
    for key in ["anyOf", "oneOf", "allOf"] {
        for branch in node.get(key).and_then(Value::as_array).into_iter().flatten() {
            branches(branch, schema, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    const SESSION: &str = r#"{
        "kind": "session", "id": "b", "language": "fi", "round": "a", "mode": "remote",
        "date": DATE, "start": START,
        "present": [{ "sector": "municipality", "organisation": "A", "count": COUNT }]
    }"#;

    fn problems_of(date: &str, start: &str, count: &str) -> Vec<(String, String, String)> {
        let text = SESSION.replace("DATE", date).replace("START", start).replace("COUNT", count);
        let Err(problems) = crate::intake::parse(Path::new("b.json"), text.as_bytes()) else {
            return Vec::new();
        };
        let arg =
            |problem: &Problem, name: &str| problem.args.get(name).cloned().unwrap_or_default();
        let parts = |problem: &Problem| {
            assert_eq!(problem.rule, "value-type", "{problem:?}");
            assert!(!problem.args.contains_key("cause"), "{problem:?}");
            (problem.place.field.clone(), arg(problem, "found"), arg(problem, "instead"))
        };
        problems.iter().map(parts).collect()
    }

    #[test]
    fn an_integer_in_another_notation_is_reported_with_a_suggestion() {
        let (date, start) = ("\"2025-10-23\"", "\"13:00\"");
        assert!(problems_of(date, start, "4").is_empty());
        for (typed, suggestion) in [("4.0", "4"), ("1e2", "100"), ("1.2E1", "12"), ("4.5", "")] {
            let expected = ("present[0].count".to_owned(), typed.to_owned(), suggestion.to_owned());
            assert_eq!(problems_of(date, start, typed), [expected], "{typed}");
        }
        // a thousand, or one: ambiguous
        let text = SESSION.replace("DATE", date).replace("START", start).replace("COUNT", "1.000");
        let problems = crate::intake::parse(Path::new("b.json"), text.as_bytes()).unwrap_err();
        assert!(problems[0].rewrite.as_ref().is_none_or(|rewrite| !rewrite.safe));
    }

    #[test]
    fn a_number_is_shown_as_written() {
        for (date, start, expected) in [
            ("\"2025-10-23\"", "13.00", ("start", "13.00", "\"13:00\"")),
            ("\"2025-10-23\"", "13.10", ("start", "13.10", "\"13:10\"")),
            ("6.10", "\"13:00\"", ("date", "6.10", "")),
        ] {
            let (field, found, suggestion) = expected;
            let expected = (field.to_owned(), found.to_owned(), suggestion.to_owned());
            assert_eq!(problems_of(date, start, "4"), [expected], "{date} {start}");
        }
    }
}
