//! `kirjuri registry`: searches, exports and verifies issued documents.

mod checkpoint;
mod due;
mod export;
mod find;
mod get;
mod municipality;
mod recover;
mod verify;

use super::ExitStatus;
use super::failure::Failure;
use super::terminal::print_line;
use super::workspace::{self, now};
use crate::cli::{Global, RegistryArgs, RegistryCommand};
use crate::config::{self, Archiving, FILE, Settings};
use crate::locale::Locale;
use crate::registry::{Registry, RegistryReader};

/// Runs one of the registry's commands.
pub fn run(global: &Global, args: &RegistryArgs) -> anyhow::Result<ExitStatus> {
    let context = RegistryCommandContext::open(global)?;
    match &args.command {
        RegistryCommand::List(args) => find::list(&context, args),
        RegistryCommand::Show(args) => find::show(&context, args),
        RegistryCommand::Get(args) => get::run(&context, args),
        RegistryCommand::Export(args) => export::run(&context, args),
        RegistryCommand::Due(args) => due::run(&context, args),
        RegistryCommand::Verify(args) => verify::run(&context, args),
        RegistryCommand::Checkpoint(args) => checkpoint::run(&context, args),
        RegistryCommand::Recover => recover::run(&context),
    }
}

/// Settings and locale of the registry commands. Templates are not loaded, so that an
/// archive can be read whatever their state.
struct RegistryCommandContext {
    settings: Settings,
    locale: Locale,
}

impl RegistryCommandContext {
    fn open(global: &Global) -> anyhow::Result<Self> {
        let settings = config::resolve(&workspace::overrides(global))?;
        let locale = workspace::locale(&settings)?;
        Ok(Self { settings, locale })
    }

    /// The registry settings; an error when there are none.
    fn archiving(&self) -> anyhow::Result<&Archiving> {
        match &self.settings.archiving {
            Some(archiving) => Ok(archiving),
            None => Err(Failure::new("no_registry").with("path", FILE).into()),
        }
    }

    /// Opens the registry for writing.
    fn registry(&self) -> anyhow::Result<Registry> {
        let numbering = self.archiving()?.numbering.clone();
        if !RegistryReader::has_index(&self.settings.registry) {
            // gives the same error message as reading
            RegistryReader::open(&self.settings.registry)?;
        }
        workspace::refuse_links_in_registry(&self.settings, &self.locale)?;
        Ok(Registry::open(&self.settings.registry, numbering, now, &workspace::holder())?)
    }

    /// Prints a translated message.
    fn print_message(&self, key: &str, values: &[(&str, &str)]) {
        print_line(&self.locale.fill(key, values));
    }
}
