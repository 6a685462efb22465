//! Renders every document of a build, or determines why it is not rendered. Reads the
//! registry and writes nothing.

use std::collections::BTreeSet;

use super::checking::{Blocked, Checked};
use super::context::{BuildContext, RenderFailure, TypstSource};
use super::register::{RegistryView, date_of, registration};
use super::registration_state::{Lookup, RegistrationState};
use super::{BuildError, BuildSettings};
use crate::document::{self, Document, DocumentId};
use crate::model::{Classification, Date, Problem, Status};
use crate::parallel;
use crate::registry::{ExpectedNumbers, Issue, RegistryError, Reservation};

/// A document that the records call for.
pub struct Rendered {
    pub document: Document,
    pub id: DocumentId,
    pub content: Result<Content, NotRendered>,
}

/// A document that can be made.
pub enum Content {
    /// A draft, or a document without a registry.
    Draft(Box<TypstSource>),
    /// A final document that is not registered yet.
    Unregistered(Box<Unregistered>),
    /// This version is registered; the warning says that the records differ now.
    Registered(Box<Issue>, Option<Box<Problem>>),
    /// It contradicts a registered version.
    Conflict(Box<Issue>, Box<Problem>),
}

/// A final document before it has its number.
pub struct Unregistered {
    /// Rendered with its expected number.
    pub source: TypstSource,
    pub expected: Reservation,
    /// The date of the document, if known.
    pub date: Option<Date>,
    /// Number of the version that it replaces.
    pub replaces: Option<String>,
    /// Its classification for the archive.
    pub classification: Classification,
}

/// Why a document is not rendered.
#[derive(Debug)]
pub enum NotRendered {
    /// Records have errors.
    Blocked(Blocked),
    /// Its template or a reference in its record has this error.
    Failed(Box<Problem>),
    /// Its data in the registry cannot be read.
    Unreadable(Box<RegistryError>),
}

impl From<RenderFailure> for NotRendered {
    fn from(failure: RenderFailure) -> Self {
        match failure {
            RenderFailure::RecordMissing => Self::Blocked(Blocked::RecordInvalid),
            RenderFailure::Problem(problem) => Self::Failed(problem),
        }
    }
}

/// How a document is rendered, decided in advance.
enum Task {
    Done(Result<Content, NotRendered>),
    Draft,
    Register {
        reservation: Reservation,
        date: Option<Date>,
        replaces: Option<String>,
        classification: Classification,
    },
}

/// Renders every document that the records call for, on several threads; registered
/// versions are not rendered again.
///
/// # Errors
/// When the index of the registry cannot be read.
pub fn render(
    checked: &Checked,
    settings: &BuildSettings<'_>,
    registry: Option<RegistryView<'_>>,
) -> Result<Vec<Rendered>, BuildError> {
    let context = settings.context(&checked.set);
    let documents = document::documents(&checked.set, settings.options.bilingual);
    let named: Vec<(Document, DocumentId)> = documents
        .into_iter()
        .map(|document| {
            let id = context.id(&document);
            (document, id)
        })
        .collect();
    let called: BTreeSet<String> = named.iter().map(|(_, id)| id.to_string()).collect();
    let tasks = match registry {
        Some(registry) => {
            let lookup = Lookup { registry, checked, context, called: &called };
            with_registry(&named, &lookup)?
        }
        None => named.iter().map(|(document, _)| without_registry(document, checked)).collect(),
    };
    let tasks = named.into_iter().zip(tasks).collect();
    Ok(parallel::map(tasks, settings.options.workers, |((document, id), task)| {
        let content = render_one(&document, task, context);
        Rendered { document, id, content }
    }))
}

fn without_registry(document: &Document, checked: &Checked) -> Task {
    match checked.blocked(document) {
        Some(reason) => Task::Done(Err(NotRendered::Blocked(reason))),
        None => Task::Draft,
    }
}

/// Decides with the registry how to render each document. Documents to be registered get
/// their expected numbers, in document order.
fn with_registry(
    named: &[(Document, DocumentId)],
    lookup: &Lookup<'_>,
) -> Result<Vec<Task>, BuildError> {
    let mut numbers = lookup.registry.expected_numbers()?;
    let task = |(document, id): &(Document, DocumentId)| {
        if let Some(reason) = lookup.checked.blocked(document) {
            return Ok(Task::Done(Err(NotRendered::Blocked(reason))));
        }
        match lookup.state(document, id) {
            Ok(RegistrationState::New) if document.status == Status::Final => {
                to_register(document, id, lookup, &mut numbers)
            }
            Ok(RegistrationState::New) => Ok(Task::Draft),
            Ok(RegistrationState::Registered(issue, warning)) => {
                Ok(Task::Done(Ok(Content::Registered(issue, warning))))
            }
            Ok(RegistrationState::Conflict(issue, problem)) => {
                Ok(Task::Done(Ok(Content::Conflict(issue, problem))))
            }
            Err(RegistryError::Index(error)) => Err(RegistryError::from(error).into()),
            // a damaged file in the registry affects this document only
            Err(error) => Ok(Task::Done(Err(NotRendered::Unreadable(Box::new(error))))),
        }
    };
    named.iter().map(task).collect()
}

fn to_register(
    document: &Document,
    id: &DocumentId,
    lookup: &Lookup<'_>,
    numbers: &mut ExpectedNumbers,
) -> Result<Task, BuildError> {
    let registry = lookup.registry;
    let record = lookup.checked.set.record(&document.source);
    let class = record.map(|record| registry.plan.classify(document.kind, record.case()));
    // the checks report what is missing
    let Some((record, classification)) = record.zip(class.and_then(Result::ok)) else {
        return Ok(Task::Done(Err(NotRendered::Blocked(Blocked::RecordInvalid))));
    };
    let latest = registry.index.latest(id.as_str()).map_err(RegistryError::from)?;
    Ok(Task::Register {
        reservation: numbers.take(id.as_str(), record.envelope().version),
        date: date_of(record),
        replaces: latest.map(|latest| latest.number),
        classification,
    })
}

fn render_one(
    document: &Document,
    task: Task,
    context: BuildContext<'_>,
) -> Result<Content, NotRendered> {
    match task {
        Task::Done(content) => content,
        Task::Draft => Ok(Content::Draft(Box::new(context.render(document)?))),
        Task::Register { reservation: expected, date, replaces, classification } => {
            let registration = Some(registration(&expected, replaces.as_deref()));
            let source = context.render(&Document { registration, ..document.clone() })?;
            Ok(Content::Unregistered(Box::new(Unregistered {
                source,
                expected,
                date,
                replaces,
                classification,
            })))
        }
    }
}
