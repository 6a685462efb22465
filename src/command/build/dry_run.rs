//! `build --dry-run`: the plan of a build, as text or JSON.

use std::path::PathBuf;

use comfy_table::{Table, presets};
use serde::Serialize;

use crate::cli::{BuildArgs, Global, PlanFormat};
use crate::command::terminal::{answer, line, waits};
use crate::command::workspace::{Planned, Workspace};
use crate::command::{Status, draw, failure};
use crate::locale::Locale;
use crate::model::{Problem, Severity};
use crate::pipeline::{Action, Plan, Step};

/// The plan for other programs.
#[derive(Serialize)]
struct Answer<'a> {
    /// Records that could be read.
    records: usize,
    /// Files that could not be read as records.
    unread: usize,
    /// Why no register numbers would be given.
    doubt: Option<String>,
    actions: Vec<Planning<'a>>,
    problems: Vec<draw::Worded>,
}

/// One action.
#[derive(Serialize)]
struct Planning<'a> {
    action: &'static str,
    reason: &'static str,
    document: &'a str,
    file: String,
    /// The register number that it has or can expect.
    number: Option<&'a str>,
    /// The first files that must be corrected first, and how many more there are.
    waits_for: &'a [PathBuf],
    more: usize,
}

impl<'a> Planning<'a> {
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

/// Shows what a build would do now. The exit status is that of a build which finds the
/// same mistakes in the records.
pub fn run(global: &Global, args: &BuildArgs) -> anyhow::Result<Status> {
    let workspace = Workspace::open(global)?.on(args.confirm_date);
    let Planned { checked, plan, doubt } = workspace.plan()?;
    let locale = &workspace.locale;
    let problems: Vec<Problem> = checked
        .problems
        .iter()
        .chain(&plan.problems)
        .filter(|problem| problem.severity != Severity::Hint)
        .cloned()
        .collect();
    let doubt = doubt.map(|doubt| failure::words(&doubt, locale));
    match args.format {
        PlanFormat::Text => {
            draw::print(&problems, locale);
            show(&plan, locale, global.quiet);
            if let Some(doubt) = &doubt {
                line(&locale.fill("ui.plan.doubt", &[("cause", doubt)]));
            }
        }
        PlanFormat::Json => {
            let actions = plan.actions.iter().map(Planning::of).collect();
            let problems = problems.iter().map(|problem| draw::word(problem, locale)).collect();
            let (records, unread) = (plan.records, plan.unread);
            let doubt = doubt.clone();
            let all = Answer { records, unread, doubt, actions, problems };
            answer(&serde_json::to_string_pretty(&all)?)?;
        }
    }
    let refused = plan.actions.iter().any(|action| matches!(action.step, Step::Refuse));
    let errors = problems.iter().any(|problem| problem.severity == Severity::Error);
    Ok(if refused || errors || doubt.is_some() { Status::Refused } else { Status::Well })
}

/// A table of the actions, those aside that change nothing, and a line with the sums.
fn show(plan: &Plan, locale: &Locale, quiet: bool) {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING);
    let headings = ["action", "number", "file", "reason"];
    table.set_header(headings.map(|name| locale.label(&format!("ui.plan.{name}"))));
    let shown = plan.actions.iter().filter(|action| !matches!(action.step, Step::Keep(_)));
    for action in shown {
        let of = |what: &str, name: &str| locale.label(&format!("ui.plan.{what}.{name}"));
        let reason = of("reasons", &action.reason.name().replace('-', "_"));
        let reason = match &action.step {
            Step::Wait { waits_for, more } => format!("{reason}: {}", waits(waits_for, *more)),
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
        line(&table.to_string());
    }
    if !quiet {
        let kept = plan.actions.len() - table.row_count();
        let [records, planned, kept] = [plan.records, table.row_count(), kept];
        let values = [records, planned, kept].map(|count| count.to_string());
        let [records, planned, kept] = values.each_ref().map(String::as_str);
        let values = [("records", records), ("planned", planned), ("kept", kept)];
        line(&locale.fill("ui.plan.closing", &values));
    }
}
