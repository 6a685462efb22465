//! Data model: records as officials write them, and the types that the stages exchange.
//! Independent of files, templates and PDF.

pub mod archive;
pub mod date;
pub mod digest;
pub mod envelope;
pub mod guard;
pub mod limits;
pub mod lint;
pub mod markup;
pub mod measures;
pub mod names;
pub mod normal;
pub mod problem;
pub mod proposal;
pub mod read;
pub mod reader;
pub mod record;
pub mod round;
pub mod session;
pub mod set;
mod severity;
pub mod summary;
pub mod text;
pub mod translation;
pub mod typed;

pub use archive::{Classification, Moment};
pub use date::{Date, Time};
pub use digest::Digest;
pub use envelope::{Acceptance, Case, Envelope, Language, Publicity, Status};
pub use measures::Measures;
pub use problem::{Fix, Place, Problem, Rewrite};
pub use proposal::Proposal;
pub use read::{Languages, RecordError, schema_of};
pub use record::{Kind, Record};
pub use round::Round;
pub use session::Session;
pub use set::{RecordSet, Refused, Source};
pub use severity::Severity;
pub use summary::Summary;
pub use text::{Id, Long, Short, StatuteNumber, TextFault};
