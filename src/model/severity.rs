//! Severity of a problem.

use serde::{Deserialize, Serialize};

/// How serious a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Blocks the document; an error of a configurable rule blocks only a final one.
    Error,
    /// Does not block the document, but somebody should look at it.
    Warning,
    /// For information, on request.
    Hint,
}
