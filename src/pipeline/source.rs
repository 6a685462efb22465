//! Renders the Typst source of a document: its view in each language with the templates.
//! No disk access.

use super::context::{BuildContext, Part, RenderFailure, TypstSource};
use super::design::Design;
use crate::document::{self, Document, View, ViewContext};
use crate::model::guard::guarded;
use crate::model::{Digest, Language, Place, Problem, RecordSet};
use crate::render::{RenderError, RenderLimit};
use crate::typeset::Archival;

impl BuildContext<'_> {
    /// Creates the view of a document and renders it; a panic is reported as a problem of
    /// this document.
    ///
    /// # Errors
    /// What is wrong with the template, or that a record is missing.
    pub fn render(&self, document: &Document) -> Result<TypstSource, RenderFailure> {
        guarded(|| view_and_render(document, *self))
            .unwrap_or_else(|cause| Err(failed(document, self.records, cause).into()))
    }
}

/// The problem of a document that cannot be made because of a bug.
pub(super) fn failed(document: &Document, set: &RecordSet, cause: impl ToString) -> Problem {
    let file = set.source(&document.source).map(|source| source.file.clone());
    let place = Place { file: file.unwrap_or_default(), ..Place::default() };
    let problem = Problem::error("document-failed", place);
    problem.with("document", document.kind.template()).with("cause", cause)
}

impl From<Problem> for RenderFailure {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

fn view_and_render(
    document: &Document,
    context: BuildContext<'_>,
) -> Result<TypstSource, RenderFailure> {
    let BuildContext { records, design, options } = context;
    let visible = records.visible_in(document);
    let languages: Vec<Language> = document.languages().collect();
    let template_set = design.template_set(document.kind);
    let views = languages.iter().enumerate().map(|(index, language)| {
        let own = if document.edition() > 0 { document.language } else { *language };
        let scope = ViewContext {
            set: visible.in_language(*language),
            locale: design.locales.of(*language),
            identification: design.locales.of(own),
            texts: &design.texts,
            authority: design.sender.authority.of(*language),
            template_set,
            attach: options.attach_source,
            web: document.is_web_copy(),
            first: index == 0,
            last: index + 1 == languages.len(),
        };
        view(document, &scope, records)
    });
    let mut views: Vec<View> = views.collect::<Result<_, _>>()?;
    if views.len() > 1 {
        View::join(&mut views);
    }
    let (mut typst, mut parts) = (String::new(), Vec::new());
    for (language, view) in languages.iter().copied().zip(views) {
        let template = document.kind.template();
        let source = design.renderer.render(template, language, &view);
        let source = source.map_err(|error| template_problem(&error, design))?;
        // several languages are in separate blocks with their own pages
        let (open, close) = if languages.len() == 1 { ("", "") } else { ("#[\n", "\n]\n") };
        typst.push_str(open);
        parts.push(Part { language, view, lines_before: typst.matches('\n').count() });
        typst.push_str(&source);
        typst.push_str(close);
    }
    let attached = parts.first().is_some_and(|part| part.view.meta().attachment.is_some());
    let attachment = records.source(&document.source).filter(|_| attached).map(|s| s.text.clone());
    let archival = if attached { Archival::A3a } else { Archival::A2a };
    let digest = Digest::of_parts([
        typst.as_bytes(),
        attachment.as_deref().unwrap_or_default().as_bytes(),
        if attached { b"a-3a" } else { b"a-2a" },
        design.digest.as_str().as_bytes(),
    ]);
    Ok(TypstSource { typst, parts, attachment, archival, digest })
}

/// The view of a document in one language.
fn view(
    document: &Document,
    scope: &ViewContext<'_>,
    set: &RecordSet,
) -> Result<View, RenderFailure> {
    let view = document::view(document, scope).ok_or(RenderFailure::RecordMissing)?;
    match view.dangling_references().first() {
        Some(key) => Err(dangling_reference(document, set, key).into()),
        None => Ok(view),
    }
}

/// The problem of a reference to slides that do not exist, located in the record.
fn dangling_reference(document: &Document, set: &RecordSet, key: &str) -> Problem {
    let source = set.source(&document.source);
    let text = source.map(|source| source.text.clone());
    let needle = format!("slides:{key}}}");
    let at = text.as_ref().and_then(|text| text.find(&needle));
    let place = Place {
        file: source.map(|source| source.file.clone()).unwrap_or_default(),
        field: String::new(),
        span: at.map(|at| at..at + needle.len() - 1),
        text,
        ..Place::default()
    };
    Problem::error("slides-absent", place).with("key", key)
}

/// The problem of a template error, at its place.
fn template_problem(error: &RenderError, design: &Design) -> Problem {
    let (template, line) = match error {
        RenderError::Template { template, line, .. }
        | RenderError::Limit { template, line, .. } => (template.as_str(), *line),
        _ => ("", 1),
    };
    let place = template_place(design, template, line, 1);
    let problem = match error {
        RenderError::Template { reason, .. } => {
            Problem::error("template-failed", place).with("cause", reason)
        }
        RenderError::Limit { limit: RenderLimit::Steps, .. } => {
            Problem::error("template-steps", place).with("millions", RenderLimit::STEPS / 1_000_000)
        }
        RenderError::Limit { limit: RenderLimit::Output, .. } => {
            Problem::error("template-output", place)
                .with("mebibytes", RenderLimit::OUTPUT / 1024 / 1024)
        }
        // the others are found when templates are loaded
        other => Problem::error("template-failed", place).with("cause", other),
    };
    problem.with("template", template).with("line", line)
}

/// A line of a bundle file, starting at a column.
pub(super) fn template_place(design: &Design, name: &str, line: usize, column: usize) -> Place {
    let text = design.bundle.text(name).unwrap_or_default();
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let content = text[start..].lines().next().unwrap_or_default();
    let skipped: usize = content.chars().take(column.saturating_sub(1)).map(char::len_utf8).sum();
    Place {
        file: design.bundle.origin(name),
        field: String::new(),
        span: Some(start + skipped..start + content.len().max(skipped)),
        text: Some(text.into()),
        ..Place::default()
    }
}
