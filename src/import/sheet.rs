//! The cells of a spreadsheet as plain text, row by row. Knows no column and no
//! round. Formulas are never computed: a cell has the value it was saved with.

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
use super::merged::{self, Span};
use super::separated::{self, Separator};
use super::{ImportError, ROW_LIMIT, shown, unreadable};

/// Most bytes that a workbook may unpack to.
pub(super) const UNPACKED_LIMIT: u64 = 256 * 1024 * 1024;

/// How many cells of a sheet that is not read are looked at.
const LOOKED_AT: usize = 100;

/// What stands for the result of a formula that was never computed.
const UNCOMPUTED: &str = "=?";

/// How a workbook (a ZIP file) begins.
const WORKBOOK: &[u8] = b"PK\x03\x04";

/// How a compound file begins: a workbook of Excel 97-2003, or one that is
/// encrypted ([MS-CFB] 2.2).
const COMPOUND: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// A row that holds something.
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
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
    pub merged: Vec<Span>,
}

/// A sheet that can be seen, holds something and was not read.
#[derive(Debug, Clone)]
pub(super) struct Other {
    pub name: String,
    /// Its first cells, each with its column.
    pub cells: Vec<(u32, String)>,
}

/// A sheet of a workbook, or a CSV file.
#[derive(Debug, Clone, Default)]
pub(super) struct Sheet {
    /// Its name in the workbook.
    pub name: Option<String>,
    /// The other sheets of the workbook.
    pub others: Vec<Other>,
    /// The rows that are not empty, in their order.
    pub rows: Vec<Row>,
    /// First and last of the columns that spreadsheet programs do not show, from 0.
    hidden_columns: Vec<(u32, u32)>,
}

impl Sheet {
    /// True for a column that spreadsheet programs do not show.
    pub fn hides(&self, column: usize) -> bool {
        self.hidden_columns
            .iter()
            .any(|(first, last)| (*first as usize..=*last as usize).contains(&column))
    }
}

/// True for a workbook; anything else is read as a CSV file.
pub(super) fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(WORKBOOK)
}

/// Reads a workbook or a CSV file.
pub(super) fn read(
    bytes: &[u8],
    sheet: Option<&str>,
    separator: Option<Separator>,
    language: Language,
) -> Result<Sheet, ImportError> {
    if bytes.starts_with(COMPOUND) {
        return Err(ImportError::OldForm);
    }
    if is_workbook(bytes) {
        unpacks(bytes, UNPACKED_LIMIT)?;
        return workbook(bytes, sheet, language);
    }
    match sheet {
        Some(name) => Err(ImportError::NoSheet { name: name.to_owned(), known: "–".into() }),
        None => Ok(Sheet { rows: separated::rows(bytes, separator)?, ..Sheet::default() }),
    }
}

/// A small file may unpack to one that fills the memory. The sizes that it
/// declares prove nothing, so it is unpacked once to nowhere.
fn unpacks(bytes: &[u8], limit: u64) -> Result<(), ImportError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
    let mut left = limit;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(unreadable)?;
        let size = io::copy(&mut part.take(left + 1), &mut io::sink()).map_err(unreadable)?;
        left = left.checked_sub(size).ok_or(ImportError::Unpacked)?;
    }
    Ok(())
}

fn workbook(file: &[u8], wanted: Option<&str>, language: Language) -> Result<Sheet, ImportError> {
    let mut book: Xlsx<Cursor<&[u8]>> = Xlsx::new(Cursor::new(file)).map_err(unreadable)?;
    let (place, name) = choose(&book, wanted)?;
    let layout = layout(file, place)?;
    let others = others(&mut book, &name, language);
    // cell by cell: one cell far away would make a table of the whole range huge
    let mut cells = book.worksheet_cells_reader(&name).map_err(unreadable)?;
    let looks: Vec<Option<CellFormat>> =
        cells.styles().iter().map(|style| look(style.number_format.as_ref(), language)).collect();
    let usual = CellFormat::of("General");
    let mut rows: BTreeMap<u32, Row> = BTreeMap::new();
    let mut bytes = 0;
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(unreadable)? {
        let (at, column) = cell.get_position();
        let look = looks.get(style).unwrap_or(&usual).as_ref();
        let shown = shown_of(cell.get_value(), look, language);
        let unclear = shown.is_none();
        // what nobody can tell is named by what the cell holds
        let text = composed(&shown.unwrap_or_else(|| held(cell.get_value(), language)));
        if text.trim().is_empty() {
            continue;
        }
        // many cells may share one text: what they come to counts as well
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
        // the headings have a row as well
        if rows.len() > ROW_LIMIT + 1 {
            return Err(ImportError::TooManyRows);
        }
    }
    // a formula without a result was never computed: what it would say is not known
    for (at, column) in layout.formulas {
        if let Some(row) = rows.get_mut(&at)
            && let Entry::Vacant(cell) = row.cells.entry(column as usize)
        {
            cell.insert(UNCOMPUTED.to_owned());
            row.broken.push(column as usize);
        }
    }
    merged::fill(&mut rows, &layout.merged)?;
    let (rows, hidden_columns) = (rows.into_values().collect(), layout.hidden_columns);
    Ok(Sheet { name: Some(name), others, rows, hidden_columns })
}

