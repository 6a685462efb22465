//! Header, footer and metadata shared by all documents.

use serde::Serialize;

use super::blocks::Fact;
use super::{Document, DocumentKind, ViewContext};
use crate::model::{Date, Digest, Id, Language, Publicity, Short, Status};

/// The part of a view that all documents share.
#[derive(Debug, Clone, Serialize)]
pub struct Meta {
    /// Title as printed.
    pub title: String,
    /// Title in the PDF's metadata; of a document in several languages, the
    /// titles of all.
    pub pdf_title: String,
    /// ISO 639-1 code.
    pub language: &'static str,
    pub year: i16,
    pub month: i8,
    pub day: i8,
    /// The date as printed.
    pub date: String,
    /// Organisation that issues the document.
    pub sender: String,
    /// The author in the PDF's metadata.
    pub author: String,
    pub unit: Option<String>,
    /// The document's kind in its language, for example Muistio.
    pub kind: String,
    pub case_number: Option<String>,
    /// Publicity class with its provision.
    pub publicity: String,
    /// The same if the document is not public, for every slide.
    pub restricted: Option<String>,
    /// LUONNOS in a draft.
    pub draft: Option<String>,
    /// The version that this one replaces, and what it corrects.
    pub corrects: Option<String>,
    /// Id of the source record.
    pub record: String,
    pub keywords: Vec<String>,
    pub description: String,
    /// Identification by which a printout can be traced; nothing in a draft.
    pub provenance: Vec<Fact>,
    /// Heading of the identification, where it has one.
    pub provenance_title: String,
    /// Language of the identification, when the surrounding text is in another.
    pub provenance_language: Option<&'static str>,
    /// File name of the attached source record.
    pub attachment: Option<String>,
}

/// What [`Meta`] needs besides the document.
pub struct MetaInput<'a> {
    pub title: String,
    pub date: Date,
    pub sender: &'a str,
    pub unit: Option<&'a str>,
    pub keywords: Vec<String>,
}

/// Fills the shared part from a document's source record.
pub fn meta(document: &Document, context: &ViewContext<'_>, input: MetaInput<'_>) -> Option<Meta> {
    let locale = context.locale;
    let record = context.set.record(&document.source)?;
    let envelope = record.envelope();
    let kind = locale.label(&format!("kind.{}", document.kind.template()));
    let publicity = publicity(envelope.case.publicity());
    let publicity = match &envelope.case.secrecy_basis {
        Some(basis) if envelope.case.publicity() != Publicity::Public => {
            format!("{}, {}", locale.label(publicity), locale.tie(basis.as_str()))
        }
        _ => locale.label(publicity),
    };
    let restricted = envelope.case.publicity() != Publicity::Public;
    let mut keywords = vec![kind.clone()];
    keywords.extend(restricted.then(|| publicity.clone()));
    keywords.extend(envelope.case.number.iter().map(ToString::to_string));
    keywords.extend(input.keywords);
    keywords.dedup();
    let date = locale.date(input.date);
    Some(Meta {
        description: format!("{kind}, {}, {date}", input.sender),
        // the proposal and the extract of one item are two documents
        pdf_title: match document.kind {
            DocumentKind::Extract => format!("{kind}: {}", input.title),
            _ => input.title.clone(),
        },
        title: input.title,
        language: locale.language.code(),
        year: input.date.year(),
        month: input.date.month(),
        day: input.date.day(),
        date,
        sender: input.sender.to_owned(),
        author: input.sender.to_owned(),
        unit: input.unit.map(str::to_owned),
        kind,
        case_number: envelope.case.number.as_ref().map(ToString::to_string),
        restricted: restricted.then(|| publicity.clone()),
        publicity,
        draft: (document.status == Status::Draft).then(|| locale.label("draft")),
        corrects: corrects(document, context, envelope.corrects),
        record: document.source.to_string(),
        keywords,
        provenance: if document.status == Status::Final && context.last {
            provenance(document, context)
        } else {
            Vec::new()
        },
        provenance_title: context.identification.label("provenance.title"),
        provenance_language: Some(context.identification.language)
            .filter(|language| *language != locale.language)
            .map(Language::code),
        attachment: (context.attach && context.first && !document.secret && !context.web)
            .then(|| format!("{}.json", document.source)),
    })
}

