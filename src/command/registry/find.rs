//! `registry list` and `show`.

use comfy_table::{Table, presets};
use serde::Serialize;

use super::Desk;
use super::municipality::{Meant, meant};
use crate::bundle::Bundle;
use crate::cli::{FilterArgs, ListArgs, ListFormat, ShowArgs, ShowFormat};
use crate::command::Status;
use crate::command::failure::Failure;
use crate::command::terminal::{answer, line};
use crate::document::DocumentKind;
use crate::locale::{Locale, Locales, folded};
use crate::model::Language;
use crate::registry::log::{Event, LogEntry};
use crate::registry::metadata::Metadata;
use crate::registry::{CsvTable, Filter, FoundVersions, Issue, RegistryReader, VersionRow};

/// Rows that a list shows when nothing is said.
const MOST: usize = 100;

/// What officials call the kinds of documents beside the names that these bear.
const OTHER_NAMES: &[(&str, &[&str])] = &[
    ("memo", &["neuvottelumuistio", "minnesanteckning", "minnesanteckningar"]),
    ("proposal", &["ehdotus", "esitys", "förslag"]),
    ("extract", &["ote", "utdrag"]),
    ("summary", &["yhteenveto", "sammanställning"]),
    ("plan", &["suunnitelma", "omgångsplan"]),
    ("measures", &["toimenpiteet", "åtgärder"]),
];

/// What the command line asks for, with names as the registry writes them.
///
/// # Errors
/// When there is no such kind of document, or the registry cannot be read.
pub fn filter(desk: &Desk, reader: &RegistryReader, args: &FilterArgs) -> anyhow::Result<Filter> {
    let municipality = match &args.municipality {
        Some(name) => Some(municipality(desk, reader, name)?),
        None => None,
    };
    Ok(Filter {
        kind: args.kind.as_deref().map(|word| kind(desk, word)).transpose()?,
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

/// The kind of document that a word means: its key, or its name in Finnish,
/// Swedish or English.
fn kind(desk: &Desk, word: &str) -> Result<String, Failure> {
    let wanted = folded(word);
    let built_in = Locales::load(&Bundle::built_in()).ok();
    let locales = Language::ALL.into_iter().filter_map(|l| Some(built_in.as_ref()?.of(l)));
    let locales: Vec<&Locale> = locales.chain([&desk.locale]).collect();
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
                format!("{key} ({})", desk.locale.label(&format!("kind.{key}")))
            });
            Err(Failure::new("kind").with("word", word).with("known", named.join(", ")))
        }
    }
}

/// The municipality that a name means, as the registry writes it. One that is
/// like another is named.
fn municipality(desk: &Desk, reader: &RegistryReader, name: &str) -> anyhow::Result<String> {
    let known = reader.index().municipalities()?;
    let said = match meant(name, &known) {
        Meant::Known(found) => return Ok(found.to_owned()),
        Meant::Near(near) => {
            desk.locale.fill("ui.registry.near", &[("name", name), ("near", near)])
        }
        Meant::Unknown => desk.locale.fill("ui.registry.nowhere", &[("name", name)]),
    };
    anstream::eprintln!("{said}");
    Ok(name.to_owned())
}

/// Lists versions, the latest first.
pub fn list(desk: &Desk, args: &ListArgs) -> anyhow::Result<Status> {
    let reader = RegistryReader::open(&desk.settings.registry)?;
    let most = match args.limit {
        Some(0) => None,
        Some(most) => Some(most),
        None => Some(MOST),
    };
    let mut filter = filter(desk, &reader, &args.filter)?;
    filter.to = filter.to.or(args.to);
    let found = reader.index().find(&Filter { most, ..filter })?;
    match args.format {
        ListFormat::Table => show_table(desk, &found),
        ListFormat::Json => answer(&serde_json::to_string_pretty(&found.rows)?)?,
        ListFormat::Csv => answer(table_of(&found.rows, desk.locale.language)?.trim_end())?,
    }
    if found.more && args.format != ListFormat::Table {
        let most = most.unwrap_or_default().to_string();
        anstream::eprintln!("{}", desk.locale.fill("ui.registry.more", &[("most", &most)]));
    }
    Ok(Status::Well)
}

