//! `registry recover`: the index made anew from the files.

use super::{Desk, verify};
use crate::command::Status;
use crate::command::workspace::{holder, refuse_links_in_registry};
use crate::registry::recover;

/// Makes the index anew; the old one is kept under another name.
pub fn run(desk: &Desk) -> anyhow::Result<Status> {
    refuse_links_in_registry(&desk.settings, &desk.locale)?;
    let recovered = recover(&desk.settings.registry, &holder())?;
    for finding in &recovered.findings {
        verify::say(desk, finding);
    }
    if !recovered.findings.is_empty() {
        desk.say("ui.registry.not_recovered", &[]);
        return Ok(Status::Refused);
    }
    let (versions, entries) = (recovered.versions.to_string(), recovered.entries.to_string());
    desk.say("ui.registry.recovered", &[("versions", &versions), ("entries", &entries)]);
    if let Some(kept) = &recovered.kept {
        desk.say("ui.registry.kept", &[("folder", &kept.folder.display().to_string())]);
    }
    if desk.settings.archiving.is_some() {
        let mut registry = desk.registry()?;
        registry.append_events(vec![recovered.log_event()])?;
        registry.close()?;
    }
    Ok(Status::Well)
}
