//! Finds all faults of a record that serde refused. Serde stops at the first fault, so
//! the text is validated against the JSON Schema of its kind.

mod kinds;
mod numbers;
mod syntax_problems;
mod unknown_fields;
mod value_problems;

use std::path::Path;
use std::sync::{Arc, LazyLock};

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{ValidationError, Validator};
use serde::de::IgnoredAny;
use serde_json::Value;

use super::locate::{Places, field_path, join, long_lists};
use super::schema::{accepts_of, collect_options, expected_value, schema_at};
use super::{suggestions, unsupported_forms};
use crate::model::{
    Date, Id, Kind, Language, Long, Place, Problem, RecordError, Short, StatuteNumber, TextFault,
    Time, translation,
};
pub use unknown_fields::renamed_to;
use value_problems::{cut, instead, unknown_value};

/// All faults of a text that was refused with `error`, in text order; never empty.
pub fn diagnose(path: &Path, text: &Arc<str>, error: &RecordError) -> Vec<Problem> {
    let places = Places::of(text);
    let context =
        FaultContext { path, text, places: &places, translated: Vec::new(), language: None };
    // serde reports some faults of structure as faults of syntax, and skips unknown
    // fields however deep they are
    let syntax = serde_json::from_str::<IgnoredAny>(text).map(drop);
    if let Err(syntax) = syntax.and_then(|()| serde_json::from_str::<Value>(text).map(drop)) {
        return context.syntax_faults(&syntax);
    }
    let mut problems = match error {
        RecordError::Kind(_) => context.kind_problems(),
        RecordError::Shape { kind, .. } => context.shape_problems(*kind),
    };
    problems.extend(repeated(path, text));
    if problems.is_empty() {
        // the schema accepts what the type does not: only the position is reported,
        // because serde's messages are not written for officials
        let (RecordError::Kind(source) | RecordError::Shape { source, .. }) = error;
        let span = context.span_at(source.line(), source.column());
        problems.push(Problem::error("value", context.at("", span)));
    }
    problems.sort_by_key(|problem| problem.place.span.as_ref().map(|span| span.start));
    problems.truncate(MOST);
    problems
}

/// Fields that occur twice in one object.
pub fn repeated(path: &Path, text: &Arc<str>) -> Vec<Problem> {
    let places = Places::of(text);
    let context =
        FaultContext { path, text, places: &places, translated: Vec::new(), language: None };
    let twice = places.repeated_names().into_iter().take(MOST);
    twice
        .map(|(field, span)| {
            Problem::error("field-twice", context.at(&field, Some(span))).with("field", field)
        })
        .collect()
}

/// Lists that are too long, in a text without other faults.
pub fn too_long(path: &Path, text: &Arc<str>) -> Vec<Problem> {
    let lists = long_lists(text);
    if lists.is_empty() {
        return Vec::new();
    }
    let places = Places::of(text);
    let context =
        FaultContext { path, text, places: &places, translated: Vec::new(), language: None };
    let problem = |(field, most): (String, usize)| {
        Problem::error("list-long", context.at(&field, None)).with("most", most)
    };
    lists.into_iter().take(MOST).map(problem).collect()
}

/// Maximum number of problems reported for one file.
pub const MOST: usize = 100;

struct Schemas {
    kinds: Vec<(Kind, Value, Validator)>,
}

#[expect(clippy::expect_used, reason = "schemas are made from types, and a test builds them all")]
static SCHEMAS: LazyLock<Schemas> = LazyLock::new(|| Schemas {
    kinds: Kind::ALL
        .into_iter()
        .map(|kind| {
            let schema = kind.schema().to_value();
            let validator = jsonschema::options()
                .should_validate_formats(true)
                .with_format("date", |text: &str| Date::parse(text).is_some())
                .with_format("short-text", |text: &str| Short::parse(text).is_some())
                .with_format("long-text", |text: &str| Long::parse(text).is_some())
                .build(&schema)
                .expect("a schema made from a Rust type is valid, as a test over all kinds shows");
            (kind, schema, validator)
        })
        .collect(),
});

struct FaultContext<'a> {
    path: &'a Path,
    text: &'a Arc<str>,
    places: &'a Places<'a>,
    /// Fields with texts in several languages.
    translated: Vec<String>,
    /// Language of the record that is checked.
    language: Option<Language>,
}

