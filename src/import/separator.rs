//! Separators of CSV files, and how well each of them fits a text.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use csv::{ReaderBuilder, StringRecord};

use super::column::{Column, ColumnNames};
use super::heading_row::HEADING_ROWS;

/// How many rows are read to find the separator.
pub(super) const SAMPLE_ROWS: usize = 1000;

/// A supported separator of CSV files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Separator {
    Semicolon,
    Comma,
    Tab,
    Bar,
}

impl Separator {
    pub(super) const ALL: [Self; 4] = [Self::Semicolon, Self::Comma, Self::Tab, Self::Bar];

    /// The name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Semicolon => ";",
            Self::Comma => ",",
            Self::Tab => "tab",
            Self::Bar => "|",
        }
    }

    pub(super) fn byte(self) -> u8 {
        match self {
            Self::Semicolon => b';',
            Self::Comma => b',',
            Self::Tab => b'\t',
            Self::Bar => b'|',
        }
    }
}

/// How well a separator fits a text; greater is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fit {
    /// A row near the top has a heading for the texts.
    pub has_text: bool,
    /// That row has several cells, and each row below it has as many.
    pub even: bool,
    /// That row has several cells.
    pub several: bool,
    /// Permille of the rows below it with as many cells.
    share: usize,
    /// No cell but the first begins with a space, as after a comma in a sentence.
    tight: bool,
    /// Number of known columns.
    pub known: usize,
}

/// All separators, the one that fits best first. Of two that fit equally well, the one
/// that comes first in [`Separator::ALL`].
pub(super) fn ranked(text: &str) -> [(Fit, Separator); 4] {
    let mut fits = Separator::ALL.map(|separator| (fit(text, separator), separator));
    fits.sort_by(|(a, _), (b, _)| b.cmp(a));
    fits
}

fn fit(text: &str, separator: Separator) -> Fit {
    let words = ColumnNames::built_in();
    let mut reader = reader(text, separator.byte());
    let rows: Vec<StringRecord> = reader.records().take(SAMPLE_ROWS).flatten().collect();
    let known = |row: &StringRecord| words.found(row.iter());
    let top = rows.iter().take(HEADING_ROWS).enumerate().map(|(at, row)| (at, known(row)));
    let rank = |found: &(usize, BTreeSet<Column>)| {
        (found.1.contains(&Column::Text), found.1.len(), Reverse(found.0))
    };
    let (at, found) = top.max_by_key(rank).unwrap_or_default();
    let cells = rows.get(at).map_or(0, StringRecord::len);
    let below = rows.get(at + 1..).unwrap_or_default();
    let same = below.iter().filter(|row| row.len() == cells).count();
    let spaced = rows.iter().flat_map(|row| row.iter().skip(1)).any(|cell| cell.starts_with(' '));
    Fit {
        has_text: found.contains(&Column::Text),
        even: cells > 1 && same == below.len(),
        several: cells > 1,
        share: (same * 1000).checked_div(below.len()).unwrap_or(1000),
        tight: !spaced,
        known: found.len(),
    }
}

/// Reads the records of a text with this delimiter.
pub(super) fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    let mut builder = ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(delimiter);
    builder.from_reader(text.as_bytes())
}
