//! Report of an import: which rows were taken, which were refused, and why. Messages are
//! written elsewhere, from the labels of a language.

use super::column::Column;
use crate::model::text::{is_control, is_line_break};

/// Longest piece of a cell that a message shows, in characters.
const SHOWN: usize = 60;

/// What was taken of a spreadsheet, what was not, and why.
#[derive(Debug, Clone, Default)]
pub struct ImportReport {
    /// The columns that were taken, each with its heading.
    pub columns: Vec<(Column, String)>,
    /// Headings of the columns that notes have no use for.
    pub left_out: Vec<String>,
    /// Headings of the columns that were taken though they are hidden.
    pub hidden_columns: Vec<String>,
    /// Numbers of the rows that were looked at though they are hidden.
    pub hidden_rows: Vec<usize>,
    /// Sheets of the workbook that can be seen, hold something and were not read.
    pub other_sheets: Vec<String>,
    /// Rows above the headings, by number, with what they say.
    pub above: Vec<(usize, String)>,
    /// How many rows there are below the headings, empty ones aside.
    pub rows: usize,
    /// Rows that were not taken.
    pub refused: Vec<RefusedRow>,
    /// Rows that say what an earlier one says.
    pub repeated: Vec<RepeatedRow>,
    /// Rows that a merged cell makes a part of an earlier one.
    pub joined: Vec<RepeatedRow>,
    /// How many notes stand in one place of the two that their rows name.
    pub beside: usize,
}

/// A row that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRow {
    /// Number of the row as spreadsheet programs show it, from 1.
    pub row: usize,
    pub column: Column,
    /// What the cell holds.
    pub value: String,
    pub reason: RefusalReason,
}

/// Why a row was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefusalReason {
    /// The cell of the text is empty.
    NoText,
    /// Neither a group nor a municipality is named.
    NoGroup,
    /// The round has nothing of this name.
    Unknown {
        /// The names that there are.
        known: Vec<String>,
        /// The one that is most like it.
        nearest: Option<String>,
    },
    /// The schedule has no meeting of the group.
    NoMeeting { group: String },
    /// The group's id is too long to be part of another.
    LongId { group: String },
    /// The municipality does not belong to the group that the row names.
    OtherGroup { group: String },
    /// A service area without a priority.
    AreaAlone,
    /// Neither yes nor no.
    Unclear,
    /// A character that no document has.
    Control(char),
    /// More than a field may hold.
    TooLong,
    /// More than one line of text may hold.
    LongLine,
    /// A word of more letters than any word may have.
    LongWord,
    /// A construct that documents do not have.
    Markup(&'static str),
    /// A formula that failed, such as `#N/A`.
    Broken,
    /// Nobody can tell what the sheet shows in the cell, such as `B5`.
    Format { cell: String },
    /// A character that no font has.
    Unshown(char),
    /// The row is not shown by spreadsheet programs.
    Hidden,
    /// Cells are merged so that nobody can tell which column is meant, or what
    /// stands in it.
    Merged { cells: String },
    /// One text is merged over rows that say different things beside it.
    TornText { first: usize, last: usize },
    /// The heading is merged over several columns, and the row has a cell in one
    /// that is not its first.
    WideHeading { letters: String },
}

/// A row that says what an earlier one says, or no more than it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RepeatedRow {
    pub row: usize,
    pub first: usize,
}

impl ImportReport {
    /// How many rows became notes.
    pub fn taken(&self) -> usize {
        self.rows - self.refused.len() - self.repeated.len() - self.joined.len()
    }
}

/// The beginning of a cell on one line, fit to be shown on a terminal.
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
