//! The build: records in, documents out. The only place where stages meet.
//!
//! ```text
//! scan → check → render → plan → execute → report
//! ```

mod checking;
mod context;
mod correction_sheets;
mod design;
mod diagnostics;
mod execute;
mod plan;
mod records_management;
mod register;
mod registration_state;
mod render;
mod report;
mod sender;
mod source;
mod typesetting;
mod webcheck;

use std::path::Path;

use crate::document::Records;
use crate::fs::FsError;
use crate::intake::{self, Memory};
use crate::model::{Date, Language, Place, Problem, RecordSet, Source, Status};
use crate::publish::{Output, PublishError};
use crate::registry::{RegistryError, first_date_far_ahead};

pub use checking::{Blocked, CheckOptions, Checked, check_records};
pub use context::{BuildContext, Options, Part, RenderFailure, TypstSource};
pub use design::{Design, DesignError};
pub use diagnostics::defect_rule;
pub use plan::{Action, Plan, Reason, Step};
pub use records_management::{Class, ManagementPlan};
pub use register::{RegistryContext, RegistryView, as_issued};
pub use registration_state::{archived_records, options_of, registry_problems};
pub use report::{Line, Observer, Outcome, Quiet, Report};
pub use sender::{Example, Sender, is_example};
pub use typesetting::job;

/// How a build is done.
#[derive(Clone, Copy)]
pub struct BuildSettings<'a> {
    pub design: &'a Design,
    pub options: Options,
    pub check_options: CheckOptions<'a>,
    /// Language of messages, and of sheets whose records name no language.
    pub language: Language,
}

impl<'a> BuildSettings<'a> {
    /// The context in which documents of these records are made.
    pub fn context(&self, records: &'a Records) -> BuildContext<'a> {
        BuildContext { records, design: self.design, options: self.options }
    }
}

/// Why a build cannot go on. A fault of one record or document is no such thing: it is in
/// the report, and the others are made.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
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

/// Issues every document that is new or changed; final ones are registered first, when
/// there is a registry.
///
/// # Errors
/// When the records cannot be listed, or the output folder or the registry cannot be
/// written. When the day is doubted, drafts are made before that is returned.
pub fn build(
    records: &Path,
    memory: &mut Memory,
    settings: &BuildSettings<'_>,
    output: &mut Output,
    registry: Option<RegistryContext<'_>>,
    observer: &dyn Observer,
) -> Result<Report, BuildError> {
    let view = registry.as_ref().map(RegistryContext::view);
    let (mut checked, plan) = plan_build(records, memory, settings, output, view)?;
    let mut execution =
        execute::Execution { checked: &checked, settings, output, registry, observer };
    let (mut report, doubt) = execute::execute(plan, &mut execution)?;
    report.finish(std::mem::take(&mut checked.problems));
    correction_sheets::publish(&mut report, &checked.set, settings, output);
    output.save()?;
    report.problems.extend(not_isolated(settings.design));
    match doubt {
        Some(cause) => {
            // they wait for the clock, and nobody asked to stop
            report.left = 0;
            Err(BuildError::Unnumbered { cause, report: Box::new(report) })
        }
        None => Ok(report),
    }
}

/// What a build would do now, with the problems of the records.
///
/// # Errors
/// When the records cannot be listed, or the output folder or the registry cannot be read.
pub fn plan_build(
    records: &Path,
    memory: &mut Memory,
    settings: &BuildSettings<'_>,
    output: &mut Output,
    registry: Option<RegistryView<'_>>,
) -> Result<(Checked, Plan), BuildError> {
    let scanned = intake::scan(records, memory)?;
    let today = day(settings.check_options.today, registry, &scanned.set)?;
    let options = CheckOptions { today, ..settings.check_options };
    let checked = check_records(scanned, settings.design, options);
    let rendered = render::render(&checked, settings, registry)?;
    let plan = plan::plan(rendered, &checked, settings, output, registry)?;
    Ok((checked, plan))
}

/// The day to compare facts with. One on which a number was given has come: a clock that
/// stands before it, or before all that is to be registered first, is wrong, which the
/// registry says, and no record is.
fn day(
    today: Option<Date>,
    registry: Option<RegistryView<'_>>,
    set: &RecordSet,
) -> Result<Option<Date>, BuildError> {
    let Some((today, registry)) = today.zip(registry) else { return Ok(today) };
    // a person says that the clock is right
    if registry.confirmed == Some(today) {
        return Ok(Some(today));
    }
    let last = registry.index.last_number_given().map_err(RegistryError::from)?;
    let Some(last) = last else {
        let is_final = |source: &&Source| source.record.status() == Status::Final;
        let finals = set.iter().filter(is_final);
        let dates = finals.filter_map(|source| register::date_of(&source.record));
        return Ok(first_date_far_ahead(today, dates).is_none().then_some(today));
    };
    Ok(Some(last.day().max(today)))
}

/// A warning when no worker could be started, so that nothing limits what a document takes.
fn not_isolated(design: &Design) -> Option<Problem> {
    let (guard, cause) = design.engine.isolation().zip(design.engine.isolation_failure())?;
    let place = Place { file: guard.program.clone(), ..Place::default() };
    Some(Problem::warning("typeset-unguarded", place).with("cause", cause))
}