impl FaultContext<'_> {
    fn at(&self, field: &str, span: Option<std::ops::Range<usize>>) -> Place {
        let several = self.translated.iter().any(|translated| translated == field);
        let own = self.language.filter(|_| several);
        let field = &own.map_or_else(|| field.to_owned(), |own| join(field, own.code()));
        Place {
            file: self.path.to_owned(),
            field: field.to_owned(),
            span: span.or_else(|| self.places.span_of(field)),
            text: Some(self.text.clone()),
            ..Place::default()
        }
    }

    fn shape_problems(&self, kind: Kind) -> Vec<Problem> {
        let value = serde_json::from_str::<Value>(self.text);
        value.map_or_else(|_| Vec::new(), |value| self.shape_problems_of(kind, &value))
    }

    /// The faults of a record value.
    fn shape_problems_of(&self, kind: Kind, value: &Value) -> Vec<Problem> {
        let Some((_, schema, validator)) = SCHEMAS.kinds.iter().find(|(k, ..)| *k == kind) else {
            return Vec::new();
        };
        let translated = translation::paths(value, schema, &|_| true);
        if translated.is_empty() {
            return self.violations(value, schema, validator);
        }
        let languages = translation::languages(value);
        let mut problems = self.language_problems(value, schema, &languages);
        for language in languages {
            let context =
                FaultContext { translated: translated.clone(), language: Some(language), ..*self };
            let own = translation::in_language(value, schema, language);
            let found = context.violations(&own, schema, validator);
            problems.extend(
                found.into_iter().filter(|new| !problems.contains(new)).collect::<Vec<_>>(),
            );
        }
        problems
    }

    /// Texts that lack a language of the record, or have one that the record does not.
    fn language_problems(
        &self,
        value: &Value,
        schema: &Value,
        languages: &[Language],
    ) -> Vec<Problem> {
        let mut problems = Vec::new();
        for language in languages {
            for field in translation::missing(value, schema, *language).into_iter().take(MOST) {
                let problem = Problem::error("translation-missing", self.at(&field, None));
                problems.push(problem.with("field", field).with("language", language.code()));
            }
        }
        for (field, language) in
            translation::unused(value, schema, languages).into_iter().take(MOST)
        {
            let field = join(&field, language.code());
            let problem = Problem::error("translation-unused", self.at(&field, None));
            problems.push(problem.with("field", field).with("language", language.code()));
        }
        problems
    }

    /// All violations of the schema.
    fn violations(&self, value: &Value, schema: &Value, validator: &Validator) -> Vec<Problem> {
        let mut problems: Vec<Problem> = Vec::new();
        for error in validator.iter_errors(value).take(MOST) {
            self.explain(&error, schema, &mut problems);
        }
        self.fractions(value, schema, &mut problems);
        // a field that exists under another name is not missing
        let renamed: Vec<String> = problems.iter().filter_map(renamed_to).collect();
        problems.retain(|p| p.rule != "field-missing" || !renamed.contains(&p.place.field));
        problems.dedup_by(|a, b| {
            a.place.field == b.place.field && a.rule == b.rule && a.args == b.args
        });
        problems
    }

    fn explain(&self, error: &ValidationError<'_>, schema: &Value, problems: &mut Vec<Problem>) {
        let field = field_path(error.instance_path().as_str());
        let found = self.as_typed(&field, error.instance());
        let mut push = |problem: Problem| {
            let same =
                |p: &Problem| p.place.field == problem.place.field && p.rule != "field-unknown";
            if problem.rule == "field-unknown" || !problems.iter().any(same) {
                let found = problem.args.get("found").unwrap_or(&found).clone();
                problems.push(problem.with("field", &field).with("found", found));
            }
        };
        let of_names = matches!(
            error.kind(),
            ValidationErrorKind::AdditionalProperties { .. } | ValidationErrorKind::Required { .. }
        );
        if let Some(rule) = unsupported_forms::rule(&field, error.instance()).filter(|_| !of_names)
        {
            let problem = Problem::error(rule, self.at(&field, None));
            return push(problem.with("text", unsupported_forms::text_field(&field)));
        }
        match error.kind() {
            ValidationErrorKind::AnyOf { context }
            | ValidationErrorKind::OneOfNotValid { context } => {
                let options = self.options_of(error, schema);
                if options.is_empty() {
                    let branch = context.iter().find(|branch| !branch.iter().any(wants_null));
                    for inner in branch.into_iter().flatten() {
                        self.explain(inner, schema, problems);
                    }
                } else {
                    push(unknown_value(self.at(&field, None), error.instance(), &options));
                }
            }
            ValidationErrorKind::Enum { .. } | ValidationErrorKind::Constant { .. } => {
                let options = self.options_of(error, schema);
                push(unknown_value(self.at(&field, None), error.instance(), &options));
            }
            ValidationErrorKind::AdditionalProperties { unexpected } => {
                problems.extend(self.unknown_names(error, unexpected, schema));
            }
            ValidationErrorKind::Required { property } => {
                let name = property.as_str().unwrap_or_default();
                let place = Place { field: join(&field, name), ..self.at(&field, None) };
                let problem = Problem::error("field-missing", place)
                    .with("name", name)
                    .with("accepted", expected_value(name, error, schema));
                let here = schema_at(error, schema).and_then(|here| here.get("properties"));
                let example = here.and_then(|here| suggestions::example(here.get(name)?, schema));
                problems.push(match example {
                    Some(value) => problem.with("instead", suggestions::literal(&value)),
                    None => problem,
                });
            }
            ValidationErrorKind::Type { kind } => {
                let wanted = match kind {
                    TypeKind::Single(kind) => kind.to_string(),
                    TypeKind::Multiple(kinds) => kinds
                        .iter()
                        .find(|kind| kind.to_string() != "null")
                        .map_or_else(String::new, |kind| kind.to_string()),
                };
                let accepts = accepts_of(error, schema);
                let place = self.at(&field, None);
                let raw = place.span.clone().and_then(|span| self.text.get(span)).unwrap_or("");
                let here = schema_at(error, schema);
                let suggestion = match here.filter(|_| wanted == "array") {
                    Some(list) => suggestions::listed(list, schema, error.instance(), raw),
                    None => suggestions::value(&wanted, &accepts, error.instance(), raw),
                };
                let example = here.and_then(|here| suggestions::example(here, schema));
                let key = if accepts.is_empty() { wanted } else { accepts };
                let found = match error.instance().is_number() {
                    true => found.clone(),
                    false => cut(&error.instance().to_string()),
                };
                let problem =
                    Problem::error("value-type", place).with("wanted", key).with("found", found);
                push(match (suggestion, example) {
                    (Some(suggestion), _) => instead(problem, error.instance(), &suggestion),
                    (None, Some(value)) => problem.with("instead", suggestions::literal(&value)),
                    (None, None) => problem,
                });
            }
            ValidationErrorKind::MinItems { .. } => {
                push(Problem::error("list-empty", self.at(&field, None)));
            }
            ValidationErrorKind::MaxItems { limit } => {
                push(Problem::error("list-long", self.at(&field, None)).with("most", limit));
            }
            ValidationErrorKind::Minimum { limit } => {
                push(Problem::error("number-small", self.at(&field, None)).with("limit", limit));
            }
            ValidationErrorKind::Maximum { limit } => {
                push(Problem::error("number-large", self.at(&field, None)).with("limit", limit));
            }
            _ => push(self.form_problem(error, schema, &field)),
        }
    }

    /// The problem of a text that does not match the format of its type.
    fn form_problem(&self, error: &ValidationError<'_>, schema: &Value, field: &str) -> Problem {
        let place = self.at(field, None);
        let text = error.instance().as_str().unwrap_or_default();
        let accepts = accepts_of(error, schema);
        let told = |problem: Problem| match suggestions::form(&accepts, text) {
            Some(suggestion) => instead(problem, error.instance(), &suggestion),
            None => problem,
        };
        let fault = match accepts.as_str() {
            "date" if Date::parse(text).is_none() => {
                return told(Problem::error("form-date", place));
            }
            "time" if Time::parse(text).is_none() => {
                return told(Problem::error("form-time", place));
            }
            "id" if Id::parse(text).is_none() => return told(Problem::error("form-id", place)),
            "statute" if StatuteNumber::parse(text).is_none() => {
                return Problem::error("form-statute", place);
            }
            "short" => Short::fault(text),
            "long" => Long::fault(text),
            _ => None,
        };
        match fault {
            Some(TextFault::Blank) => Problem::error("text-blank", place),
            Some(TextFault::TooLong) => Problem::error("text-too-long", place),
            Some(TextFault::LongLine) => Problem::error("text-long-line", place),
            Some(TextFault::LongWord) => Problem::error("text-long-word", place),
            Some(TextFault::LineBreak) => Problem::error("text-line-break", place),
            Some(TextFault::Control(c)) => {
                Problem::error("text-control", place).with("code", format!("U+{:04X}", c as u32))
            }
            Some(TextFault::Markup(construct)) => {
                Problem::error("text-markup", place).with("construct", construct)
            }
            None => Problem::error("value", place),
        }
    }

    fn options_of(&self, error: &ValidationError<'_>, schema: &Value) -> Vec<String> {
        let mut options = Vec::new();
        if let Some(here) = schema_at(error, schema) {
            collect_options(here, schema, &mut options);
        }
        options
    }
}

fn wants_null(error: &ValidationError<'_>) -> bool {
    matches!(error.kind(), ValidationErrorKind::Type { kind: TypeKind::Single(kind) } if kind.to_string() == "null")
}
