//! Plans PDFs that no record calls for. While a file is refused, its record may still
//! exist: the PDF stays in force. Otherwise it is reported once as an orphan, and stays
//! too.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::output_state::{pdf_of, withdrawn};
use super::{BuildError, Planner, Reason, RegistryView, Restore, Step, wait_for};
use crate::document::DocumentId;
use crate::model::{Digest, Id, Place, Problem, RecordSet};
use crate::registry::metadata::Copy;
use crate::registry::{Issue, RegistryError};

impl Planner<'_> {
    /// Plans PDFs and ledger entries other than those of `called`.
    ///
    /// # Errors
    /// When the output folder or the index cannot be read.
    pub(super) fn uncalled(
        &mut self,
        called: &BTreeSet<String>,
        registry: Option<RegistryView<'_>>,
    ) -> Result<(), BuildError> {
        // a web copy is called for when its document is
        let is_called = |name: &str| called.contains(name.strip_prefix("web/").unwrap_or(name));
        if let Some(registry) = registry {
            for name in self.output.pdfs()?.into_iter().filter(|name| !is_called(name)) {
                self.compare_uncalled(&name, registry)?;
            }
        }
        let entries: Vec<(String, Id)> = self
            .output
            .entries()
            .filter(|(name, _)| !is_called(name))
            .map(|(name, entry)| (name.to_owned(), entry.record.clone()))
            .collect();
        for (name, record) in entries {
            let id = DocumentId::known(&name);
            match holding_up(&record, &self.checked.set).as_slice() {
                [] => self.add(&id, Step::Forget, Reason::NotCalledFor),
                files => self.add(&id, wait_for(files), Reason::WaitsForRecords),
            }
        }
        Ok(())
    }

    /// A PDF with the name of a registered document must be one of its versions;
    /// otherwise it is replaced by the latest. A web copy that was never issued is
    /// reported and stays.
    fn compare_uncalled(
        &mut self,
        name: &str,
        registry: RegistryView<'_>,
    ) -> Result<(), RegistryError> {
        let (document, copy) = match name.strip_prefix("web/") {
            Some(document) => (document, Copy::Web),
            None => (name, Copy::Archive),
        };
        let versions = registry.index.versions(document)?;
        let copies: Vec<(&Issue, Digest, usize)> = versions
            .iter()
            .filter_map(|issue| pdf_of(issue, copy).map(|(pdf, pages)| (issue, pdf, pages)))
            .collect();
        let known = copies.iter().find(|(_, pdf, _)| self.holds(name, pdf));
        let path = self.output.path_of(name);
        if let Some((issue, ..)) = known {
            let web = issue.web.as_ref().filter(|web| copy == Copy::Web && web.withdrawn);
            self.plan.problems.extend(web.map(|_| withdrawn(path, issue)));
            return Ok(());
        }
        match (copies.last(), copy) {
            (None, _) => {}
            // only a record shows what may be on the web now
            (Some(_), Copy::Web) => {
                let place = Place { file: path, ..Place::default() };
                let problem = Problem::error("web-changed", place).with("document", name);
                self.plan.problems.push(problem);
            }
            (Some((issue, _, pages)), Copy::Archive) => {
                let issue = (*issue).clone();
                let restore = Restore { issue, copy, pages: *pages, entry: None };
                let id = DocumentId::known(name);
                self.add(&id, Step::Restore(Box::new(restore)), Reason::NotCalledFor);
            }
        }
        Ok(())
    }
}

/// Refused files that may contain the record.
fn holding_up<'a>(record: &Id, set: &'a RecordSet) -> Vec<&'a PathBuf> {
    let refused = set.refused().iter();
    match refused.clone().find(|file| file.id.as_ref() == Some(record)) {
        Some(file) => vec![&file.file],
        None => refused.map(|file| &file.file).collect(),
    }
}
