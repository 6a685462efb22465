//! The rows of a CSV file: comma, semicolon or tab, in UTF-8 with or without a
//! byte order mark. Guesses no other encoding: a wrong guess would put wrong
//! letters into records.

use std::collections::BTreeMap;

use csv::{ReaderBuilder, StringRecord};

use super::columns::Words;
use super::sheet::Row;
use super::{ImportError, ROW_LIMIT, unreadable};

/// How many rows are looked at to find out what separates the cells.
const LOOKED_AT: usize = 20;

/// The rows that are not empty, in their order.
pub(super) fn rows(bytes: &[u8]) -> Result<Vec<Row>, ImportError> {
    let text = std::str::from_utf8(bytes).map_err(|_| ImportError::Encoding)?;
    // UTF-16 of plain letters has a zero in every second byte
    if text.contains('\0') {
        return Err(ImportError::Encoding);
    }
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let delimiter = delimiter(text);
    if let Some(line) = open_quote(text, delimiter) {
        return Err(ImportError::OpenQuote { line });
    }
    let mut reader = reader(text, delimiter);
    let (mut rows, mut record, mut number) = (Vec::new(), StringRecord::new(), 0);
    while reader.read_record(&mut record).map_err(unreadable)? {
        let start = record.position().map_or(0, |position| position.byte());
        number += 1 + blank_lines(text, usize::try_from(start).unwrap_or(0));
        let cells = record.iter().enumerate().filter(|(_, cell)| !cell.trim().is_empty());
        let cells: BTreeMap<usize, String> =
            cells.map(|(column, cell)| (column, cell.to_owned())).collect();
        if !cells.is_empty() {
            rows.push(Row { number, cells, broken: Vec::new() });
        }
        // the headings have a row as well
        if rows.len() > ROW_LIMIT + 1 {
            return Err(ImportError::TooManyRows);
        }
    }
    Ok(rows)
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    let mut builder = ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(delimiter);
    builder.from_reader(text.as_bytes())
}

/// The separator with which some row near the top has most known headings, or
/// else most cells.
fn delimiter(text: &str) -> u8 {
    let words = Words::built_in();
    let score = |delimiter: &u8| {
        let mut reader = reader(text, *delimiter);
        let records = reader.records().take(LOOKED_AT).flatten();
        records.map(|row| (words.count(row.iter()), row.len())).max().unwrap_or_default()
    };
    [b',', b'\t', b';'].into_iter().max_by_key(score).unwrap_or(b';')
}

/// The line of a quotation mark that opens a cell and is never closed: then
/// one cell would swallow all rows after it.
fn open_quote(text: &str, delimiter: u8) -> Option<usize> {
    let (mut line, mut open, mut may_open) = (1, None, true);
    for c in text.chars() {
        if c == '"' && open.is_some() {
            // right behind it another one makes a quotation mark of the two
            (open, may_open) = (None, true);
        } else if c == '"' && may_open {
            open = Some(line);
        } else if open.is_none() {
            may_open = c == char::from(delimiter) || c == '\n' || c == '\r';
        }
        line += usize::from(c == '\n');
    }
    open
}

/// How many lines before a record have nothing at all: the reader passes over
/// them, spreadsheet programs count them.
fn blank_lines(text: &str, start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    // the second half of the line break that ended the record before
    let rest = match text.as_bytes().get(start.wrapping_sub(1)) {
        Some(b'\r') => rest.strip_prefix('\n').unwrap_or(rest),
        _ => rest,
    };
    let breaks = rest.len() - rest.trim_start_matches(['\r', '\n']).len();
    rest[..breaks].replace("\r\n", "\n").len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> Vec<usize> {
        rows(text.as_bytes()).unwrap().iter().map(|row| row.number).collect()
    }

    #[test]
    fn rows_are_numbered_as_spreadsheet_programs_do() {
        assert_eq!(numbers("a,b\n1,2\n3,4\n"), [1, 2, 3]);
        assert_eq!(numbers("a,b\r\n1,2\r\n\r\n3,4\r\n"), [1, 2, 4]);
        assert_eq!(numbers("\n\na,b\n\"1\n1\",2\n,\n3,4"), [3, 4, 6]);
    }

    #[test]
    fn the_separator_is_found() {
        assert_eq!(delimiter("Group;Note, long;Priority\nnorth;a, b, c, d;x"), b';');
        assert_eq!(delimiter("Group,Note\nnorth,\"a; b; c; d\""), b',');
        assert_eq!(delimiter("Ryhmä\tNosto\nx\ty"), b'\t');
    }

    #[test]
    fn an_open_quotation_mark_is_found() {
        assert_eq!(open_quote("a,\"b \"\"c\"\" d\"\ne,5\" pipe\n", b','), None);
        assert_eq!(open_quote("a,b\nc,\"d\ne,f\n", b','), Some(2));
    }

    #[test]
    fn other_encodings_are_refused() {
        assert!(matches!(rows(b"Ryhm\xE4,Nosto"), Err(ImportError::Encoding)));
        assert!(matches!(rows(b"a\0,\0b\0"), Err(ImportError::Encoding)));
    }
}
