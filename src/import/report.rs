//! Report of an import: which rows were taken, which were refused, and why. Messages are
//! written elsewhere, from the labels of a language.

use super::column::Column;
use crate::model::text::{is_control, is_line_break};

/// Maximum length of a cell in a message, in characters.
const SHOWN: usize = 60;

/// Report of an import.
#[derive(Debug, Clone, Default)]
pub struct ImportReport {
    /// The columns that were imported, with their headings.
    pub columns: Vec<(Column, String)>,
    /// Headings of the columns that were ignored.
    pub ignored_columns: Vec<String>,
    /// Headings of the columns that were imported although they are hidden.
    pub hidden_columns: Vec<String>,
    /// Numbers of the rows that were read although they are hidden.
    pub hidden_rows: Vec<usize>,
    /// Visible worksheets with content that were not read.
    pub other_sheets: Vec<String>,
    /// Rows above the headings, by number, with their text.
    pub rows_above: Vec<(usize, String)>,
    /// Number of rows below the headings, without empty ones.
    pub rows: usize,
    /// Rows that were refused.
    pub refused: Vec<RefusedRow>,
    /// Rows that repeat an earlier one.
    pub repeated: Vec<RepeatedRow>,
    /// Rows that a merged cell joins to an earlier one.
    pub continued: Vec<RepeatedRow>,
    /// Number of notes for which only one of two places named in the row was used.
    pub dropped_places: usize,
}

/// A row that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRow {
    /// Number of the row as spreadsheet programs show it, from 1.
    pub row: usize,
    pub column: Column,
    /// Content of the cell.
    pub value: String,
    pub reason: RefusalReason,
}

/// Why a row was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefusalReason {
    /// The cell of the text is empty.
    NoText,
    /// Neither a group nor a municipality is named.
    NoGroup,
    /// The round has no item of this name.
    Unknown {
        /// The known names.
        known: Vec<String>,
        /// The most similar name.
        nearest: Option<String>,
    },
    /// The schedule has no meeting of the group.
    NoMeeting { group: String },
    /// The group's id is too long to be part of the session's id.
    LongId { group: String },
    /// The municipality does not belong to the group named in the row.
    OtherGroup { group: String },
    /// A service area without a priority.
    AreaAlone,
    /// Neither yes nor no.
    Unclear,
    /// A character that is not allowed in documents.
    Control(char),
    /// Longer than a field may be.
    TooLong,
    /// Longer than a line of text may be.
    LongLine,
    /// A word longer than allowed.
    LongWord,
    /// A construct that documents do not support.
    Markup(&'static str),
    /// A formula that failed, such as `#N/A`.
    Broken,
    /// The displayed value of the cell, such as `B5`, is unknown.
    Format { cell: String },
    /// A character that is missing in all fonts.
    Unshown(char),
    /// The row is hidden.
    Hidden,
    /// Merged cells make it ambiguous which column is meant, or what it contains.
    Merged { cells: String },
    /// One text is merged over rows with different other cells.
    TornText { first: usize, last: usize },
    /// The heading is merged over several columns, and the row has a cell in one other than
    /// the first.
    WideHeading { letters: String },
}

/// A row that repeats an earlier one, or adds nothing to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RepeatedRow {
    pub row: usize,
    pub first: usize,
}

impl ImportReport {
    /// Number of rows that became notes.
    pub fn taken(&self) -> usize {
        self.rows - self.refused.len() - self.repeated.len() - self.continued.len()
    }
}

/// The beginning of a cell on one line, safe to print on a terminal.
pub fn shown(text: &str) -> String {
    let visible = |c: char| match c {
        c if is_line_break(c) || c == '\t' => ' ',
        c if is_control(c) => '\u{FFFD}',
        c => c,
    };
    let text = text.trim();
    let mut shown: String = text.chars().take(SHOWN).map(visible).collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}
