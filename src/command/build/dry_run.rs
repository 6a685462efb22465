//! `kirjuri build --dry-run`: prints the plan of a build as text or JSON.

use std::path::PathBuf;

use comfy_table::{Table, presets};
use serde::Serialize;

use crate::cli::{BuildArgs, Global, PlanFormat};
use crate::command::terminal::{file_list, print_line, print_result};
use crate::command::workspace::{PlannedBuild, Workspace};
use crate::command::{ExitStatus, failure, problem_output};
use crate::locale::Locale;
use crate::model::{Problem, Severity};
use crate::pipeline::{Action, Plan, Step};

/// The JSON output.
#[derive(Serialize)]
struct PlanJson<'a> {
    /// Records that could be read.
    records: usize,
    /// Files that could not be read as records.
    unread: usize,
    /// Why no register numbers would be assigned.
    doubt: Option<String>,
    actions: Vec<ActionJson<'a>>,
    problems: Vec<problem_output::ProblemJson>,
}

/// One action.
#[derive(Serialize)]
struct ActionJson<'a> {
    action: &'static str,
    reason: &'static str,
    document: &'a str,
    file: String,
    /// Its register number, given or expected.
    number: Option<&'a str>,
    /// The first files that must be corrected before it, and the number of further ones.
    waits_for: &'a [PathBuf],
    more: usize,
}

impl<'a> ActionJson<'a> {
    fn of(action: &'a Action) -> Self {
        let (waits_for, more) = match &action.step {
            Step::Wait { waits_for, more } => (waits_for.as_slice(), *more),
            _ => (&[][..], 0),
        };
        Self {
            action: action.step.name(),
            reason: action.reason.name(),
            document: action.document.as_str(),
            file: action.path.display().to_string(),
            number: action.step.number(),
            waits_for,
            more,
        }
    }
}

/// Prints what a build would do now. The exit status is that of a build that finds the
/// same problems in the records.
pub fn run(global: &Global, args: &BuildArgs) -> anyhow::Result<ExitStatus> {
    let workspace = Workspace::open(global)?.on(args.confirm_date);
    let PlannedBuild { checked, plan, doubt } = workspace.plan()?;
    let locale = &workspace.locale;
    let problems: Vec<Problem> = checked
        .problems
        .iter()
        .chain(&plan.problems)
        .filter(|problem| problem.severity != Severity::Hint)
        .cloned()
        .collect();
    let doubt = doubt.map(|doubt| failure::message(&doubt, locale));
    match args.format {
        PlanFormat::Text => {
            problem_output::print(&problems, locale);
            print_plan(&plan, locale, global.quiet);
            if let Some(doubt) = &doubt {
                print_line(&locale.fill("ui.plan.doubt", &[("cause", doubt)]));
            }
        }
        PlanFormat::Json => {
            let actions = plan.actions.iter().map(ActionJson::of).collect();
            let problems =
                problems.iter().map(|problem| problem_output::localized(problem, locale)).collect();
            let (records, unread) = (plan.records, plan.unread);
            let doubt = doubt.clone();
            let all = PlanJson { records, unread, doubt, actions, problems };
            print_result(&serde_json::to_string_pretty(&all)?)?;
        }
    }
    let refused = plan.actions.iter().any(|action| matches!(action.step, Step::Refuse));
    let errors = problems.iter().any(|problem| problem.severity == Severity::Error);
    Ok(if refused || errors || doubt.is_some() { ExitStatus::Refused } else { ExitStatus::Success })
}

/// Prints a table of the actions that change something, and a line with totals.
fn print_plan(plan: &Plan, locale: &Locale, quiet: bool) {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING);
    let headings = ["action", "number", "file", "reason"];
    table.set_header(headings.map(|name| locale.label(&format!("ui.plan.{name}"))));
    let shown = plan.actions.iter().filter(|action| !matches!(action.step, Step::Keep(_)));
    for action in shown {
        let of = |what: &str, name: &str| locale.label(&format!("ui.plan.{what}.{name}"));
        let reason = of("reasons", &action.reason.name().replace('-', "_"));
        let reason = match &action.step {
            Step::Wait { waits_for, more } => format!("{reason}: {}", file_list(waits_for, *more)),
            _ => reason,
        };
        table.add_row([
            of("actions", &action.step.name().replace('-', "_")),
            action.step.number().unwrap_or_default().to_owned(),
            action.path.display().to_string(),
            reason,
        ]);
    }
    if table.row_count() > 0 {
        print_line(&table.to_string());
    }
    if !quiet {
        let kept = plan.actions.len() - table.row_count();
        let [records, planned, kept] = [plan.records, table.row_count(), kept];
        let values = [records, planned, kept].map(|count| count.to_string());
        let [records, planned, kept] = values.each_ref().map(String::as_str);
        let values = [("records", records), ("planned", planned), ("kept", kept)];
        print_line(&locale.fill("ui.plan.closing", &values));
    }
}
