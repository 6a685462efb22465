//! The flow: records in, documents out. The only place where stages meet.

mod compare;
mod crew;
mod design;
mod proof;
mod report;
mod sources;
mod typeset_all;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::document::{Bilingual, Document, DocumentId};
use crate::fs::FsError;
use crate::intake::{self, Memory};
use crate::model::{Id, RecordSet};
use crate::publish::{Output, PublishError};
use crate::typeset::{Archival, Job, TypesetError};

pub use compare::{Change, ChangedPage, Compared, compare, page_digests};
pub use design::{Design, DesignError};
pub use proof::{Proof, Proved, prove};
pub use report::{Line, Observer, Outcome, Quiet, Report};
pub use sources::{Checked, Fault, Ready, Rendered, examine, ready, render_all};
pub use typeset_all::{flaw_rule, problems as typeset_problems};

/// How work is done, beside the design.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Whether the source record travels inside the PDF.
    pub attach_source: bool,
    /// How a record in several languages becomes documents.
    pub bilingual: Bilingual,
    /// How many documents are typeset at once.
    pub workers: usize,
}

/// The flow cannot go on. A fault of one record or document is no such thing:
/// it is in the report, and the others are made.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    #[error(transparent)]
    Fs(#[from] FsError),
    #[error(transparent)]
    Publish(#[from] PublishError),
}

/// Issues every document that is new or changed.
///
/// # Errors
/// When the records cannot be listed or the output folder cannot be kept.
pub fn issue_pending(
    records: &Path,
    memory: &mut Memory,
    design: &Design,
    output: &mut Output,
    options: Options,
    observer: &dyn Observer,
) -> Result<Report, PipelineError> {
    let intake = intake::scan(records, memory)?;
    let checked = examine(intake, design);
    let rendered = render_all(&checked, design, options);
    let (pending, mut report) = sort_out(rendered, &checked, output);
    observer.planned(pending.len());
    let workshop = Workshop { set: &checked.set, design, options, observer };
    let made = typeset_all::typeset_and_publish(pending, &workshop, output, &mut report);
    uncalled(output, &mut report, &checked);
    output.save()?;
    made?;
    report.finish(checked);
    Ok(report)
}

/// A document whose source is new, on its way to be typeset.
struct Pending {
    document: Document,
    id: DocumentId,
}

/// What the workers share.
struct Workshop<'a> {
    set: &'a RecordSet,
    design: &'a Design,
    options: Options,
    observer: &'a dyn Observer,
}

/// Parts what must be typeset from what is there already or cannot be made.
fn sort_out(
    rendered: Vec<Rendered>,
    checked: &Checked,
    output: &mut Output,
) -> (Vec<Pending>, Report) {
    let mut pending = Vec::new();
    let mut report = Report { records: checked.set.len(), ..Report::default() };
    for Rendered { document, id, made_from } in rendered {
        let path = output.path_of(id.as_str());
        let outcome = match made_from {
            Ok(made_from) => match output.current(id.as_str(), &made_from) {
                Some(entry) => Outcome::Unchanged { pages: entry.pages },
                None => {
                    pending.push(Pending { document, id });
                    continue;
                }
            },
            Err(Fault::Withheld(files)) => withheld(files),
            Err(Fault::Refused(problem)) => {
                report.problems.extend(problem.map(|problem| *problem));
                Outcome::Refused
            }
        };
        report.lines.push(Line { document: id, path, outcome });
    }
    (pending, report)
}

/// Looks at PDFs that no record calls for. While a file is refused nobody can
/// say that its record is gone: such a PDF stays in force. Else it is named
/// once as an orphan, and stays too.
fn uncalled(output: &mut Output, report: &mut Report, checked: &Checked) {
    if report.left > 0 {
        return;
    }
    let called: BTreeSet<&str> = report.lines.iter().map(|line| line.document.as_str()).collect();
    let uncalled: Vec<(String, Id)> = output
        .entries()
        .filter(|(name, _)| !called.contains(name))
        .map(|(name, entry)| (name.to_owned(), entry.record.clone()))
        .collect();
    for (name, record) in uncalled {
        let path = output.path_of(&name);
        let refused = checked.set.refused().iter();
        let own = refused.clone().find(|file| file.id.as_ref() == Some(&record));
        let files: Vec<&PathBuf> = match own {
            Some(file) => vec![&file.file],
            None => refused.map(|file| &file.file).collect(),
        };
        if files.is_empty() {
            output.forget(&name);
            report.orphans.push(path);
        } else {
            let document = DocumentId::known(&name);
            report.lines.push(Line { document, path, outcome: withheld(files) });
        }
    }
}

/// Names the first few files: thousands may be unreadable at once.
fn withheld<T: AsRef<Path>>(files: Vec<T>) -> Outcome {
    let named = files.iter().take(3).map(|file| file.as_ref().to_owned());
    Outcome::Withheld { waits_for: named.collect(), more: files.len().saturating_sub(3) }
}

/// Path of the attached record inside a document's world.
const ATTACHMENT: &str = "record.json";

/// The job that typesets a rendered document.
pub fn job<'a>(id: &'a DocumentId, ready: &'a Ready) -> Job<'a> {
    Job {
        source: &ready.typst,
        attachment: ready.attachment.as_deref().map(|text| (ATTACHMENT, text.as_bytes())),
        ident: id.as_str(),
        archival: ready.archival,
    }
}
