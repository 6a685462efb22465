//! Detects separators that are not supported: without this, a row of notes could be taken
//! for the headings.

use std::collections::BTreeSet;

use csv::StringRecord;

use super::column::{Column, ColumnNames};
use super::heading_row::HEADING_ROWS;
use super::separator::{SAMPLE_ROWS, reader};

/// A separator that is not supported.
struct UnsupportedSeparator {
    text: &'static str,
    /// Displayed form.
    shown: &'static str,
    /// How conclusive an equal number in each row is.
    weight: Weight,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weight {
    /// Conclusive: texts do not contain it regularly.
    Much,
    /// Conclusive unless a supported separator fits as well.
    Some,
    /// Not conclusive: many texts contain it.
    None,
}

const fn sign(text: &'static str, shown: &'static str, weight: Weight) -> UnsupportedSeparator {
    UnsupportedSeparator { text, shown, weight }
}

const SIGNS: [UnsupportedSeparator; 13] = [
    sign("^", "`^`", Weight::Much),
    sign("~", "`~`", Weight::Much),
    sign("¤", "`¤`", Weight::Much),
    sign("\u{1F}", "`U+001F`", Weight::Much),
    sign("#", "`#`", Weight::Some),
    sign("*", "`*`", Weight::Some),
    sign("§", "`§`", Weight::Some),
    sign("\\", "`\\`", Weight::Some),
    sign("!", "`!`", Weight::None),
    sign("+", "`+`", Weight::None),
    sign("/", "`/`", Weight::None),
    sign(":", "`:`", Weight::None),
    // fixed width
    sign("  ", "`␣␣`", Weight::None),
];

/// Placeholder for the separator: a byte that does not occur in text.
const STAND_IN: u8 = 1;

/// The unsupported separator of a text, in displayed form. `known` is the number of
/// headings with the best supported separator; `fits` tells whether that gives a heading
/// for the texts and an equal number of cells in each row.
pub(super) fn find(text: &str, known: usize, fits: bool) -> Option<&'static str> {
    let words = ColumnNames::built_in();
    let end = text.match_indices('\n').nth(SAMPLE_ROWS).map_or(text.len(), |(at, _)| at);
    let text = &text[..end];
    let is_rival = |sign: &&UnsupportedSeparator| {
        if !text.contains(sign.text) {
            return false;
        }
        let rows = rows(text, sign.text);
        let found = rows.iter().take(HEADING_ROWS).map(|row| headings(row, &words)).max();
        let headed = found.is_some_and(|found| found > 1 && found > known);
        let even = || {
            let cells = rows.first().map_or(0, StringRecord::len);
            rows.len() > 1 && cells > 1 && rows.iter().all(|row| row.len() == cells)
        };
        headed
            || match sign.weight {
                Weight::Much => even(),
                Weight::Some => !fits && even(),
                Weight::None => false,
            }
    };
    SIGNS.iter().find(is_rival).map(|sign| sign.shown)
}

/// The rows of a text with this separator.
fn rows(text: &str, sign: &str) -> Vec<StringRecord> {
    let mut text = text.replace(sign, "\u{1}");
    if sign == "  " {
        // any number of spaces
        text =
            text.split('\u{1}').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\u{1}");
    }
    reader(&text, STAND_IN).records().flatten().collect()
}

/// Number of columns that the cells are headings of, if the text's is among them.
fn headings(row: &StringRecord, words: &ColumnNames) -> usize {
    let found: BTreeSet<Column> = row.iter().filter_map(|cell| words.exact(cell)).collect();
    if found.contains(&Column::Text) { found.len() } else { 0 }
}
