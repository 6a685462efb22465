//! Reader of workbooks (`.xlsx`): cells as plain text, as spreadsheet programs show them.
//! Formulas are never computed; a cell has the value that it was saved with.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::{self, Cursor, Read};

use calamine::{DataRef, NumberFormat, Reader, SheetType, SheetVisible, Xlsx};
use zip::ZipArchive;

use crate::model::Language;
use crate::model::normal::{composed, folded};
use crate::model::text::FIELD_LIMIT;

use super::cell_format::{self, CellFormat};
use super::layout::layout;
use super::report::shown;
use super::worksheet::{OtherWorksheet, SheetRow, Worksheet};
use super::{ImportError, ROW_LIMIT, merged_cells, unreadable};

/// Maximum unpacked size of a workbook, in bytes.
pub(super) const UNPACKED_LIMIT: u64 = 256 * 1024 * 1024;

/// Number of cells that are read of other worksheets.
const SAMPLE_CELLS: usize = 100;

/// Placeholder for the result of a formula that was never computed.
const UNCOMPUTED: &str = "=?";

/// Limits the unpacked size. Since declared sizes prove nothing, the file is unpacked once
/// to nowhere.
fn check_unpacked_size(bytes: &[u8], limit: u64) -> Result<(), ImportError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
    let mut left = limit;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(unreadable)?;
        let size = io::copy(&mut part.take(left + 1), &mut io::sink()).map_err(unreadable)?;
        left = left.checked_sub(size).ok_or(ImportError::Unpacked)?;
    }
    Ok(())
}

/// Reads a sheet of a workbook: the one with the given name, or the first visible one.
pub(super) fn read(
    file: &[u8],
    wanted: Option<&str>,
    language: Language,
) -> Result<Worksheet, ImportError> {
    check_unpacked_size(file, UNPACKED_LIMIT)?;
    let mut book: Xlsx<Cursor<&[u8]>> = Xlsx::new(Cursor::new(file)).map_err(unreadable)?;
    let (place, name) = choose(&book, wanted)?;
    let layout = layout(file, place)?;
    let others = others(&mut book, &name, language);
    // cell by cell: a single remote cell would make a table of the whole range huge
    let mut cells = book.worksheet_cells_reader(&name).map_err(unreadable)?;
    let formats: Vec<Option<CellFormat>> = cells
        .styles()
        .iter()
        .map(|style| format_of(style.number_format.as_ref(), language))
        .collect();
    let usual = CellFormat::of("General");
    let mut rows: BTreeMap<u32, SheetRow> = BTreeMap::new();
    let mut bytes = 0;
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(unreadable)? {
        let (at, column) = cell.get_position();
        let format = formats.get(style).unwrap_or(&usual).as_ref();
        let shown = displayed_value(cell.get_value(), format, language);
        let unclear = shown.is_none();
        // an unknown displayed value is reported by the stored value
        let text = composed(&shown.unwrap_or_else(|| stored_value(cell.get_value(), language)));
        if text.trim().is_empty() {
            continue;
        }
        // many cells may share one text, so the total counts as well
        bytes += text.len();
        if bytes as u64 > UNPACKED_LIMIT {
            return Err(ImportError::Unpacked);
        }
        let row = rows.entry(at).or_default();
        row.number = at as usize + 1;
        row.hidden = layout.hidden_rows.contains(&at);
        if matches!(cell.get_value(), DataRef::Error(_)) {
            row.broken.push(column as usize);
        }
        if unclear {
            row.unclear.push(column as usize);
        }
        row.cells.insert(column as usize, text);
        // plus the row of headings
        if rows.len() > ROW_LIMIT + 1 {
            return Err(ImportError::TooManyRows);
        }
    }
    // a formula without a result was never computed: its value is unknown
    for (at, column) in layout.formulas {
        if let Some(row) = rows.get_mut(&at)
            && let Entry::Vacant(cell) = row.cells.entry(column as usize)
        {
            cell.insert(UNCOMPUTED.to_owned());
            row.broken.push(column as usize);
        }
    }
    merged_cells::fill(&mut rows, &layout.merged)?;
    let (rows, hidden_columns) = (rows.into_values().collect(), layout.hidden_columns);
    Ok(Worksheet { name: Some(name), others, rows, hidden_columns })
}

/// The visible worksheets with content, except the one that is read.
fn others(book: &mut Xlsx<Cursor<&[u8]>>, read: &str, language: Language) -> Vec<OtherWorksheet> {
    let sheets = book.sheets_metadata().iter();
    let seen = sheets.filter(|sheet| {
        sheet.typ == SheetType::WorkSheet
            && sheet.visible == SheetVisible::Visible
            && sheet.name != read
    });
    let names: Vec<String> = seen.map(|sheet| sheet.name.clone()).collect();
    let mut others = Vec::new();
    for name in names {
        // a worksheet that cannot be read may contain notes
        let unread = |_| vec![(0, String::new())];
        let cells = first_cells(book, &name, language).unwrap_or_else(unread);
        if !cells.is_empty() {
            others.push(OtherWorksheet { name, cells });
        }
    }
    others
}

/// The first cells of a worksheet that are not empty, with their columns.
fn first_cells(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    language: Language,
) -> Result<Vec<(u32, String)>, ImportError> {
    let mut reader = book.worksheet_cells_reader(name).map_err(unreadable)?;
    let mut cells = Vec::new();
    while cells.len() < SAMPLE_CELLS
        && let Some((cell, _)) = reader.next_cell_with_style_id().map_err(unreadable)?
    {
        let text = composed(&stored_value(cell.get_value(), language));
        if !text.trim().is_empty() {
            cells.push((cell.get_position().1, text));
        }
    }
    Ok(cells)
}