/// The number of the version that a correction replaces, and what it corrects.
fn corrects(
    document: &Document,
    context: &ViewContext<'_>,
    text: Option<&Short>,
) -> Option<String> {
    let locale = context.locale;
    let old = document.registration.as_ref().and_then(|one| one.replaces.as_deref());
    let old = old.filter(|_| document.edition() > 0);
    let replaces = old.map(|number| locale.fill("replaces", &[("number", number)]));
    let said = replaces.into_iter().chain(text.map(|text| locale.tie(text.as_str())));
    let said: Vec<String> = said.collect();
    (!said.is_empty()).then(|| said.join(" "))
}

/// Record and version, other records used, program and templates, and the digest of
/// the record's bytes.
fn provenance(document: &Document, context: &ViewContext<'_>) -> Vec<Fact> {
    let locale = context.identification;
    let name = |id: &Id| {
        let version = context.set.record(id).map_or(1, |record| record.envelope().version);
        let values = [("id", id.as_str()), ("version", &version.to_string())];
        locale.fill("provenance.version", &values)
    };
    // a record that is secret as a whole, or not shown, is not named either
    let named = |id: &Id| {
        let record = context.set.record(id);
        record.is_some_and(|record| record.case().publicity() != Publicity::Secret)
    };
    let others = document.draws_on.iter().filter(|id| **id != document.source && named(id));
    let others: Vec<String> = others.map(name).collect();
    // a document that is produced again names the program that issued it
    let issued_by = document.registration.as_ref().map(|one| one.program.as_str());
    let program = issued_by.unwrap_or(env!("CARGO_PKG_VERSION"));
    let tools = [("templates", context.template_set), ("program", program)];
    let digest = context.set.source(&document.source).map(|s| Digest::of(s.text.as_bytes()));
    let mut facts = registered(document, context);
    facts.push(Fact::new(locale, "provenance.record", name(&document.source)));
    if !others.is_empty() {
        facts.push(Fact::new(locale, "provenance.sources", others.join(", ")));
    }
    let made_with = locale.fill("provenance.tools", &tools);
    facts.push(Fact::new(locale, "provenance.made_with", made_with));
    // secret parts could be guessed from the digest of their record
    let digest = digest.filter(|_| !context.web);
    facts.extend(digest.map(|d| Fact::new(locale, "provenance.digest", d.as_str())));
    facts
}

/// The register number, and a note in a web copy.
fn registered(document: &Document, context: &ViewContext<'_>) -> Vec<Fact> {
    let Some(registration) = &document.registration else { return Vec::new() };
    let locale = context.identification;
    let day = locale.date(registration.day);
    let values = [("number", registration.number.as_str()), ("date", &day)];
    let number = locale.fill("provenance.registered", &values);
    let mut facts = vec![Fact::new(locale, "provenance.number", number)];
    if let Some(web) = &registration.web {
        let what = match web.remove_on.map(|day| locale.date(day)) {
            Some(day) => locale.fill("provenance.web_until", &[("date", &day)]),
            // only memos have people and notes that are left out on the web
            None if document.kind == DocumentKind::Memo => locale.label("provenance.web_memo"),
            None => locale.label("provenance.web"),
        };
        facts.push(Fact::new(locale, "provenance.copy", what));
    }
    facts
}

fn publicity(publicity: Publicity) -> &'static str {
    match publicity {
        Publicity::Public => "publicity.public",
        Publicity::PartlySecret => "publicity.partly-secret",
        Publicity::Secret => "publicity.secret",
    }
}