fn show_table(desk: &Desk, found: &FoundVersions) {
    if found.rows.is_empty() {
        return desk.say("ui.registry.none", &[]);
    }
    let mut table = Table::new();
    table.load_preset(presets::NOTHING);
    let heads = ["number", "date", "document", "version", "title"];
    table.set_header(heads.map(|head| desk.locale.label(&format!("ui.registry.head_{head}"))));
    for row in &found.rows {
        let version = match &row.replaced_by {
            Some(number) => desk.locale.fill(
                "ui.registry.replaced",
                &[("version", &row.version.to_string()), ("number", number)],
            ),
            None => row.version.to_string(),
        };
        let title = match row.secret_now {
            true => desk.locale.fill("ui.registry.secret_now", &[("title", &row.title)]),
            false => row.title.clone(),
        };
        let date = desk.locale.date(row.date);
        table.add_row([&row.number, &date, &row.document, &version, &title]);
    }
    line(&table.to_string());
    if found.more {
        let most = found.rows.len().to_string();
        desk.say("ui.registry.more", &[("most", &most)]);
    }
}

fn table_of(rows: &[VersionRow], language: Language) -> anyhow::Result<String> {
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
struct Shown {
    metadata: Metadata,
    /// SHA-256 of the sidecar.
    metadata_sha256: String,
    replaced_by: Option<String>,
    events: Vec<LogEntry>,
}

/// Everything that is known of a document: its versions, who replaced what,
/// digests, where it was sent.
pub fn show(desk: &Desk, args: &ShowArgs) -> anyhow::Result<Status> {
    let reader = RegistryReader::open(&desk.settings.registry)?;
    let versions = versions(&reader, &args.id)?;
    let mut shown = Vec::new();
    for (index, issue) in versions.iter().enumerate() {
        shown.push(Shown {
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
        ShowFormat::Json => answer(&serde_json::to_string_pretty(&shown)?)?,
        ShowFormat::Table => shown.iter().for_each(|version| print(desk, version)),
    }
    Ok(Status::Well)
}

fn print(desk: &Desk, shown: &Shown) {
    let metadata = &shown.metadata;
    let locale = &desk.locale;
    let version = metadata.version.to_string();
    let heading = [
        ("document", metadata.document.as_str()),
        ("version", &version),
        ("number", &metadata.number),
    ];
    line(&locale.fill("ui.registry.heading", &heading));
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
    let kept = metadata.retention_ends.map(|day| locale.date(day));
    add("retention", Some(kept.unwrap_or_else(|| locale.label("ui.registry.permanent"))));
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
        line(&format!("  {}: {text}", locale.label(&format!("ui.registry.{key}"))));
    }
    for entry in &shown.events {
        let event = match entry.detail.contains_key("copy") {
            true => "web",
            false => entry.event.as_str(),
        };
        let what = locale.label(&format!("ui.registry.event.{event}"));
        let handed = matches!(entry.event, Event::Exported | Event::ExportFailed);
        let whom = entry.detail.get("to").filter(|_| handed);
        let whom = whom.map(|to| format!(": {to}")).unwrap_or_default();
        line(&format!("  {} {what}{whom}", locale.moment(entry.time)));
    }
    line("");
}

/// The versions of a document, or a message that names similar ones.
pub(super) fn versions(reader: &RegistryReader, id: &str) -> anyhow::Result<Vec<Issue>> {
    let versions = reader.versions(id)?;
    if versions.is_empty() {
        return Err(Failure::new("registry_unknown").with("id", id).into());
    }
    Ok(versions)
}
