//! Typesets pending documents on plain threads and puts each PDF in place as
//! soon as it is ready. (Threads of a work-stealing pool would pull one
//! document on to the stack of another and overflow it.)

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::sync::{Condvar, Mutex, PoisonError, mpsc};

use super::diagnostics::{layout_defect, problem};
use super::register::{self, Issuing, Made, RegistryContext};
use super::{IssuedVersion, Line, Outcome, Pending, PipelineError, Report, Way, Workshop};
use crate::document::{Document, DocumentId, Registration, WebCopy};
use crate::model::guard::guarded;
use crate::model::{Digest, Id, Place, Problem, Severity, Source};
use crate::publish::Output;
use crate::registry::{Files, Submission, metadata::Rendition};

/// Documents after which the ledger is written, so that little is made again
/// after a sudden end.
const SAVE_EVERY: usize = 64;

struct Finished {
    /// Its place among the documents that were asked for.
    place: usize,
    pending: Pending,
    result: Result<Product, Vec<Problem>>,
}

/// What a worker made.
struct Product {
    pdf: Option<Pdf>,
    web: Option<Pdf>,
    /// Digest of what it was made from.
    made_from: Digest,
    warnings: Vec<Problem>,
    entry: Entry,
}

struct Pdf {
    bytes: Vec<u8>,
    pages: usize,
}

/// What goes into the registry.
enum Entry {
    None,
    Version(Box<Submission>),
    WebCopy(Rendition, Files),
}

/// Typesets, registers, publishes and enters every pending document into the
/// ledger.
pub fn make_all(
    pending: Vec<Pending>,
    workshop: &Workshop<'_>,
    output: &mut Output,
    mut registrar: Option<&mut RegistryContext<'_>>,
    report: &mut Report,
) -> Result<(), PipelineError> {
    let threads = workshop.options.workers.min(pending.len());
    let queue: VecDeque<(usize, Pending)> = pending.into_iter().enumerate().collect();
    let queue =
        Queue { waiting: Mutex::new(queue), given_out: Mutex::new(0), moved: Condvar::new() };
    let (sender, receiver) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let (sender, queue) = (sender.clone(), &queue);
            scope.spawn(move || work(queue, threads, workshop, &sender));
        }
        drop(sender);
        let mut unsaved = 0;
        let given_out = in_order(receiver).try_for_each(|finished| {
            queue.give_out();
            for line in finish(finished, output, registrar.as_deref_mut(), report)? {
                workshop.observer.done(&line);
                report.lines.push(line);
            }
            unsaved += 1;
            if unsaved % SAVE_EVERY == 0 {
                output.save()?;
            }
            Ok::<(), PipelineError>(())
        });
        queue.let_go();
        given_out
    })?;
    let left = queue.waiting.into_inner().unwrap_or_else(PoisonError::into_inner);
    report.left += left.len();
    if let Some(registrar) = registrar {
        registrar.registry.archive_log()?;
    }
    Ok(())
}

/// Documents in the order in which they were asked for: so they are registered
/// in the order of their numbers, whichever was typeset first.
fn in_order(receiver: mpsc::Receiver<Finished>) -> impl Iterator<Item = Finished> {
    let (mut early, mut next) = (BTreeMap::new(), 0);
    let mut receiver = receiver.into_iter();
    std::iter::from_fn(move || {
        while !early.contains_key(&next) {
            let Some(finished) = receiver.next() else { break };
            early.insert(finished.place, finished);
        }
        // after a stop one may be missing
        let (place, finished) = early.pop_first()?;
        next = place + 1;
        Some(finished)
    })
}

/// Documents that wait to be made. One is only begun when not too many before
/// it are still under way: finished ones are held whole until it is their turn.
struct Queue {
    waiting: Mutex<VecDeque<(usize, Pending)>>,
    /// How many were given out in their order.
    given_out: Mutex<usize>,
    moved: Condvar,
}

impl Queue {
    fn give_out(&self) {
        *self.given_out.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.moved.notify_all();
    }

    /// Nobody waits any more: the work ends.
    fn let_go(&self) {
        *self.given_out.lock().unwrap_or_else(PoisonError::into_inner) = usize::MAX / 2;
        self.moved.notify_all();
    }

    /// The next document, once it is not more than `ahead` before the others.
    fn next(&self, ahead: usize) -> Option<(usize, Pending)> {
        let next = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front()?;
        let given_out = self.given_out.lock().unwrap_or_else(PoisonError::into_inner);
        let early = |given_out: &mut usize| next.0 > *given_out + ahead;
        drop(self.moved.wait_while(given_out, early));
        Some(next)
    }
}

/// Lets the others go when a worker breaks down.
struct Breakdown<'a>(&'a Queue);

