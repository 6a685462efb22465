//! Actions of a plan: what is done with a document or a registered version, and the
//! reason.

use std::path::PathBuf;

use crate::document::{Document, DocumentId};
use crate::model::{Digest, Id};
use crate::pipeline::context::TypstSource;
use crate::pipeline::register::IssuedVersion;
use crate::pipeline::render::Unregistered;
use crate::registry::metadata::Copy;
use crate::registry::{Issue, Restricted};

/// An action.
pub struct Action {
    /// The document or copy, as it is named in the output folder.
    pub document: DocumentId,
    /// Path of its PDF.
    pub path: PathBuf,
    pub step: Step,
    pub reason: Reason,
}

/// What is done.
pub enum Step {
    /// Nothing: the PDF is in place and unchanged.
    Keep(InPlace),
    /// Typeset the document and write it to the output folder.
    Publish(Box<(Document, TypstSource)>),
    /// Register the document, then write it to the output folder.
    Register(Box<(Document, Unregistered)>),
    /// Add a web copy to an issued version.
    AddWebCopy(Box<(Document, IssuedVersion)>),
    /// Restore a PDF from the registry.
    Restore(Box<Restore>),
    /// Log the withdrawal of the web copy of this version.
    Withdraw(Box<Issue>),
    /// Log the restriction of this version.
    Restrict(Box<Restricted>),
    /// Nothing: the document cannot be made.
    Refuse,
    /// Nothing: other records must be corrected first. The first of these files, and the
    /// number of further ones.
    Wait { waits_for: Vec<PathBuf>, more: usize },
    /// Remove the entry of the ledger; the PDF stays.
    Forget,
}

/// A PDF that is in place.
pub struct InPlace {
    pub pages: usize,
    /// The new ledger entry of a registered PDF.
    pub entry: Option<RegisteredPdf>,
}

/// A PDF of the registry in the output folder.
#[derive(Clone)]
pub struct RegisteredPdf {
    pub record: Id,
    pub number: String,
    pub digest: Digest,
}

/// A PDF to restore.
pub struct Restore {
    pub issue: Issue,
    pub copy: Copy,
    pub pages: usize,
    /// The ledger entry; `None` when no record calls for the PDF.
    pub entry: Option<RegisteredPdf>,
}

/// Why an action is planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// It exists and nothing changed.
    Unchanged,
    /// The document is new.
    New,
    /// Records, templates or settings changed since it was made.
    Changed,
    /// The PDF is missing or was changed.
    PdfMissing,
    /// The record has a newer version than the registry.
    NewVersion,
    /// The settings require a web copy, and the version has none.
    WebCopyMissing,
    /// The version stays in force while the document cannot be made.
    InForce,
    /// The version contains text that became secret.
    NowSecret,
    /// The record has errors.
    RecordInvalid,
    /// The template or a reference in the record has an error.
    RenderFailed,
    /// Other records have errors.
    WaitsForRecords,
    /// The record contradicts what is registered.
    Conflict,
    /// Its data in the registry cannot be read.
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

    /// The register number, assigned or expected.
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
