//! Metadata of an archived version: the sidecar `metadata.json`. It contains everything
//! that the index knows of a version, so that the index can be rebuilt from the files.

use serde::{Deserialize, Serialize};

use crate::model::{Classification, Date, Digest, Moment, Publicity, Short};

/// Name of the sidecar among the files of a version.
pub const FILE: &str = "metadata.json";

/// Metadata of one issued version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metadata {
    /// Register number.
    pub number: String,
    /// Name of the document: the name of its PDF without suffix.
    pub document: String,
    /// Version of the document, as its record says.
    pub version: u16,
    /// Register number of the version that this one replaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
    /// What was wrong in that version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrects: Option<String>,
    /// Kind of document, for example `memo`.
    pub kind: String,
    /// The kind in the document's language, for example Muistio.
    pub type_name: String,
    pub title: String,
    /// Languages of the document, ISO 639-1, its own first.
    pub languages: Vec<String>,
    /// Date of the document.
    pub date: Date,
    /// Date of registration that the document prints.
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
    /// Municipalities concerned, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub municipalities: Vec<String>,
    /// Recipients.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub distribution: Vec<ArchivedRecipient>,
    pub classification: Classification,
    /// Last day of retention; none if it is permanent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention_ends: Option<Date>,
    /// Last day of secrecy, unless the document is public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secrecy_ends: Option<Date>,
    /// Who is responsible for the authenticity of the copies.
    pub checker: String,
    /// The record of the document.
    pub source: SourceRecord,
    /// Other records that the document draws on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub draws_on: Vec<SourceRecord>,
    pub made_with: MadeWith,
    /// The PDFs of this version: the archive copy, and the web copy if any.
    pub renditions: Vec<Rendition>,
    /// The other files of this version, except the sidecar and the log.
    pub files: Vec<FileDigest>,
}

/// A recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArchivedRecipient {
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
    /// Its file among the files of the version.
    pub file: String,
    /// SHA-256 of its bytes.
    pub digest: Digest,
    /// Publicity, as the documents show it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publicity: Option<Publicity>,
    /// The provision, unless it is public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secrecy_basis: Option<Short>,
}

/// What a document was made with, so that it can be rebuilt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MadeWith {
    /// Name and version of the program.
    pub program: String,
    /// Digest of the versions of all crates that the program is built from.
    pub engine: Digest,
    /// Digest of the template set, which is archived under it.
    pub templates: Digest,
    /// Digest of the records that it was made from; in versions registered by earlier
    /// programs, of the Typst source without the register number.
    pub content: Digest,
    /// Whether source records are attached to PDFs.
    pub attach_source: bool,
    /// Whether one document holds all languages of its record.
    pub all_languages: bool,
    /// Edition of the provenance page; absent in programs before editions were counted.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub edition: u16,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference over")]
fn is_zero(edition: &u16) -> bool {
    *edition == 0
}

/// Kind of copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Copy {
    /// The complete copy, kept in the archive.
    Archive,
    /// The copy for the web, without what must not be published.
    Web,
}

/// A PDF of a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rendition {
    pub copy: Copy,
    /// File name of the PDF among the files of the version.
    pub file: String,
    /// `PDF/A-3a` or `PDF/A-2a`.
    pub format: String,
    pub pages: usize,
    pub bytes: u64,
    /// SHA-256.
    pub digest: Digest,
    /// Day on which a web copy must be removed from the web, if any.
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

/// Reason for the retention of a web copy.
const AS_ARCHIVE_COPY: &str = "määräytyy arkistokappaleen mukaan";

impl Metadata {
    /// The metadata for the public, of a public document or a web copy: without records
    /// that are not public.
    #[must_use]
    pub fn for_the_public(&self) -> Self {
        let is_public = |record: &&SourceRecord| record.publicity == Some(Publicity::Public);
        let is_visible = |file: &&FileDigest| {
            let mut kept_back = self.draws_on.iter().filter(|record| !is_public(record));
            !kept_back.any(|record| record.file == file.file)
        };
        Self {
            draws_on: self.draws_on.iter().filter(is_public).cloned().collect(),
            files: self.files.iter().filter(is_visible).cloned().collect(),
            ..self.clone()
        }
    }

    /// The metadata of a web copy that is exported alone: public, and without texts that
    /// were written for the archive copy.
    #[must_use]
    pub fn of_web_copy(&self) -> Self {
        let mut visible = self.for_the_public();
        visible.corrects = None;
        visible.secrecy_ends = None;
        let class = &mut visible.classification;
        class.publicity = Publicity::Public;
        class.secrecy_basis = None;
        class.secrecy_years = None;
        if let Some(reason) = Short::parse(AS_ARCHIVE_COPY) {
            class.retention.reason = reason;
        }
        visible
    }

    /// The archive copy.
    pub fn archive_copy(&self) -> Option<&Rendition> {
        self.rendition(Copy::Archive)
    }

    /// The PDF of this kind.
    pub fn rendition(&self, copy: Copy) -> Option<&Rendition> {
        self.renditions.iter().find(|rendition| rendition.copy == copy)
    }
}
