//! Actions of a plan: what is done with a document or a registered version, and why.

use std::path::PathBuf;

use crate::document::{Document, DocumentId};
use crate::model::{Digest, Id};
use crate::pipeline::context::TypstSource;
use crate::pipeline::register::IssuedVersion;
use crate::pipeline::render::Unregistered;
use crate::registry::metadata::Copy;
use crate::registry::{Issue, Restricted};

/// One thing to do.
pub struct Action {
    /// The document or copy, as it is named in the output folder.
    pub document: DocumentId,
    /// Path of its PDF.
    pub path: PathBuf,
    pub step: Step,
    pub reason: Reason,
}

/// What is to be done.
pub enum Step {
    /// Nothing: the PDF is there as it should be.
    Keep(InPlace),
    /// Typeset the document and write it to the output folder.
    Publish(Box<(Document, TypstSource)>),
    /// Register the document, then write it to the output folder.
    Register(Box<(Document, Unregistered)>),
    /// Add a web copy to an issued version.
    AddWebCopy(Box<(Document, IssuedVersion)>),
    /// Bring a PDF back from the registry.
    Restore(Box<Restore>),
    /// Note in the registry that the web copy of this version is withdrawn.
    Withdraw(Box<Issue>),
    /// Note in the registry that this version is restricted.
    Restrict(Box<Restricted>),
    /// Nothing: the document cannot be made.
    Refuse,
    /// Nothing: other records must be corrected first. The first of these files, and how
    /// many more there are.
    Wait { waits_for: Vec<PathBuf>, more: usize },
    /// Drop the entry of the ledger; the PDF stays.
    Forget,
}

/// A PDF that is in place.
pub struct InPlace {
    pub pages: usize,
    /// What the ledger says of a registered PDF from now on.
    pub entry: Option<RegisteredPdf>,
}

/// A PDF of the registry in the output folder.
#[derive(Clone)]
pub struct RegisteredPdf {
    pub record: Id,
    pub number: String,
    pub digest: Digest,
}

/// A PDF to be brought back.
pub struct Restore {
    pub issue: Issue,
    pub copy: Copy,
    pub pages: usize,
    /// What the ledger says of it; nothing when no record calls for it.
    pub entry: Option<RegisteredPdf>,
}

/// Why an action is planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// It is there, and nothing changed.
    Unchanged,
    /// The document is new.
    New,
    /// Records, templates or settings changed since it was made.
    Changed,
    /// The PDF is missing, or is not as it was made.
    PdfMissing,
    /// A version with this record's number is not registered yet, an earlier one is.
    NewVersion,
    /// The settings call for a web copy, and the version has none.
    WebCopyMissing,
    /// The version stays in force while the document cannot be made.
    InForce,
    /// The version holds what became secret.
    NowSecret,
    /// The record has errors.
    RecordInvalid,
    /// The template or a reference in the record has a mistake.
    RenderFailed,
    /// Other records have errors.
    WaitsForRecords,
    /// The record contradicts what is registered.
    Conflict,
    /// What the registry has of it cannot be read.
    Unreadable,
    /// No record calls for the PDF.
    NotCalledFor,
}

impl Step {
    /// Name of the step, for JSON and labels.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Keep(_) => "keep",
            Self::Publish(_) => "publish",
            Self::Register(_) => "register",
            Self::AddWebCopy(_) => "add-web-copy",
            Self::Restore(_) => "restore",
            Self::Withdraw(_) => "withdraw",
            Self::Restrict(_) => "restrict",
            Self::Refuse => "refuse",
            Self::Wait { .. } => "wait",
            Self::Forget => "forget",
        }
    }

    /// The register number that the document has or can expect.
    pub fn number(&self) -> Option<&str> {
        match self {
            Self::Keep(kept) => kept.entry.as_ref().map(|entry| entry.number.as_str()),
            Self::Register(new) => Some(&new.1.expected.number),
            Self::AddWebCopy(version) => Some(&version.1.issue.number),
            Self::Restore(restore) => Some(&restore.issue.number),
            Self::Withdraw(issue) => Some(&issue.number),
            Self::Restrict(restricted) => Some(&restricted.issue.number),
            Self::Publish(_) | Self::Refuse | Self::Wait { .. } | Self::Forget => None,
        }
    }
}

impl Reason {
    /// Name of the reason, for JSON and labels.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::New => "new",
            Self::Changed => "changed",
            Self::PdfMissing => "pdf-missing",
            Self::NewVersion => "new-version",
            Self::WebCopyMissing => "web-copy-missing",
            Self::InForce => "in-force",
            Self::NowSecret => "now-secret",
            Self::RecordInvalid => "record-invalid",
            Self::RenderFailed => "render-failed",
            Self::WaitsForRecords => "waits-for-records",
            Self::Conflict => "conflict",
            Self::Unreadable => "unreadable",
            Self::NotCalledFor => "not-called-for",
        }
    }
}
