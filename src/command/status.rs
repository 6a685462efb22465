//! `status`: whether the watcher lives, and what it refuses or waits for. Only
//! reads; the watcher does not notice.

use serde::Serialize;

use super::Status;
use super::terminal::answer;
use super::workspace;
use crate::cli::{Global, StatusArgs, StatusFormat};
use crate::config;
use crate::locale::Locale;
use crate::publish::{self, WatchStatus};

/// Seconds after its last look for which a watcher counts as alive. It looks at
/// least every 60.
const FRESH: i64 = 180;

/// The answer for other programs.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    /// A watcher holds the output folder, and has looked lately.
    alive: bool,
    /// A watcher holds the output folder.
    running: bool,
    /// Nothing is refused, waits or is in its way.
    well: bool,
    /// What the watcher, or the last one there was, says of itself.
    watcher: Option<&'a WatchStatus>,
}

/// Tells how the watcher is.
pub fn run(global: &Global, args: &StatusArgs) -> anyhow::Result<Status> {
    let settings = config::resolve(&workspace::overrides(global))?;
    let locale = workspace::locale(&settings)?;
    let folder = &settings.output;
    let state = WatchStatus::read(folder)?;
    let holder = publish::lock_holder(folder)?;
    let running = state.as_ref().is_some_and(|state| {
        let own = workspace::named(state.process);
        // a build holds the folder too, in its own name
        holder.as_ref().is_some_and(|holder| holder.is_empty() || *holder == own)
    });
    // a clock that was set back makes the last look one to come
    let age = |state: &WatchStatus| workspace::now().seconds_since(state.last_look).abs();
    let alive = running && state.as_ref().is_some_and(|state| age(state) <= FRESH);
    let well = alive && state.as_ref().is_some_and(WatchStatus::is_well);
    match args.format {
        StatusFormat::Json => {
            let whole = Answer { alive, running, well, watcher: state.as_ref() };
            answer(&serde_json::to_string_pretty(&whole)?)?;
        }
        StatusFormat::Text => {
            let folder = folder.display().to_string();
            answer(&told(state.as_ref(), (running, alive), &folder, &locale).join("\n"))?;
        }
    }
    Ok(match (alive, well) {
        (true, true) => Status::Well,
        (true, false) => Status::Refused,
        _ => Status::Absent,
    })
}

/// The answer for people.
fn told(
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
    lines.push(round(state, locale));
    if let Some(cause) = &state.trouble {
        lines.push(locale.fill("ui.status.trouble", &[("cause", cause)]));
    }
    let more = |count: usize| {
        let count = count.to_string();
        format!("  {}", locale.fill("ui.status.more", &[("count", &count)]))
    };
    // headings count what stands under them, with what is not named
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

fn round(state: &WatchStatus, locale: &Locale) -> String {
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
    let mut said = locale.fill("ui.status.round", &values);
    if round.restored > 0 {
        let restored = round.restored.to_string();
        said.push_str(&locale.fill("ui.closing_restored", &[("count", &restored)]));
    }
    said
}
