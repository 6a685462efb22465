//! What the archive says of each version of a document: the sidecar
//! `metadata.json`. Everything that the index knows of a version stands here,
//! so that the index can be made again from the files.

use serde::{Deserialize, Serialize};

use crate::model::{Classification, Date, Digest, Moment, Publicity, Short};

/// Name of the sidecar among a version's files.
pub const FILE: &str = "metadata.json";

/// One version of a document, as it was issued.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metadata {
    /// Register number.
    pub number: String,
    /// Name of the document: its PDF's name without suffix.
    pub document: String,
    /// Version of the document, as its record says.
    pub version: u16,
    /// Register number of the version that this one replaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
    /// What was wrong in that one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrects: Option<String>,
    /// Kind of document, for example `memo`.
    pub kind: String,
    /// The kind in the document's language, for example Muistio.
    pub type_name: String,
    pub title: String,
    /// Languages of the document, ISO 639-1, its own first.
    pub languages: Vec<String>,
    /// Date that the document bears.
    pub date: Date,
    /// Date of registration, as the document prints it.
    pub registered_on: Date,
    /// When the version was registered.
    pub registered: Moment,
    /// Organisation that issued it.
    pub authority: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_number: Option<String>,
    /// Id of the negotiation round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<String>,
    /// Municipalities that it concerns, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub municipalities: Vec<String>,
    /// Who it was sent to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub distribution: Vec<Recipient>,
    pub classification: Classification,
    /// Last day of retention; none when it is kept for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention_ends: Option<Date>,
    /// Last day of secrecy, when it is not public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secrecy_ends: Option<Date>,
    /// Who answers for the authenticity of the register's copies.
    pub checker: String,
    /// The record that it is the document of.
    pub source: SourceRecord,
    /// The other records that it draws on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub draws_on: Vec<SourceRecord>,
    pub made_with: MadeWith,
    /// The PDFs of this version: the archive copy, and the web copy if any.
    pub renditions: Vec<Rendition>,
    /// The other files of this version, with the sidecar and the log aside.
    pub files: Vec<FileDigest>,
}

/// A recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipient {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// A record as it was when the document was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceRecord {
    pub id: String,
    pub version: u16,
    /// Its file among those of the version.
    pub file: String,
    /// SHA-256 of its bytes.
    pub digest: Digest,
    /// How public it is, as the documents show it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publicity: Option<Publicity>,
    /// The provision, when it is not public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secrecy_basis: Option<Short>,
}

/// What a document was made with, so that it can be made again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MadeWith {
    /// Name and version of the program.
    pub program: String,
    /// Digest of the versions of all crates that the program is built of.
    pub engine: Digest,
    /// Digest of the template set; the set is archived under it.
    pub templates: Digest,
    /// Digest of the records that it was made from; in versions registered by earlier
    /// programs, of the Typst source without the register number.
    pub content: Digest,
    /// Whether source records travel in PDFs.
    pub attach_source: bool,
    /// Whether one document holds all languages of its record.
    pub all_languages: bool,
    /// Edition of what documents say of themselves; programs before it was
    /// counted say nothing.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub edition: u16,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference over")]
fn is_zero(edition: &u16) -> bool {
    *edition == 0
}

/// Which copy a PDF is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Copy {
    /// With everything: kept in the archive.
    Archive,
    /// Without what may not be on the web.
    Web,
}

/// A PDF.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rendition {
    pub copy: Copy,
    /// File name of the PDF among the version's files.
    pub file: String,
    /// `PDF/A-3a` or `PDF/A-2a`.
    pub format: String,
    pub pages: usize,
    pub bytes: u64,
    /// SHA-256.
    pub digest: Digest,
    /// Day on which a web copy must be gone from the web, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remove_on: Option<Date>,
}

/// A file with its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileDigest {
    pub file: String,
    pub bytes: u64,
    /// SHA-256.
    pub digest: Digest,
}

/// Why a web copy is kept as long as it is.
const AS_ARCHIVE_COPY: &str = "määräytyy arkistokappaleen mukaan";

impl Metadata {
    /// What may be said of a public document, or of a web copy: nothing of records
    /// that are not public. The archive keeps the whole.
    #[must_use]
    pub fn for_the_public(&self) -> Self {
        let is_public = |record: &&SourceRecord| record.publicity == Some(Publicity::Public);
        let told = |file: &&FileDigest| {
            let mut kept_back = self.draws_on.iter().filter(|record| !is_public(record));
            !kept_back.any(|record| record.file == file.file)
        };
        Self {
            draws_on: self.draws_on.iter().filter(is_public).cloned().collect(),
            files: self.files.iter().filter(told).cloned().collect(),
            ..self.clone()
        }
    }

    /// What may be said of a web copy that goes out alone: it is public, and no
    /// text that was written for the archive copy goes with it.
    #[must_use]
    pub fn of_web_copy(&self) -> Self {
        let mut told = self.for_the_public();
        told.corrects = None;
        told.secrecy_ends = None;
        let class = &mut told.classification;
        class.publicity = Publicity::Public;
        class.secrecy_basis = None;
        class.secrecy_years = None;
        if let Some(reason) = Short::parse(AS_ARCHIVE_COPY) {
            class.retention.reason = reason;
        }
        told
    }

    /// The PDF with everything.
    pub fn archive_copy(&self) -> Option<&Rendition> {
        self.rendition(Copy::Archive)
    }

    /// One of the PDFs.
    pub fn rendition(&self, copy: Copy) -> Option<&Rendition> {
        self.renditions.iter().find(|rendition| rendition.copy == copy)
    }
}
