//! The flow: records in, documents out. The only place where stages meet.

mod checking;
mod design;
mod diagnostics;
mod holding;
mod plan;
mod register;
mod registration_state;
mod report;
mod sender;
mod sheets;
mod sorting;
mod sources;
mod typeset_all;
mod webcheck;

use std::path::Path;
use std::sync::OnceLock;

use crate::document::{Bilingual, Document, DocumentId, Records};
use crate::fs::FsError;
use crate::intake::{self, Memory};
use crate::model::{Date, Language, Place, Problem, RecordSet, Source, Status};
use crate::publish::{Output, PublishError};
use crate::registry::{RegistryError, Reservation, first_date_far_ahead};
use crate::typeset::{Archival, Job, TypesetError};
use webcheck::Secrets;

pub use checking::{CheckOptions, Checked, examine};
pub use design::{Design, DesignError};
pub use diagnostics::{defect_rule, problems as typeset_problems};
pub use plan::{Class, ManagementPlan};
pub use register::{RegistryContext, as_issued, typeset as typeset_copy};
pub use registration_state::{IssuedVersion, archived_records, hold_against_registry, options_of};
pub use report::{Line, Observer, Outcome, Quiet, Report};
pub use sender::{Example, Sender, is_example};
pub use sources::{Fault, Ready, Rendered, hindrance, ready, render_all};

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

/// What documents are made with.
#[derive(Clone, Copy)]
pub struct BuildContext<'a> {
    pub design: &'a Design,
    pub options: Options,
    pub check_options: CheckOptions<'a>,
    /// Of messages, and of sheets whose records name no language.
    pub language: Language,
}

/// The flow cannot go on. A fault of one record or document is no such thing:
/// it is in the report, and the others are made.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    #[error(transparent)]
    Fs(#[from] FsError),
    #[error(transparent)]
    Publish(#[from] PublishError),
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The day is doubted, so no number was given. What needs none was made.
    #[error("{cause}")]
    Unnumbered { cause: RegistryError, report: Box<Report> },
}

/// Issues every document that is new or changed; final ones are registered
/// first, when there is a registry.
///
/// # Errors
/// When the records cannot be listed, or the output folder or the registry
/// cannot be kept. When the day is doubted, drafts are made before it is said.
pub fn issue_pending(
    records: &Path,
    memory: &mut Memory,
    craft: BuildContext<'_>,
    output: &mut Output,
    mut registrar: Option<RegistryContext<'_>>,
    observer: &dyn Observer,
) -> Result<Report, PipelineError> {
    let BuildContext { design, options, check_options, language } = craft;
    let intake = intake::scan(records, memory)?;
    let today = day(check_options.today, registrar.as_ref(), &intake.set)?;
    let mut checked = examine(intake, design, CheckOptions { today, ..check_options });
    let rendered = render_all(&checked, design, options);
    let made_by = (design, options);
    let sorted = sorting::sort_out(rendered, &checked, output, registrar.as_ref(), made_by)?;
    let sorting::Sorted { tasks, mut report, withdrawn, restricted, unless_made } = sorted;
    if let Some(registrar) = &mut registrar {
        registrar.registry.withdraw_web(&withdrawn)?;
        registrar.registry.restrict(&restricted)?;
    }
    let asked = tasks.len();
    let (pending, doubt) =
        sorting::reserve(tasks, &report, registrar.as_mut(), &checked.set, design)?;
    // what is not made now is still called for
    report.left = asked - pending.len();
    observer.planned(pending.len());
    let plan = registrar.as_ref().map(|registrar| registrar.plan);
    let workshop = Workshop::new(&checked.set, design, options, plan, observer);
    let made = typeset_all::make_all(pending, &workshop, output, registrar.as_mut(), &mut report);
    sorting::not_made(&mut report, unless_made);
    let uncalled = sorting::uncalled(output, &mut report, &checked, registrar.as_ref());
    output.save()?;
    made?;
    uncalled?;
    report.finish(std::mem::take(&mut checked.problems));
    sheets::publish(&mut report, &checked.set, design, output, language, options.workers);
    output.save()?;
    report.problems.extend(unguarded(design));
    match doubt {
        Some(cause) => {
            // they wait for the clock, and nobody asked to stop
            report.left = 0;
            Err(PipelineError::Unnumbered { cause, report: Box::new(report) })
        }
        None => Ok(report),
    }
}

/// The day to hold facts against. One on which a number was given has come: a clock
/// that stands before it, or before all that is to be registered first, is wrong,
/// which the registry says, and no record is.
fn day(
    today: Option<Date>,
    registrar: Option<&RegistryContext<'_>>,
    set: &RecordSet,
) -> Result<Option<Date>, PipelineError> {
    let Some((today, registrar)) = today.zip(registrar) else { return Ok(today) };
    // a person says that the clock is right
    if registrar.registry.confirmed_date() == Some(today) {
        return Ok(Some(today));
    }
    let last = registrar.registry.index().last_number_given().map_err(RegistryError::from)?;
    let Some(last) = last else {
        let is_final = |source: &&Source| source.record.status() == Status::Final;
        let finals = set.iter().filter(is_final);
        let dates = finals.filter_map(|source| register::dated(&source.record));
        return Ok(first_date_far_ahead(today, dates).is_none().then_some(today));
    };
    Ok(Some(last.day().max(today)))
}

/// A warning when no worker could be started, so that nothing bounds what a
/// document takes.
fn unguarded(design: &Design) -> Option<Problem> {
    let (guard, cause) = design.engine.guard().zip(design.engine.unguarded())?;
    let place = Place { file: guard.program.clone(), ..Place::default() };
    Some(Problem::warning("typeset-unguarded", place).with("cause", cause))
}

/// A document on its way to be typeset.
struct Pending {
    document: Document,
    id: DocumentId,
    way: Way,
}

/// What becomes of a document that is typeset.
enum Way {
    /// It goes to the output folder.
    Publish,
    /// It is registered under this number first, in place of the version that
    /// has the other.
    Register { reservation: Reservation, replaces: Option<String> },
    /// It is registered; its copy for the web is added.
    AddWeb(Box<IssuedVersion>),
}

/// What the workers share.
struct Workshop<'a> {
    set: &'a Records,
    design: &'a Design,
    options: Options,
    plan: Option<&'a ManagementPlan>,
    observer: &'a dyn Observer,
    /// What may not be on the web, once it is needed.
    secrets: OnceLock<Secrets>,
}

impl<'a> Workshop<'a> {
    fn new(
        set: &'a Records,
        design: &'a Design,
        options: Options,
        plan: Option<&'a ManagementPlan>,
        observer: &'a dyn Observer,
    ) -> Self {
        Self { set, design, options, plan, observer, secrets: OnceLock::new() }
    }

    fn secrets(&self) -> &Secrets {
        self.secrets.get_or_init(|| Secrets::of(self.set, self.design))
    }
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
