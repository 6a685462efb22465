//! The rows and cells of a worksheet or a CSV file as plain text, and the merged ranges
//! that cover them.

use std::collections::BTreeMap;

/// A row that is not empty.
#[derive(Debug, Clone, Default)]
pub(super) struct SheetRow {
    /// Number as spreadsheet programs show it, from 1.
    pub number: usize,
    /// The cells that are not blank, by column from 0.
    pub cells: BTreeMap<usize, String>,
    /// Columns of formulas with an error.
    pub broken: Vec<usize>,
    /// Columns of cells whose displayed value is unknown.
    pub unclear: Vec<usize>,
    /// True if the row is hidden.
    pub hidden: bool,
    /// Merged ranges that cover a part of it.
    pub merged: Vec<MergedSpan>,
}

/// A merged range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MergedSpan {
    /// Numbers of its first and last row, from 1.
    pub rows: (usize, usize),
    /// Its first and last column, from 0.
    pub columns: (usize, usize),
    /// True if it covers a cell with another value, which is not visible.
    pub hides: bool,
}

impl MergedSpan {
    pub fn holds(self, column: usize) -> bool {
        (self.columns.0..=self.columns.1).contains(&column)
    }
}

/// A visible worksheet with content that was not read.
#[derive(Debug, Clone)]
pub(super) struct OtherWorksheet {
    pub name: String,
    /// Its first cells with their columns.
    pub cells: Vec<(u32, String)>,
}

/// A worksheet of a workbook, or a CSV file.
#[derive(Debug, Clone, Default)]
pub(super) struct Worksheet {
    /// Its name in the workbook.
    pub name: Option<String>,
    /// The other sheets of the workbook.
    pub others: Vec<OtherWorksheet>,
    /// The rows that are not empty.
    pub rows: Vec<SheetRow>,
    /// First and last of the hidden columns, from 0.
    pub hidden_columns: Vec<(u32, u32)>,
}

impl Worksheet {
    /// True for a hidden column.
    pub fn hides(&self, column: usize) -> bool {
        self.hidden_columns
            .iter()
            .any(|(first, last)| (*first as usize..=*last as usize).contains(&column))
    }
}
