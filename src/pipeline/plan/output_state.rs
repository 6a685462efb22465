//! Compares PDFs in the output folder with the registry, which alone says what a
//! registered document is.

use std::path::PathBuf;

use super::Planner;
use crate::model::{Digest, Place, Problem};
use crate::registry::metadata::Copy;
use crate::registry::{Issue, RegistryError};

/// Digest and pages of a copy of an issued version; none when it has no such copy.
pub fn pdf_of(issue: &Issue, copy: Copy) -> Option<(Digest, usize)> {
    match (copy, &issue.web) {
        (Copy::Archive, _) => Some((issue.pdf.clone(), issue.pages)),
        (Copy::Web, Some(web)) => Some((web.pdf.clone(), web.pages)),
        (Copy::Web, None) => None,
    }
}

/// The problem of a version that cannot be read in the registry.
pub fn unreadable(file: PathBuf, error: &RegistryError) -> Problem {
    let problem = Problem::error("registry-unreadable", Place { file, ..Place::default() });
    problem.caused_by(error).in_words(error.message_key())
}

/// The problem of a web copy that was withdrawn, when its file is still there.
pub fn withdrawn(file: PathBuf, issue: &Issue) -> Problem {
    Problem::error("web-withdrawn", Place { file, ..Place::default() })
        .with("document", &issue.document)
        .with("version", issue.version)
        .with("next", issue.version + 1)
}

impl Planner<'_> {
    /// Whether a PDF of the registry is in place. One that cannot be read counts as
    /// missing; a warning says why.
    pub(super) fn holds(&mut self, name: &str, digest: &Digest) -> bool {
        self.output.holds(name, digest).unwrap_or_else(|error| {
            let place = Place { file: self.output.path_of(name), ..Place::default() };
            let problem = Problem::warning("pdf-unreadable", place).with("cause", error.source);
            if !self.plan.problems.contains(&problem) {
                self.plan.problems.push(problem);
            }
            false
        })
    }
}
