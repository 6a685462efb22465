//! Validated names of files in the output folder. The ledger is read back from a disk that
//! others write to: a name that could lead elsewhere is refused.

use std::borrow::Borrow;

use serde::{Deserialize, Serialize};

/// Longest name in bytes: file systems allow 255, including the suffix.
const LONGEST: usize = 200;

/// Name of a document: `[a-z0-9-]`, after `web/` for a web copy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct DocumentName(String);

/// Name of a correction sheet: `[a-z0-9-]`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct SheetName(String);

/// The error for an invalid name.
#[derive(Debug, thiserror::Error)]
#[error("this is not the name of a document or a correction sheet")]
pub(super) struct NameError;

impl TryFrom<String> for DocumentName {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, NameError> {
        let plain = text.strip_prefix(super::WEB).and_then(|rest| rest.strip_prefix('/'));
        if is_plain(plain.unwrap_or(&text)) { Ok(Self(text)) } else { Err(NameError) }
    }
}

impl TryFrom<String> for SheetName {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, NameError> {
        if is_plain(&text) { Ok(Self(text)) } else { Err(NameError) }
    }
}

fn is_plain(text: &str) -> bool {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (1..=LONGEST).contains(&text.len()) && text.bytes().all(fits)
}

impl DocumentName {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl SheetName {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for DocumentName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for SheetName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_out_of_the_folder_are_refused() {
        let long = "x".repeat(LONGEST + 1);
        for wrong in [
            "",
            ".",
            "..",
            "a/b",
            "../a",
            "/a",
            "a.b",
            "A",
            "a b",
            "ä",
            "a\0",
            "a\\b",
            "web/",
            "web/../a",
            "web//a",
            "web/web/a",
            "corrections/a",
            "c:a",
            &long,
        ] {
            assert!(DocumentName::try_from(wrong.to_owned()).is_err(), "{wrong:?}");
            assert!(SheetName::try_from(wrong.to_owned()).is_err(), "{wrong:?}");
        }
        assert!(DocumentName::try_from("talks-north-memo".to_owned()).is_ok());
        assert!(DocumentName::try_from("web/talks-north-memo".to_owned()).is_ok());
        assert!(SheetName::try_from("talks-north-2".to_owned()).is_ok());
        assert!(SheetName::try_from("web/talks".to_owned()).is_err());
    }
}
