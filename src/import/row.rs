//! Converts a row to a note and the group or forum that it belongs to, or says why it is
//! refused.

use super::choices::{Choices, GroupOrForum, PlannedSession};
use super::column::Column;
use super::heading_row::{Header, letters};
use super::merged_cells::{self, MergedTexts};
use super::report::{RefusalReason, RefusedRow};
use super::worksheet::SheetRow;
use super::{ImportOptions, cell_text};
use crate::model::Short;
use crate::model::normal::folded;
use crate::model::round::Sector;
use crate::model::session::Note;

/// Values that mark a note as secret.
const YES: [&str; 16] = [
    "kyllä",
    "k",
    "ja",
    "j",
    "yes",
    "y",
    "x",
    "1",
    "true",
    "tosi",
    "sant",
    "salassa",
    "salassa pidettävä",
    "salainen",
    "hemlig",
    "secret",
];

/// Values that mark a note as not secret.
const NO: [&str; 12] =
    ["ei", "e", "nej", "no", "n", "0", "-", "–", "false", "epätosi", "falskt", "julkinen"];

/// A note with its group or forum.
pub(super) struct ParsedRow<'a> {
    pub who: GroupOrForum,
    pub sitting: PlannedSession<'a>,
    pub note: Note,
    /// True if the row names a sector or a municipality that the note cannot keep in
    /// addition to its place.
    pub drops_place: bool,
}

/// The cells of one row, by column.
struct Cells<'r> {
    row: &'r SheetRow,
    header: &'r Header,
}

impl Cells<'_> {
    /// The cell of a column; empty if there is no such column.
    fn cell(&self, column: Column) -> &str {
        self.header.cell(self.row, column).map_or("", |cell| cell.trim())
    }

    fn refuse(&self, column: Column, reason: RefusalReason) -> RefusedRow {
        RefusedRow { row: self.row.number, column, value: self.cell(column).to_owned(), reason }
    }

    /// Parses a cell; `None` if it is empty.
    fn read<'c, T>(
        &'c self,
        column: Column,
        how: impl FnOnce(&'c str) -> Result<T, RefusalReason>,
    ) -> Result<Option<T>, RefusedRow> {
        let place = self.header.place(column);
        if place.is_some_and(|place| self.row.broken.contains(&place)) {
            return Err(self.refuse(column, RefusalReason::Broken));
        }
        if let Some(place) = place.filter(|place| self.row.unclear.contains(place)) {
            let cell = format!("{}{}", letters(place), self.row.number);
            return Err(self.refuse(column, RefusalReason::Format { cell }));
        }
        match self.cell(column) {
            "" => Ok(None),
            cell => how(cell).map(Some).map_err(|reason| self.refuse(column, reason)),
        }
    }
}

/// Converts a row.
pub(super) fn take<'a>(
    row: &SheetRow,
    header: &Header,
    choices: &Choices<'a>,
    texts: &MergedTexts,
    reading: &ImportOptions<'_>,
) -> Result<ParsedRow<'a>, RefusedRow> {
    let cells = Cells { row, header };
    if row.hidden && !reading.hidden {
        return Err(cells.refuse(Column::Text, RefusalReason::Hidden));
    }
    if let Some((column, reason)) = merged_cells::ambiguity(row, header) {
        return Err(cells.refuse(column, reason));
    }
    if let Some((first, last)) = texts.conflicting.get(&row.number).copied() {
        return Err(cells.refuse(Column::Text, RefusalReason::TornText { first, last }));
    }
    let text = cells.read(Column::Text, |cell| cell_text::long(cell, reading.shows))?;
    let text = text.ok_or_else(|| cells.refuse(Column::Text, RefusalReason::NoText))?;
    let priority = cells.read(Column::Priority, |cell| choices.priority(cell))?;
    let mut areas = cells.read(Column::Area, |cell| choices.areas(cell))?.unwrap_or_default();
    let municipality = cells.read(Column::Municipality, |cell| choices.municipality(cell))?;
    let sector = cells.read(Column::Sector, |cell| choices.sector(cell))?;
    let topic = cells.read(Column::Topic, |cell| cell_text::short(cell, reading.shows))?;
    let secret = cells.read(Column::Secret, |cell| secret(cell, choices))?.unwrap_or(false);
    let who = gathering(&cells, municipality, choices)?;
    let sitting =
        choices.planned_session(who).map_err(|reason| cells.refuse(Column::Group, reason))?;
    if priority.is_none() && !areas.is_empty() {
        return Err(cells.refuse(Column::Area, RefusalReason::AreaAlone));
    }
    let (service_area, service_areas) =
        if areas.len() == 1 { (areas.pop(), Vec::new()) } else { (None, areas) };
    let (sector, municipality, drops_place) = place(priority.is_some(), sector, municipality);
    let municipality = municipality.cloned();
    let note =
        Note { priority, service_area, service_areas, sector, municipality, topic, text, secret };
    Ok(ParsedRow { who, sitting, note, drops_place })
}

/// The group or forum of a row; if missing, the group of its municipality.
fn gathering(
    cells: &Cells<'_>,
    municipality: Option<&Short>,
    choices: &Choices<'_>,
) -> Result<GroupOrForum, RefusedRow> {
    let named = cells.read(Column::Group, |cell| choices.group_or_forum(cell))?;
    let of_municipality = || municipality.and_then(|name| choices.group_of(name));
    let who = named.or_else(of_municipality);
    let who = who.ok_or_else(|| cells.refuse(Column::Group, RefusalReason::NoGroup))?;
    match municipality.and_then(|name| choices.group_without(who, name)) {
        Some(group) => {
            let group = group.to_owned();
            Err(cells.refuse(Column::Municipality, RefusalReason::OtherGroup { group }))
        }
        None => Ok(who),
    }
}

/// Place of a note: under its priority, else as the view of a sector, else as the own
/// emphasis of a municipality. True if that drops something named in the row.
fn place(
    in_matrix: bool,
    sector: Option<Sector>,
    municipality: Option<&Short>,
) -> (Option<Sector>, Option<&Short>, bool) {
    match (sector, municipality) {
        _ if in_matrix => (None, None, sector.is_some() || municipality.is_some()),
        // a municipality's view is an emphasis of its own
        (Some(Sector::Municipality) | None, Some(name)) => (None, Some(name), false),
        (Some(sector), name) => (Some(sector), None, name.is_some()),
        (None, None) => (None, None, false),
    }
}

fn secret(cell: &str, choices: &Choices<'_>) -> Result<bool, RefusalReason> {
    let word = folded(cell);
    if word == choices.yes || YES.contains(&word.as_str()) {
        Ok(true)
    } else if NO.contains(&word.as_str()) {
        Ok(false)
    } else {
        Err(RefusalReason::Unclear)
    }
}
