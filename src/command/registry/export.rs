//! `kirjuri registry export`: creates a package for a registry office or an archive.

use super::{RegistryCommandContext, find};
use crate::cli::{ExportArgs, ExportCopy, ExportForm};
use crate::command::ExitStatus;
use crate::command::failure::Failure;
use crate::command::workspace::now;
use crate::model::Publicity;
use crate::registry::metadata::Copy;
use crate::registry::sahke2::{Contact, Transfer};
use crate::registry::{
    EarlierExport, ExportRequest, PackageFormat, RegistryReader, export_package,
};

/// Creates a package of the matching versions and records it in the log.
pub fn run(context: &RegistryCommandContext, args: &ExportArgs) -> anyhow::Result<ExitStatus> {
    context.settings.check_apart(&args.to, &[])?;
    // locked throughout, so that the log can be written
    let mut registry = context.registry()?;
    if let Some(earlier) = registry.earlier_export() {
        report_earlier_export(context, earlier);
    }
    // an open reader would keep the registry from being sealed at the end
    let mut filter = {
        let reader = RegistryReader::open(&context.settings.registry)?;
        find::filter(context, &reader, &args.filter)?
    };
    // replaced versions have no web copy
    filter.in_force |= args.copy == ExportCopy::Web;
    let rows = registry.index().find(&filter)?.rows;
    let copies: &[Copy] = match args.copy {
        ExportCopy::Archive => &[Copy::Archive],
        ExportCopy::Web => &[Copy::Web],
        ExportCopy::Both => &[Copy::Archive, Copy::Web],
    };
    if copies.contains(&Copy::Web) {
        for row in rows.iter().filter(|row| row.web_withdrawn) {
            let named = [("number", row.number.as_str()), ("document", &row.document)];
            context.print_message("ui.registry.export_withdrawn", &named);
        }
    }
    if copies.contains(&Copy::Archive) {
        for row in rows.iter().filter(|row| row.secret_now) {
            let found = registry.index().by_number(&row.number)?;
            let now = found.and_then(|issue| issue.restricted).unwrap_or(Publicity::PartlySecret);
            let publicity = context.locale.label(&format!("publicity.{}", now.as_str()));
            let named = [
                ("number", row.number.as_str()),
                ("document", &row.document),
                ("publicity", &publicity),
            ];
            context.print_message("ui.registry.export_secret_now", &named);
        }
    }
    let recipient = args.recipient.clone().or_else(|| filter.municipality.clone());
    let recipient = recipient.unwrap_or_else(|| args.to.display().to_string());
    let form = match args.form {
        ExportForm::Bagit => PackageFormat::Bag,
        ExportForm::Sahke2 => PackageFormat::Sahke2,
    };
    let package = ExportRequest {
        form,
        to: &args.to,
        copies,
        day: now().day(),
        recipient: &recipient,
        language: context.locale.language,
        transfer: transfer(context, args)?,
    };
    let exported = export_package(&mut registry, &rows, &package);
    registry.close()?;
    let exported = exported?;
    let (pdfs, folder) = (exported.pdfs.to_string(), args.to.display().to_string());
    context.print_message("ui.registry.exported", &[("pdfs", &pdfs), ("folder", &folder)]);
    if exported.restricted > 0 && args.copy != ExportCopy::Web {
        let count = exported.restricted.to_string();
        context.print_message("ui.registry.restricted", &[("count", &count)]);
    }
    Ok(ExitStatus::Success)
}

/// Reports the outcome of an export that was interrupted.
fn report_earlier_export(context: &RegistryCommandContext, earlier: &EarlierExport) {
    let (key, folder) = match earlier {
        EarlierExport::Finished(folder) => ("ui.registry.export_finished", folder),
        EarlierExport::Undone(folder) => ("ui.registry.export_undone", folder),
        EarlierExport::Waiting(folder) => ("ui.registry.export_given_up", folder),
    };
    context.print_message(key, &[("folder", &folder.display().to_string())]);
}

/// The contact details and functions from the settings.
fn transfer(context: &RegistryCommandContext, args: &ExportArgs) -> anyhow::Result<Transfer> {
    let archiving = context.archiving()?;
    let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
    let from = &archiving.transfer;
    let name = args.to.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if args.form == ExportForm::Sahke2 {
        let fields = [
            ("contract", &from.contract),
            ("name", &from.name),
            ("address", &from.address),
            ("phone", &from.phone),
            ("email", &from.email),
        ];
        let missing: Vec<&str> =
            fields.iter().filter(|(_, text)| text.is_none()).map(|(name, _)| *name).collect();
        if !missing.is_empty() {
            return Err(Failure::new("transfer_missing").with("keys", missing.join(", ")).into());
        }
    }
    if args.form == ExportForm::Sahke2 {
        let examples = context.settings.examples(true);
        let mut keys = examples.iter().map(|example| example.setting.as_str());
        if let Some(key) = keys.find(|key| key.starts_with("registry.transfer.")) {
            return Err(Failure::new("transfer_example").with("key", key).into());
        }
    }
    Ok(Transfer {
        native_id: name.clone(),
        title: name,
        contract: or_empty(&from.contract),
        // the authority is taken from the documents
        authority: String::new(),
        contact: Contact {
            name: or_empty(&from.name),
            address: or_empty(&from.address),
            phone: or_empty(&from.phone),
            email: or_empty(&from.email),
        },
        functions: archiving.functions.clone(),
    })
}
