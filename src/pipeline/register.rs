//! Prepares documents for registration: files and metadata of a new version.

use super::context::{BuildContext, TypstSource};
use super::design::Design;
use super::records_management::ManagementPlan;
use crate::document::{
    self, Bilingual, Document, DocumentId, DocumentKind, EDITION, Records, Registration, View,
    WebCopy,
};
use crate::model::{
    Classification, Date, Digest, Id, Moment, Publicity, Record, RecordSet, Source, Status,
};
use crate::registry::metadata::{
    ArchivedRecipient, Copy, MadeWith, Metadata, Rendition, SourceRecord,
};
use crate::registry::{
    Archive, ExpectedNumbers, Files, Index, Issue, Numbering, Registry, RegistryError, Reservation,
    Submission, check_clock,
};
use crate::typeset::{Archival, Pdf};
use std::sync::Arc;

/// The registry with the records management plan.
pub struct RegistryContext<'a> {
    pub registry: &'a mut Registry,
    pub plan: &'a ManagementPlan,
}

impl RegistryContext<'_> {
    /// The read-only view for planning.
    pub fn view(&self) -> RegistryView<'_> {
        RegistryView {
            index: self.registry.index(),
            archive: self.registry.archive(),
            numbering: self.registry.numbering(),
            plan: self.plan,
            now: self.registry.now(),
            confirmed: self.registry.confirmed_date(),
        }
    }
}

/// The registry as planning reads it.
#[derive(Clone, Copy)]
pub struct RegistryView<'a> {
    pub index: &'a Index,
    pub archive: Archive<'a>,
    pub numbering: &'a Numbering,
    pub plan: &'a ManagementPlan,
    /// The current time.
    pub now: Moment,
    /// The date that the user confirmed.
    pub confirmed: Option<Date>,
}

impl RegistryView<'_> {
    /// The numbers that documents can expect.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn expected_numbers(&self) -> Result<ExpectedNumbers, RegistryError> {
        Ok(ExpectedNumbers::of(self.index, self.numbering, self.now.day())?)
    }

    /// Why documents with these dates would get no numbers now.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn clock_doubt(&self, dates: &[Date]) -> Result<Option<RegistryError>, RegistryError> {
        match check_clock(self.index, dates, self.confirmed, self.now) {
            Ok(_) => Ok(None),
            Err(error) if error.concerns_clock() => Ok(Some(error)),
            Err(error) => Err(error),
        }
    }
}

/// An issued version with its records and templates.
pub struct IssuedVersion {
    pub issue: Issue,
    pub metadata: Metadata,
    pub records: Records,
    /// Its templates, unless they are the current ones.
    pub design: Option<Arc<Design>>,
}

/// Digest of the records of a document. A version with an unchanged digest is up to date.
pub(super) fn records_digest(document: &Document, set: &RecordSet) -> Digest {
    let own = set.source(&document.source);
    let sources = own.into_iter().chain(sources_beside(document, set));
    let parts: Vec<String> = sources
        .flat_map(|source| {
            let digest = Digest::of(source.text.as_bytes());
            [source.record.id().to_string(), digest.to_string()]
        })
        .collect();
    Digest::of_parts(parts.iter().map(String::as_bytes))
}

/// The records that a document draws on besides its own, by id.
pub(super) fn sources_beside<'a>(
    document: &'a Document,
    set: &'a RecordSet,
) -> impl Iterator<Item = &'a Source> {
    let ids = document.draws_on.iter().filter(|id| **id != document.source);
    ids.filter_map(|id| set.source(id))
}

/// The registration of a document under a reserved number; `replaces` is the number of
/// the previous version.
pub fn registration(reservation: &Reservation, replaces: Option<&str>) -> Registration {
    Registration {
        number: reservation.number.clone(),
        day: reservation.day,
        program: version_of(PROGRAM),
        replaces: replaces.map(str::to_owned),
        edition: EDITION,
        web: None,
    }
}

/// The registration of an issued document.
pub fn as_issued(metadata: &Metadata) -> Registration {
    Registration {
        number: metadata.number.clone(),
        day: metadata.registered_on,
        program: version_of(&metadata.made_with.program),
        replaces: metadata.replaces.clone(),
        edition: metadata.made_with.edition,
        web: None,
    }
}

/// The version from the name and version of a program.
fn version_of(program: &str) -> String {
    program.rsplit(' ').next().unwrap_or(program).to_owned()
}

