//! Generates the empty workbook to fill in, with drop-down lists and a sheet that explains
//! the columns. The same round always gives the same bytes.

use rust_xlsxwriter::{
    DataValidation, DocProperties, ExcelDateTime, Format, Formula, Workbook, Worksheet, XlsxError,
};

use super::choices::Choices;
use super::column::Column;
use super::{ImportError, RoundTexts};
use crate::locale::Locale;

/// Last row, from 0, with drop-down lists.
const LAST_ROW: u32 = 10_000;

/// Name of the hidden sheet with the lists. A list inside a validation is limited to 255
/// characters.
const LISTS: &str = "lists";

/// Generates the empty workbook of a round.
///
/// # Errors
/// Fails if a label or a name does not fit into a workbook.
pub fn template(texts: &RoundTexts<'_>, locale: &Locale) -> Result<Vec<u8>, ImportError> {
    workbook(texts, locale).map_err(|source| ImportError::Template(Box::new(source)))
}

fn workbook(texts: &RoundTexts<'_>, locale: &Locale) -> Result<Vec<u8>, XlsxError> {
    let lists = lists(&Choices::new(texts, locale), locale);
    let mut workbook = Workbook::new();
    let date = texts.own.date();
    let (month, day) = (date.month().unsigned_abs(), date.day().unsigned_abs());
    let created = ExcelDateTime::from_ymd(date.year().unsigned_abs(), month, day)?;
    let properties = DocProperties::new().set_title(texts.own.title.as_str());
    workbook.set_properties(&properties.set_creation_datetime(&created));
    notes_sheet(workbook.add_worksheet(), &lists, locale)?;
    guide_sheet(workbook.add_worksheet(), texts, locale)?;
    lists_sheet(workbook.add_worksheet(), &lists)?;
    workbook.save_to_buffer()
}

/// The allowed values of each column, as displayed.
fn lists(choices: &Choices<'_>, locale: &Locale) -> Vec<(Column, Vec<String>)> {
    vec![
        (Column::Group, choices.who.shown.clone()),
        (Column::Priority, choices.priorities.shown.clone()),
        (Column::Area, choices.areas.shown.clone()),
        (Column::Municipality, choices.places.shown.clone()),
        (Column::Sector, choices.sectors.shown.clone()),
        (Column::Secret, vec![locale.label("ui.import.yes")]),
    ]
}

/// The columns with their positions.
fn columns() -> impl Iterator<Item = (u16, Column)> {
    (0_u16..).zip(Column::ALL)
}

fn notes_sheet(
    sheet: &mut Worksheet,
    lists: &[(Column, Vec<String>)],
    locale: &Locale,
) -> Result<(), XlsxError> {
    sheet.set_name(locale.label("ui.import.sheet.notes"))?;
    let heading = Format::new().set_bold().set_text_wrap();
    // typed text is kept as it is: no numbers become dates, no formulas
    let text = Format::new().set_num_format("@").set_text_wrap();
    for (at, column) in columns() {
        let width = if column == Column::Text { 70 } else { 24 };
        sheet.set_column_width(at, width)?;
        sheet.set_column_format(at, &text)?;
        sheet.write_string_with_format(0, at, column.word(locale), &heading)?;
    }
    for ((letter, _), (column, values)) in letters().zip(lists) {
        let at = columns().find(|(_, other)| other == column).map(|(at, _)| at);
        if let Some(at) = at.filter(|_| !values.is_empty()) {
            let list = list(letter, values.len(), *column);
            sheet.add_data_validation(1, at, LAST_ROW, at, &list)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

/// Columns of the hidden sheet, with their letters.
fn letters() -> impl Iterator<Item = (char, u16)> {
    ('A'..='Z').zip(0_u16..)
}

fn list(letter: char, length: usize, column: Column) -> DataValidation {
    let list = Formula::new(format!("={LISTS}!${letter}$1:${letter}${length}"));
    // a cell may contain several service areas, and say yes in many words
    let strict = !matches!(column, Column::Area | Column::Secret);
    DataValidation::new().allow_list_formula(list).show_error_message(strict)
}

fn guide_sheet(
    sheet: &mut Worksheet,
    texts: &RoundTexts<'_>,
    locale: &Locale,
) -> Result<(), XlsxError> {
    sheet.set_name(locale.label("ui.import.sheet.guide"))?;
    sheet.set_column_width(0, 28)?;
    sheet.set_column_width(1, 100)?;
    let (bold, wrapped) = (Format::new().set_bold(), Format::new().set_text_wrap());
    let (round, id) = (texts.own.title.as_str(), texts.own.id.as_str());
    sheet.write_string_with_format(0, 0, round, &bold)?;
    sheet.write_string(1, 0, locale.label("ui.import.guide.fill"))?;
    let mut row = 3;
    for (_, column) in columns() {
        sheet.write_string_with_format(row, 0, column.word(locale), &bold)?;
        sheet.write_string_with_format(row, 1, explanation(column, locale), &wrapped)?;
        row += 1;
    }
    sheet.write_string(row + 1, 0, locale.fill("ui.import.guide.give", &[("round", id)]))?;
    Ok(())
}

fn explanation(column: Column, locale: &Locale) -> String {
    match column {
        Column::Group => locale.label("ui.import.guide.group"),
        Column::Priority => locale.label("ui.import.guide.priority"),
        Column::Area => locale.label("ui.import.guide.area"),
        Column::Municipality => locale.label("ui.import.guide.municipality"),
        Column::Sector => locale.label("ui.import.guide.sector"),
        Column::Topic => locale.label("ui.import.guide.topic"),
        Column::Text => locale.label("ui.import.guide.text"),
        Column::Secret => locale.label("ui.import.guide.secret"),
    }
}

fn lists_sheet(sheet: &mut Worksheet, lists: &[(Column, Vec<String>)]) -> Result<(), XlsxError> {
    sheet.set_name(LISTS)?;
    for ((_, at), (_, values)) in letters().zip(lists) {
        for (row, value) in (0_u32..).zip(values) {
            sheet.write_string(row, at, value.as_str())?;
        }
    }
    sheet.set_hidden(true);
    Ok(())
}
