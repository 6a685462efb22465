//! SÄHKE2: a version's metadata as XML in the metadata model of the National Archives of
//! Finland. [`record`] writes the sidecar of one version, [`transfer`] the transfer file of
//! a package. Section numbers are those of the metadata model ("SÄHKE2 Metatietomalli").
//! Nothing is added to the metadata; a required element that would be empty is an error.
//!
//! Element names, their order and the permitted words follow the schema of 2011-12-20. That
//! of 2019-08-29 is known to differ in its namespace.

mod transfer;

use std::fmt::Display;
use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::metadata::{Copy, Metadata, Rendition, SourceRecord};
use crate::fs::MessageKey;
use crate::model::Publicity;
use crate::model::envelope::{PersonalData, Retention};

pub use transfer::{Contact, Transfer, TransferRecord, transfer};

/// The namespace of all elements.
pub const NAMESPACE: &str = "http://www.arkisto.fi/skeemat/Sahke2/2011/12/20";

/// Required elements of every record: paths below `Record` (chapters 2, 4 and 6.4). Those
/// below `Document` occur for each PDF.
pub const REQUIRED: [&str; 22] = [
    "Created",
    "NativeId",
    "Language",
    "Restriction/PublicityClass",
    "Restriction/PersonalData",
    "Title",
    "RetentionPeriod",
    "RetentionReason",
    "Status",
    "Function",
    "Type",
    "Authenticity/Checker",
    "Authenticity/Date",
    "Authenticity/Description",
    "Document/NativeId",
    "Document/UseType",
    "Document/File/Name",
    "Document/File/Path",
    "Document/Format/Name",
    "Document/Format/Version",
    "Document/HashAlgorithm",
    "Document/HashValue",
];

/// Status of registered documents (2.12).
const STATUS: &str = "valmis";
/// What the checker attests (4.2.3).
const CHECKED: &str = "asiakirjan alkuperäisyys ja eheys todettu rekisteröitäessä";
/// PDF/A formats and their PRONOM ids that long-term preservation accepts.
const FORMATS: [(&str, &str); 8] = [
    ("PDF/A-1a", "fmt/95"),
    ("PDF/A-1b", "fmt/354"),
    ("PDF/A-2a", "fmt/476"),
    ("PDF/A-2b", "fmt/477"),
    ("PDF/A-2u", "fmt/478"),
    ("PDF/A-3a", "fmt/479"),
    ("PDF/A-3b", "fmt/480"),
    ("PDF/A-3u", "fmt/481"),
];

