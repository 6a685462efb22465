//! What the registry has of a document: nothing yet, this version as the records say it,
//! this version out of date, or a version that the records contradict.

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

/// What the registry has of a document.
pub enum RegistrationState {
    /// Not this version.
    New,
    /// This version; the warning says that the records now say something else.
    Registered(Box<Issue>, Option<Box<Problem>>),
    /// A version that this one contradicts; the version that is there stays.
    Conflict(Box<Issue>, Box<Problem>),
}

/// How a version was made.
pub fn options_of(metadata: &Metadata) -> Options {
    let bilingual = match metadata.made_with.all_languages {
        true => Bilingual::Together,
        false => Bilingual::Separate,
    };
    Options { attach_source: metadata.made_with.attach_source, bilingual, workers: 1 }
}

/// What documents are compared with.
#[derive(Clone, Copy)]
pub struct Lookup<'a> {
    pub registry: RegistryView<'a>,
    pub checked: &'a Checked,
    pub context: BuildContext<'a>,
    /// Names of all documents that the records call for.
    pub called: &'a BTreeSet<String>,
}

impl Lookup<'_> {
    /// Looks a document up in the registry.
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
            return self.newcomer(document, id, source);
        };
        let envelope = source.record.envelope();
        let conflict = |rule, field| {
            let problem = at_odds(rule, source, field, id, &latest);
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
        if own != latest.record && !self.says_the_same(document.kind, source, &latest)? {
            return conflict("registered-changed", "version");
        }
        let stale = records_digest(document, &self.checked.set) != latest.content
            && self.is_stale(document, &latest)?;
        let warning = stale.then(|| {
            let changed = self.changed_since(document, &latest);
            let problem = at_odds("registered-stale", source, "version", id, &latest);
            let problem = problem.with("changed", changed);
            Box::new(Problem { severity: Severity::Warning, ..problem })
        });
        Ok(RegistrationState::Registered(Box::new(latest), warning))
    }

    /// Files of the records that changed since a version was made from them.
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

    /// A document that is not in the registry: under another name it may be.
    fn newcomer(
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
                let problem = at_odds("registered-renamed", source, "id", id, &issue);
                let problem = problem.with("old", &issue.document);
                RegistrationState::Conflict(Box::new(issue), Box::new(problem))
            }
            None => RegistrationState::New,
        })
    }

    /// True when a record whose bytes changed says the same to this document: its
    /// lines were only laid out anew, or a proposal got its decision, which is the
    /// extract's business.
    fn says_the_same(
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
        let said = |record: &Record| {
            let mut record = record.clone();
            if let (Record::Proposal(proposal), DocumentKind::Proposal) = (&mut record, kind) {
                proposal.decision = None;
            }
            // what somebody accepted of it says nothing to the reader
            record.forget_acceptances();
            // what is left out of one may be said in the settings
            record.case_mut().publicity = Some(record.case().publicity());
            record
        };
        let all = |source: &Source| source.records().map(|record| said(record)).collect::<Vec<_>>();
        Ok(all(source) == all(&old))
    }

    /// True when an issued document would say something else if it were made now,
    /// because of the records: new templates change nothing that was issued, and
    /// are used for both.
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
        // as drafts they do not name records, versions and digests
        let plain = Document { status: Status::Draft, ..document.clone() };
        let said = |records: &Records| {
            let context = BuildContext { records, ..self.context };
            context.render(&plain).ok().map(|source| source.typst)
        };
        Ok(said(set) != said(&Records::from(archived)))
    }
}

/// Everything that would keep documents of these records from being registered, or is
/// out of date in the registry.
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

/// A record that is at odds with what was registered of it.
fn at_odds(
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
    // a field that is left out is shown at the id
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

/// The records that a version was made from, as they were.
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

/// A record with what the settings said of its publicity when it was archived.
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
