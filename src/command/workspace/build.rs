//! Opens output folder and registry for a build or its plan, and refuses when the
//! registry has lost issued documents.

use std::path::PathBuf;

use super::Workspace;
use crate::audit::unknown_number;
use crate::fs;
use crate::intake::Memory;
use crate::model::{Place, Problem};
use crate::pipeline::{
    BuildError, Checked, Observer, Plan, RegistryContext, Report, build, plan_build,
};
use crate::publish::Output;
use crate::registry::{Index, Registry, RegistryError, RegistryReader};

/// The checked records and the plan of a build.
pub struct PlannedBuild {
    pub checked: Checked,
    pub plan: Plan,
    /// Why no register numbers would be assigned.
    pub doubt: Option<RegistryError>,
}

impl Workspace {
    /// Runs one build. The registry is locked only during the build, so that others can
    /// verify it between two builds.
    ///
    /// # Errors
    /// When records, output or registry cannot be used.
    pub fn issue(
        &self,
        memory: &mut Memory,
        output: &mut Output,
        observer: &dyn Observer,
    ) -> Result<Report, BuildError> {
        let folder = &self.settings.registry;
        self.check_registry_is_there(output)?;
        let mut registry = self.open_registry()?;
        if let Some(registry) = &mut registry {
            registry.confirm_date(self.confirmed);
            self.check_numbers_are_known(output, registry.index())?;
        }
        let archive = registry
            .as_mut()
            .zip(self.settings.plan())
            .map(|(registry, plan)| RegistryContext { registry, plan });
        let records = &self.settings.records;
        let report = build(records, memory, &self.build_settings(), output, archive, observer);
        let closed = registry.map(Registry::close).transpose();
        let mut report = report?;
        if self.settings.archiving.is_some() && output.had_unreadable_ledger() {
            let place = Place { file: output.ledger(), ..Place::default() };
            report.problems.push(Problem::warning("ledger-unreadable", place));
        }
        if let Err(error) = closed {
            let place = Place { file: folder.clone(), ..Place::default() };
            let problem = Problem::error("registry-unsealed", place).caused_by(&error);
            report.problems.push(problem.in_words(error.message_key()));
        }
        Ok(report)
    }

    /// Plans a build. Writes nothing and locks nothing.
    ///
    /// # Errors
    /// When records, output or registry cannot be used.
    pub fn plan(&self) -> Result<PlannedBuild, BuildError> {
        let folder = &self.settings.registry;
        let mut output = Output::read_only(&self.settings.output)?;
        self.check_registry_is_there(&output)?;
        let reader = match RegistryReader::has_index(folder) {
            true => RegistryReader::open(folder)?,
            false => RegistryReader::empty(folder)?,
        };
        let view = self.registry_view(&reader);
        if let Some(view) = view {
            self.check_numbers_are_known(&output, view.index)?;
        }
        let (records, memory) = (&self.settings.records, &mut Memory::default());
        let (checked, plan) =
            plan_build(records, memory, &self.build_settings(), &mut output, view)?;
        let doubt = view.map(|view| view.clock_doubt(&plan.dates())).transpose()?.flatten();
        Ok(PlannedBuild { checked, plan, doubt })
    }

    /// Requires registry settings where a registry exists, and a registry where numbers
    /// were assigned.
    fn check_registry_is_there(&self, output: &Output) -> Result<(), RegistryError> {
        let folder = self.settings.registry.clone();
        let has_index = RegistryReader::has_index(&folder);
        let registered = output.entries().any(|(_, entry)| entry.number.is_some());
        if self.settings.archiving.is_none() {
            return match (has_index, registered) {
                (true, _) => Err(RegistryError::NoSettings { folder }),
                (false, true) => {
                    let folder = output.folder().to_owned();
                    Err(RegistryError::SettingsLost { folder })
                }
                (false, false) => Ok(()),
            };
        }
        if has_index || !(registered || self.unknown_number(output, None)?.is_some()) {
            return Ok(());
        }
        match fs::is_folder(&folder.join("files")) {
            true => Err(RegistryError::NoIndex { folder }),
            false => Err(RegistryError::Lost { folder }),
        }
    }

    /// Requires that every number in the output folder is in the registry.
    fn check_numbers_are_known(&self, output: &Output, index: &Index) -> Result<(), RegistryError> {
        let folder = self.settings.registry.clone();
        for number in output.entries().filter_map(|(_, entry)| entry.number.as_deref()) {
            if !index.is_number_used(number)? {
                return Err(RegistryError::Forgotten { number: number.to_owned(), folder });
            }
        }
        match self.unknown_number(output, Some(index))? {
            Some((file, number)) => Err(RegistryError::ForgottenPdf { file, number, folder }),
            None => Ok(()),
        }
    }

    /// A PDF in the output folder with a register number that is not in the index, or
    /// with any number when there is no index.
    fn unknown_number(
        &self,
        output: &Output,
        index: Option<&Index>,
    ) -> Result<Option<(PathBuf, String)>, RegistryError> {
        let Some(archiving) = &self.settings.archiving else { return Ok(None) };
        unknown_number(output, &archiving.numbering, &self.design.locales, index)
    }
}
