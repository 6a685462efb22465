//! `kirjuri registry due`: lists versions whose retention has ended and web copies to
//! remove. Deletes nothing.

use super::RegistryCommandContext;
use crate::cli::DueArgs;
use crate::command::ExitStatus;
use crate::command::workspace::now;
use crate::registry::{Filter, RegistryReader};

/// Lists versions whose retention has ended, and web copies to remove, starting with
/// those that contain secret information.
pub fn run(context: &RegistryCommandContext, args: &DueArgs) -> anyhow::Result<ExitStatus> {
    let reader = RegistryReader::open(&context.settings.registry)?;
    let day = args.on.unwrap_or_else(|| now().day());
    let ended = Filter { retention_before: Some(day), ..Filter::default() };
    let web = Filter { web_until: Some(day), ..Filter::default() };
    let left = Filter { web_left_behind: true, ..Filter::default() };
    let withdrawn = Filter { web_withdrawn: true, ..Filter::default() };
    let find = |filter: &Filter| reader.index().find(filter).map(|found| found.rows);
    let withdrawn = find(&withdrawn)?;
    let (ended, mut web, left) = (find(&ended)?, find(&web)?, find(&left)?);
    // what must be removed immediately is not listed with a later date
    web.retain(|row| !withdrawn.contains(row));
    for (rows, key) in [
        (&withdrawn, "ui.registry.due_withdrawn"),
        (&ended, "ui.registry.due"),
        (&web, "ui.registry.due_web"),
        (&left, "ui.registry.due_replaced"),
    ] {
        for row in rows {
            let date =
                if key == "ui.registry.due" { row.retention_ends } else { row.web_remove_on };
            let date = date.map(|date| context.locale.date(date)).unwrap_or_default();
            let version = row.version.to_string();
            context.print_message(
                key,
                &[
                    ("number", row.number.as_str()),
                    ("document", &row.document),
                    ("version", &version),
                    ("title", &row.title),
                    ("date", &date),
                ],
            );
        }
    }
    if [&withdrawn, &ended, &web, &left].iter().all(|rows| rows.is_empty()) {
        context.print_message("ui.registry.due_none", &[("date", &context.locale.date(day))]);
    }
    Ok(ExitStatus::Success)
}
