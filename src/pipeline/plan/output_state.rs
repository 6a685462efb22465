//! Compares PDFs in the output folder with the registry, which is authoritative for
//! registered documents.

use std::path::PathBuf;

use super::Planner;
use crate::model::{Digest, Place, Problem};
use crate::registry::metadata::Copy;
use crate::registry::{Issue, RegistryError};

/// Digest and page count of a copy of an issued version; `None` without such a copy.
pub fn pdf_of(issue: &Issue, copy: Copy) -> Option<(Digest, usize)> {
    match (copy, &issue.web) {
        (Copy::Archive, _) => Some((issue.pdf.clone(), issue.pages)),
        (Copy::Web, Some(web)) => Some((web.pdf.clone(), web.pages)),
        (Copy::Web, None) => None,
    }
}

/// The problem of an unreadable version in the registry.
pub fn unreadable(file: PathBuf, error: &RegistryError) -> Problem {
    let problem = Problem::error("registry-unreadable", Place { file, ..Place::default() });
    problem.caused_by(error).in_words(error.message_key())
}

/// The problem of a withdrawn web copy whose file still exists.
pub fn withdrawn(file: PathBuf, issue: &Issue) -> Problem {
    Problem::error("web-withdrawn", Place { file, ..Place::default() })
        .with("document", &issue.document)
        .with("version", issue.version)
        .with("next", issue.version + 1)
}

impl Planner<'_> {
    /// True when a PDF of the registry is in place. An unreadable one counts as missing,
    /// with a warning.
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
