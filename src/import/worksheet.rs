//! The rows and cells of a worksheet or a CSV file as plain text, and the merged ranges
//! that cover them.

use std::collections::BTreeMap;

/// A row that holds something.
#[derive(Debug, Clone, Default)]
pub(super) struct SheetRow {
    /// Number as spreadsheet programs show it, from 1.
    pub number: usize,
    /// The cells that are not blank, by column from 0.
    pub cells: BTreeMap<usize, String>,
    /// Columns of formulas that failed.
    pub broken: Vec<usize>,
    /// Columns of cells of which it is not known what the sheet shows.
    pub unclear: Vec<usize>,
    /// True when spreadsheet programs do not show the row.
    pub hidden: bool,
    /// Merged ranges that cover some of it.
    pub merged: Vec<MergedSpan>,
}

/// A merged range, as the rows that it covers know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MergedSpan {
    /// Numbers of its first and last row, from 1.
    pub rows: (usize, usize),
    /// Its first and last column, from 0.
    pub columns: (usize, usize),
    /// True when a cell under it has another value, which is not to be seen.
    pub hides: bool,
}

impl MergedSpan {
    pub fn holds(self, column: usize) -> bool {
        (self.columns.0..=self.columns.1).contains(&column)
    }
}

/// A sheet that can be seen, holds something and was not read.
#[derive(Debug, Clone)]
pub(super) struct OtherWorksheet {
    pub name: String,
    /// Its first cells, each with its column.
    pub cells: Vec<(u32, String)>,
}

/// A sheet of a workbook, or a CSV file.
#[derive(Debug, Clone, Default)]
pub(super) struct Worksheet {
    /// Its name in the workbook.
    pub name: Option<String>,
    /// The other sheets of the workbook.
    pub others: Vec<OtherWorksheet>,
    /// The rows that are not empty, in their order.
    pub rows: Vec<SheetRow>,
    /// First and last of the columns that spreadsheet programs do not show, from 0.
    pub hidden_columns: Vec<(u32, u32)>,
}

impl Worksheet {
    /// True for a column that spreadsheet programs do not show.
    pub fn hides(&self, column: usize) -> bool {
        self.hidden_columns
            .iter()
            .any(|(first, last)| (*first as usize..=*last as usize).contains(&column))
    }
}
