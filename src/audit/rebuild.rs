//! Rebuilds issued documents from the archive alone and compares them with the PDFs that
//! were issued.

use std::collections::BTreeMap;

use crate::document::{self, Document, EDITION, Records, Registration, WebCopy};
use crate::model::{Digest, RecordSet, Status};
use crate::parallel;
use crate::pipeline::{
    BuildContext, Design, DesignError, Options, archived_records, as_issued, options_of,
};
use crate::registry::metadata::{Copy, Metadata, Rendition};
use crate::registry::{
    Archive, FindingKind, IntegrityFinding, Issue, RegistryError, RegistryReader,
};
use crate::typeset::{self, PdfText};

/// Result of rebuilding one PDF.
#[derive(Debug)]
pub enum RebuildResult {
    /// Byte for byte identical.
    Identical,
    /// With another engine, or of an earlier edition: other bytes, the same text on the
    /// same number of pages.
    SameText { program: String },
    /// Of an earlier edition, which dropped marks and renumbered lists: the same words, but
    /// marks and numbers are now printed as typed.
    SameWords { program: String },
    /// Anything else, or a failure.
    IntegrityFinding(IntegrityFinding),
}

/// Rebuilds every version of every document, on several threads. The result of each PDF is
/// passed to `tell` as soon as it is available.
///
/// # Errors
/// Fails if the index cannot be read.
pub fn rebuild_all<T: Send>(
    reader: &RegistryReader,
    workers: usize,
    tell: impl Fn(&Issue, Copy, RebuildResult) -> T + Sync,
) -> Result<Vec<T>, RegistryError> {
    let archive = reader.archive();
    let mut designs = BTreeMap::new();
    let mut tasks = Vec::new();
    for issue in reader.all()? {
        let metadata = archive.full_metadata(&issue);
        if let Ok(metadata) = &metadata {
            let digest = metadata.made_with.templates.clone();
            let set = reader.index().template_set(&digest)?;
            designs.entry(digest.clone()).or_insert_with(|| design(&archive, set, &digest));
        }
        tasks.push((issue, metadata));
    }
    let results = parallel::map(tasks, workers, |(issue, metadata)| match metadata {
        Err(error) => vec![tell(&issue, Copy::Archive, failed(&issue, &error))],
        Ok(metadata) => {
            let again = Rebuild { issue: &issue, metadata: &metadata, archive, designs: &designs };
            let copies = metadata.renditions.iter();
            copies.map(|copy| tell(&issue, copy.copy, again.rebuild(copy))).collect()
        }
    });
    Ok(results.into_iter().flatten().collect())
}

type Designs = BTreeMap<Digest, Result<Design, String>>;

fn design(archive: &Archive<'_>, set: Option<u32>, digest: &Digest) -> Result<Design, String> {
    let version = set.ok_or_else(|| format!("no template set {digest}"))?;
    let bundle = archive.templates(version, digest).map_err(|error| error.to_string())?;
    Design::new(bundle).map_err(|error: DesignError| error.to_string())
}

fn failed(issue: &Issue, cause: &dyn std::fmt::Display) -> RebuildResult {
    let finding = IntegrityFinding::of(FindingKind::RebuildFailed, issue.number.clone());
    let finding = finding.about(&issue.document, issue.version);
    RebuildResult::IntegrityFinding(finding.because(cause.to_string()))
}

/// The letters of a document in reading order.
fn letters(reading: &PdfText) -> String {
    let texts = reading.flow.iter().map(|(_, text)| text.as_str());
    texts.flat_map(str::chars).filter(|c| c.is_alphabetic()).collect()
}

struct Rebuild<'a> {
    issue: &'a Issue,
    metadata: &'a Metadata,
    archive: Archive<'a>,
    designs: &'a Designs,
}

impl Rebuild<'_> {
    fn rebuild(&self, copy: &Rendition) -> RebuildResult {
        match self.compared(copy) {
            Ok(rebuilt) => rebuilt,
            Err(cause) => failed(self.issue, &cause),
        }
    }

    fn compared(&self, copy: &Rendition) -> Result<RebuildResult, String> {
        let made_with = &self.metadata.made_with;
        let design = match self.designs.get(&made_with.templates) {
            Some(Ok(design)) => design,
            Some(Err(cause)) => return Err(cause.clone()),
            None => return Err(format!("no template set {}", made_with.templates)),
        };
        let said = |error: RegistryError| error.to_string();
        let issued = match (copy.copy, &self.issue.web) {
            (Copy::Web, Some(web)) => self.archive.web_pdf(self.issue, web).map_err(said)?,
            _ => self.archive.pdf(self.issue).map_err(said)?,
        };
        let made = self.made(copy, design)?;
        if made == issued {
            return Ok(RebuildResult::Identical);
        }
        let finding = || {
            IntegrityFinding::of(FindingKind::RebuiltDiffers, copy.file.clone())
                .about(&self.issue.document, self.issue.version)
        };
        let earlier = made_with.edition < EDITION;
        if made_with.engine == design.engine_digest && !earlier {
            return Ok(RebuildResult::IntegrityFinding(finding()));
        }
        let read = |bytes: &[u8]| typeset::read(bytes).map_err(|error| error.to_string());
        let (old, new) = (read(&issued)?, read(&made)?);
        Ok(if old.pages == new.pages {
            RebuildResult::SameText { program: made_with.program.clone() }
        } else if earlier && letters(&old) == letters(&new) {
            RebuildResult::SameWords { program: made_with.program.clone() }
        } else {
            RebuildResult::IntegrityFinding(finding().because(made_with.program.clone()))
        })
    }

    /// Rebuilds the PDF from the archived records.
    fn made(&self, copy: &Rendition, design: &Design) -> Result<Vec<u8>, String> {
        let options = options_of(self.metadata);
        let set = archived_records(&self.archive, self.issue, self.metadata)?;
        let web = (copy.copy == Copy::Web).then_some(WebCopy { remove_on: copy.remove_on });
        let document = self.document(&set, design, options)?;
        let registration = Registration { web, ..as_issued(self.metadata) };
        let document = Document { registration: Some(registration), ..document };
        let id = document.id(design.locales.of(document.language));
        let records = Records::from(set);
        let context = BuildContext { records: &records, design, options };
        let source = context.render(&document).map_err(|failure| match failure.problem() {
            Some(problem) => problem.rule.to_owned(),
            None => "a record is missing".to_owned(),
        })?;
        let pdf = context.typeset(&document, &id, &source);
        pdf.map(|pdf| pdf.bytes)
            .map_err(|problems| problems.first().map(|p| p.rule).unwrap_or_default().to_owned())
    }

    /// The document of this name that the records call for.
    fn document(
        &self,
        set: &RecordSet,
        design: &Design,
        options: Options,
    ) -> Result<Document, String> {
        let metadata = self.metadata;
        let named = |document: &Document| {
            let id = document.id(design.locales.of(document.language));
            id.as_str() == metadata.document
        };
        let mut documents = document::documents(set, options.bilingual).into_iter();
        let document = documents.find(named).ok_or("the records do not call for this document")?;
        Ok(Document { status: Status::Final, ..document })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_marks_and_numbers_may_differ() {
        let said = |text: &str| {
            letters(&PdfText { flow: vec![(0, text.to_owned())], ..PdfText::default() })
        };
        assert_eq!(said("It’s 360 euros\n14. November"), said("It's 3*60 euros 15. November"));
        assert_ne!(said("It is due"), said("It is not due"));
    }
}