impl Drop for Breakdown<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.let_go();
        }
    }
}

fn work(queue: &Queue, threads: usize, workshop: &Workshop<'_>, done: &mpsc::Sender<Finished>) {
    let _breakdown = Breakdown(queue);
    while !workshop.observer.stop() {
        let Some((place, pending)) = queue.next(4 * threads) else { return };
        let result = guarded(|| make(&pending, workshop))
            .unwrap_or_else(|cause| Err(vec![failed(&pending.document, workshop, &cause)]));
        if done.send(Finished { place, pending, result }).is_err() {
            return;
        }
    }
}

/// A fault of the program costs the document in hand.
fn failed(document: &Document, workshop: &Workshop<'_>, cause: &str) -> Problem {
    let file = workshop.set.source(&document.source).map(|source| source.file.clone());
    let place = Place { file: file.unwrap_or_default(), ..Place::default() };
    let problem = Problem::error("document-failed", place);
    problem.with("document", document.kind.template()).with("cause", cause)
}

fn make(pending: &Pending, workshop: &Workshop<'_>) -> Result<Product, Vec<Problem>> {
    match &pending.way {
        Way::Publish => {
            let made = typeset(&pending.document, &pending.id, workshop)?;
            Ok(Product {
                warnings: warnings(&made, &pending.document, workshop),
                made_from: made.ready.made_from.clone(),
                pdf: Some(pdf(made)),
                web: None,
                entry: Entry::None,
            })
        }
        Way::Register { reservation, replaces } => {
            let content = content(pending, workshop)?;
            let registration = register::newly(reservation, replaces.as_deref());
            let document =
                Document { registration: Some(registration.clone()), ..pending.document.clone() };
            let made = typeset(&document, &pending.id, workshop)?;
            let web = web(pending, registration, workshop, workshop)?;
            let plan = workshop.plan.ok_or_else(Vec::new)?;
            let issuing = Issuing {
                document: &pending.document,
                id: &pending.id,
                reservation,
                set: workshop.set,
                design: workshop.design,
                options: workshop.options,
                plan,
                content: content.clone(),
            };
            let copy = web.as_ref().map(|(made, web)| (made, *web));
            let submission = issuing.submission(&made, copy).ok_or_else(Vec::new)?;
            Ok(Product {
                warnings: warnings(&made, &pending.document, workshop),
                made_from: content,
                pdf: Some(pdf(made)),
                web: web.map(|(made, _)| pdf(made)),
                entry: Entry::Version(Box::new(submission)),
            })
        }
        Way::AddWeb(kept) => add_web(pending, kept, workshop),
    }
}

/// The copy for the web of an issued version: of the records and with the
/// templates that it was made of, not with those of today.
fn add_web(
    pending: &Pending,
    kept: &IssuedVersion,
    workshop: &Workshop<'_>,
) -> Result<Product, Vec<Problem>> {
    let design = kept.design.as_deref().unwrap_or(workshop.design);
    let then =
        Workshop::new(&kept.records, design, kept.options(), workshop.plan, workshop.observer);
    let issue = &kept.issue;
    // the copy draws on the records of then, and is held against them too
    let drawn = kept.metadata.draws_on.iter().filter_map(|record| Id::parse(&record.id));
    let mut document = pending.document.clone();
    document.draws_on.extend(drawn);
    document.draws_on.sort();
    document.draws_on.dedup();
    let checked = Pending { document, id: pending.id.clone(), way: Way::Publish };
    let web = web(&checked, register::as_issued(&kept.metadata), &then, workshop)?;
    let (made, web) = web.ok_or_else(Vec::new)?;
    let (rendition, files) = register::web_addition(&pending.id, &made, web);
    Ok(Product {
        warnings: warnings(&made, &pending.document, &then),
        made_from: issue.content.clone(),
        pdf: None,
        web: Some(pdf(made)),
        entry: Entry::WebCopy(rendition, files),
    })
}

fn typeset(
    document: &Document,
    id: &DocumentId,
    workshop: &Workshop<'_>,
) -> Result<Made, Vec<Problem>> {
    register::typeset(document, id, workshop.set, workshop.design, workshop.options)
}

/// Digest of what a document is made from, the register number aside.
fn content(pending: &Pending, workshop: &Workshop<'_>) -> Result<Digest, Vec<Problem>> {
    let ready = super::ready(&pending.document, workshop.set, workshop.design, workshop.options);
    let ready = ready.map_err(|problem| problem.into_iter().map(|p| *p).collect::<Vec<_>>())?;
    Ok(ready.made_from)
}

