//! From records to Typst sources: list the documents, make their views and
//! render them. Nothing here touches the disk.

use std::path::PathBuf;
use std::sync::Arc;

use super::{Archival, Checked, Design, Options};
use crate::document::{self, Document, DocumentId, Records, Scope, View};
use crate::model::guard::guarded;
use crate::model::{Digest, Id, Kind, Language, Place, Problem, Record, RecordSet, Status};
use crate::parallel;
use crate::render::{Bound, RenderError};

/// A document by the digest of what it would be made from, or why it cannot
/// be made. The source itself is not kept: rendering it again costs less than
/// holding thousands of them.
#[derive(Debug)]
pub struct Rendered {
    pub document: Document,
    pub id: DocumentId,
    pub made_from: Result<Digest, Fault>,
}

/// A document ready to be typeset.
#[derive(Debug)]
pub struct Ready {
    pub typst: String,
    /// What the document says, language by language.
    pub parts: Vec<Part>,
    /// Text of the record that travels in the PDF.
    pub attachment: Option<Arc<str>>,
    pub archival: Archival,
    /// Digest of everything that decides the PDF's bytes.
    pub made_from: Digest,
}

/// One language of a document.
#[derive(Debug)]
pub struct Part {
    pub language: Language,
    /// What it says, for finding a Typst error in its template.
    pub view: View,
    /// Lines of the source before its own.
    pub lines_before: usize,
}

impl Ready {
    /// The part that a line (from 1) of the source belongs to, and the line's
    /// number in it.
    pub fn part_at(&self, line: usize) -> Option<(&Part, usize)> {
        let part = self.parts.iter().rfind(|part| part.lines_before < line)?;
        Some((part, line - part.lines_before))
    }
}

/// Why a document is not made.
#[derive(Debug)]
pub enum Fault {
    /// Its record has errors, which are reported there, or its template has
    /// this one.
    Refused(Option<Box<Problem>>),
    /// These files, which it draws on, must be mended first.
    Withheld(Vec<PathBuf>),
}

/// Renders every document that the set calls for, on several threads.
pub fn render_all(checked: &Checked, design: &Design, options: Options) -> Vec<Rendered> {
    let documents = document::documents(&checked.set, options.bilingual);
    parallel::map(documents, options.workers, |document| {
        render_one(document, checked, design, options)
    })
}

fn render_one(
    document: Document,
    checked: &Checked,
    design: &Design,
    options: Options,
) -> Rendered {
    let id = document.id(design.locales.of(document.language));
    let made_from = match hindrance(&document, checked) {
        Some(fault) => Err(fault),
        None => ready(&document, &checked.set, design, options)
            .map(|ready| ready.made_from)
            .map_err(Fault::Refused),
    };
    Rendered { document, id, made_from }
}

/// Why a document may not be made from these records.
pub fn hindrance(document: &Document, checked: &Checked) -> Option<Fault> {
    let is_final = document.status == Status::Final;
    let unclassified = is_final && checked.unclassified.contains(&document.source);
    // a draft may have what only judgement calls an error
    let faulty = |id: &Id| checked.faulty.contains(id) || (is_final && checked.unfit.contains(id));
    if faulty(&document.source) || unclassified {
        return Some(Fault::Refused(None));
    }
    let file_of = |id: &Id| match checked.set.refused_with_id(id) {
        Some(refused) => Some(refused.file.clone()),
        None if faulty(id) => checked.set.source(id).map(|s| s.file.clone()),
        None => None,
    };
    let shown = document.draws_on.iter().filter(|id| !checked.set.is_hidden_from(document, id));
    let mut waits: Vec<PathBuf> = shown.filter_map(file_of).collect();
    if let Some(round) = &document.sums_up {
        // a file that cannot be read might hold a session of this round:
        // without it the summary would silently lose what that session raised
        let unread = checked.set.refused().iter();
        let may_belong = unread.filter(|file| {
            let kind = file.kind.is_none_or(|k| matches!(k, Kind::Session | Kind::Summary));
            // a round that is nowhere is a mistyped one
            let known = |of: &Id| checked.set.round(of).is_some();
            kind && file.round.as_ref().is_none_or(|of| of == round || !known(of))
        });
        waits.extend(may_belong.map(|file| file.file.clone()));
        // likewise a session whose round is mistyped
        let stray = checked.set.iter().filter(|source| {
            matches!(&*source.record, Record::Session(s) if checked.set.round(&s.round).is_none())
        });
        waits.extend(stray.map(|source| source.file.clone()));
    }
    waits.sort();
    waits.dedup();
    (!waits.is_empty()).then_some(Fault::Withheld(waits))
}

