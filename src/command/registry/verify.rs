//! `registry verify`: is everything as it was, and can it be made again?

use super::{Desk, checkpoint};
use crate::audit::{RebuildResult, rebuild_all};
use crate::cli::VerifyArgs;
use crate::command::Status;
use crate::command::failure::words;
use crate::command::terminal::line;
use crate::command::workspace::holder;
use crate::registry::log::{Event, LogEvent, LogHead};
use crate::registry::metadata::Copy;
use crate::registry::{
    IntegrityFinding, RegistryError, RegistryReader, VerifyReport, lock_registry, verify_registry,
    was_not_closed,
};

/// Looks over the registry; what is wrong is said, and put down in the log.
pub fn run(desk: &Desk, args: &VerifyArgs) -> anyhow::Result<Status> {
    let checkpoint = args
        .checkpoint
        .as_deref()
        .map(|file| checkpoint::read(desk, file, args.key.as_deref()))
        .transpose()?;
    let head: Option<LogHead> = checkpoint.map(|checkpoint| checkpoint.head);
    let folder = &desk.settings.registry;
    if was_not_closed(folder) && desk.settings.archiving.is_some() {
        // what was under way is finished first; if that fails, it is looked at
        // as it is
        if let Ok(registry) = desk.registry() {
            registry.close()?;
        }
    }
    let mut inspection = {
        // a copy that may only be read cannot change meanwhile either
        let _quiet = match lock_registry(folder, &holder()) {
            Err(RegistryError::Fs(_)) => None,
            other => Some(other?),
        };
        verify_registry(folder, head.as_ref())
    };
    if args.rebuild {
        rebuild(desk, &mut inspection)?;
    }
    for finding in &inspection.findings {
        say(desk, finding);
    }
    if !RegistryReader::has_index(folder) {
        desk.say("ui.registry.no_index", &[]);
    }
    if inspection.unsealed {
        desk.say("ui.registry.unsealed", &[]);
    }
    if inspection.open > 0 {
        desk.say("ui.registry.open", &[("count", &inspection.open.to_string())]);
    }
    let found = inspection.findings.len();
    let values = [
        ("versions", inspection.versions.to_string()),
        ("files", inspection.files.to_string()),
        ("entries", inspection.entries.to_string()),
        ("findings", found.to_string()),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
    desk.say("ui.registry.verified", &values);
    // a damaged registry is left as it is
    if found == 0 && desk.settings.archiving.is_some() && !args.no_log {
        let event = LogEvent::of(Event::Verified)
            .with("versions", inspection.versions)
            .with("files", inspection.files)
            .with("rebuilt", if args.rebuild { "yes" } else { "no" });
        match desk.registry() {
            Ok(mut registry) => {
                registry.append_events(vec![event])?;
                registry.close()?;
            }
            // a copy that may only be read has no log to write to
            Err(error) => {
                let cause = words(&*error, &desk.locale);
                let said = desk.locale.fill("ui.registry.unlogged", &[("cause", &cause)]);
                anstream::eprintln!("{said}");
            }
        }
    }
    Ok(if found == 0 { Status::Well } else { Status::Refused })
}

/// Makes every document again.
fn rebuild(desk: &Desk, inspection: &mut VerifyReport) -> anyhow::Result<()> {
    let reader = RegistryReader::open(&desk.settings.registry)?;
    let made = rebuild_all(&reader, desk.settings.workers, |issue, copy, rebuilt| {
        let copy = if copy == Copy::Web { "web" } else { "archive" };
        (issue.document.clone(), issue.version, copy, rebuilt)
    })?;
    let (mut identical, mut similar) = (0, 0);
    for (document, version, copy, rebuilt) in made {
        match rebuilt {
            RebuildResult::Identical => identical += 1,
            RebuildResult::SameText { ref program } | RebuildResult::SameWords { ref program } => {
                similar += 1;
                let key = match rebuilt {
                    RebuildResult::SameWords { .. } => "ui.registry.same_words",
                    _ => "ui.registry.same_text",
                };
                let version = version.to_string();
                let values = [
                    ("document", document.as_str()),
                    ("version", &version),
                    ("copy", copy),
                    ("program", program),
                ];
                desk.say(key, &values);
            }
            RebuildResult::IntegrityFinding(finding) => inspection.findings.push(finding),
        }
    }
    let (identical, similar) = (identical.to_string(), similar.to_string());
    desk.say("ui.registry.rebuilt", &[("identical", &identical), ("similar", &similar)]);
    Ok(())
}

/// One finding in words.
pub fn say(desk: &Desk, finding: &IntegrityFinding) {
    let locale = &desk.locale;
    let whose = finding.document.as_ref().map(|(document, version)| {
        let version = version.to_string();
        locale.fill("ui.registry.whose", &[("document", document), ("version", &version)])
    });
    let key = format!("ui.registry.fault.{}", finding.kind.as_str());
    let what = locale.fill(&key, &[("place", &finding.place)]);
    let detail = match finding.detail.as_str() {
        "" => String::new(),
        detail => format!(" ({detail})"),
    };
    line(&format!("{}{what}{detail}", whose.unwrap_or_default()));
}