/// The copy for the web, when there is to be one. One that still has anything
/// in it that is secret in the records of `all` is no copy but a problem.
fn web(
    pending: &Pending,
    registration: Registration,
    workshop: &Workshop<'_>,
    all: &Workshop<'_>,
) -> Result<Option<(Made, WebCopy)>, Vec<Problem>> {
    let (Some(plan), Some(source)) = (workshop.plan, workshop.set.source(&pending.document.source))
    else {
        return Ok(None);
    };
    if !register::goes_on_the_web(&pending.document, workshop.set, plan) {
        return Ok(None);
    }
    let web = register::web_copy(&pending.document, &source.record, registration.day, plan);
    let registration = Registration { web: Some(web), ..registration };
    let document = Document { registration: Some(registration), ..pending.document.clone() };
    let made = typeset(&document, &pending.id, workshop)?;
    let secrets = all.secrets();
    let problems = secrets.leaks(&made.pdf.bytes, &pending.document.draws_on, &pending.id, source);
    if problems.is_empty() { Ok(Some((made, web))) } else { Err(problems) }
}

fn pdf(made: Made) -> Pdf {
    Pdf { bytes: made.pdf.bytes, pages: made.pdf.pages }
}

fn warnings(made: &Made, document: &Document, workshop: &Workshop<'_>) -> Vec<Problem> {
    let warnings = made.pdf.warnings.iter().map(|warning| Problem {
        severity: Severity::Warning,
        rule: "typeset-warning",
        ..problem(warning, document, &made.ready, workshop.design)
    });
    let drawn = document.draws_on.iter().filter(|id| **id != document.source);
    let sources = std::iter::once(&document.source).chain(drawn);
    let sources: Vec<&Source> = sources.filter_map(|id| workshop.set.source(id)).collect();
    let defects = made.pdf.defects.iter().map(|defect| layout_defect(defect, &sources));
    warnings.chain(defects).collect()
}

/// Registers what is to be registered, then puts the PDFs in place.
fn finish(
    finished: Finished,
    output: &mut Output,
    registrar: Option<&mut RegistryContext<'_>>,
    report: &mut Report,
) -> Result<Vec<Line>, PipelineError> {
    let Finished { pending, result, .. } = finished;
    let path = output.path_of(pending.id.as_str());
    let refused =
        |path: &Path| vec![Line::new(pending.id.clone(), path.to_owned(), Outcome::Refused)];
    let product = match result {
        Ok(product) => product,
        Err(problems) => {
            report.problems.extend(problems);
            return Ok(refused(&path));
        }
    };
    report.problems.extend(product.warnings);
    let number = match (registrar, product.entry) {
        (Some(registrar), entry) => match enter(&pending, entry, registrar) {
            Ok(number) => number,
            Err(error) => {
                let place = Place { file: path.clone(), ..Place::default() };
                let problem = Problem::error("registry-failed", place).caused_by(&error);
                report.problems.push(problem.in_words(error.message_key()));
                return Ok(refused(&path));
            }
        },
        (None, _) => None,
    };
    let registered = number.is_some();
    let mut lines = Vec::new();
    let web = DocumentId::web_copy(&pending.id);
    let copies = [(&pending.id, product.pdf), (&web, product.web)];
    for (id, pdf) in copies.into_iter().filter_map(|(id, pdf)| Some((id, pdf?))) {
        let path = output.path_of(id.as_str());
        let outcome = match output.put(id.as_str(), &pdf.bytes) {
            Ok(digest) => {
                // a registered PDF is told by its own digest
                let made_from = if registered { digest.clone() } else { product.made_from.clone() };
                let record = &pending.document.source;
                let number = number.as_deref();
                output.enter(id.as_str(), record, made_from, digest, pdf.pages, number)?;
                Outcome::Issued { pages: pdf.pages }
            }
            Err(error) => {
                let place = Place { file: path.clone(), ..Place::default() };
                report
                    .problems
                    .push(Problem::error("pdf-unwritable", place).with("cause", error.source));
                Outcome::Refused
            }
        };
        lines.push(Line { number: number.clone(), ..Line::new(id.clone(), path, outcome) });
    }
    Ok(lines)
}

/// Registers a version or a web copy; the register number, when it has one.
fn enter(
    pending: &Pending,
    entry: Entry,
    registrar: &mut RegistryContext<'_>,
) -> Result<Option<String>, crate::registry::RegistryError> {
    match (entry, &pending.way) {
        (Entry::Version(submission), _) => {
            registrar.registry.register(*submission).map(|issue| Some(issue.number))
        }
        (Entry::WebCopy(rendition, files), Way::AddWeb(kept)) => {
            registrar.registry.add_web(&kept.issue, rendition, files)?;
            Ok(Some(kept.issue.number.clone()))
        }
        _ => Ok(None),
    }
}
