//! Decodes the bytes of a record file: UTF-8 without a byte order mark.

use std::path::Path;
use std::sync::Arc;

use crate::model::{Place, Problem};

/// The text of a record file.
///
/// # Errors
/// When the bytes are not UTF-8, or begin with a byte order mark.
pub fn decode(path: &Path, bytes: &[u8]) -> Result<Arc<str>, Box<Problem>> {
    let place = || Place { file: path.to_owned(), ..Place::default() };
    let utf16 = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
    if utf16 || looks_like_utf16(bytes) {
        return Err(Problem::error("file-utf16", place()).into());
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(failure) => return Err(not_utf8(path, bytes, failure.valid_up_to()).into()),
    };
    if text.starts_with('\u{FEFF}') {
        return Err(Problem::error("file-bom", place()).into());
    }
    if text.trim().is_empty() {
        return Err(Problem::error("file-empty", place()).into());
    }
    Ok(text.into())
}

/// True for UTF-16 without a byte order mark: every other byte at the beginning is zero.
fn looks_like_utf16(bytes: &[u8]) -> bool {
    bytes.len() >= 4 && (bytes[..4] == [b'{', 0, bytes[2], 0] || bytes[..2] == [0, b'{'])
}

/// The problem of an invalid byte, shown in the text as `�`.
fn not_utf8(path: &Path, bytes: &[u8], at: usize) -> Problem {
    let mut text = String::from_utf8_lossy(&bytes[..at]).into_owned();
    let start = text.len();
    text.push_str(&String::from_utf8_lossy(&bytes[at..]));
    let place = Place {
        file: path.to_owned(),
        field: String::new(),
        span: Some(start..start + '\u{FFFD}'.len_utf8()),
        text: Some(text.into()),
        ..Place::default()
    };
    Problem::error("file-utf8", place).with("byte", format!("0x{:02X}", bytes[at]))
}
