//! Registers typeset documents, writes their PDFs to the output folder and adds them to
//! the ledger.

use super::typeset::{Finished, RegistryEntry};
use crate::document::DocumentId;
use crate::fs::FsError;
use crate::model::{Place, Problem};
use crate::pipeline::BuildError;
use crate::pipeline::plan::RegisteredPdf;
use crate::pipeline::register::RegistryContext;
use crate::pipeline::report::{Line, Outcome, Report};
use crate::publish::Output;
use crate::registry::RegistryError;

/// Registers and publishes a typeset document; returns a line for each copy.
///
/// # Errors
/// When the ledger cannot be written.
pub fn put(
    finished: Finished,
    output: &mut Output,
    registry: Option<&mut RegistryContext<'_>>,
    report: &mut Report,
) -> Result<Vec<Line>, BuildError> {
    let Finished { record, id, result } = finished;
    let path = output.path_of(id.as_str());
    let refused = vec![Line::new(id.clone(), path.clone(), Outcome::Refused)];
    let made = match result {
        Ok(made) => made,
        Err(problems) => {
            report.problems.extend(problems);
            return Ok(refused);
        }
    };
    report.problems.extend(made.warnings);
    let number = match registry.map(|registry| register(made.entry, registry)).transpose() {
        Ok(number) => number.flatten(),
        Err(error) => {
            let place = Place { file: path, ..Place::default() };
            let problem = Problem::error("registry-failed", place).caused_by(&error);
            report.problems.push(problem.in_words(error.message_key()));
            return Ok(refused);
        }
    };
    let mut lines = Vec::new();
    let web = DocumentId::web_copy(&id);
    let copies = [(&id, made.pdf), (&web, made.web)];
    for (id, pdf) in copies.into_iter().filter_map(|(id, pdf)| Some((id, pdf?))) {
        let path = output.path_of(id.as_str());
        let outcome = match output.put(id.as_str(), &pdf.bytes) {
            Ok(digest) => {
                // a registered PDF is identified by its own digest
                let made_from = if number.is_some() { digest.clone() } else { made.digest.clone() };
                let number = number.as_deref();
                output.enter(id.as_str(), &record, made_from, digest, pdf.pages, number)?;
                Outcome::Issued { pages: pdf.pages }
            }
            Err(error) => {
                report.problems.push(unwritable(output, id, error));
                Outcome::Refused
            }
        };
        lines.push(Line { number: number.clone(), ..Line::new(id.clone(), path, outcome) });
    }
    Ok(lines)
}

/// Registers a version or a web copy; returns the register number.
fn register(
    entry: RegistryEntry,
    context: &mut RegistryContext<'_>,
) -> Result<Option<String>, RegistryError> {
    match entry {
        RegistryEntry::Version(submission) => {
            context.registry.register(*submission).map(|issue| Some(issue.number))
        }
        RegistryEntry::WebCopy(copy) => {
            let (issue, rendition, files) = *copy;
            context.registry.add_web(&issue, rendition, files)?;
            Ok(Some(issue.number))
        }
        RegistryEntry::None => Ok(None),
    }
}

/// Writes a PDF of the registry to the output folder.
///
/// # Errors
/// When it cannot be written.
pub fn write(output: &mut Output, id: &DocumentId, pdf: &[u8]) -> Result<(), Box<Problem>> {
    match output.put(id.as_str(), pdf) {
        Ok(_) => Ok(()),
        Err(error) => Err(Box::new(unwritable(output, id, error))),
    }
}

/// Adds a PDF of the registry that is in place to the ledger.
///
/// # Errors
/// When the PDF cannot be read.
pub fn enter(
    output: &mut Output,
    id: &DocumentId,
    entry: &RegisteredPdf,
    pages: usize,
) -> Result<(), Box<Problem>> {
    let RegisteredPdf { record, number, digest } = entry;
    let entered =
        output.enter(id.as_str(), record, digest.clone(), digest.clone(), pages, Some(number));
    entered.map_err(|error| Box::new(unwritable(output, id, error)))
}

fn unwritable(output: &Output, id: &DocumentId, error: FsError) -> Problem {
    let place = Place { file: output.path_of(id.as_str()), ..Place::default() };
    Problem::error("pdf-unwritable", place).with("cause", error.source)
}
