//! Versions in force of documents that cannot be made now: their PDFs stay in the
//! output folder as they were issued.

use super::{RegistryContext, Sorter, withheld};
use crate::document::{Document, DocumentId};
use crate::pipeline::Outcome;
use crate::pipeline::sources::Fault;
use crate::registry::{Issue, RegistryError};

impl Sorter<'_> {
    /// What is said of a document that cannot be made: what keeps it back may be
    /// the change by which its web copy became secret.
    pub(super) fn hold_back(
        &mut self,
        document: &Document,
        id: &DocumentId,
        fault: Fault,
        registrar: Option<&RegistryContext<'_>>,
    ) -> Result<Outcome, RegistryError> {
        if let Some(registrar) = registrar {
            self.withdraw_secret(id, false, registrar)?;
            let issue = registrar.registry.latest(id.as_str())?;
            issue.into_iter().for_each(|issue| self.keep(document, id, &issue, registrar));
        }
        Ok(match fault {
            Fault::Withheld(files) => withheld(files),
            Fault::Refused(problem) => {
                self.report.problems.extend(problem.map(|problem| *problem));
                Outcome::Refused
            }
        })
    }

    /// The version in force of a document that is refused or withheld now: it is
    /// brought back all the same, and a copy for the web that is not as it was
    /// issued is replaced. One that is gone may have been taken from the web.
    pub(super) fn keep(
        &mut self,
        document: &Document,
        id: &DocumentId,
        issue: &Issue,
        registrar: &RegistryContext<'_>,
    ) {
        let kept = registrar.registry.archive();
        let lines = self.report.lines.len();
        self.bring_back(document, id, &issue.pdf, issue.pages, issue, || kept.pdf(issue));
        // the line of the document says that it is refused
        self.report.lines.truncate(lines);
        let name = DocumentId::web_copy(id);
        let there = matches!(crate::fs::stamp(&self.output.path_of(name.as_str())), Ok(Some(_)));
        if let Some(web) = issue.web.as_ref().filter(|_| there && !self.is_withdrawn(issue)) {
            let pdf = || kept.web_pdf(issue, web);
            self.bring_back(document, &name, &web.pdf, web.pages, issue, pdf);
        }
    }
}
