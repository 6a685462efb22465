//! Compares a document with the registry: not registered, registered and current,
//! registered and out of date, or contradicting a registered version.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::checking::Checked;
use super::context::{BuildContext, Options};
use super::register::{RegistryView, records_digest, sources_beside};
use super::{BuildError, BuildSettings};
use crate::document::{self, Bilingual, Document, DocumentId, DocumentKind, Records};
use crate::intake;
use crate::model::problem::quoted;
use crate::model::{Digest, Place, Problem, Record, RecordSet, Severity, Source, Status};
use crate::registry::metadata::{Metadata, SourceRecord};
use crate::registry::{Archive, Issue, RegistryError};

/// State of a document in the registry.
pub enum RegistrationState {
    /// This version is not registered.
    New,
    /// This version is registered; the warning says that the records differ now.
    Registered(Box<Issue>, Option<Box<Problem>>),
    /// It contradicts a registered version, which stays.
    Conflict(Box<Issue>, Box<Problem>),
}

/// The options of an archived version.
pub fn options_of(metadata: &Metadata) -> Options {
    let bilingual = match metadata.made_with.all_languages {
        true => Bilingual::Together,
        false => Bilingual::Separate,
    };
    Options { attach_source: metadata.made_with.attach_source, bilingual, workers: 1 }
}

/// Data for comparing documents with the registry.
#[derive(Clone, Copy)]
pub struct Lookup<'a> {
    pub registry: RegistryView<'a>,
    pub checked: &'a Checked,
    pub context: BuildContext<'a>,
    /// Names of all documents that the records call for.
    pub called: &'a BTreeSet<String>,
}

impl Lookup<'_> {
    /// Looks up a document in the registry.
    ///
    /// # Errors
    /// When the registry cannot be read.
    pub fn state(
        &self,
        document: &Document,
        id: &DocumentId,
    ) -> Result<RegistrationState, RegistryError> {
        let Some(source) = self.checked.set.source(&document.source) else {
            return Ok(RegistrationState::New);
        };
        let Some(latest) = self.registry.index.latest(id.as_str())? else {
            return self.unregistered_state(document, id, source);
        };
        let envelope = source.record.envelope();
        let conflict = |rule, field| {
            let problem = contradiction(rule, source, field, id, &latest);
            Ok(RegistrationState::Conflict(Box::new(latest.clone()), Box::new(problem)))
        };
        let draft = envelope.status == Status::Draft;
        match envelope.version.cmp(&latest.version) {
            Ordering::Less => return conflict("registered-older", "version"),
            Ordering::Greater if envelope.version > latest.version + 1 => {
                return conflict("registered-gap", "version");
            }
            Ordering::Greater => return Ok(RegistrationState::New),
            Ordering::Equal if draft => return conflict("registered-draft", "status"),
            Ordering::Equal => {}
        }
        let own = Digest::of(source.text.as_bytes());
        if own != latest.record && !self.has_same_content(document.kind, source, &latest)? {
            return conflict("registered-changed", "version");
        }
        let stale = records_digest(document, &self.checked.set) != latest.content
            && self.is_stale(document, &latest)?;
        let warning = stale.then(|| {
            let changed = self.changed_since(document, &latest);
            let problem = contradiction("registered-stale", source, "version", id, &latest);
            let problem = problem.with("changed", changed);
            Box::new(Problem { severity: Severity::Warning, ..problem })
        });
        Ok(RegistrationState::Registered(Box::new(latest), warning))
    }

    /// Files of the records that changed since a version was created.
    fn changed_since(&self, document: &Document, issue: &Issue) -> String {
        let metadata = self.registry.archive.metadata(issue);
        let then = metadata.map(|metadata| metadata.draws_on).unwrap_or_default();
        let changed = sources_beside(document, &self.checked.set).filter(|source| {
            let digest = Digest::of(source.text.as_bytes());
            !then.iter().any(|one| one.id == source.record.id().as_str() && one.digest == digest)
        });
        let files: Vec<String> = changed.map(|s| s.file.display().to_string()).collect();
        if files.is_empty() { "–".to_owned() } else { quoted(&files) }
    }

    /// The state of a document that is not in the registry under this name, but may be
    /// under another.
    fn unregistered_state(
        &self,
        document: &Document,
        id: &DocumentId,
        source: &Source,
    ) -> Result<RegistrationState, RegistryError> {
        if document.status == Status::Draft {
            return Ok(RegistrationState::New);
        }
        let kind = document.kind.template();
        let others = self.registry.index.of_record(document.source.as_str(), kind)?;
        let renamed = others.into_iter().find(|issue| !self.called.contains(&issue.document));
        Ok(match renamed {
            Some(issue) => {
                let problem = contradiction("registered-renamed", source, "id", id, &issue);
                let problem = problem.with("old", &issue.document);
                RegistrationState::Conflict(Box::new(issue), Box::new(problem))
            }
            None => RegistrationState::New,
        })
    }

    /// True when a changed record has the same content for this document: it was only
    /// reformatted, or a proposal got its decision, which belongs to the extract.
    fn has_same_content(
        &self,
        kind: DocumentKind,
        source: &Source,
        issue: &Issue,
    ) -> Result<bool, RegistryError> {
        let metadata = self.registry.archive.metadata(issue)?;
        let bytes = self.registry.archive.file(issue, &metadata.source.file)?;
        let Ok(old) = intake::parse(Path::new(&metadata.source.file), &bytes) else {
            return Ok(false);
        };
        let old = as_settings_said(old, &metadata.source);
        let content = |record: &Record| {
            let mut record = record.clone();
            if let (Record::Proposal(proposal), DocumentKind::Proposal) = (&mut record, kind) {
                proposal.decision = None;
            }
            // acceptances are not printed
            record.forget_acceptances();
            // a missing field may be in the settings
            record.case_mut().publicity = Some(record.case().publicity());
            record
        };
        let all =
            |source: &Source| source.records().map(|record| content(record)).collect::<Vec<_>>();
        Ok(all(source) == all(&old))
    }

    /// True when an issued document would have another content if it were created now
    /// from the current records. Both are rendered with the current templates, whose
    /// changes do not count.
    fn is_stale(&self, document: &Document, issue: &Issue) -> Result<bool, RegistryError> {
        let set = &self.checked.set;
        let metadata = self.registry.archive.metadata(issue)?;
        let drawn = metadata.draws_on.iter().map(|record| (record.id.as_str(), &record.digest));
        let now: Vec<(&str, Digest)> = sources_beside(document, set)
            .map(|source| (source.record.id().as_str(), Digest::of(source.text.as_bytes())))
            .collect();
        if drawn.eq(now.iter().map(|(id, digest)| (*id, digest))) {
            return Ok(false);
        }
        let Ok(archived) = archived_records(&self.registry.archive, issue, &metadata) else {
            return Ok(true);
        };
        // drafts do not list records, versions and digests
        let plain = Document { status: Status::Draft, ..document.clone() };
        let content = |records: &Records| {
            let context = BuildContext { records, ..self.context };
            context.render(&plain).ok().map(|source| source.typst)
        };
        Ok(content(set) != content(&Records::from(archived)))
    }
}

