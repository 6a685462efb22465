//! Layout of a worksheet, read from its XML: merged ranges, hidden rows and columns, cells
//! with formulas.

use std::collections::{BTreeSet, HashMap};
use std::io::{BufReader, Cursor};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;
use zip::read::ZipFile;

use super::{ImportError, unreadable};

/// A range of cells; rows and columns from 0, inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CellRange {
    pub top: u32,
    pub left: u32,
    pub bottom: u32,
    pub right: u32,
}

/// The layout of one sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Layout {
    pub merged: Vec<CellRange>,
    /// Hidden rows, from 0: hidden manually, by a filter or in a collapsed group.
    pub hidden_rows: BTreeSet<u32>,
    /// First and last of the hidden columns, from 0.
    pub hidden_columns: Vec<(u32, u32)>,
    /// Row and column of the cells with a formula whose result is not text.
    pub formulas: BTreeSet<(u32, u32)>,
}

/// Most merged ranges, hidden rows, or groups of hidden columns of a sheet.
const MOST: usize = 1_000_000;

/// Height of the lowest row with visible text, in points.
const LOWEST: f64 = 4.0;

/// Width of the narrowest column with visible content, in digits of the default font.
const NARROWEST: f64 = 0.5;

type WorkbookArchive<'a> = ZipArchive<Cursor<&'a [u8]>>;
type PartReader<'a, 'b> = Reader<BufReader<ZipFile<'a, Cursor<&'b [u8]>>>>;

/// The layout of a sheet, by its position in the workbook.
pub(super) fn layout(bytes: &[u8], sheet: usize) -> Result<Layout, ImportError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
    let path = path_of(&mut archive, sheet)?;
    let (mut layout, mut row) = (Layout::default(), 0_u32);
    let (mut cell, mut usual) = (None, None);
    each_start(&mut archive, &path, |name, element| {
        match name {
            b"sheetFormatPr" => usual = number(element, b"defaultRowHeight")?,
            b"row" => {
                let number = attribute(element, b"r")?.and_then(|text| text.parse::<u32>().ok());
                row = number.unwrap_or(row.saturating_add(1));
                if is_hidden(element, (b"ht", usual, LOWEST))? {
                    layout.hidden_rows.insert(row.saturating_sub(1));
                }
            }
            b"col" if is_hidden(element, (b"width", None, NARROWEST))? => {
                let number = |name| -> Result<Option<u32>, ImportError> {
                    Ok(attribute(element, name)?.and_then(|text| text.parse().ok()))
                };
                if let (Some(first @ 1..), Some(last @ 1..)) = (number(b"min")?, number(b"max")?) {
                    layout.hidden_columns.push((first - 1, last - 1));
                }
            }
            b"c" => {
                let text = attribute(element, b"t")?.is_some_and(|kind| kind == "str");
                let place = attribute(element, b"r")?.and_then(|text| range(&text));
                cell = place.filter(|_| !text).map(|place| (place.top, place.left));
            }
            b"f" => layout.formulas.extend(cell),
            b"mergeCell" => {
                let range = attribute(element, b"ref")?.and_then(|text| range(&text));
                layout.merged.push(range.ok_or_else(|| fault("a merged range is malformed"))?);
            }
            _ => {}
        }
        let size = layout.merged.len().max(layout.hidden_rows.len()).max(layout.formulas.len());
        if size.max(layout.hidden_columns.len()) > MOST {
            return Err(ImportError::TooManyMerged);
        }
        Ok(())
    })?;
    Ok(layout)
}

/// Path of a sheet inside the package ([ECMA-376-2] 9, [ECMA-376-1] 18.2.19).
fn path_of(archive: &mut WorkbookArchive<'_>, sheet: usize) -> Result<String, ImportError> {
    let mut workbook = None;
    each_start(archive, "_rels/.rels", |name, element| {
        let office = attribute(element, b"Type")?;
        if name == b"Relationship" && office.is_some_and(|t| t.ends_with("/officeDocument")) {
            workbook = attribute(element, b"Target")?;
        }
        Ok(())
    })?;
    let workbook = workbook.ok_or_else(|| fault("it names no workbook"))?;
    let workbook = workbook.trim_start_matches('/').to_owned();
    let (folder, file) = workbook.rsplit_once('/').unwrap_or(("", &workbook));
    let mut ids = Vec::new();
    each_start(archive, &workbook, |name, element| {
        if name == b"sheet" {
            ids.push(local_attribute(element, b"id")?.unwrap_or_default());
        }
        Ok(())
    })?;
    let id = ids.get(sheet).ok_or_else(|| fault("the workbook does not list the sheet"))?;
    let mut targets = HashMap::new();
    each_start(archive, &joined(folder, &format!("_rels/{file}.rels")), |name, element| {
        if name == b"Relationship"
            && let (Some(id), Some(target)) =
                (attribute(element, b"Id")?, attribute(element, b"Target")?)
        {
            targets.insert(id, target);
        }
        Ok(())
    })?;
    let target = targets.get(id).ok_or_else(|| fault("the sheet has no part"))?;
    Ok(match target.strip_prefix('/') {
        Some(whole) => whole.to_owned(),
        None => joined(folder, target),
    })
}

fn joined(folder: &str, path: &str) -> String {
    if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") }
}

