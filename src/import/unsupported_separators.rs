//! Detects separators that are not supported: without this, a row of notes could be taken
//! for the headings.

use std::collections::BTreeSet;

use csv::StringRecord;

use super::column::{Column, ColumnNames};
use super::heading_row::HEADING_ROWS;
use super::separator::{SAMPLE_ROWS, reader};

/// A sign that may separate cells.
struct UnsupportedSeparator {
    text: &'static str,
    /// As it is shown.
    shown: &'static str,
    /// How much it says that each row has it equally often.
    weight: Weight,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weight {
    /// No text has it so.
    Much,
    /// Much, unless another separator fits too.
    Some,
    /// Nothing: it is in many texts.
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
    // a fixed width
    sign("  ", "`␣␣`", Weight::None),
];

/// What stands for a sign while it is tried: a byte that no text has.
const STAND_IN: u8 = 1;

/// The sign that separates the cells though it is not read, as it is shown.
/// `known` is how many headings the best of the others has, `fits` whether that
/// one has a heading for the texts and as many cells in each row.
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

/// The rows of a text, a sign between their cells.
fn rows(text: &str, sign: &str) -> Vec<StringRecord> {
    let mut text = text.replace(sign, "\u{1}");
    if sign == "  " {
        // any number of spaces
        text =
            text.split('\u{1}').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\u{1}");
    }
    reader(&text, STAND_IN).records().flatten().collect()
}

/// How many columns the headings of a row are, when one is that of the texts.
fn headings(row: &StringRecord, words: &ColumnNames) -> usize {
    let found: BTreeSet<Column> = row.iter().filter_map(|cell| words.exact(cell)).collect();
    if found.contains(&Column::Text) { found.len() } else { 0 }
}
