//! `kirjuri status`: shows whether the watcher is running, and what it refuses or waits
//! for. Only reads the status file.

use serde::Serialize;

use super::ExitStatus;
use super::terminal::print_result;
use super::workspace;
use crate::cli::{Global, StatusArgs, StatusFormat};
use crate::config;
use crate::locale::Locale;
use crate::publish::{self, WatchStatus};

/// Seconds after its last status update for which a watcher counts as alive. It updates
/// at least every 60.
const ALIVE_FOR: i64 = 180;

/// The JSON output.
#[derive(Debug, Serialize)]
struct StatusJson<'a> {
    /// A watcher holds the output folder and has updated its status recently.
    alive: bool,
    /// A watcher holds the output folder.
    running: bool,
    /// Nothing is refused, waiting or blocked.
    well: bool,
    /// The status of the watcher, or of the last one.
    watcher: Option<&'a WatchStatus>,
}

/// Prints the status of the watcher.
pub fn run(global: &Global, args: &StatusArgs) -> anyhow::Result<ExitStatus> {
    let settings = config::resolve(&workspace::overrides(global))?;
    let locale = workspace::locale(&settings)?;
    let folder = &settings.output;
    let state = WatchStatus::read(folder)?;
    let holder = publish::lock_holder(folder)?;
    let running = state.as_ref().is_some_and(|state| {
        let own = workspace::named(state.process);
        // a build holds the folder too, under its own process id
        holder.as_ref().is_some_and(|holder| holder.is_empty() || *holder == own)
    });
    // after the clock was set back, the last update is in the future
    let age = |state: &WatchStatus| workspace::now().seconds_since(state.last_look).abs();
    let alive = running && state.as_ref().is_some_and(|state| age(state) <= ALIVE_FOR);
    let well = alive && state.as_ref().is_some_and(WatchStatus::is_well);
    match args.format {
        StatusFormat::Json => {
            let whole = StatusJson { alive, running, well, watcher: state.as_ref() };
            print_result(&serde_json::to_string_pretty(&whole)?)?;
        }
        StatusFormat::Text => {
            let folder = folder.display().to_string();
            print_result(
                &status_lines(state.as_ref(), (running, alive), &folder, &locale).join("\n"),
            )?;
        }
    }
    Ok(match (alive, well) {
        (true, true) => ExitStatus::Success,
        (true, false) => ExitStatus::Refused,
        _ => ExitStatus::NotFound,
    })
}

/// The text output.
fn status_lines(
    state: Option<&WatchStatus>,
    (running, alive): (bool, bool),
    folder: &str,
    locale: &Locale,
) -> Vec<String> {
    let Some(state) = state else {
        return vec![locale.fill("ui.status.absent", &[("folder", folder)])];
    };
    let (process, started) = (state.process.to_string(), locale.moment(state.started));
    let last = locale.moment(state.last_look);
    let who = [("process", &*process), ("version", &*state.version), ("started", &*started)];
    let mut lines = match (running, alive) {
        (true, true) => vec![locale.fill("ui.status.alive", &who)],
        (true, false) => {
            let values = [("process", &*process), ("folder", folder), ("last", &*last)];
            vec![locale.fill("ui.status.stale", &values)]
        }
        _ => vec![
            locale.fill("ui.status.absent", &[("folder", folder)]),
            locale.fill("ui.status.last", &who),
        ],
    };
    let look = if state.polls { "ui.status.look_polling" } else { "ui.status.look" };
    lines.push(locale.fill(look, &[("last", &last)]));
    lines.push(last_build(state, locale));
    if let Some(cause) = &state.trouble {
        lines.push(locale.fill("ui.status.trouble", &[("cause", cause)]));
    }
    let more = |count: usize| {
        let count = count.to_string();
        format!("  {}", locale.fill("ui.status.more", &[("count", &count)]))
    };
    // headings count all entries, including those not listed
    let heading = |key: &str, count: usize| locale.fill(key, &[("count", &count.to_string())]);
    if !state.refused.is_empty() {
        let count = state.refused.len() + state.more_refused;
        lines.push(heading("ui.status.refused", count));
        lines.extend(state.refused.iter().map(|refusal| {
            let line = refusal.line.map(|line| format!(":{line}")).unwrap_or_default();
            format!("  {}{line}: [{}] {}", refusal.file, refusal.rule, refusal.message)
        }));
        lines.extend((state.more_refused > 0).then(|| more(state.more_refused)));
    }
    if !state.waiting.is_empty() {
        let count = state.waiting.len() + state.more_waiting;
        lines.push(heading("ui.status.waits", count));
        lines.extend(state.waiting.iter().map(|wait| {
            let values = [("what", &*wait.what), ("waits", &*wait.waits_for)];
            format!("  {}", locale.fill("ui.status.waiting_for", &values))
        }));
        lines.extend((state.more_waiting > 0).then(|| more(state.more_waiting)));
    }
    if alive && state.last_round.is_some() && state.is_well() {
        lines.push(locale.label("ui.status.well"));
    }
    lines
}

fn last_build(state: &WatchStatus, locale: &Locale) -> String {
    let Some(round) = &state.last_round else { return locale.label("ui.status.no_round") };
    let when = locale.moment(round.when);
    let [records, issued, unchanged, waiting, refused] =
        [round.records, round.issued, round.unchanged, round.waiting, round.refused]
            .map(|count| count.to_string());
    let values = [
        ("when", &*when),
        ("records", &*records),
        ("issued", &*issued),
        ("unchanged", &*unchanged),
        ("waiting", &*waiting),
        ("refused", &*refused),
    ];
    let mut text = locale.fill("ui.status.round", &values);
    if round.restored > 0 {
        let restored = round.restored.to_string();
        text.push_str(&locale.fill("ui.closing_restored", &[("count", &restored)]));
    }
    text
}
