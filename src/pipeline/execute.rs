//! Executes the plan of a build: logs events in the registry, restores PDFs, assigns
//! numbers, then typesets, registers and publishes. All decisions are in the plan.

mod publish;
mod typeset;

use std::collections::BTreeSet;

use super::checking::Checked;
use super::plan::{Action, Plan, Reason, Restore, Step};
use super::register::RegistryContext;
use super::report::{Line, Observer, Outcome, Report};
use super::{BuildError, BuildSettings};
use crate::document::DocumentId;
use crate::model::{Place, Problem};
use crate::parallel;
use crate::publish::Output;
use crate::registry::metadata::Copy;
use crate::registry::{NumberRequest, RegistryError, Reservation};
use typeset::{Task, Work};

/// Number of documents after which the ledger is saved, so that little is repeated after
/// a crash.
const SAVE_EVERY: usize = 64;

/// Input and output of an execution.
pub struct Execution<'a, 'r> {
    pub checked: &'a Checked,
    pub settings: &'a BuildSettings<'a>,
    pub output: &'a mut Output,
    pub registry: Option<RegistryContext<'r>>,
    pub observer: &'a dyn Observer,
}

/// Executes a plan. When the clock is doubted, only actions without a number are
/// executed, and the doubt is returned with the report.
///
/// # Errors
/// When the output folder or the registry cannot be written. Completed actions are in the
/// ledger.
pub fn execute(
    plan: Plan,
    execution: &mut Execution<'_, '_>,
) -> Result<(Report, Option<RegistryError>), BuildError> {
    let Plan { records, unread, actions, problems, unless_issued } = plan;
    let mut report = Report { records, unread, problems, ..Report::default() };
    let (later, now): (Vec<Action>, Vec<Action>) =
        actions.into_iter().partition(|action| action.reason == Reason::NotCalledFor);
    log_events(&now, execution)?;
    let mut typesetting = Vec::new();
    for action in now {
        match action.step {
            Step::Publish(_) | Step::Register(_) | Step::AddWebCopy(_) => typesetting.push(action),
            _ => execution.execute_step(action, &mut report)?,
        }
    }
    let asked = typesetting.len();
    let (tasks, doubt) = assign_numbers(typesetting, &report, execution)?;
    // these remain to be done
    report.left = asked - tasks.len();
    let made = typeset_all(tasks, execution, &mut report);
    for (document, problem) in unless_issued {
        let line = report.lines.iter().find(|line| line.document == document);
        if !line.is_some_and(|line| matches!(line.outcome, Outcome::Issued { .. })) {
            report.problems.push(problem);
        }
    }
    let ended = made.and_then(|()| match report.left {
        0 => later.into_iter().try_for_each(|action| execution.execute_step(action, &mut report)),
        // after an interruption nothing more is done
        _ => Ok(()),
    });
    execution.output.save()?;
    ended?;
    Ok((report, doubt))
}

/// Records withdrawn and restricted versions in the log of the registry.
fn log_events(actions: &[Action], execution: &mut Execution<'_, '_>) -> Result<(), BuildError> {
    let Some(RegistryContext { registry, .. }) = &mut execution.registry else { return Ok(()) };
    let (mut withdrawn, mut restricted) = (Vec::new(), Vec::new());
    for action in actions {
        match &action.step {
            Step::Withdraw(issue) => withdrawn.push((**issue).clone()),
            Step::Restrict(version) => restricted.push((**version).clone()),
            _ => {}
        }
    }
    registry.withdraw_web(&withdrawn)?;
    registry.restrict(&restricted)?;
    Ok(())
}

/// Assigns numbers to the documents that will be registered, and archives their
/// templates. Numbers reserved for other documents are voided, except those of documents
/// that cannot be made now. When the clock is doubted, only actions outside the registry
/// remain, and the doubt is returned.
fn assign_numbers(
    actions: Vec<Action>,
    report: &Report,
    execution: &mut Execution<'_, '_>,
) -> Result<(Vec<Task>, Option<RegistryError>), BuildError> {
    let (mut numbers, mut doubt) = (Vec::new().into_iter(), None);
    if let Some(RegistryContext { registry, .. }) = &mut execution.registry {
        let wanted = actions.iter().filter_map(|action| match &action.step {
            Step::Register(new) => Some(NumberRequest {
                document: action.document.to_string(),
                version: new.1.expected.version,
                date: new.1.date,
            }),
            _ => None,
        });
        let wanted: Vec<NumberRequest> = wanted.collect();
        let failed = report.lines.iter().filter(|line| !line.outcome.is_well());
        let waiting: BTreeSet<String> = failed.map(|line| line.document.to_string()).collect();
        match registry.reserve(&wanted, &waiting) {
            Ok(given) => numbers = given.into_iter(),
            Err(error) if error.concerns_clock() => doubt = Some(error),
            Err(error) => return Err(error.into()),
        }
        let for_registry = |action: &Action| !matches!(action.step, Step::Publish(_));
        if doubt.is_none() && actions.iter().any(for_registry) {
            let bundle = &execution.settings.design.bundle;
            registry.archive_templates(bundle.digest(), bundle.iter())?;
        }
    }
    let with_number = |action: Action| {
        let Action { document: id, step, .. } = action;
        let (document, work) = match step {
            Step::Publish(draft) => (draft.0, Work::Publish(draft.1)),
            Step::Register(new) => {
                let number: Reservation = numbers.next()?;
                (new.0, Work::Register(Box::new(new.1), number))
            }
            // the log records the time of the addition
            Step::AddWebCopy(_) if doubt.is_some() => return None,
            Step::AddWebCopy(version) => (version.0, Work::AddWebCopy(Box::new(version.1))),
            _ => return None,
        };
        Some(Task { document, id, work })
    };
    Ok((actions.into_iter().filter_map(with_number).collect(), doubt))
}