/// The sheets that can be seen and hold something, but the one that is read.
fn others(book: &mut Xlsx<Cursor<&[u8]>>, read: &str, language: Language) -> Vec<Other> {
    let sheets = book.sheets_metadata().iter();
    let seen = sheets.filter(|sheet| {
        sheet.typ == SheetType::WorkSheet
            && sheet.visible == SheetVisible::Visible
            && sheet.name != read
    });
    let names: Vec<String> = seen.map(|sheet| sheet.name.clone()).collect();
    let mut others = Vec::new();
    for name in names {
        // one that cannot be read may hold notes
        let unread = |_| vec![(0, String::new())];
        let cells = first_cells(book, &name, language).unwrap_or_else(unread);
        if !cells.is_empty() {
            others.push(Other { name, cells });
        }
    }
    others
}

/// The first cells of a sheet that hold something, each with its column.
fn first_cells(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    language: Language,
) -> Result<Vec<(u32, String)>, ImportError> {
    let mut reader = book.worksheet_cells_reader(name).map_err(unreadable)?;
    let mut cells = Vec::new();
    while cells.len() < LOOKED_AT
        && let Some((cell, _)) = reader.next_cell_with_style_id().map_err(unreadable)?
    {
        let text = composed(&held(cell.get_value(), language));
        if !text.trim().is_empty() {
            cells.push((cell.get_position().1, text));
        }
    }
    Ok(cells)
}

/// The sheet of this name, or the first that can be seen, with its place among
/// all sheets.
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

/// How cells of a style show what they hold; `None` when that is not known.
fn look(format: Option<&NumberFormat>, language: Language) -> Option<CellFormat> {
    let Some(format) = format else { return CellFormat::of("General") };
    let code = format.format_code.as_str();
    match (format.format_id, code) {
        // the short date of the computer
        (Some(14), "mm-dd-yy") if language != Language::En => CellFormat::of("d.m.yyyy"),
        (Some(14), "mm-dd-yy") => None,
        // the currency of the computer
        (Some(42 | 44), code) if code.contains("($*") => None,
        // built-in formats that differ by country, whose codes are not in the file
        (Some(1..=163), "General") => None,
        _ => CellFormat::of(code),
    }
}

/// What a sheet shows of a cell; `None` when that is not known, or nothing.
fn shown_of(value: &DataRef<'_>, look: Option<&CellFormat>, language: Language) -> Option<String> {
    match value {
        DataRef::Empty | DataRef::Error(_) => Some(held(value, language)),
        DataRef::String(text) => look?.text(text),
        DataRef::SharedString(text) => look?.text(&short(text)),
        DataRef::Int(number) => look?.number(number.to_string().parse().ok()?, language),
        DataRef::Float(number) => look?.number(*number, language),
        DataRef::Bool(_) => (!look?.hides()).then(|| held(value, language)),
        DataRef::DateTime(moment) => {
            look?.moment(moment.as_f64(), moment.to_ymd_hms_milli(), language)
        }
        DataRef::DateTimeIso(_) | DataRef::DurationIso(_) => None,
    }
}

/// What a cell holds.
fn held(value: &DataRef<'_>, language: Language) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            short(text)
        }
        DataRef::SharedString(text) => short(text),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => cell_format::fifteen(*number),
        DataRef::Bool(truth) => truth_word(*truth, language).to_owned(),
        DataRef::DateTime(moment) => cell_format::fifteen(moment.as_f64()),
        DataRef::Error(error) => error.to_string(),
    }
}

/// The word for a truth value in spreadsheet programs.
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

/// A text, cut behind what any field could take: many cells may share one that is
/// huge, and it is refused all the same.
fn short(text: &str) -> String {
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
    fn built_in_forms_of_a_country_are_not_guessed() {
        let mut workbook = rust_xlsxwriter::Workbook::new();
        let sheet = workbook.add_worksheet();
        for (row, index) in [(0, 9), (1, 14), (2, 5), (3, 0)] {
            let format = rust_xlsxwriter::Format::new().set_num_format_index(index);
            sheet.write_number_with_format(row, 0, 45953.0, &format).unwrap();
        }
        let bytes = workbook.save_to_buffer().unwrap();
        let cells = |language| {
            let sheet = read(&bytes, None, None, language).unwrap();
            let cell = |row: &Row| (row.cells[&0].clone(), row.unclear.is_empty());
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
    fn what_unpacks_to_too_much_is_refused() {
        let bytes = rust_xlsxwriter::Workbook::new().save_to_buffer().unwrap();
        unpacks(&bytes, 1024 * 1024).unwrap();
        assert!(matches!(unpacks(&bytes, 100), Err(ImportError::Unpacked)));
    }

    #[test]
    fn what_is_no_spreadsheet_is_said_to_be_none() {
        let rows = |bytes: &[u8], sheet| read(bytes, sheet, None, Language::Fi);
        assert!(matches!(rows(COMPOUND, None), Err(ImportError::OldForm)));
        assert!(matches!(rows(b"PK\x03\x04 and so on", None), Err(ImportError::Unreadable { .. })));
        assert!(matches!(rows(b"a,b", Some("x")), Err(ImportError::NoSheet { .. })));
    }
}
