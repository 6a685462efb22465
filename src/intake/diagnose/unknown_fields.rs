//! Problems of unknown fields, with the field that was probably meant.

use jsonschema::ValidationError;
use serde_json::Value;

use super::value_problems::cut;
use super::{FaultContext, MOST};
use crate::intake::locate::{field_path, join};
use crate::intake::schema::{property_names, schema_at};
use crate::intake::{suggestions, unsupported_forms};
use crate::model::problem::{nearest, quoted};
use crate::model::{Problem, Rewrite};

impl FaultContext<'_> {
    pub(super) fn unknown_names(
        &self,
        error: &ValidationError<'_>,
        unexpected: &[String],
        schema: &Value,
    ) -> Vec<Problem> {
        let accepted = property_names(schema_at(error, schema));
        let field = field_path(error.instance_path().as_str());
        let unexpected = &unexpected[..unexpected.len().min(MOST)];
        let meanings: Vec<Option<&str>> =
            unexpected.iter().map(|name| suggestions::field(name, &accepted)).collect();
        let problems = unexpected.iter().zip(&meanings).map(|(name, meaning)| {
            let mut problem = self.unknown_name(&field, name).with("accepted", quoted(&accepted));
            let value = &error.instance()[name.as_str()];
            if let Some(rule) = unsupported_forms::rule_of_name(&field, name, value) {
                problem.rule = rule;
                let text = unsupported_forms::text_field(&field);
                return problem.with("text", text).with("found", cut(name));
            }
            if let Some(meaning) = meaning {
                let same = meanings.iter().filter(|other| **other == Some(*meaning)).count();
                let sure = same == 1 && error.instance().get(*meaning).is_none();
                return with_meaning(problem, meaning, sure);
            }
            match nearest(name, &accepted) {
                Some(near) => {
                    problem.rule = "field-misspelt";
                    problem.with("near", near)
                }
                None => problem,
            }
        });
        problems.collect()
    }

    /// The problem of an unknown field.
    pub(super) fn unknown_name(&self, parent: &str, name: &str) -> Problem {
        let span = self.places.span_of_name(parent, name);
        let place = self.at(&join(parent, &cut(name)), span);
        Problem::error("field-unknown", place).with("name", cut(name))
    }
}

/// Adds to the problem of an unknown field the field that is meant.
pub(super) fn with_meaning(problem: Problem, meaning: &str, sure: bool) -> Problem {
    let problem = Problem { rule: "field-misspelt", ..problem }.with("near", meaning);
    let Some(span) = problem.place.span.clone() else { return problem };
    let text = problem.place.text.as_ref().and_then(|text| text.get(span.clone()));
    if text.is_none_or(|text| !text.starts_with('"')) {
        return problem;
    }
    let name = suggestions::literal(&meaning.into());
    problem.rewritten_by(Rewrite { edits: vec![(span, name)], safe: sure })
}

/// The path that a field gets when its name is corrected, if that is certain.
pub fn renamed_to(problem: &Problem) -> Option<String> {
    let sure = problem.rule == "field-misspelt" && problem.rewrite.as_ref()?.safe;
    let (name, near) = (problem.args.get("name")?, problem.args.get("near")?);
    let parent = problem.place.field.strip_suffix(name.as_str())?;
    sure.then(|| format!("{parent}{near}"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::intake::parse;
    use crate::model::Problem;

    /// All problems of a text, as rule, field and suggestion.
    fn problems_of(text: &str) -> Vec<(&'static str, String, String)> {
        let problems = parse(Path::new("x.json"), text.as_bytes()).expect_err("it is refused");
        let near = |problem: &Problem| problem.args.get("near").cloned().unwrap_or_default();
        problems.iter().map(|p| (p.rule, p.place.field.clone(), near(p))).collect()
    }

    fn is(rule: &'static str, field: &str, near: &str) -> (&'static str, String, String) {
        (rule, field.to_owned(), near.to_owned())
    }

    #[test]
    fn names_in_other_languages_suggest_the_field() {
        let text = r#"{ "kind": "session", "id": "a", "kieli": "fi", "round": "b",
            "päivä": "2025-10-23", "tapa": "remote", "paikka": "Sali",
            "läsnä": [], "nostot": [], "hölynpöly": 1 }"#;
        let expected = [
            is("field-misspelt", "kieli", "language"),
            is("field-misspelt", "päivä", "date"),
            is("field-misspelt", "tapa", "mode"),
            is("field-misspelt", "paikka", "place"),
            is("field-misspelt", "läsnä", "present"),
            is("field-misspelt", "nostot", "notes"),
            is("field-unknown", "hölynpöly", ""),
        ];
        assert_eq!(problems_of(text), expected, "the suggested fields are not reported as missing");
    }

    #[test]
    fn a_suggestion_is_certain_only_when_its_field_is_missing_and_meant_once() {
        let sure = |text: &str| {
            let problems = parse(Path::new("x.json"), text.as_bytes()).expect_err("refused");
            let renamed = problems.iter().filter_map(super::renamed_to);
            renamed.collect::<Vec<_>>()
        };
        let record = |more: &str| {
            format!(
                r#"{{ "kind": "session", "id": "a", "language": "fi", "round": "b",
                    "mode": "remote", {more} }}"#
            )
        };
        assert_eq!(sure(&record(r#""päivä": "2025-10-23""#)), ["date"]);
        let none: [String; 0] = [];
        assert_eq!(sure(&record(r#""päivä": "2025-10-23", "pvm": "2025-10-24""#)), none);
        assert_eq!(sure(&record(r#""päivä": "2025-10-23", "date": "2025-10-24""#)), none);
        let notes = r#""date": "2025-10-23", "notes": [{ "teksti": "x" }, { "text": "y" }]"#;
        assert_eq!(sure(&record(notes)), ["notes[0].text"]);
    }

    #[test]
    fn a_record_with_a_misnamed_kind_is_checked_completely() {
        for (name, kind) in [("slag", "promemoria"), ("laji", "Muistio"), ("tyyppi", "session")] {
            let text = format!(
                r#"{{ "{name}": "{kind}", "id": "a", "language": "fi", "round": "b",
                    "datum": "23.10.2025", "mode": "remote" }}"#
            );
            let expected =
                [is("field-misspelt", name, "kind"), is("field-misspelt", "datum", "date")];
            assert_eq!(problems_of(&text), expected);
        }
        let text = r#"{ "kind": "muistio", "id": "a", "language": "fi", "round": "b",
            "date": "23.10.2025", "mode": "remote", "nonsense": 1 }"#;
        let rules: Vec<&str> = problems_of(text).iter().map(|(rule, ..)| *rule).collect();
        assert_eq!(rules, ["value-misspelt", "form-date", "field-unknown"]);
    }
}