/// Calls `visit` for each element of a part, with its local name.
fn each_start(
    archive: &mut WorkbookArchive<'_>,
    path: &str,
    mut visit: impl FnMut(&[u8], &BytesStart<'_>) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    let mut xml = open(archive, path)?;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(unreadable)? {
            Event::Start(element) | Event::Empty(element) => {
                visit(element.local_name().as_ref(), &element)?;
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// Part names are case-insensitive ([ECMA-376-2] 6.2.2).
fn open<'a, 'b>(
    archive: &'a mut WorkbookArchive<'b>,
    path: &str,
) -> Result<PartReader<'a, 'b>, ImportError> {
    let same = |name: &str| name.replace('\\', "/").eq_ignore_ascii_case(path);
    let name = {
        let mut names = archive.file_names().filter_map(Result::ok);
        names.find(|name| same(name)).map(|name| name.into_owned())
    };
    let name = name.ok_or_else(|| fault("a part of the workbook is missing"))?;
    let part = archive.by_name(&name).map_err(unreadable)?;
    let mut xml = Reader::from_reader(BufReader::new(part));
    xml.config_mut().check_end_names = false;
    Ok(xml)
}

fn attribute(element: &BytesStart<'_>, name: &[u8]) -> Result<Option<String>, ImportError> {
    find(element, |key| key == name)
}

/// An attribute by its local name, as in `r:id`.
fn local_attribute(element: &BytesStart<'_>, name: &[u8]) -> Result<Option<String>, ImportError> {
    find(element, |key| key.rsplit(|b| *b == b':').next() == Some(name) && key != name)
}

fn find(
    element: &BytesStart<'_>,
    wanted: impl Fn(&[u8]) -> bool,
) -> Result<Option<String>, ImportError> {
    for attribute in element.attributes() {
        let attribute = attribute.map_err(unreadable)?;
        if wanted(attribute.key.as_ref()) {
            let value = attribute.unescape_value().map_err(unreadable)?;
            return Ok(Some(value.into_owned()));
        }
    }
    Ok(None)
}

/// Hidden, or too low or narrow for its content to be visible.
fn is_hidden(
    element: &BytesStart<'_>,
    (name, usual, least): (&[u8], Option<f64>, f64),
) -> Result<bool, ImportError> {
    let hidden = attribute(element, b"hidden")?;
    let size = number(element, name)?.or(usual);
    let small = size.is_some_and(|size| size < least);
    Ok(matches!(hidden.as_deref().map(str::trim), Some("1" | "true")) || small)
}

fn number(element: &BytesStart<'_>, name: &[u8]) -> Result<Option<f64>, ImportError> {
    Ok(attribute(element, name)?.and_then(|text| text.trim().parse().ok()))
}

/// `A1:B2`, or `A1` alone.
fn range(text: &str) -> Option<CellRange> {
    let (first, last) = text.split_once(':').unwrap_or((text, text));
    let ((top, left), (bottom, right)) = (cell(first)?, cell(last)?);
    (top <= bottom && left <= right).then_some(CellRange { top, left, bottom, right })
}

/// Row and column of `B2` or `$B$2`, from 0.
fn cell(text: &str) -> Option<(u32, u32)> {
    let text = text.trim().replace('$', "");
    let digits = text.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = text.split_at(digits);
    let mut column = 0_u32;
    for letter in letters.bytes() {
        let value = letter.to_ascii_uppercase().checked_sub(b'A').filter(|value| *value < 26)?;
        column = column.checked_mul(26)?.checked_add(u32::from(value) + 1)?;
    }
    Some((digits.parse::<u32>().ok()?.checked_sub(1)?, column.checked_sub(1)?))
}

fn fault(what: &str) -> ImportError {
    ImportError::Unreadable { source: what.into() }
}

#[cfg(test)]
mod tests {
    use rust_xlsxwriter::{Format, Workbook};

    use super::*;

    #[test]
    fn ranges_are_read_as_spreadsheet_programs_write_them() {
        let at = |top, left, bottom, right| Some(CellRange { top, left, bottom, right });
        assert_eq!(range("A2:A3"), at(1, 0, 2, 0));
        assert_eq!(range("$B$1:AA10"), at(0, 1, 9, 26));
        assert_eq!(range("C7"), at(6, 2, 6, 2));
        for wrong in ["", "A", "7", "A0", "B2:A1", "Ä1", "A99999999999", "A1:"] {
            assert_eq!(range(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn merged_and_hidden_cells_are_those_of_the_sheet() {
        let mut workbook = Workbook::new();
        workbook.add_worksheet().merge_range(0, 0, 4, 4, "other", &Format::new()).unwrap();
        let sheet = workbook.add_worksheet();
        sheet.merge_range(1, 0, 2, 1, "x", &Format::new()).unwrap();
        sheet.set_row_hidden(3).unwrap();
        sheet.set_row_height(5, 0).unwrap();
        sheet.set_row_height(6, 0.01).unwrap();
        sheet.set_row_height(7, 3).unwrap();
        sheet.set_row_height(8, 8).unwrap();
        sheet.set_column_hidden(2).unwrap();
        sheet.set_column_width(4, 0.1).unwrap();
        sheet.set_column_width(6, 2).unwrap();
        let layout = layout(&workbook.save_to_buffer().unwrap(), 1).unwrap();
        assert_eq!(layout.merged, [CellRange { top: 1, left: 0, bottom: 2, right: 1 }]);
        assert_eq!(layout.hidden_rows.into_iter().collect::<Vec<_>>(), [3, 5, 6, 7]);
        assert_eq!(layout.hidden_columns, [(2, 2), (4, 4)]);
    }

    #[test]
    fn rows_may_be_low_all_together() {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        sheet.set_default_row_height(1);
        sheet.write_string(0, 0, "low").unwrap();
        sheet.set_row_height(1, 20).unwrap();
        sheet.write_string(1, 0, "high").unwrap();
        let layout = layout(&workbook.save_to_buffer().unwrap(), 0).unwrap();
        assert_eq!(layout.hidden_rows.into_iter().collect::<Vec<_>>(), [0]);
    }
}