/// The removal date of a web copy.
pub fn web_copy(document: &Document, record: &Record, day: Date, plan: &ManagementPlan) -> WebCopy {
    let extract = document.kind == DocumentKind::Extract;
    let by_appeal = document::remove_on(record, extract, day);
    WebCopy { remove_on: by_appeal.or_else(|| day.days_later(plan.web_days?)) }
}

/// True when a document gets a web copy: a final one that draws only on public records
/// and sessions. Other kinds of records, such as rounds, cannot mark all their secret
/// parts, and every page may show them.
pub fn gets_web_copy(document: &Document, set: &RecordSet, plan: &ManagementPlan) -> bool {
    let shown = |record: &Record| {
        matches!(record, Record::Session(_)) || record.case().publicity() == Publicity::Public
    };
    let fit = set.record(&document.source).is_some_and(document::can_be_on_the_web)
        && document.draws_on.iter().filter_map(|id| set.record(id)).all(shown);
    plan.web && fit && document.status == Status::Final
}

/// A typeset copy of a document, with its source.
pub struct TypesetCopy {
    pub source: TypstSource,
    pub pdf: Pdf,
}

impl TypesetCopy {
    fn rendition(&self, copy: Copy, id: &DocumentId, web: Option<WebCopy>) -> Rendition {
        Rendition {
            copy,
            file: format!("{}.pdf", name_of(copy, id)),
            format: match self.source.archival {
                Archival::A3a => "PDF/A-3a".into(),
                Archival::A2a => "PDF/A-2a".into(),
            },
            pages: self.pdf.pages,
            bytes: self.pdf.bytes.len() as u64,
            digest: Digest::of(&self.pdf.bytes),
            remove_on: web.and_then(|web| web.remove_on),
        }
    }

    /// The files of the copy: PDF and Typst source.
    fn files(&self, copy: Copy, id: &DocumentId) -> [(String, Vec<u8>); 2] {
        let name = name_of(copy, id);
        [
            (format!("{name}.pdf"), self.pdf.bytes.clone()),
            (format!("{name}.typ"), self.source.typst.clone().into_bytes()),
        ]
    }
}

fn name_of(copy: Copy, id: &DocumentId) -> String {
    match copy {
        Copy::Archive => id.to_string(),
        Copy::Web => format!("{id}-web"),
    }
}

/// The files added to a version that was issued without a web copy.
pub fn web_addition(id: &DocumentId, made: &TypesetCopy, web: WebCopy) -> (Rendition, Files) {
    let rendition = made.rendition(Copy::Web, id, Some(web));
    (rendition, Files::from(made.files(Copy::Web, id)))
}

/// A version with its new number.
pub struct NewVersion<'a> {
    pub document: &'a Document,
    pub id: &'a DocumentId,
    pub number: &'a Reservation,
    pub classification: Classification,
    pub context: BuildContext<'a>,
}

impl NewVersion<'_> {
    /// The submission to the registry; `checker` is responsible for the authenticity of
    /// the registered copies.
    ///
    /// # Errors
    /// What is missing, which is a bug.
    pub fn submission(
        &self,
        made: &TypesetCopy,
        web: Option<(&TypesetCopy, WebCopy)>,
        checker: &str,
    ) -> Result<Submission, &'static str> {
        let set = self.context.records;
        let source = set.source(&self.document.source).ok_or("its record is missing")?;
        let mut files = Files::from(made.files(Copy::Archive, self.id));
        let mut renditions = vec![made.rendition(Copy::Archive, self.id, None)];
        if let Some((copy, web)) = web {
            files.extend(copy.files(Copy::Web, self.id));
            renditions.push(copy.rendition(Copy::Web, self.id, Some(web)));
        }
        for record in std::iter::once(source).chain(sources_beside(self.document, set)) {
            files.insert(file_of(record.record.id()), record.text.as_bytes().to_vec());
        }
        let view = &made.source.parts.first().ok_or("it says nothing")?.view;
        let metadata = self.metadata(source, view, renditions, checker);
        Ok(Submission { metadata: metadata.ok_or("its date does not exist")?, files })
    }

    fn metadata(
        &self,
        source: &Source,
        view: &View,
        renditions: Vec<Rendition>,
        checker: &str,
    ) -> Option<Metadata> {
        let (record, meta) = (&source.record, view.meta());
        let envelope = record.envelope();
        let date = Date::new(meta.year, meta.month, meta.day)?;
        let BuildContext { records: set, design, options } = self.context;
        let classification = self.classification.clone();
        Some(Metadata {
            number: self.number.number.clone(),
            document: self.id.to_string(),
            version: envelope.version,
            replaces: None,
            corrects: envelope.corrects.map(ToString::to_string),
            kind: self.document.kind.template().to_owned(),
            type_name: meta.kind.clone(),
            title: plain_title(&meta.pdf_title),
            languages: self.document.languages().map(|l| l.code().to_owned()).collect(),
            date,
            registered_on: self.number.day,
            // set by the registry
            registered: Moment::EPOCH,
            authority: meta.sender.clone(),
            case_number: envelope.case.number.as_ref().map(ToString::to_string),
            round: round_of(record).map(ToString::to_string),
            municipalities: municipalities(self.document, record, set),
            distribution: distribution(record),
            retention_ends: classification.retention_ends(date),
            secrecy_ends: classification.secrecy_ends(date),
            classification,
            checker: checker.to_owned(),
            source: source_record(source),
            draws_on: sources_beside(self.document, set).map(source_record).collect(),
            made_with: MadeWith {
                program: PROGRAM.to_owned(),
                engine: design.engine_digest.clone(),
                templates: design.bundle.digest().clone(),
                content: records_digest(self.document, set),
                attach_source: options.attach_source,
                all_languages: options.bilingual == Bilingual::Together,
                edition: EDITION,
            },
            renditions,
            files: Vec::new(),
        })
    }
}

