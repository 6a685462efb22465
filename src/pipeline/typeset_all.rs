//! Typesets pending documents on plain threads and puts each PDF in place as
//! soon as it is ready. (Threads of a work-stealing pool would pull one
//! document on to the stack of another and overflow it.)

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError, mpsc};

use super::sources::{Ready, ready, template_place};
use super::{Design, Line, Outcome, Pending, PipelineError, Report, TypesetError, Workshop, job};
use crate::document::Document;
use crate::model::{Digest, Place, Problem, Severity, Source};
use crate::publish::{self, Output};
use crate::typeset::{Diagnostic, Flaw, FlawKind, MAIN};

/// Documents after which the ledger is written, so that little is made again
/// after a sudden end.
const SAVE_EVERY: usize = 64;

struct Finished {
    pending: Pending,
    path: PathBuf,
    result: Result<Made, Vec<Problem>>,
}

struct Made {
    made_from: Digest,
    pdf: Digest,
    pages: usize,
    warnings: Vec<Problem>,
}

/// Typesets, publishes and enters every pending document into the ledger.
pub fn typeset_and_publish(
    pending: Vec<Pending>,
    workshop: &Workshop<'_>,
    output: &mut Output,
    report: &mut Report,
) -> Result<(), PipelineError> {
    let threads = workshop.options.workers.min(pending.len());
    let queue: VecDeque<(Pending, PathBuf)> = pending
        .into_iter()
        .map(|pending| {
            let path = output.path_of(pending.id.as_str());
            (pending, path)
        })
        .collect();
    let queue = Mutex::new(queue);
    let (sender, receiver) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let (sender, queue) = (sender.clone(), &queue);
            scope.spawn(move || work(queue, workshop, &sender));
        }
        drop(sender);
        let mut unsaved = 0;
        for finished in receiver {
            let line = enter(finished, output, report)?;
            workshop.observer.done(&line);
            report.lines.push(line);
            unsaved += 1;
            if unsaved % SAVE_EVERY == 0 {
                output.save()?;
            }
        }
        Ok::<(), PipelineError>(())
    })?;
    let left = queue.into_inner().unwrap_or_else(PoisonError::into_inner);
    report.left = left.len();
    Ok(())
}

fn work(
    queue: &Mutex<VecDeque<(Pending, PathBuf)>>,
    workshop: &Workshop<'_>,
    done: &mpsc::Sender<Finished>,
) {
    while !workshop.observer.stop() {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let Some((pending, path)) = next else { return };
        let result = make(&pending, &path, workshop);
        if done.send(Finished { pending, path, result }).is_err() {
            return;
        }
    }
}

fn make(pending: &Pending, path: &Path, workshop: &Workshop<'_>) -> Result<Made, Vec<Problem>> {
    let design = workshop.design;
    let ready = ready(&pending.document, workshop.set, design, workshop.options)
        .map_err(|problem| problem.into_iter().map(|p| *p).collect::<Vec<_>>())?;
    let pdf = design
        .engine
        .pdf(&job(&pending.id, &ready))
        .map_err(|error| problems(&error, &pending.document, &ready, design))?;
    let warnings = pdf.warnings.iter().map(|warning| Problem {
        severity: Severity::Warning,
        rule: "typeset-warning",
        ..problem(warning, &pending.document, &ready, design)
    });
    let drawn = pending.document.draws_on.iter().filter(|id| **id != pending.document.source);
    let sources = std::iter::once(&pending.document.source).chain(drawn);
    let sources: Vec<&Source> = sources.filter_map(|id| workshop.set.source(id)).collect();
    let flaws = pdf.flaws.iter().map(|flaw| flawed(flaw, &sources));
    let warnings = warnings.chain(flaws).collect();
    let digest = publish::put(path, &pdf.bytes).map_err(|error| {
        let place = Place { file: path.to_owned(), ..Place::default() };
        vec![Problem::error("pdf-unwritable", place).with("cause", error.source)]
    })?;
    Ok(Made { made_from: ready.made_from, pdf: digest, pages: pdf.pages, warnings })
}

/// The rule that a text in the wrong place breaks.
pub fn flaw_rule(kind: FlawKind) -> &'static str {
    match kind {
        FlawKind::Outside => "layout-outside",
        FlawKind::Overlap => "layout-overlap",
        FlawKind::Spill => "layout-spill",
        FlawKind::Small => "layout-small",
    }
}

/// A text in the wrong place, shown where a record has it.
fn flawed(flaw: &Flaw, sources: &[&Source]) -> Problem {
    // a short text stands in many places, and would be shown in the wrong one
    let long = flaw.text.chars().count() >= 8;
    let at = |source: &Source| {
        let mut places = source.text.match_indices(&flaw.text);
        let (at, _) = places.next().filter(|_| long)?;
        places.next().is_none().then(|| at..at + flaw.text.len())
    };
    let found = sources.iter().find_map(|source| Some((*source, at(source)?)));
    let source = found.as_ref().map(|(source, _)| *source).or(sources.first().copied());
    let place = Place {
        file: source.map(|source| source.file.clone()).unwrap_or_default(),
        field: String::new(),
        text: source.map(|source| source.text.clone()),
        span: found.map(|(_, span)| span),
    };
    Problem::warning(flaw_rule(flaw.kind), place).with("page", flaw.page).with("text", &flaw.text)
}

fn enter(
    finished: Finished,
    output: &mut Output,
    report: &mut Report,
) -> Result<Line, PipelineError> {
    let Finished { pending, path, result } = finished;
    let outcome = match result {
        Ok(Made { made_from, pdf, pages, warnings }) => {
            report.problems.extend(warnings);
            output.enter(pending.id.as_str(), &pending.document.source, made_from, pdf, pages)?;
            Outcome::Issued { pages }
        }
        Err(problems) => {
            report.problems.extend(problems);
            Outcome::Refused
        }
    };
    Ok(Line { document: pending.id, path, outcome })
}

/// A Typst error, shown at its place in the template.
pub fn problems(
    error: &TypesetError,
    document: &Document,
    ready: &Ready,
    design: &Design,
) -> Vec<Problem> {
    let diagnostics = match error {
        TypesetError::Typst(diagnostics) => diagnostics.clone(),
        other => {
            vec![Diagnostic { message: other.to_string(), hints: Vec::new(), places: Vec::new() }]
        }
    };
    diagnostics.iter().map(|diagnostic| problem(diagnostic, document, ready, design)).collect()
}

fn problem(
    diagnostic: &Diagnostic,
    document: &Document,
    ready: &Ready,
    design: &Design,
) -> Problem {
    let kind = document.kind.template();
    let places = diagnostic.places.iter().filter_map(|(file, line, column)| {
        if file == MAIN {
            let (part, line) = ready.part_at(*line)?;
            let found = design.renderer.trace(kind, part.language, &part.view, line)?;
            Some((found.template, found.line, 1))
        } else {
            Some((file.clone(), *line, *column))
        }
    });
    let mut places: Vec<(String, usize, usize)> = places.collect();
    if places.len() > 4 {
        // from the mistake outwards, without the long way between
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
