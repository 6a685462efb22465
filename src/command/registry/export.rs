//! `registry export`: a package for a registry office or an archive.

use super::{Desk, find};
use crate::cli::{ExportArgs, ExportCopy, ExportForm};
use crate::command::Status;
use crate::command::failure::Failure;
use crate::command::workspace::now;
use crate::model::Publicity;
use crate::registry::metadata::Copy;
use crate::registry::sahke2::{Contact, Transfer};
use crate::registry::{
    EarlierExport, ExportRequest, PackageFormat, RegistryReader, export_package,
};

/// Makes a package of the versions that fit, and puts it down in the log.
pub fn run(desk: &Desk, args: &ExportArgs) -> anyhow::Result<Status> {
    desk.settings.check_apart(&args.to, &[])?;
    // held for the whole time, so that the log can be written
    let mut registry = desk.registry()?;
    if let Some(earlier) = registry.earlier_export() {
        tell_earlier(desk, earlier);
    }
    let reader = RegistryReader::open(&desk.settings.registry)?;
    let mut filter = find::filter(desk, &reader, &args.filter)?;
    // what was replaced has left the web
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
            desk.say("ui.registry.export_withdrawn", &named);
        }
    }
    if copies.contains(&Copy::Archive) {
        for row in rows.iter().filter(|row| row.secret_now) {
            let found = registry.index().by_number(&row.number)?;
            let now = found.and_then(|issue| issue.restricted).unwrap_or(Publicity::PartlySecret);
            let publicity = desk.locale.label(&format!("publicity.{}", now.as_str()));
            let named = [
                ("number", row.number.as_str()),
                ("document", &row.document),
                ("publicity", &publicity),
            ];
            desk.say("ui.registry.export_secret_now", &named);
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
        language: desk.locale.language,
        transfer: transfer(desk, args)?,
    };
    let handed = export_package(&mut registry, &rows, &package);
    registry.close()?;
    let handed = handed?;
    let (pdfs, folder) = (handed.pdfs.to_string(), args.to.display().to_string());
    desk.say("ui.registry.exported", &[("pdfs", &pdfs), ("folder", &folder)]);
    if handed.restricted > 0 && args.copy != ExportCopy::Web {
        let count = handed.restricted.to_string();
        desk.say("ui.registry.restricted", &[("count", &count)]);
    }
    Ok(Status::Well)
}

/// Says what became of an export that ended suddenly.
fn tell_earlier(desk: &Desk, earlier: &EarlierExport) {
    let (key, folder) = match earlier {
        EarlierExport::Finished(folder) => ("ui.registry.export_finished", folder),
        EarlierExport::Undone(folder) => ("ui.registry.export_undone", folder),
        EarlierExport::Waiting(folder) => ("ui.registry.export_given_up", folder),
    };
    desk.say(key, &[("folder", &folder.display().to_string())]);
}

/// What the settings say of who hands over.
fn transfer(desk: &Desk, args: &ExportArgs) -> anyhow::Result<Transfer> {
    let archiving = desk.archiving()?;
    let said = |text: &Option<String>| text.clone().unwrap_or_default();
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
        let examples = desk.settings.examples(true);
        let mut keys = examples.iter().map(|example| example.setting.as_str());
        if let Some(key) = keys.find(|key| key.starts_with("registry.transfer.")) {
            return Err(Failure::new("transfer_example").with("key", key).into());
        }
    }
    Ok(Transfer {
        native_id: name.clone(),
        title: name,
        contract: said(&from.contract),
        // the authority is that of the documents
        authority: String::new(),
        contact: Contact {
            name: said(&from.name),
            address: said(&from.address),
            phone: said(&from.phone),
            email: said(&from.email),
        },
        functions: archiving.functions.clone(),
    })
}
