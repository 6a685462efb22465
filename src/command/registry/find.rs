//! `kirjuri registry list` and `kirjuri registry show`: search the index and print
//! versions.

use comfy_table::{Table, presets};
use serde::Serialize;

use super::RegistryCommandContext;
use super::municipality::{NameMatch, find_municipality};
use crate::bundle::Bundle;
use crate::cli::{FilterArgs, ListArgs, ListFormat, ShowArgs, ShowFormat};
use crate::command::ExitStatus;
use crate::command::failure::Failure;
use crate::command::terminal::{print_line, print_result};
use crate::document::DocumentKind;
use crate::locale::{Locale, Locales, folded};
use crate::model::Language;
use crate::registry::log::{Event, LogEntry};
use crate::registry::metadata::Metadata;
use crate::registry::{CsvTable, Filter, FoundVersions, Issue, RegistryReader, VersionRow};

/// Number of rows listed by default.
const DEFAULT_LIMIT: usize = 100;

/// Other names that officials use for the kinds of documents.
const OTHER_NAMES: &[(&str, &[&str])] = &[
    ("memo", &["neuvottelumuistio", "minnesanteckning", "minnesanteckningar"]),
    ("proposal", &["ehdotus", "esitys", "förslag"]),
    ("extract", &["ote", "utdrag"]),
    ("summary", &["yhteenveto", "sammanställning"]),
    ("plan", &["suunnitelma", "omgångsplan"]),
    ("measures", &["toimenpiteet", "åtgärder"]),
];

/// The filter of the command line, with names in the spelling of the registry.
///
/// # Errors
/// When the kind of document is unknown, or the registry cannot be read.
pub fn filter(
    context: &RegistryCommandContext,
    reader: &RegistryReader,
    args: &FilterArgs,
) -> anyhow::Result<Filter> {
    let municipality = match &args.municipality {
        Some(name) => Some(municipality(context, reader, name)?),
        None => None,
    };
    Ok(Filter {
        kind: args.kind.as_deref().map(|word| kind(context, word)).transpose()?,
        round: args.round.as_deref().map(folded),
        municipality,
        case_number: args.case_number.clone(),
        text: args.text.clone(),
        from: args.from,
        to: args.until,
        in_force: args.in_force,
        ..Filter::default()
    })
}

/// Resolves a kind of document from its key, or its name in Finnish, Swedish or English.
fn kind(context: &RegistryCommandContext, word: &str) -> Result<String, Failure> {
    let wanted = folded(word);
    let built_in = Locales::load(&Bundle::built_in()).ok();
    let locales = Language::ALL.into_iter().filter_map(|l| Some(built_in.as_ref()?.of(l)));
    let locales: Vec<&Locale> = locales.chain([&context.locale]).collect();
    let means = |kind: &DocumentKind| {
        let key = kind.template();
        let names = locales.iter().flat_map(|locale| {
            ["kind", "file"].map(|group| folded(&locale.label(&format!("{group}.{key}"))))
        });
        let other = OTHER_NAMES.iter().any(|(of, names)| *of == key && names.contains(&&*wanted));
        key == wanted || other || names.into_iter().any(|name| name == wanted)
    };
    match DocumentKind::ALL.iter().find(|kind| means(kind)) {
        Some(kind) => Ok(kind.template().to_owned()),
        None => {
            let named = DocumentKind::ALL.map(|kind| {
                let key = kind.template();
                format!("{key} ({})", context.locale.label(&format!("kind.{key}")))
            });
            Err(Failure::new("kind").with("word", word).with("known", named.join(", ")))
        }
    }
}

/// Resolves the name of a municipality to the spelling of the registry; suggests a
/// similar one.
fn municipality(
    context: &RegistryCommandContext,
    reader: &RegistryReader,
    name: &str,
) -> anyhow::Result<String> {
    let known = reader.index().municipalities()?;
    let warning = match find_municipality(name, &known) {
        NameMatch::Known(found) => return Ok(found.to_owned()),
        NameMatch::Near(near) => {
            context.locale.fill("ui.registry.near", &[("name", name), ("near", near)])
        }
        NameMatch::Unknown => context.locale.fill("ui.registry.nowhere", &[("name", name)]),
    };
    anstream::eprintln!("{warning}");
    Ok(name.to_owned())
}