/// Typesets, registers and publishes every task, in the order of their numbers.
fn typeset_all(
    tasks: Vec<Task>,
    execution: &mut Execution<'_, '_>,
    report: &mut Report,
) -> Result<(), BuildError> {
    let Execution { checked, settings, output, registry, observer } = execution;
    observer.planned(tasks.len());
    let plan = registry.as_ref().map(|registry| registry.plan);
    let typesetter = typeset::Typesetter::new(checked, settings, plan);
    let mut unsaved = 0;
    let left = parallel::for_each_in_order(
        tasks,
        settings.options.workers,
        || observer.stop(),
        |task| typesetter.make(task),
        |made| {
            for line in publish::put(made, output, registry.as_mut(), report)? {
                observer.done(&line);
                report.lines.push(line);
            }
            unsaved += 1;
            if unsaved % SAVE_EVERY == 0 {
                output.save()?;
            }
            Ok::<(), BuildError>(())
        },
    )?;
    report.left += left;
    if let Some(RegistryContext { registry, .. }) = registry {
        registry.archive_log()?;
    }
    Ok(())
}

impl Execution<'_, '_> {
    /// Executes a step without typesetting.
    fn execute_step(&mut self, action: Action, report: &mut Report) -> Result<(), BuildError> {
        let Action { document: id, path, step, reason } = action;
        let (outcome, number) = match step {
            Step::Keep(kept) => {
                let number = kept.entry.as_ref().map(|entry| entry.number.clone());
                let entered = match &kept.entry {
                    Some(entry) => publish::enter(self.output, &id, entry, kept.pages),
                    None => Ok(()),
                };
                (outcome(entered, Outcome::Unchanged { pages: kept.pages }, report), number)
            }
            Step::Restore(restore) => {
                let number = Some(restore.issue.number.clone());
                let pages = restore.pages;
                let restored = self.restore(&id, &restore);
                (outcome(restored, Outcome::Restored { pages }, report), number)
            }
            Step::Refuse => (Outcome::Refused, None),
            Step::Wait { waits_for, more } => (Outcome::Withheld { waits_for, more }, None),
            Step::Forget => {
                self.output.forget(id.as_str());
                report.orphans.push(path);
                return Ok(());
            }
            Step::Withdraw(_) | Step::Restrict(_) => return Ok(()),
            Step::Publish(_) | Step::Register(_) | Step::AddWebCopy(_) => return Ok(()),
        };
        // a document that cannot be made has its own line
        if reason != Reason::InForce {
            report.lines.push(Line { number, ..Line::new(id, path, outcome) });
        }
        Ok(())
    }

    /// Restores a PDF from the registry.
    fn restore(&mut self, id: &DocumentId, restore: &Restore) -> Result<(), Box<Problem>> {
        let Some(RegistryContext { registry, .. }) = &self.registry else { return Ok(()) };
        let archive = registry.archive();
        let Restore { issue, copy, pages, entry } = restore;
        let pdf = match (copy, &issue.web) {
            (Copy::Web, Some(web)) => archive.web_pdf(issue, web),
            _ => archive.pdf(issue),
        };
        let path = self.output.path_of(id.as_str());
        let pdf = pdf.map_err(|error| {
            let place = Place { file: path.clone(), ..Place::default() };
            let problem = Problem::error("registry-unreadable", place).caused_by(&error);
            Box::new(problem.in_words(error.message_key()))
        })?;
        publish::write(self.output, id, &pdf)?;
        match entry {
            Some(entry) => publish::enter(self.output, id, entry, *pages),
            None => Ok(()),
        }
    }
}

/// The outcome of a step; a problem goes to the report.
fn outcome(done: Result<(), Box<Problem>>, success: Outcome, report: &mut Report) -> Outcome {
    match done {
        Ok(()) => success,
        Err(problem) => {
            report.problems.push(*problem);
            Outcome::Refused
        }
    }
}
