//! `kirjuri registry get`: copies archived files of a document into a folder.

use super::{RegistryCommandContext, find};
use crate::cli::{GetArgs, GetWhat};
use crate::command::ExitStatus;
use crate::command::failure::Failure;
use crate::command::terminal::print_line;
use crate::fs;
use crate::locale::folded;
use crate::model::Digest;
use crate::registry::metadata::{self, SourceRecord};
use crate::registry::{Issue, RegistryReader, SAHKE2};

/// Copies the archived files of a version into a folder.
pub fn run(context: &RegistryCommandContext, args: &GetArgs) -> anyhow::Result<ExitStatus> {
    // an archived copy may contain secrets, and a record would duplicate an existing one
    context.settings.check_apart(&args.to, &[])?;
    let reader = RegistryReader::open(&context.settings.registry)?;
    let versions = find::versions(&reader, &args.id)?;
    let typed = folded(&args.id);
    let by_number = versions.iter().find(|issue| folded(&issue.number) == typed);
    let wanted = match args.version {
        Some(version) => versions.iter().find(|issue| issue.version == version),
        None => by_number.or(versions.last()),
    };
    let issue = wanted.ok_or_else(|| {
        let known: Vec<String> = versions.iter().map(|issue| issue.version.to_string()).collect();
        Failure::new("no_version").with("id", &args.id).with("known", known.join(", "))
    })?;
    let what = if args.web { GetWhat::Web } else { args.what };
    if what == GetWhat::Web && issue.web.as_ref().is_some_and(|web| web.withdrawn) {
        let number = [("number", issue.number.as_str())];
        anstream::eprintln!("{}", context.locale.fill("ui.registry.get_withdrawn", &number));
    }
    if let Some(now) = issue.restricted.filter(|_| what != GetWhat::Web) {
        let publicity = context.locale.label(&format!("publicity.{}", now.as_str()));
        let values = [("number", issue.number.as_str()), ("publicity", &publicity)];
        anstream::eprintln!("{}", context.locale.fill("ui.registry.get_secret_now", &values));
    }
    let files: Vec<_> = files(&reader, issue, what)?
        .into_iter()
        .map(|(name, bytes)| (args.to.join(name), bytes))
        .collect();
    for (path, _) in &files {
        if fs::stamp(path)?.is_some() && !args.force {
            return Err(Failure::new("there_already_force").at(path).into());
        }
    }
    for (path, bytes) in files {
        fs::write_atomic(&path, &bytes)?;
        print_line(&path.display().to_string());
    }
    Ok(ExitStatus::Success)
}

/// The requested files of a version, with their file names.
fn files(
    reader: &RegistryReader,
    issue: &Issue,
    what: GetWhat,
) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let archive = reader.archive();
    let named = |file: &str, end: &str| {
        let stem = file.trim_end_matches(".pdf");
        format!("{stem}_v{}.{end}", issue.version)
    };
    let sidecar = |file: &str| archive.sidecar(issue, issue.web.as_ref(), file);
    let one = |name, bytes| Ok(vec![(name, bytes)]);
    match what {
        GetWhat::Pdf => one(named(&issue.file, "pdf"), archive.pdf(issue)?),
        GetWhat::Web => match &issue.web {
            Some(web) => one(named(&web.file, "pdf"), archive.web_pdf(issue, web)?),
            None => Err(Failure::new("no_web_copy").with("id", &issue.document).into()),
        },
        GetWhat::Source => {
            let file = format!("{}.typ", issue.file.trim_end_matches(".pdf"));
            one(named(&issue.file, "typ"), archive.file(issue, &file)?)
        }
        GetWhat::Metadata => one(named(&issue.file, "json"), sidecar(metadata::FILE)?),
        GetWhat::Sahke2 => one(named(&issue.file, "xml"), sidecar(SAHKE2)?),
        GetWhat::Record | GetWhat::Records => {
            let metadata = archive.metadata(issue)?;
            let others = metadata.draws_on.iter().filter(|_| what == GetWhat::Records);
            let records = std::iter::once(&metadata.source).chain(others);
            records.map(|record| record_file(reader, issue, record)).collect()
        }
    }
}

/// A record as it was when the version was created, byte for byte.
fn record_file(
    reader: &RegistryReader,
    issue: &Issue,
    record: &SourceRecord,
) -> anyhow::Result<(String, Vec<u8>)> {
    let bytes = reader.archive().file(issue, &record.file)?;
    if Digest::of(&bytes) != record.digest {
        return Err(Failure::new("record_changed").with("id", &record.id).into());
    }
    Ok((format!("{}_v{}.json", record.id, record.version), bytes))
}
