//! Holds PDFs in the output folder against the registry, which alone says what
//! a registered document is, and brings back what is not as it was issued.

use std::path::{Path, PathBuf};

use super::{Line, Outcome, Report};
use crate::document::DocumentId;
use crate::fs::FsError;
use crate::model::{Digest, Id, Place, Problem};
use crate::publish::Output;
use crate::registry::{Issue, Registry, RegistryError};

/// Whether a PDF of the registry is in place. One that cannot be read counts as
/// missing; a warning tells why.
pub fn is_there(output: &mut Output, name: &str, digest: &Digest, report: &mut Report) -> bool {
    output.holds(name, digest).unwrap_or_else(|error| {
        let place = Place { file: output.path_of(name), ..Place::default() };
        let problem = Problem::warning("pdf-unreadable", place).with("cause", error.source);
        if !report.problems.contains(&problem) {
            report.problems.push(problem);
        }
        false
    })
}

/// The problem of a version that cannot be read in the registry.
pub fn unreadable(file: PathBuf, error: &RegistryError) -> Problem {
    let problem = Problem::error("registry-unreadable", Place { file, ..Place::default() });
    problem.caused_by(error).in_words(error.message_key())
}

/// Puts a PDF of the registry in place, unless it is there, and enters it.
pub fn put_back(
    output: &mut Output,
    path: &Path,
    name: &DocumentId,
    (record, number, digest): (&Id, &str, &Digest),
    pdf: impl FnOnce() -> Result<Option<Vec<u8>>, RegistryError>,
    pages: usize,
) -> Result<(), Box<Problem>> {
    let place = || Place { file: path.to_owned(), ..Place::default() };
    let bytes = pdf().map_err(|error| Box::new(unreadable(path.to_owned(), &error)))?;
    let unwritable = |error: FsError| {
        Box::new(Problem::error("pdf-unwritable", place()).with("cause", error.source))
    };
    if let Some(bytes) = bytes {
        output.put(name.as_str(), &bytes).map_err(unwritable)?;
    }
    output
        .enter(name.as_str(), record, digest.clone(), digest.clone(), pages, Some(number))
        .map_err(unwritable)
}

/// The problem of a web copy that was withdrawn, when its file is still there.
pub fn withdrawn(file: PathBuf, issue: &Issue) -> Problem {
    Problem::error("web-withdrawn", Place { file, ..Place::default() })
        .with("document", &issue.document)
        .with("version", issue.version)
        .with("next", issue.version + 1)
}

/// A PDF that no record calls for any more. When it bears the name of a
/// registered document it must be one of its versions; else the latest takes its
/// place. A copy for the web that is none of the issued ones is named, and stays.
///
/// # Errors
/// When the index cannot be read.
pub fn hold(
    name: &str,
    output: &mut Output,
    report: &mut Report,
    registry: &Registry,
) -> Result<(), RegistryError> {
    let web = name.strip_prefix("web/");
    let issued = registry.index().versions(web.unwrap_or(name))?;
    let pdf_of = |issue: &Issue| match (web, &issue.web) {
        (None, _) => Some((issue.pdf.clone(), issue.pages)),
        (Some(_), Some(copy)) => Some((copy.pdf.clone(), copy.pages)),
        (Some(_), None) => None,
    };
    let all: Vec<(&Issue, Digest, usize)> = issued
        .iter()
        .filter_map(|issue| pdf_of(issue).map(|(pdf, pages)| (issue, pdf, pages)))
        .collect();
    let known = all.iter().find(|(_, pdf, _)| is_there(output, name, pdf, report));
    let path = output.path_of(name);
    if let Some((issue, ..)) = known {
        let copy = issue.web.as_ref().filter(|copy| web.is_some() && copy.withdrawn);
        report.problems.extend(copy.map(|_| withdrawn(path, issue)));
        return Ok(());
    }
    let Some((issue, _, pages)) = all.last() else { return Ok(()) };
    if web.is_some() {
        // what may be on the web now, only a record that calls for it can tell
        let problem = Problem::error("web-changed", Place { file: path, ..Place::default() });
        report.problems.push(problem.with("document", name));
        return Ok(());
    }
    let archive = registry.archive();
    let bytes = archive.pdf(issue);
    let place = || Place { file: path.clone(), ..Place::default() };
    let problem = match bytes {
        Err(error) => Some(unreadable(path.clone(), &error)),
        Ok(bytes) => output
            .put(name, &bytes)
            .err()
            .map(|error| Problem::error("pdf-unwritable", place()).with("cause", error.source)),
    };
    let outcome = match &problem {
        None => Outcome::Restored { pages: *pages },
        Some(_) => Outcome::Refused,
    };
    report.problems.extend(problem);
    let line = Line::new(DocumentId::known(name), path, outcome);
    report.lines.push(Line { number: Some(issue.number.clone()), ..line });
    Ok(())
}