/// The worksheet with this name, or the first visible one, with its position among all
/// sheets.
fn choose(
    book: &Xlsx<Cursor<&[u8]>>,
    wanted: Option<&str>,
) -> Result<(usize, String), ImportError> {
    let all = || book.sheets_metadata().iter().enumerate();
    let sheets = || all().filter(|(_, sheet)| sheet.typ == SheetType::WorkSheet);
    let named = |(place, sheet): (usize, &calamine::Sheet)| (place, sheet.name.clone());
    let Some(wanted) = wanted else {
        let first = sheets().find(|(_, sheet)| sheet.visible == SheetVisible::Visible);
        return first.map(named).ok_or(ImportError::Empty);
    };
    let found = sheets().find(|(_, sheet)| folded(&sheet.name) == folded(wanted));
    found.map(named).ok_or_else(|| {
        let known = sheets().map(|(_, sheet)| shown(&sheet.name)).collect::<Vec<_>>().join(", ");
        ImportError::NoSheet { name: wanted.to_owned(), known }
    })
}

/// The format of a cell style; `None` if it is unknown.
fn format_of(format: Option<&NumberFormat>, language: Language) -> Option<CellFormat> {
    let Some(format) = format else { return CellFormat::of("General") };
    let code = format.format_code.as_str();
    match (format.format_id, code) {
        // short date in the system's format
        (Some(14), "mm-dd-yy") if language != Language::En => CellFormat::of("d.m.yyyy"),
        (Some(14), "mm-dd-yy") => None,
        // currency of the system
        (Some(42 | 44), code) if code.contains("($*") => None,
        // built-in formats that differ by country, whose codes are not in the file
        (Some(1..=163), "General") => None,
        _ => CellFormat::of(code),
    }
}

/// The displayed value of a cell; `None` if it is unknown or empty.
fn displayed_value(
    value: &DataRef<'_>,
    format: Option<&CellFormat>,
    language: Language,
) -> Option<String> {
    match value {
        DataRef::Empty | DataRef::Error(_) => Some(stored_value(value, language)),
        DataRef::String(text) => format?.text(text),
        DataRef::SharedString(text) => format?.text(&truncated(text)),
        DataRef::Int(number) => format?.number(number.to_string().parse().ok()?, language),
        DataRef::Float(number) => format?.number(*number, language),
        DataRef::Bool(_) => (!format?.hides()).then(|| stored_value(value, language)),
        DataRef::DateTime(moment) => {
            format?.moment(moment.as_f64(), moment.to_ymd_hms_milli(), language)
        }
        DataRef::DateTimeIso(_) | DataRef::DurationIso(_) => None,
    }
}

/// The stored value of a cell.
fn stored_value(value: &DataRef<'_>, language: Language) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            truncated(text)
        }
        DataRef::SharedString(text) => truncated(text),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => cell_format::to_fifteen_digits(*number),
        DataRef::Bool(truth) => truth_word(*truth, language).to_owned(),
        DataRef::DateTime(moment) => cell_format::to_fifteen_digits(moment.as_f64()),
        DataRef::Error(error) => error.to_string(),
    }
}

/// The word for a boolean in spreadsheet programs.
fn truth_word(truth: bool, language: Language) -> &'static str {
    match (language, truth) {
        (Language::Fi, true) => "TOSI",
        (Language::Fi, false) => "EPÄTOSI",
        (Language::Sv, true) => "SANT",
        (Language::Sv, false) => "FALSKT",
        (Language::En, true) => "TRUE",
        (Language::En, false) => "FALSE",
    }
}

/// Truncates a text that exceeds every field: many cells may share a huge one, and it is
/// refused anyway.
fn truncated(text: &str) -> String {
    let mut end = text.len().min(FIELD_LIMIT + 1);
    while !text.is_char_boundary(end) {
        end += 1;
    }
    text[..end].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_formats_of_a_country_are_not_guessed() {
        let mut workbook = rust_xlsxwriter::Workbook::new();
        let sheet = workbook.add_worksheet();
        for (row, index) in [(0, 9), (1, 14), (2, 5), (3, 0)] {
            let format = rust_xlsxwriter::Format::new().set_num_format_index(index);
            sheet.write_number_with_format(row, 0, 45953.0, &format).unwrap();
        }
        let bytes = workbook.save_to_buffer().unwrap();
        let cells = |language| {
            let sheet = read(&bytes, None, language).unwrap();
            let cell = |row: &SheetRow| (row.cells[&0].clone(), row.unclear.is_empty());
            sheet.rows.iter().map(cell).collect::<Vec<_>>()
        };
        let cell = |text: &str, clear| (text.to_owned(), clear);
        assert_eq!(
            cells(Language::Fi),
            [
                cell("4595300 %", true),
                cell("23.10.2025", true),
                cell("45953", false),
                cell("45953", true),
            ]
        );
        assert_eq!(cells(Language::En)[1], cell("45953", false));
    }

    #[test]
    fn a_workbook_that_unpacks_to_too_much_is_refused() {
        let bytes = rust_xlsxwriter::Workbook::new().save_to_buffer().unwrap();
        check_unpacked_size(&bytes, 1024 * 1024).unwrap();
        assert!(matches!(check_unpacked_size(&bytes, 100), Err(ImportError::Unpacked)));
    }
}