/// Makes a document's view and renders it.
///
/// # Errors
/// What is wrong with the template, or a fault of the program; nothing when a
/// record is missing, which the checks report.
pub fn ready(
    document: &Document,
    records: &Records,
    design: &Design,
    options: Options,
) -> Result<Ready, Option<Box<Problem>>> {
    guarded(|| view_and_render(document, records, design, options)).unwrap_or_else(|cause| {
        let file = records.source(&document.source).map(|source| source.file.clone());
        let place = Place { file: file.unwrap_or_default(), ..Place::default() };
        let kind = document.kind.template();
        let problem = Problem::error("document-failed", place).with("document", kind);
        Err(Some(Box::new(problem.with("cause", cause))))
    })
}

fn view_and_render(
    document: &Document,
    records: &Records,
    design: &Design,
    options: Options,
) -> Result<Ready, Option<Box<Problem>>> {
    let visible = records.visible_in(document);
    let languages: Vec<Language> = document.languages().collect();
    let template_set = design.template_set(document.kind);
    let views = languages.iter().enumerate().map(|(index, language)| {
        let own = if document.edition() > 0 { document.language } else { *language };
        let scope = Scope {
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
        let source = source.map_err(|error| Some(Box::new(template_problem(&error, design))))?;
        // several languages stand in blocks of their own, with their own pages
        let (open, close) = if languages.len() == 1 { ("", "") } else { ("#[\n", "\n]\n") };
        typst.push_str(open);
        parts.push(Part { language, view, lines_before: typst.matches('\n').count() });
        typst.push_str(&source);
        typst.push_str(close);
    }
    let attached = parts.first().is_some_and(|part| part.view.meta().attachment.is_some());
    let attachment = records.source(&document.source).filter(|_| attached).map(|s| s.text.clone());
    let archival = if attached { Archival::A3a } else { Archival::A2a };
    let made_from = Digest::of_parts([
        typst.as_bytes(),
        attachment.as_deref().unwrap_or_default().as_bytes(),
        if attached { b"a-3a" } else { b"a-2a" },
        design.digest.as_str().as_bytes(),
    ]);
    Ok(Ready { typst, parts, attachment, archival, made_from })
}

/// What a document says in one language.
fn view(
    document: &Document,
    scope: &Scope<'_>,
    set: &RecordSet,
) -> Result<View, Option<Box<Problem>>> {
    let view = document::view(document, scope).ok_or(None)?;
    match view.dangling_references().first() {
        Some(key) => Err(Some(Box::new(dangling_reference(document, set, key)))),
        None => Ok(view),
    }
}

/// A reference to slides that the deck does not have, at its place in the
/// record.
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

/// What is wrong with a template, shown at its place.
fn template_problem(error: &RenderError, design: &Design) -> Problem {
    let (template, line) = match error {
        RenderError::Template { template, line, .. }
        | RenderError::Bound { template, line, .. } => (template.as_str(), *line),
        _ => ("", 1),
    };
    let place = template_place(design, template, line, 1);
    let problem = match error {
        RenderError::Template { reason, .. } => {
            Problem::error("template-failed", place).with("cause", reason)
        }
        RenderError::Bound { bound: Bound::Rounds, .. } => {
            Problem::error("template-rounds", place).with("millions", Bound::ROUNDS / 1_000_000)
        }
        RenderError::Bound { bound: Bound::Steps, .. } => {
            Problem::error("template-steps", place).with("millions", Bound::STEPS / 1_000_000)
        }
        RenderError::Bound { bound: Bound::Output, .. } => {
            Problem::error("template-output", place).with("mebibytes", Bound::OUTPUT / 1024 / 1024)
        }
        // the others are found when the templates are read
        other => Problem::error("template-failed", place).with("cause", other),
    };
    problem.with("template", template).with("line", line)
}

/// A line of a file of the bundle, from the column on.
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
