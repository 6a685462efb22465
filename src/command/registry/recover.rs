//! `kirjuri registry recover`: rebuilds the index from the files.

use super::{RegistryCommandContext, verify};
use crate::command::ExitStatus;
use crate::command::workspace::{holder, refuse_links_in_registry};
use crate::registry::recover;

/// Rebuilds the index; the old one is kept under another name.
pub fn run(context: &RegistryCommandContext) -> anyhow::Result<ExitStatus> {
    refuse_links_in_registry(&context.settings, &context.locale)?;
    let recovered = recover(&context.settings.registry, &holder())?;
    for finding in &recovered.findings {
        verify::print_finding(context, finding);
    }
    if !recovered.findings.is_empty() {
        context.print_message("ui.registry.not_recovered", &[]);
        return Ok(ExitStatus::Refused);
    }
    let (versions, entries) = (recovered.versions.to_string(), recovered.entries.to_string());
    context
        .print_message("ui.registry.recovered", &[("versions", &versions), ("entries", &entries)]);
    if let Some(kept) = &recovered.kept {
        context
            .print_message("ui.registry.kept", &[("folder", &kept.folder.display().to_string())]);
    }
    if context.settings.archiving.is_some() {
        let mut registry = context.registry()?;
        registry.append_events(vec![recovered.log_event()])?;
        registry.close()?;
    }
    Ok(ExitStatus::Success)
}
