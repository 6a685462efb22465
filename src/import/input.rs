//! Reads an input file, a workbook or a CSV file, into a worksheet.

use super::separator::Separator;
use super::worksheet::Worksheet;
use super::{ImportError, delimited, workbook};
use crate::model::Language;

/// Signature of a workbook (a ZIP file).
const WORKBOOK: &[u8] = b"PK\x03\x04";

/// Signature of a compound file: a workbook of Excel 97-2003, or an encrypted one ([MS-CFB]
/// 2.2).
const COMPOUND: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// True for a workbook; anything else is read as a CSV file.
pub(super) fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(WORKBOOK)
}

/// Reads a workbook or a CSV file.
pub(super) fn read(
    bytes: &[u8],
    sheet: Option<&str>,
    separator: Option<Separator>,
    language: Language,
) -> Result<Worksheet, ImportError> {
    if bytes.starts_with(COMPOUND) {
        return Err(ImportError::OldForm);
    }
    if is_workbook(bytes) {
        return workbook::read(bytes, sheet, language);
    }
    match sheet {
        Some(name) => Err(ImportError::NoSheet { name: name.to_owned(), known: "–".into() }),
        None => Ok(Worksheet { rows: delimited::rows(bytes, separator)?, ..Worksheet::default() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_spreadsheet_is_refused() {
        let rows = |bytes: &[u8], sheet| read(bytes, sheet, None, Language::Fi);
        assert!(matches!(rows(COMPOUND, None), Err(ImportError::OldForm)));
        assert!(matches!(rows(b"PK\x03\x04 and so on", None), Err(ImportError::Unreadable { .. })));
        assert!(matches!(rows(b"a,b", Some("x")), Err(ImportError::NoSheet { .. })));
    }
}