/// Lists versions, the latest first.
pub fn list(context: &RegistryCommandContext, args: &ListArgs) -> anyhow::Result<ExitStatus> {
    let reader = RegistryReader::open(&context.settings.registry)?;
    let most = match args.limit {
        Some(0) => None,
        Some(most) => Some(most),
        None => Some(DEFAULT_LIMIT),
    };
    let mut filter = filter(context, &reader, &args.filter)?;
    filter.to = filter.to.or(args.to);
    let found = reader.index().find(&Filter { most, ..filter })?;
    match args.format {
        ListFormat::Table => show_table(context, &found),
        ListFormat::Json => print_result(&serde_json::to_string_pretty(&found.rows)?)?,
        ListFormat::Csv => {
            print_result(csv_table(&found.rows, context.locale.language)?.trim_end())?
        }
    }
    if found.more && args.format != ListFormat::Table {
        let most = most.unwrap_or_default().to_string();
        anstream::eprintln!("{}", context.locale.fill("ui.registry.more", &[("most", &most)]));
    }
    Ok(ExitStatus::Success)
}

fn show_table(context: &RegistryCommandContext, found: &FoundVersions) {
    if found.rows.is_empty() {
        return context.print_message("ui.registry.none", &[]);
    }
    let mut table = Table::new();
    table.load_preset(presets::NOTHING);
    let heads = ["number", "date", "document", "version", "title"];
    table.set_header(heads.map(|head| context.locale.label(&format!("ui.registry.head_{head}"))));
    for row in &found.rows {
        let version = match &row.replaced_by {
            Some(number) => context.locale.fill(
                "ui.registry.replaced",
                &[("version", &row.version.to_string()), ("number", number)],
            ),
            None => row.version.to_string(),
        };
        let title = match row.secret_now {
            true => context.locale.fill("ui.registry.secret_now", &[("title", &row.title)]),
            false => row.title.clone(),
        };
        let date = context.locale.date(row.date);
        table.add_row([&row.number, &date, &row.document, &version, &title]);
    }
    print_line(&table.to_string());
    if found.more {
        let most = found.rows.len().to_string();
        context.print_message("ui.registry.more", &[("most", &most)]);
    }
}

fn csv_table(rows: &[VersionRow], language: Language) -> anyhow::Result<String> {
    let mut table = CsvTable::new(language);
    table.row([
        "number",
        "document",
        "version",
        "kind",
        "title",
        "date",
        "registered",
        "case_number",
        "round",
        "publicity",
        "retention_ends",
        "replaced_by",
        "web_remove_on",
        "secret_now",
    ])?;
    for row in rows {
        let day = |day: Option<crate::model::Date>| day.map(|d| d.to_string()).unwrap_or_default();
        table.row([
            row.number.as_str(),
            &row.document,
            &row.version.to_string(),
            &row.kind,
            &row.title,
            &row.date.to_string(),
            &row.registered.to_string(),
            row.case_number.as_deref().unwrap_or_default(),
            row.round.as_deref().unwrap_or_default(),
            &row.publicity,
            &day(row.retention_ends),
            row.replaced_by.as_deref().unwrap_or_default(),
            &day(row.web_remove_on),
            if row.secret_now { "yes" } else { "" },
        ])?;
    }
    Ok(String::from_utf8(table.finish()?)?)
}

#[derive(Serialize)]
struct VersionJson {
    metadata: Metadata,
    /// SHA-256 of the sidecar.
    metadata_sha256: String,
    replaced_by: Option<String>,
    events: Vec<LogEntry>,
}

