//! `kirjuri registry verify`: verifies files, log and index, and optionally rebuilds
//! every PDF.

use super::{RegistryCommandContext, checkpoint};
use crate::audit::{RebuildResult, rebuild_all};
use crate::cli::VerifyArgs;
use crate::command::ExitStatus;
use crate::command::failure::message;
use crate::command::terminal::print_line;
use crate::command::workspace::holder;
use crate::registry::log::{Event, LogEvent, LogHead};
use crate::registry::metadata::Copy;
use crate::registry::{
    IntegrityFinding, RegistryError, RegistryReader, VerifyReport, lock_registry, verify_registry,
    was_not_closed,
};

/// Verifies the registry, prints the findings and records the result in the log.
pub fn run(context: &RegistryCommandContext, args: &VerifyArgs) -> anyhow::Result<ExitStatus> {
    let checkpoint = args
        .checkpoint
        .as_deref()
        .map(|file| checkpoint::read(context, file, args.key.as_deref()))
        .transpose()?;
    let head: Option<LogHead> = checkpoint.map(|checkpoint| checkpoint.head);
    let folder = &context.settings.registry;
    if was_not_closed(folder) && context.settings.archiving.is_some() {
        // pending work is completed first; if that fails, the registry is inspected as it
        // is
        if let Ok(registry) = context.registry() {
            registry.close()?;
        }
    }
    let mut inspection = {
        // a read-only copy needs no lock
        let _lock = match lock_registry(folder, &holder()) {
            Err(RegistryError::Fs(_)) => None,
            other => Some(other?),
        };
        verify_registry(folder, head.as_ref())
    };
    if args.rebuild {
        rebuild(context, &mut inspection)?;
    }
    for finding in &inspection.findings {
        print_finding(context, finding);
    }
    if !RegistryReader::has_index(folder) {
        context.print_message("ui.registry.no_index", &[]);
    }
    if inspection.unsealed {
        context.print_message("ui.registry.unsealed", &[]);
    }
    if inspection.open > 0 {
        context.print_message("ui.registry.open", &[("count", &inspection.open.to_string())]);
    }
    let found = inspection.findings.len();
    let values = [
        ("versions", inspection.versions.to_string()),
        ("files", inspection.files.to_string()),
        ("entries", inspection.entries.to_string()),
        ("findings", found.to_string()),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
    context.print_message("ui.registry.verified", &values);
    // nothing is written to a damaged registry
    if found == 0 && context.settings.archiving.is_some() && !args.no_log {
        let event = LogEvent::of(Event::Verified)
            .with("versions", inspection.versions)
            .with("files", inspection.files)
            .with("rebuilt", if args.rebuild { "yes" } else { "no" });
        match context.registry() {
            Ok(mut registry) => {
                registry.append_events(vec![event])?;
                registry.close()?;
            }
            // the log of a read-only copy cannot be written
            Err(error) => {
                let cause = message(&*error, &context.locale);
                let warning = context.locale.fill("ui.registry.unlogged", &[("cause", &cause)]);
                anstream::eprintln!("{warning}");
            }
        }
    }
    Ok(if found == 0 { ExitStatus::Success } else { ExitStatus::Refused })
}

/// Rebuilds every document and compares it.
fn rebuild(context: &RegistryCommandContext, inspection: &mut VerifyReport) -> anyhow::Result<()> {
    let reader = RegistryReader::open(&context.settings.registry)?;
    let made = rebuild_all(&reader, context.settings.workers, |issue, copy, rebuilt| {
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
                context.print_message(key, &values);
            }
            RebuildResult::IntegrityFinding(finding) => inspection.findings.push(finding),
        }
    }
    let (identical, similar) = (identical.to_string(), similar.to_string());
    context
        .print_message("ui.registry.rebuilt", &[("identical", &identical), ("similar", &similar)]);
    Ok(())
}

/// Prints a finding.
pub fn print_finding(context: &RegistryCommandContext, finding: &IntegrityFinding) {
    let locale = &context.locale;
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
    print_line(&format!("{}{what}{detail}", whose.unwrap_or_default()));
}