/// The metadata cannot be written as SÄHKE2.
#[derive(Debug, thiserror::Error)]
pub enum Sahke2Error {
    #[error("the SÄHKE2 XML cannot be written")]
    Write(#[from] io::Error),
    #[error("SÄHKE2 requires `{element}`, which the metadata do not contain")]
    Missing { element: &'static str },
    #[error("archives do not accept `{format}` as a form of PDF/A")]
    Format { format: String },
}

impl Sahke2Error {
    /// The message key of the error, with its arguments; `None` if it has no message.
    pub fn message_key(&self) -> Option<MessageKey> {
        match self {
            Self::Write(_) => None,
            Self::Missing { element } => {
                Some(("sahke2_missing", vec![("element", (*element).to_owned())]))
            }
            Self::Format { format } => Some(("sahke2_format", vec![("format", format.clone())])),
        }
    }
}

type WriteResult = Result<(), Sahke2Error>;

/// The sidecar of one version: an XML document with the root `Record` (chapter 4), in
/// UTF-8. File paths are relative to the sidecar.
///
/// # Errors
/// Fails if a required element would be empty, or a PDF has another format.
pub fn record(metadata: &Metadata) -> Result<Vec<u8>, Sahke2Error> {
    let files = metadata.renditions.iter().map(|rendition| (rendition, rendition.file.as_str()));
    XmlWriter::document("Record", |xml| write_record(xml, metadata, files, Sources::Whole))
}

/// How the source records of a document are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sources {
    /// With their digests.
    Whole,
    /// For the public: records that are not public without their digest, from which their
    /// content could be guessed.
    Public,
}

/// A source record of a document.
fn source(record: &SourceRecord, sources: Sources) -> String {
    let SourceRecord { id, version, digest, publicity, .. } = record;
    if sources == Sources::Whole || *publicity == Some(Publicity::Public) {
        format!("{id}, versio {version}, SHA-256 {digest}")
    } else {
        format!("{id}, versio {version}")
    }
}

/// Content of a `Record` (chapter 4), its files with their paths.
fn write_record<'a>(
    xml: &mut XmlWriter,
    metadata: &Metadata,
    files: impl Iterator<Item = (&'a Rendition, &'a str)>,
    named: Sources,
) -> WriteResult {
    let class = &metadata.classification;
    xml.text("Created", metadata.date)?;
    xml.text("NativeId", &metadata.number)?;
    xml.any("OtherId", [&metadata.document])?;
    languages(xml, metadata.languages.iter().map(String::as_str))?;
    xml.any("Description", &metadata.corrects)?;
    let secret = (class.publicity != Publicity::Public).then_some(metadata);
    restriction(xml, class.publicity, secret, class.personal_data)?;
    xml.text("Title", &metadata.title)?;
    if let Some(replaced) = &metadata.replaces {
        xml.group("RecordRelation", |xml| xml.text("Replaces", replaced))?;
    }
    retention(xml, metadata)?;
    xml.text("Status", STATUS)?;
    xml.text("Function", &class.function)?;
    xml.text("Type", &metadata.type_name)?;
    xml.group("Authenticity", |xml| {
        xml.text("Checker", &metadata.checker)?;
        xml.text("Date", metadata.registered_on)?;
        xml.text("Description", CHECKED)
    })?;
    if !metadata.municipalities.is_empty() {
        xml.group("Coverage", |xml| xml.any("Spatial", &metadata.municipalities))?;
    }
    let sources = std::iter::once(&metadata.source).chain(&metadata.draws_on);
    xml.any("Source", sources.map(|record| source(record, named)))?;
    xml.text("Version", metadata.version)?;
    for (rendition, path) in files {
        xml.group("Document", |xml| document(xml, &metadata.number, rendition, path))?;
    }
    custom(xml, metadata)?;
    agent(xml, "laatija", "CorporateName", &metadata.authority)?;
    agent(xml, "tarkastaja", "Name", &metadata.checker)?;
    metadata
        .distribution
        .iter()
        .try_for_each(|recipient| agent(xml, "vastaanottaja", "Name", &recipient.name))
}

/// Languages, ISO 639-1 (2.4).
fn languages<'a>(xml: &mut XmlWriter, codes: impl Iterator<Item = &'a str>) -> WriteResult {
    let mut codes = codes.peekable();
    if codes.peek().is_none() {
        return Err(Sahke2Error::Missing { element: "Language" });
    }
    codes.try_for_each(|code| xml.text("Language", code))
}

/// Access restriction (2.6); `secret` gives the basis of the secrecy.
fn restriction(
    xml: &mut XmlWriter,
    publicity: Publicity,
    secret: Option<&Metadata>,
    personal_data: PersonalData,
) -> WriteResult {
    xml.group("Restriction", |xml| {
        xml.text("PublicityClass", publicity_class(publicity))?;
        if let Some(secret) = secret {
            xml.any("SecurityPeriod", secret.classification.secrecy_years)?;
            xml.any("SecurityPeriodEnd", secret.secrecy_ends)?;
            xml.any("SecurityReason", &secret.classification.secrecy_basis)?;
        }
        xml.text("PersonalData", personal_data_class(personal_data))
    })
}

/// The value in the schema (2.6.1), which writes "salassapidettävä" as one word in one
/// value and as two in the other, and has no Ei-julkinen.
fn publicity_class(publicity: Publicity) -> &'static str {
    match publicity {
        Publicity::Public => "Julkinen",
        Publicity::PartlySecret => "Osittain salassapidettävä",
        Publicity::Secret => "Salassa pidettävä",
    }
}

/// The value in the schema (2.6.7).
fn personal_data_class(personal_data: PersonalData) -> &'static str {
    match personal_data {
        PersonalData::None => "ei sisällä henkilötietoja",
        PersonalData::Yes => "sisältää henkilötietoja",
        PersonalData::Sensitive => "sisältää arkaluontoisia henkilötietoja",
    }
}

/// Retention period (2.11).
fn retention(xml: &mut XmlWriter, metadata: &Metadata) -> WriteResult {
    let Retention { years, permanent, reason } = &metadata.classification.retention;
    // -1 means permanent; some older systems write 999999, which archives refuse
    let years = years.filter(|_| !permanent).map_or(-1, i32::from);
    xml.text("RetentionPeriod", years)?;
    xml.text("RetentionReason", reason)?;
    xml.any("RetentionPeriodEnd", metadata.retention_ends)
}