/// Prints everything known about a document: versions, replacements, digests, recipients.
pub fn show(context: &RegistryCommandContext, args: &ShowArgs) -> anyhow::Result<ExitStatus> {
    let reader = RegistryReader::open(&context.settings.registry)?;
    let versions = versions(&reader, &args.id)?;
    let mut shown = Vec::new();
    for (index, issue) in versions.iter().enumerate() {
        shown.push(VersionJson {
            metadata: reader.archive().full_metadata(issue)?,
            metadata_sha256: match &issue.web {
                Some(web) => web.metadata.to_string(),
                None => issue.metadata.to_string(),
            },
            replaced_by: versions.get(index + 1).map(|later| later.number.clone()),
            events: reader.index().history(&issue.number)?,
        });
    }
    match args.format {
        ShowFormat::Json => print_result(&serde_json::to_string_pretty(&shown)?)?,
        ShowFormat::Table => shown.iter().for_each(|version| print_version(context, version)),
    }
    Ok(ExitStatus::Success)
}

fn print_version(context: &RegistryCommandContext, shown: &VersionJson) {
    let metadata = &shown.metadata;
    let locale = &context.locale;
    let version = metadata.version.to_string();
    let heading = [
        ("document", metadata.document.as_str()),
        ("version", &version),
        ("number", &metadata.number),
    ];
    print_line(&locale.fill("ui.registry.heading", &heading));
    let mut facts: Vec<(&str, String)> = vec![
        ("head_title", metadata.title.clone()),
        ("type", metadata.type_name.clone()),
        ("head_date", locale.date(metadata.date)),
        ("registered", locale.moment(metadata.registered)),
        ("authority", metadata.authority.clone()),
    ];
    let mut add = |key, text: Option<String>| facts.extend(text.map(|text| (key, text)));
    add("case", metadata.case_number.clone());
    add("replaces", metadata.replaces.clone());
    add("replaced_by", shown.replaced_by.clone());
    add("corrects", metadata.corrects.clone());
    let class = &metadata.classification;
    add("publicity", Some(locale.label(&format!("publicity.{}", class.publicity.as_str()))));
    add("function", Some(class.function.to_string()));
    let retention = metadata.retention_ends.map(|day| locale.date(day));
    add("retention", Some(retention.unwrap_or_else(|| locale.label("ui.registry.permanent"))));
    for recipient in &metadata.distribution {
        let email = recipient.email.as_deref().map(|email| format!(", {email}"));
        add("sent", Some(format!("{}{}", recipient.name, email.unwrap_or_default())));
    }
    for pdf in &metadata.renditions {
        let pages = locale.fill("ui.registry.pages", &[("pages", &pdf.pages.to_string())]);
        add("file", Some(format!("{} ({}, {pages})", pdf.file, pdf.format)));
        add("digest", Some(pdf.digest.to_string()));
        add("remove_on", pdf.remove_on.map(|day| locale.date(day)));
    }
    add("record", Some(format!("{} {}", metadata.source.id, metadata.source.digest)));
    for (key, text) in facts {
        print_line(&format!("  {}: {text}", locale.label(&format!("ui.registry.{key}"))));
    }
    for entry in &shown.events {
        let event = match entry.detail.contains_key("copy") {
            true => "web",
            false => entry.event.as_str(),
        };
        let what = locale.label(&format!("ui.registry.event.{event}"));
        let is_export = matches!(entry.event, Event::Exported | Event::ExportFailed);
        let whom = entry.detail.get("to").filter(|_| is_export);
        let whom = whom.map(|to| format!(": {to}")).unwrap_or_default();
        print_line(&format!("  {} {what}{whom}", locale.moment(entry.time)));
    }
    print_line("");
}

/// The versions of a document; an error when there are none.
pub(super) fn versions(reader: &RegistryReader, id: &str) -> anyhow::Result<Vec<Issue>> {
    let versions = reader.versions(id)?;
    if versions.is_empty() {
        return Err(Failure::new("registry_unknown").with("id", id).into());
    }
    Ok(versions)
}
