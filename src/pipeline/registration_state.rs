//! How a document stands with the registry: not there yet, issued and as the
//! records say it, issued and stale, or at odds with what was issued.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::register::others;
use super::sources::{Rendered, ready, render_all};
use super::{Checked, Design, Options};
use crate::document::{Bilingual, Document, DocumentId, DocumentKind, Records};
use crate::intake;
use crate::model::problem::quoted;
use crate::model::{Digest, Place, Problem, Record, RecordSet, Severity, Source, Status};
use crate::registry::metadata::{Metadata, SourceRecord};
use crate::registry::{Archive, Index, Issue, RegistryError, RegistryReader};

/// How a document of a final record stands with the registry.
pub enum RegistrationState {
    /// This version is not there yet.
    New,
    /// It is; the warning says that the records now say something else.
    Issued(Box<Issue>, Option<Box<Problem>>),
    /// It cannot be registered as it is; the version that is there stays.
    Refused(Box<Issue>, Box<Problem>),
}

/// A version that was issued, with all that it was made from.
pub struct IssuedVersion {
    pub issue: Issue,
    pub metadata: Metadata,
    pub records: Records,
    /// Its templates, when they are not those in use.
    pub design: Option<Arc<Design>>,
}

impl IssuedVersion {
    /// How it was made.
    pub fn options(&self) -> Options {
        options_of(&self.metadata)
    }
}

/// How a version was made.
pub fn options_of(metadata: &Metadata) -> Options {
    let bilingual = match metadata.made_with.all_languages {
        true => Bilingual::Together,
        false => Bilingual::Separate,
    };
    Options { attach_source: metadata.made_with.attach_source, bilingual, workers: 1 }
}

/// What documents are held against.
#[derive(Clone, Copy)]
pub struct Lookup<'a> {
    pub index: &'a Index,
    pub archive: Archive<'a>,
    pub checked: &'a Checked,
    /// Names of all documents that the records call for.
    pub called: &'a BTreeSet<String>,
    pub design: &'a Design,
    pub options: Options,
}

impl Lookup<'_> {
    /// Looks a document up in the registry.
    ///
    /// # Errors
    /// When the registry cannot be read.
    pub fn standing(
        &self,
        document: &Document,
        id: &DocumentId,
        made_from: &Digest,
    ) -> Result<RegistrationState, RegistryError> {
        let Some(source) = self.checked.set.source(&document.source) else {
            return Ok(RegistrationState::New);
        };
        let Some(latest) = self.index.latest(id.as_str())? else {
            return self.newcomer(document, id, source);
        };
        let envelope = source.record.envelope();
        let refused = |rule, field| {
            let problem = at_odds(rule, source, field, id, &latest);
            Ok(RegistrationState::Refused(Box::new(latest.clone()), Box::new(problem)))
        };
        let draft = envelope.status == Status::Draft;
        match envelope.version.cmp(&latest.version) {
            Ordering::Less => return refused("registered-older", "version"),
            Ordering::Greater if envelope.version > latest.version + 1 => {
                return refused("registered-gap", "version");
            }
            Ordering::Greater => return Ok(RegistrationState::New),
            Ordering::Equal if draft => return refused("registered-draft", "status"),
            Ordering::Equal => {}
        }
        let own = Digest::of(source.text.as_bytes());
        if own != latest.record && !self.says_the_same(document.kind, source, &latest)? {
            return refused("registered-changed", "version");
        }
        let stale = *made_from != latest.content && self.is_stale(document, &latest)?;
        let warning = stale.then(|| {
            let changed = self.changed_since(document, &latest);
            let problem = at_odds("registered-stale", source, "version", id, &latest);
            let problem = problem.with("changed", changed);
            Box::new(Problem { severity: Severity::Warning, ..problem })
        });
        Ok(RegistrationState::Issued(Box::new(latest), warning))
    }

    /// Files of the records that changed since a version was made from them.
    fn changed_since(&self, document: &Document, issue: &Issue) -> String {
        let metadata = self.archive.metadata(issue);
        let then = metadata.map(|metadata| metadata.draws_on).unwrap_or_default();
        let changed = others(document, &self.checked.set).filter(|source| {
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
        let others = self.index.of_record(document.source.as_str(), kind)?;
        let renamed = others.into_iter().find(|issue| !self.called.contains(&issue.document));
        Ok(match renamed {
            Some(issue) => {
                let problem = at_odds("registered-renamed", source, "id", id, &issue);
                let problem = problem.with("old", &issue.document);
                RegistrationState::Refused(Box::new(issue), Box::new(problem))
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
        let metadata = self.archive.metadata(issue)?;
        let bytes = self.archive.file(issue, &metadata.source.file)?;
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
        let (set, design, options) = (&self.checked.set, self.design, self.options);
        let metadata = self.archive.metadata(issue)?;
        let drawn = metadata.draws_on.iter().map(|record| (record.id.as_str(), &record.digest));
        let now: Vec<(&str, Digest)> = others(document, set)
            .map(|source| (source.record.id().as_str(), Digest::of(source.text.as_bytes())))
            .collect();
        if drawn.eq(now.iter().map(|(id, digest)| (*id, digest))) {
            return Ok(false);
        }
        let Ok(archived) = archived_records(&self.archive, issue, &metadata) else {
            return Ok(true);
        };
        // as drafts they do not name records, versions and digests
        let plain = Document { status: Status::Draft, ..document.clone() };
        let said =
            |records: &Records| ready(&plain, records, design, options).ok().map(|made| made.typst);
        Ok(said(set) != said(&Records::from(archived)))
    }
}

/// Everything that would keep documents of these records from being registered,
/// or is stale in the registry.
///
/// # Errors
/// When the registry cannot be read.
pub fn hold_against_registry(
    checked: &Checked,
    design: &Design,
    options: Options,
    reader: &RegistryReader,
) -> Result<Vec<Problem>, RegistryError> {
    let rendered = render_all(checked, design, options);
    let called: BTreeSet<String> = rendered.iter().map(|one| one.id.to_string()).collect();
    let (index, archive) = (reader.index(), reader.archive());
    let lookup = Lookup { index, archive, checked, called: &called, design, options };
    let mut problems = Vec::new();
    for Rendered { document, id, made_from } in rendered {
        let Ok(made_from) = made_from else { continue };
        match lookup.standing(&document, &id, &made_from)? {
            RegistrationState::Issued(_, warning) => {
                problems.extend(warning.map(|warning| *warning))
            }
            RegistrationState::Refused(_, problem) => problems.push(*problem),
            RegistrationState::New => {}
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
            .map_err(|_| format!("the record {} cannot be read any more", record.id))?;
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