/// Name and version of the program.
pub const PROGRAM: &str = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));

/// Path of a record among the files of a version.
fn file_of(id: &Id) -> String {
    format!("records/{id}.json")
}

fn source_record(source: &Source) -> SourceRecord {
    let id = source.record.id();
    SourceRecord {
        id: id.to_string(),
        version: source.record.envelope().version,
        file: file_of(id),
        digest: Digest::of(source.text.as_bytes()),
        publicity: Some(source.record.case().publicity()),
        secrecy_basis: source.record.case().secrecy_basis.clone(),
    }
}

/// A title with plain spaces, for searching.
fn plain_title(title: &str) -> String {
    title.replace(crate::locale::NBSP, " ")
}

/// The date of a record's documents, if the record states one.
pub fn date_of(record: &Record) -> Option<Date> {
    match record {
        Record::Session(session) => Some(session.issued.unwrap_or(session.date)),
        Record::Round(round) => Some(round.date()),
        Record::Proposal(proposal) => Some(proposal.issued.unwrap_or(proposal.meeting_date)),
        Record::Summary(_) | Record::Measures(_) => record.envelope().issued,
    }
}

/// The round that a record belongs to.
pub fn round_of(record: &Record) -> Option<&Id> {
    match record {
        Record::Round(round) => Some(&round.id),
        Record::Session(session) => Some(&session.round),
        Record::Proposal(proposal) => proposal.round.as_ref(),
        Record::Summary(summary) => Some(&summary.round),
        Record::Measures(measures) => measures.round.as_ref(),
    }
}

/// The municipalities of a document: those of the session's group, of the whole round for
/// its plan and summary, and of its recipients.
fn municipalities(document: &Document, record: &Record, set: &RecordSet) -> Vec<String> {
    let round = round_of(record).and_then(|id| set.round(id));
    let group = match record {
        Record::Session(session) => session.group.as_ref(),
        _ => None,
    };
    let whole = matches!(document.kind, DocumentKind::Plan | DocumentKind::Summary);
    let groups = round.into_iter().flat_map(|round| &round.groups);
    let groups = groups.filter(|one| whole || Some(&one.id) == group);
    let concerned = groups.flat_map(|group| &group.municipalities).map(ToString::to_string);
    let sent = recipients(record).iter().filter_map(|r| r.municipality.as_ref());
    let mut all: Vec<String> = concerned.chain(sent.map(ToString::to_string)).collect();
    all.sort();
    all.dedup();
    all
}

fn recipients(record: &Record) -> &[crate::model::session::Recipient] {
    match record {
        Record::Session(session) => &session.distribution,
        Record::Proposal(proposal) => &proposal.distribution,
        _ => &[],
    }
}

fn distribution(record: &Record) -> Vec<ArchivedRecipient> {
    let recipient = |one: &crate::model::session::Recipient| ArchivedRecipient {
        name: one.recipient.to_string(),
        email: one.email.as_ref().map(ToString::to_string),
    };
    recipients(record).iter().map(recipient).collect()
}
