//! `registry due`: whose time has run out, and which web copies must be gone at
//! once. Nothing is ever deleted.

use super::Desk;
use crate::cli::DueArgs;
use crate::command::Status;
use crate::command::workspace::now;
use crate::registry::{Filter, RegistryReader};

/// Lists versions whose retention has ended, and web copies that must be gone,
/// first those that hold what is secret now.
pub fn run(desk: &Desk, args: &DueArgs) -> anyhow::Result<Status> {
    let reader = RegistryReader::open(&desk.settings.registry)?;
    let day = args.on.unwrap_or_else(|| now().day());
    let ended = Filter { retention_before: Some(day), ..Filter::default() };
    let web = Filter { web_until: Some(day), ..Filter::default() };
    let left = Filter { web_left_behind: true, ..Filter::default() };
    let withdrawn = Filter { web_withdrawn: true, ..Filter::default() };
    let find = |filter: &Filter| reader.index().find(filter).map(|found| found.rows);
    let withdrawn = find(&withdrawn)?;
    let (ended, mut web, left) = (find(&ended)?, find(&web)?, find(&left)?);
    // what must be gone at once has no later day
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
            let date = date.map(|date| desk.locale.date(date)).unwrap_or_default();
            let version = row.version.to_string();
            desk.say(
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
        desk.say("ui.registry.due_none", &[("date", &desk.locale.date(day))]);
    }
    Ok(Status::Well)
}
