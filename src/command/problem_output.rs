//! Prints problems with a source excerpt, the message and the help, in the style of
//! compiler diagnostics; and converts them to JSON.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use serde::Serialize;

use crate::locale::Locale;
use crate::model::{Problem, Severity};

/// A problem with its texts in one language, for JSON output.
#[derive(Debug, Serialize)]
pub struct ProblemJson {
    pub severity: Severity,
    pub rule: &'static str,
    pub file: String,
    /// From 1; absent when the position is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// From 1, counted in characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// Field path such as `notes[3].text`; empty for the whole record.
    pub field: String,
    pub message: String,
    pub help: String,
    pub why: String,
    /// The reason for which the record accepts it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted: Option<String>,
    /// Suggested texts of fields.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub write_instead: Vec<Edit>,
}

/// The suggested text of a field.
#[derive(Debug, Serialize)]
pub struct Edit {
    pub field: String,
    pub text: String,
}

/// Adds the texts in the language of a locale to a problem.
pub fn localized(problem: &Problem, locale: &Locale) -> ProblemJson {
    let place = problem.line_column();
    let words = locale.word(problem);
    let edits = problem.fix.iter().flat_map(|fix| &fix.edits);
    let edits = edits.map(|(field, text)| Edit { field: field.clone(), text: text.clone() });
    // a value of a field that is not a string
    let values = problem.rewrite.iter().flat_map(|rewrite| &rewrite.edits);
    let values = values.filter(|_| !problem.place.field.is_empty() && !is_about_name(problem.rule));
    let field = &problem.place.field;
    let values = values.map(|(_, text)| Edit { field: field.clone(), text: text.clone() });
    ProblemJson {
        severity: problem.severity,
        rule: problem.rule,
        file: problem.place.file.display().to_string(),
        line: place.map(|(line, _)| line),
        column: place.map(|(_, column)| column),
        field: problem.place.field.clone(),
        message: words.message,
        help: words.help,
        why: words.why,
        accepted: problem.accepted.clone(),
        write_instead: edits.chain(values).collect(),
    }
}

/// True for a rule about the name of a field, not its value.
fn is_about_name(rule: &str) -> bool {
    rule == "field-misspelt"
}

/// Prints problems to standard error.
pub fn print(problems: &[Problem], locale: &Locale) {
    for problem in problems {
        anstream::eprintln!("{}\n", render(problem, locale));
    }
}

/// Renders one problem with ANSI colours, which the stream strips where they are not
/// supported.
pub fn render(problem: &Problem, locale: &Locale) -> String {
    let json = localized(problem, locale);
    let (level, name) = match problem.severity {
        Severity::Error => (Level::ERROR, locale.label("ui.error")),
        Severity::Warning => (Level::WARNING, locale.label("ui.warning")),
        Severity::Hint => (Level::NOTE, locale.label("ui.hint")),
    };
    let field = match json.field.as_str() {
        "" => String::new(),
        field => locale.fill("ui.in_field", &[("field", field)]),
    };
    let accepted = problem.accepted.as_ref();
    let help = accepted.unwrap_or(&json.help).clone();
    let label = if accepted.is_some() { "ui.check.because" } else { "ui.help" };
    let name = if accepted.is_some() { locale.label("ui.check.accepted") } else { name };
    let title = level.with_name(name).primary_title(json.message.as_str()).id(problem.rule);
    let help = Level::HELP.with_name(locale.label(label)).message(help.as_str());
    let renderer = Renderer::styled().decor_style(DecorStyle::Unicode).term_width(120);
    match (&problem.place.span, &problem.place.text) {
        (Some(span), Some(text)) => {
            let snippet = Snippet::source(text.as_ref())
                .path(json.file.as_str())
                .annotation(AnnotationKind::Primary.span(span.clone()).label(field));
            renderer.render(&[title.element(snippet).element(help)])
        }
        _ => {
            let origin = annotate_snippets::Origin::path(json.file.as_str());
            renderer.render(&[title.element(origin).element(help)])
        }
    }
}
