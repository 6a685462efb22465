//! Merged cells: gives the value of a merged range to each row that it covers, and refuses
//! rows whose meaning is ambiguous.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::ImportError;
use super::column::Column;
use super::heading_row::{Header, letters};
use super::layout::CellRange;
use super::report::RefusalReason;
use super::worksheet::{MergedSpan, SheetRow};
use crate::model::normal::folded;

/// Most rows that all merged ranges together may cover.
const MOST: usize = 1_000_000;

/// Most merged ranges that cover one row.
const MOST_OF_A_ROW: usize = 1000;

/// Copies the value of each merged range to all its rows, in its first column.
pub(super) fn fill(
    rows: &mut BTreeMap<u32, SheetRow>,
    merged: &[CellRange],
) -> Result<(), ImportError> {
    let mut steps = 0;
    for range in merged {
        let (left, right) = (range.left as usize, range.right as usize);
        let first = rows.get(&range.top);
        let value = first.and_then(|row| row.cells.get(&left)).cloned();
        let broken = first.is_some_and(|row| row.broken.contains(&left));
        let unclear = first.is_some_and(|row| row.unclear.contains(&left));
        let mut hides = false;
        for (at, row) in rows.range(range.top..=range.bottom) {
            let mut cells = row.cells.range(left..=right);
            hides |= cells.any(|(column, cell)| {
                (*at, *column) != (range.top, left) && Some(cell) != value.as_ref()
            });
        }
        let rows_of = (range.top as usize + 1, range.bottom as usize + 1);
        let span = MergedSpan { rows: rows_of, columns: (left, right), hides };
        for row in rows.range_mut(range.top..=range.bottom).map(|(_, row)| row) {
            steps += 1;
            if steps > MOST || row.merged.len() >= MOST_OF_A_ROW {
                return Err(ImportError::TooManyMerged);
            }
            row.merged.push(span);
            if let (Some(value), false) = (&value, hides) {
                row.cells.entry(left).or_insert_with(|| value.clone());
            }
            if broken && !row.broken.contains(&left) {
                row.broken.push(left);
            }
            if unclear && !row.unclear.contains(&left) {
                row.unclear.push(left);
            }
        }
    }
    Ok(())
}

/// Why the meaning of a row with merged cells is ambiguous.
pub(super) fn ambiguity(row: &SheetRow, header: &Header) -> Option<(Column, RefusalReason)> {
    for span in &row.merged {
        let known: Vec<(Column, usize)> =
            header.places().filter(|(_, at)| span.holds(*at)).collect();
        let Some((column, at)) = known.first().copied() else { continue };
        // a range that begins among the headings is not a value
        let heading = span.rows.0 <= header.last_row;
        if known.len() > 1 || at != span.columns.0 || span.hides || heading {
            let cells = format!(
                "{}{}:{}{}",
                letters(span.columns.0),
                span.rows.0,
                letters(span.columns.1),
                span.rows.1
            );
            return Some((column, RefusalReason::Merged { cells }));
        }
    }
    // a heading over several columns does not tell which one is meant
    let beside = |column: &Column| {
        header.covered_by(*column).find(|at| row.cells.contains_key(at)).map(|at| (*column, at))
    };
    let (column, at) = Column::ALL.iter().find_map(beside)?;
    Some((column, RefusalReason::WideHeading { letters: letters(at) }))
}

/// Texts in merged rows: rows that continue the note of an earlier row, and rows that
/// contradict it.
#[derive(Debug, Default)]
pub(super) struct MergedTexts {
    /// First row of the note, by the number of each row that continues it.
    pub continued: HashMap<usize, usize>,
    /// Rows with one merged text but different other cells, by number, with the first and
    /// last row of the text.
    pub conflicting: HashMap<usize, (usize, usize)>,
}

/// Finds merged cells in the column of the texts.
pub(super) fn texts(body: &[SheetRow], header: &Header) -> MergedTexts {
    let mut texts = MergedTexts::default();
    let Some(place) = header.place(Column::Text) else { return texts };
    let mut firsts: HashMap<(usize, usize), &SheetRow> = HashMap::new();
    let mut conflicting: BTreeSet<(usize, usize)> = BTreeSet::new();
    let span_of = |row: &SheetRow| {
        let over = |span: &&MergedSpan| span.holds(place) && span.rows.0 < span.rows.1;
        row.merged.iter().find(over).map(|span| span.rows)
    };
    for row in body {
        let Some(rows) = span_of(row) else { continue };
        match firsts.get(&rows) {
            None => {
                firsts.insert(rows, row);
            }
            Some(first) if adds_nothing(row, first, header) => {
                texts.continued.insert(row.number, first.number);
            }
            Some(_) => {
                conflicting.insert(rows);
            }
        }
    }
    for row in body {
        if let Some(rows) = span_of(row).filter(|rows| conflicting.contains(rows)) {
            texts.conflicting.insert(row.number, rows);
        }
    }
    texts
}

/// True if each cell of a row is empty or equal to that of the first row.
fn adds_nothing(row: &SheetRow, first: &SheetRow, header: &Header) -> bool {
    header.places().all(|(_, at)| match (row.cells.get(&at), first.cells.get(&at)) {
        (None, _) => true,
        (Some(own), first) => first.is_some_and(|first| folded(first) == folded(own)),
    })
}
