//! Tools for template authors: every document of generated records checked, and the
//! documents of old and new templates compared page by page. Writes nothing.

mod check;
mod compare;

pub use check::{Trial, TrialOutcome, try_templates};
pub use compare::{Change, ChangedPage, Compared, compare, page_digests};
