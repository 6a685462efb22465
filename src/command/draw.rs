//! Draws problems the way good compilers do: the place in the text, what is
//! wrong, and what to write instead.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use serde::Serialize;

use crate::locale::Locale;
use crate::model::{Problem, Severity};

/// A problem in words, for other programs.
#[derive(Debug, Serialize)]
pub struct Worded {
    pub severity: Severity,
    pub rule: &'static str,
    pub file: String,
    /// From 1; absent when the place in the text is not known.
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
    /// Why the record accepts it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted: Option<String>,
    /// New texts of fields.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub write_instead: Vec<Edit>,
}

/// What a field should say.
#[derive(Debug, Serialize)]
pub struct Edit {
    pub field: String,
    pub text: String,
}

/// Puts a problem into words.
pub fn word(problem: &Problem, locale: &Locale) -> Worded {
    let place = problem.line_column();
    let words = locale.word(problem);
    let edits = problem.fix.iter().flat_map(|fix| &fix.edits);
    let edits = edits.map(|(field, text)| Edit { field: field.clone(), text: text.clone() });
    // a value that is no text, in a field
    let values = problem.rewrite.iter().flat_map(|rewrite| &rewrite.edits);
    let values = values.filter(|_| !problem.place.field.is_empty() && !of_name(problem.rule));
    let field = &problem.place.field;
    let values = values.map(|(_, text)| Edit { field: field.clone(), text: text.clone() });
    Worded {
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

/// Whether a rule is about a field's name, not about its value.
fn of_name(rule: &str) -> bool {
    rule == "field-misspelt"
}

/// Prints problems to standard error.
pub fn print(problems: &[Problem], locale: &Locale) {
    for problem in problems {
        anstream::eprintln!("{}\n", draw(problem, locale));
    }
}

/// One problem, drawn with colours (which the stream takes off where nobody
/// sees them).
pub fn draw(problem: &Problem, locale: &Locale) -> String {
    let words = word(problem, locale);
    let (level, name) = match problem.severity {
        Severity::Error => (Level::ERROR, locale.label("ui.error")),
        Severity::Warning => (Level::WARNING, locale.label("ui.warning")),
        Severity::Hint => (Level::NOTE, locale.label("ui.hint")),
    };
    let field = match words.field.as_str() {
        "" => String::new(),
        field => locale.fill("ui.in_field", &[("field", field)]),
    };
    let accepted = problem.accepted.as_ref();
    let help = accepted.unwrap_or(&words.help).clone();
    let label = if accepted.is_some() { "ui.check.because" } else { "ui.help" };
    let name = if accepted.is_some() { locale.label("ui.check.accepted") } else { name };
    let title = level.with_name(name).primary_title(words.message.as_str()).id(problem.rule);
    let help = Level::HELP.with_name(locale.label(label)).message(help.as_str());
    let renderer = Renderer::styled().decor_style(DecorStyle::Unicode).term_width(120);
    match (&problem.place.span, &problem.place.text) {
        (Some(span), Some(text)) => {
            let snippet = Snippet::source(text.as_ref())
                .path(words.file.as_str())
                .annotation(AnnotationKind::Primary.span(span.clone()).label(field));
            renderer.render(&[title.element(snippet).element(help)])
        }
        _ => {
            let origin = annotate_snippets::Origin::path(words.file.as_str());
            renderer.render(&[title.element(origin).element(help)])
        }
    }
}
