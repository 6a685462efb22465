//! Detects notes that are called secret but not marked so: by their text or topic, a
//! subheading, a row above the headings, or the name of the sheet. Such notes must not
//! become public unnoticed.

use super::ImportError;
use super::choices::Choices;
use super::column::{Column, ColumnNames};
use super::heading_row::Header;
use super::report::{ImportReport, shown};
use super::secrecy::{self, SecrecyClaim};
use super::worksheet::{OtherWorksheet, SheetRow, Worksheet};
use crate::model::session::Note;

/// Minimum number of columns that the guide of the empty spreadsheet explains, and its
/// maximum number of cells.
const EXPLAINED: usize = 6;
const GUIDE: usize = 24;

/// What calls the following notes secret.
#[derive(Debug, Clone, Default)]
pub(super) struct SecrecyContext {
    /// The name of the worksheet.
    sheet: Option<String>,
    /// Row number and text.
    row: Option<(usize, String)>,
}

impl SecrecyContext {
    /// Reads the name of the worksheet and its rows above the headings, and adds these to
    /// the report.
    ///
    /// # Errors
    /// Fails if such a row is a note itself.
    pub fn new(
        sheet: &Worksheet,
        header: &Header,
        choices: &Choices<'_>,
        report: &mut ImportReport,
    ) -> Result<Self, ImportError> {
        let name =
            sheet.name.as_deref().filter(|name| secrecy::claim(name) != SecrecyClaim::Nothing);
        let mut over = Self { sheet: name.map(shown), row: None };
        for row in sheet.rows.iter().take_while(|row| row.number < header.first_row) {
            let texts: Vec<String> = row.cells.values().map(|cell| shown(cell)).collect();
            // the separator of a CSV file
            if row.number == 1 && texts[0].to_ascii_lowercase().starts_with("sep=") {
                continue;
            }
            if is_note(row, header, choices) {
                let value = texts.join(", ");
                return Err(ImportError::NoteAbove { row: row.number, value });
            }
            over.read(row);
            report.rows_above.push((row.number, texts.join(", ")));
        }
        let headings = header.found().into_iter().filter(|(column, _)| *column != Column::Secret);
        for (_, heading) in headings.filter(|(_, heading)| secrecy::marking(heading).is_some()) {
            over.row = Some((header.first_row, heading));
        }
        Ok(over)
    }

    fn read(&mut self, row: &SheetRow) {
        let heading = row.cells.values().find(|cell| secrecy::marking(cell).is_some());
        if let Some(cell) = heading {
            self.row = Some((row.number, shown(cell)));
        }
    }

    /// Reads a row that is not a note: it may be a subheading.
    pub fn read_subheading(&mut self, row: &SheetRow, header: &Header) {
        let has = |column| header.cell(row, column).is_some();
        let note = has(Column::Text) && (has(Column::Group) || has(Column::Municipality));
        // a note, or a row with an answer, is about itself only
        let own = note || has(Column::Secret) || answers(row);
        if row.cells.len() == 1 || !own {
            self.read(row);
        }
    }

    /// Refuses a note that is called secret, by itself or by its context, but not marked
    /// so.
    pub fn check_note(
        &self,
        row: &SheetRow,
        header: &Header,
        note: &Note,
    ) -> Result<(), ImportError> {
        if note.secret {
            return Ok(());
        }
        let cell = |column| header.cell(row, column);
        // the cell was understood, so it says no
        let denied = cell(Column::Secret).is_some();
        for text in [Column::Topic, Column::Text].into_iter().filter_map(cell) {
            if let Some(marking) = secrecy::marking(text).filter(|m| m.firm || !denied) {
                let value = shown(marking.text);
                return Err(ImportError::Unmarked { row: row.number, value });
            }
        }
        match (&self.row, &self.sheet) {
            _ if denied => Ok(()),
            (Some((heading, value)), _) => {
                let (heading, value) = (*heading, value.clone());
                Err(ImportError::UnderSecret { heading, value, row: row.number })
            }
            (None, Some(name)) => {
                Err(ImportError::SecretSheet { name: name.clone(), row: row.number })
            }
            (None, None) => Ok(()),
        }
    }
}

/// True for a row above the headings with an answer, or with a text beside a group or
/// municipality of the round.
fn is_note(row: &SheetRow, header: &Header, choices: &Choices<'_>) -> bool {
    let cell = |column| header.cell(row, column);
    let group = cell(Column::Group).is_some_and(|cell| choices.group_or_forum(cell).is_ok());
    let place = cell(Column::Municipality).is_some_and(|cell| choices.municipality(cell).is_ok());
    answers(row) || (group || place) && cell(Column::Text).is_some()
}

/// True for a row with an answer. Numbers of rows and columns do not count.
fn answers(row: &SheetRow) -> bool {
    let number = |cell: &str| cell.trim().chars().all(|c| c.is_ascii_digit());
    row.cells.values().any(|cell| !number(cell) && secrecy::answers(cell))
}

/// Names of the visible worksheets with content that were not read. The guide of the empty
/// spreadsheet has no notes.
pub(super) fn other_sheets(others: &[OtherWorksheet], words: &ColumnNames) -> Vec<String> {
    let explains = |other: &&OtherWorksheet| {
        let first = other.cells.iter().filter(|(column, _)| *column == 0);
        let known: Vec<Column> = first.filter_map(|(_, cell)| words.exact(cell)).collect();
        let explained = Column::ALL.into_iter().filter(|column| known.contains(column)).count();
        explained >= EXPLAINED && other.cells.len() <= GUIDE
    };
    others.iter().filter(|other| !explains(other)).map(|other| shown(&other.name)).collect()
}