/// Problems that block the registration of documents of these records, or versions that
/// are out of date.
///
/// # Errors
/// When the registry cannot be read.
pub fn registry_problems(
    checked: &Checked,
    settings: &BuildSettings<'_>,
    registry: RegistryView<'_>,
) -> Result<Vec<Problem>, BuildError> {
    let context = settings.context(&checked.set);
    let documents = document::documents(&checked.set, settings.options.bilingual);
    let called: BTreeSet<String> =
        documents.iter().map(|document| context.id(document).to_string()).collect();
    let lookup = Lookup { registry, checked, context, called: &called };
    let mut problems = Vec::new();
    let only = settings.check_options.only;
    let wanted = |document: &&Document| {
        only.is_none_or(|only| only.contains(&document.source))
            && checked.blocked(document).is_none()
    };
    for document in documents.iter().filter(wanted) {
        match lookup.state(document, &context.id(document))? {
            RegistrationState::New => {}
            RegistrationState::Registered(_, warning) => {
                problems.extend(warning.map(|warning| *warning));
            }
            RegistrationState::Conflict(_, problem) => problems.push(*problem),
        }
    }
    Ok(problems)
}

/// The problem of a record that contradicts a registered version.
fn contradiction(
    rule: &'static str,
    source: &Source,
    field: &str,
    id: &DocumentId,
    issue: &Issue,
) -> Problem {
    Problem::error(rule, place_of(source, field))
        .with("document", id)
        .with("number", &issue.number)
        .with("registered", issue.version)
        .with("version", source.record.envelope().version)
        .with("next", issue.version + 1)
}

fn place_of(source: &Source, field: &str) -> Place {
    // a missing field is shown at the id
    let shown = if source.text.contains(&format!("\"{field}\"")) { field } else { "id" };
    let span = intake::span_of(&source.text, shown);
    Place {
        file: source.file.clone(),
        field: shown.to_owned(),
        span,
        text: Some(source.text.clone()),
        ..Place::default()
    }
}

/// The archived records of a version.
///
/// # Errors
/// Why they cannot be read.
pub fn archived_records(
    archive: &Archive<'_>,
    issue: &Issue,
    metadata: &Metadata,
) -> Result<RecordSet, String> {
    let mut sources = Vec::new();
    for record in std::iter::once(&metadata.source).chain(&metadata.draws_on) {
        let bytes = archive.file(issue, &record.file).map_err(|error| error.to_string())?;
        let source = intake::parse(Path::new(&record.file), &bytes)
            .map_err(|_| format!("the record {} can no longer be read", record.id))?;
        sources.push(as_settings_said(source, record));
    }
    Ok(RecordSet::new(sources, Vec::new()))
}

/// Fills in the publicity from the settings at the time of archiving.
fn as_settings_said(mut source: Source, archived: &SourceRecord) -> Source {
    if let Some(publicity) = archived.publicity {
        let fill = |record: &mut Arc<Record>| {
            let case = Arc::make_mut(record).case_mut();
            case.publicity = Some(publicity);
            case.secrecy_basis.clone_from(&archived.secrecy_basis);
        };
        fill(&mut source.record);
        source.translations.iter_mut().for_each(fill);
    }
    source
}
