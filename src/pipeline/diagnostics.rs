//! Converts Typst errors and layout defects into problems of a template or a record.

use super::context::{BuildContext, TypstSource};
use super::design::Design;
use super::source::template_place;
use crate::document::Document;
use crate::model::{Place, Problem, RecordSet, Source};
use crate::typeset::{
    Diagnostic, LayoutDefect, LayoutDefectKind, Limit, MAIN, TRIES, TypesetError,
};

/// The rule of a layout defect.
pub fn defect_rule(kind: LayoutDefectKind) -> &'static str {
    match kind {
        LayoutDefectKind::Outside => "layout-outside",
        LayoutDefectKind::Overlap => "layout-overlap",
        LayoutDefectKind::Spill => "layout-spill",
        LayoutDefectKind::Small => "layout-small",
    }
}

/// The problem of a layout defect, located in the record that contains the text.
pub(super) fn layout_defect(defect: &LayoutDefect, sources: &[&Source]) -> Problem {
    // a short text occurs in many places, and the wrong one might be shown
    let long = defect.text.chars().count() >= 8;
    let at = |source: &Source| {
        let mut places = source.text.match_indices(&defect.text);
        let (at, _) = places.next().filter(|_| long)?;
        places.next().is_none().then(|| at..at + defect.text.len())
    };
    let found = sources.iter().find_map(|source| Some((*source, at(source)?)));
    let source = found.as_ref().map(|(source, _)| *source).or(sources.first().copied());
    let place = Place {
        file: source.map(|source| source.file.clone()).unwrap_or_default(),
        field: String::new(),
        text: source.map(|source| source.text.clone()),
        span: found.map(|(_, span)| span),
        ..Place::default()
    };
    Problem::warning(defect_rule(defect.kind), place)
        .with("page", defect.page)
        .with("text", &defect.text)
}

/// The problems of a Typst error, located in the template. An error without a position
/// concerns the whole record.
pub fn problems(
    error: &TypesetError,
    document: &Document,
    source: &TypstSource,
    context: BuildContext<'_>,
) -> Vec<Problem> {
    let BuildContext { records: set, design, .. } = context;
    let diagnostics = match error {
        TypesetError::Typst(diagnostics) => diagnostics.clone(),
        TypesetError::Killed(limit) => return vec![killed(limit, document, design, set)],
        other => {
            vec![Diagnostic { message: other.to_string(), hints: Vec::new(), places: Vec::new() }]
        }
    };
    diagnostics
        .iter()
        .map(|diagnostic| diagnostic_problem(diagnostic, document, source, design))
        .collect()
}

/// A document that exceeded a limit every time. Record and template contribute, so it is
/// reported for the record, whose author gets a correction sheet.
fn killed(limit: &Limit, document: &Document, design: &Design, set: &RecordSet) -> Problem {
    let file = set.source(&document.source).map(|source| source.file.clone());
    let place = Place { file: file.unwrap_or_default(), ..Place::default() };
    let problem = match limit {
        Limit::Time(seconds) => {
            Problem::error("typeset-killed-time", place).with("seconds", seconds)
        }
        Limit::Memory(mebibytes) => {
            Problem::error("typeset-killed-memory", place).with("mebibytes", mebibytes)
        }
        Limit::Crash(how) => Problem::error("typeset-killed-crash", place).with("cause", how),
    };
    let template = design.bundle.origin(&format!("{}.typ.hbs", document.kind.template()));
    problem
        .with("document", document.id(design.locales.of(document.language)))
        .with("template", template.display())
        .with("tries", TRIES)
}

pub(super) fn diagnostic_problem(
    diagnostic: &Diagnostic,
    document: &Document,
    source: &TypstSource,
    design: &Design,
) -> Problem {
    let kind = document.kind.template();
    let places = diagnostic.places.iter().filter_map(|(file, line, column)| {
        if file == MAIN {
            let (part, line) = source.part_at(*line)?;
            let found = design.renderer.trace(kind, part.language, &part.view, line)?;
            Some((found.template, found.line, 1))
        } else {
            Some((file.clone(), *line, *column))
        }
    });
    let mut places: Vec<(String, usize, usize)> = places.collect();
    if places.len() > 4 {
        // from the innermost position outwards, without the middle
        places.drain(3..places.len() - 1);
    }
    let (name, line, column) =
        places.first().cloned().unwrap_or_else(|| (format!("{kind}.typ.hbs"), 1, 1));
    let shown: Vec<String> = places
        .iter()
        .map(|(file, line, _)| format!("{}:{line}", design.bundle.origin(file).display()))
        .collect();
    let hints: String = diagnostic.hints.iter().map(|hint| format!("; {hint}")).collect();
    Problem::error("typeset-failed", template_place(design, &name, line, column))
        .with("cause", &diagnostic.message)
        .with("where", shown.join(" < "))
        .with("hints", hints)
}
