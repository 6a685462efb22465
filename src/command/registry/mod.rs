//! `registry`: what was issued, found again, handed over and proved.

mod checkpoint;
mod due;
mod export;
mod find;
mod get;
mod municipality;
mod recover;
mod verify;

use super::Status;
use super::failure::Failure;
use super::terminal::line;
use super::workspace::{self, now};
use crate::cli::{Global, RegistryArgs, RegistryCommand};
use crate::config::{self, Archiving, FILE, Settings};
use crate::locale::Locale;
use crate::registry::{Registry, RegistryReader};

/// Runs one of the registry's commands.
pub fn run(global: &Global, args: &RegistryArgs) -> anyhow::Result<Status> {
    let desk = Desk::open(global)?;
    match &args.command {
        RegistryCommand::List(args) => find::list(&desk, args),
        RegistryCommand::Show(args) => find::show(&desk, args),
        RegistryCommand::Get(args) => get::run(&desk, args),
        RegistryCommand::Export(args) => export::run(&desk, args),
        RegistryCommand::Due(args) => due::run(&desk, args),
        RegistryCommand::Verify(args) => verify::run(&desk, args),
        RegistryCommand::Checkpoint(args) => checkpoint::run(&desk, args),
        RegistryCommand::Recover => recover::run(&desk),
    }
}

/// What the registry's commands work with: settings and words, no templates,
/// so that an archive can be read whatever has become of them.
struct Desk {
    settings: Settings,
    locale: Locale,
}

impl Desk {
    fn open(global: &Global) -> anyhow::Result<Self> {
        let settings = config::resolve(&workspace::overrides(global))?;
        let locale = workspace::locale(&settings)?;
        Ok(Self { settings, locale })
    }

    /// How documents are registered.
    fn archiving(&self) -> anyhow::Result<&Archiving> {
        match &self.settings.archiving {
            Some(archiving) => Ok(archiving),
            None => Err(Failure::new("no_registry").with("path", FILE).into()),
        }
    }

    /// The registry, for writing to it.
    fn registry(&self) -> anyhow::Result<Registry> {
        let numbering = self.archiving()?.numbering.clone();
        if !RegistryReader::has_index(&self.settings.registry) {
            // the same words as for looking things up
            RegistryReader::open(&self.settings.registry)?;
        }
        workspace::refuse_links_in_registry(&self.settings, &self.locale)?;
        Ok(Registry::open(&self.settings.registry, numbering, now, &workspace::holder())?)
    }

    /// Prints a line of words.
    fn say(&self, key: &str, values: &[(&str, &str)]) {
        line(&self.locale.fill(key, values));
    }
}