/// Content of a `Document`: one file (6.4).
fn document(xml: &mut XmlWriter, number: &str, rendition: &Rendition, path: &str) -> WriteResult {
    let format = &rendition.format;
    let Some((_, pronom)) = FORMATS.iter().find(|(name, _)| name == format) else {
        return Err(Sahke2Error::Format { format: format.clone() });
    };
    let use_type = match rendition.copy {
        Copy::Archive => "Arkisto",
        Copy::Web => "Julkaisu",
    };
    xml.text("NativeId", format!("{number}/{}", rendition.file))?;
    xml.text("UseType", use_type)?;
    xml.group("File", |xml| {
        xml.text("Name", &rendition.file)?;
        xml.text("Path", path)
    })?;
    xml.group("Format", |xml| {
        xml.text("Name", pronom)?;
        xml.text("Version", format.trim_start_matches("PDF/A-"))
    })?;
    xml.text("HashAlgorithm", "SHA-256")?;
    xml.text("HashValue", &rendition.digest)
}

/// Elements without a counterpart in the model (2.8), in no namespace: the case and the
/// round, which a stand-alone record would lack.
fn custom(xml: &mut XmlWriter, metadata: &Metadata) -> WriteResult {
    let Metadata { case_number, round, .. } = metadata;
    if case_number.is_none() && round.is_none() {
        return Ok(());
    }
    xml.group("Custom", |xml| {
        for (element, value) in [("CaseNumber", case_number), ("Round", round)] {
            if let Some(value) = value {
                let element = xml.0.create_element(element).with_attribute(("xmlns", ""));
                element.write_text_content(BytesText::new(&clean(value)))?;
            }
        }
        Ok(())
    })
}

/// An agent (2.14): a person's `Name` or a `CorporateName`.
fn agent(xml: &mut XmlWriter, role: &str, element: &'static str, name: &str) -> WriteResult {
    xml.group("Agent", |xml| {
        xml.text("Role", role)?;
        xml.text(element, name)
    })
}

/// An XML writer that indents by two spaces.
struct XmlWriter(Writer<Vec<u8>>);

impl XmlWriter {
    /// A complete document.
    fn document(
        root: &str,
        inside: impl FnOnce(&mut Self) -> WriteResult,
    ) -> Result<Vec<u8>, Sahke2Error> {
        let mut xml = Self(Writer::new_with_indent(Vec::new(), b' ', 2));
        xml.0.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        let start = BytesStart::new(root).with_attributes([("xmlns", NAMESPACE)]);
        xml.0.write_event(Event::Start(start))?;
        inside(&mut xml)?;
        xml.0.write_event(Event::End(BytesEnd::new(root)))?;
        let mut bytes = xml.0.into_inner();
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// An element with child elements.
    fn group(&mut self, name: &str, inside: impl FnOnce(&mut Self) -> WriteResult) -> WriteResult {
        self.0.write_event(Event::Start(BytesStart::new(name)))?;
        inside(self)?;
        Ok(self.0.write_event(Event::End(BytesEnd::new(name)))?)
    }

    /// A required text element.
    fn text(&mut self, element: &'static str, value: impl Display) -> WriteResult {
        let value = clean(&value.to_string());
        if value.trim().is_empty() {
            return Err(Sahke2Error::Missing { element });
        }
        self.0.create_element(element).write_text_content(BytesText::new(&value))?;
        Ok(())
    }

    /// A text element for each value; a blank value is left out, since transfer files may
    /// not have empty elements.
    fn any(
        &mut self,
        element: &'static str,
        values: impl IntoIterator<Item = impl Display>,
    ) -> WriteResult {
        let values = values.into_iter().map(|value| value.to_string());
        let mut values = values.filter(|value| !value.trim().is_empty());
        values.try_for_each(|value| self.text(element, value))
    }
}

/// Replaces every character that XML 1.0 cannot contain (2.2 `Char`), not even as a
/// reference, by U+FFFD.
fn clean(text: &str) -> String {
    let allowed = |c: char| match c {
        '\t' | '\n' | '\r' => true,
        '\u{FFFE}' | '\u{FFFF}' => false,
        _ => c >= ' ',
    };
    text.chars().map(|c| if allowed(c) { c } else { char::REPLACEMENT_CHARACTER }).collect()
}

#[cfg(test)]
mod tests;
