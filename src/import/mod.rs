//! Imports spreadsheets with one note per row as drafts of session records, and generates
//! the empty spreadsheet. Pure: bytes in, drafts and a report out.

mod cell_format;
mod cell_text;
mod choices;
mod column;
mod delimited;
mod draft;
mod empty_workbook;
mod heading_row;
mod input;
mod layout;
mod merged_cells;
mod report;
mod row;
mod secrecy;
mod separator;
mod unmarked_secrets;
mod unsupported_separators;
mod workbook;
mod worksheet;

use std::collections::{BTreeMap, HashMap};
use std::error::Error;

use crate::locale::Locale;
use crate::model::guard::guarded;
use crate::model::normal::same_words;
use crate::model::session::Note;
use crate::model::{RecordError, Round};
use choices::{Choices, GroupOrForum, PlannedSession};
use column::ColumnNames;
use heading_row::Header;
use unmarked_secrets::SecrecyContext;
use worksheet::SheetRow;

pub use column::Column;
pub use draft::{Addition, Draft, addition};
pub use empty_workbook::template;
pub use report::{ImportReport, RefusalReason, RefusedRow, RepeatedRow, shown};
pub use separator::Separator;

/// Maximum size of a spreadsheet, in bytes.
pub const FILE_LIMIT: u64 = 32 * 1024 * 1024;

/// Maximum number of rows that are not empty.
pub const ROW_LIMIT: usize = 10_000;

/// A round in all its languages.
#[derive(Debug, Clone)]
pub struct RoundTexts<'a> {
    /// In its own language, which is also that of the drafts.
    pub own: &'a Round,
    /// In its other languages.
    pub others: Vec<&'a Round>,
}

/// Options of an import.
#[derive(Clone, Copy)]
pub struct ImportOptions<'a> {
    /// Name of the worksheet; the first one if `None`.
    pub sheet: Option<&'a str>,
    /// Separator of a CSV file; detected if `None`.
    pub separator: Option<Separator>,
    /// Whether to import hidden rows.
    pub hidden: bool,
    /// Whether a font has the character.
    pub shows: &'a dyn Fn(char) -> bool,
}

/// Result of an import.
#[derive(Debug, Clone)]
pub struct Import {
    /// A draft for each group or forum that has notes.
    pub drafts: Vec<Draft>,
    pub report: ImportReport,
}

/// A spreadsheet cannot be imported at all.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error(
        "it cannot be read as a spreadsheet\n  hint: open it in a spreadsheet program and save it again as .xlsx, without a password"
    )]
    Unreadable { source: Box<dyn Error + Send + Sync> },
    #[error(
        "it is in Excel 97-2003 format, or has a password\n  hint: open it in a spreadsheet program and save it as .xlsx, without a password"
    )]
    OldForm,
    #[error("it is larger than {} MiB when unpacked", workbook::UNPACKED_LIMIT / 1024 / 1024)]
    Unpacked,
    #[error(
        "it is not UTF-8 text\n  hint: save it in the spreadsheet program as `CSV UTF-8`, or as .xlsx"
    )]
    Encoding,
    #[error(
        "line {line}: a quotation mark at the start of a cell is never closed, so it is unclear where the rows end\n  hint: close it, or save the sheet as .xlsx"
    )]
    OpenQuote { line: usize },
    #[error(
        "it is unclear whether {first} or {second} separates its cells\n  hint: give the separator with --separator"
    )]
    TwoSeparators { first: &'static str, second: &'static str },
    #[error(
        "{sign} seems to separate its cells, which is not supported\n  hint: save it in the spreadsheet program as `CSV UTF-8` or as .xlsx; if something else separates the cells, give the separator with --separator (\";\", \",\", tab or \"|\")"
    )]
    OtherSeparator { sign: String },
    #[error(
        "its headings are not known, or it is unclear what separates its cells: it has no column with the texts of the notes, such as `Nosto`, `Lyft` or `Note`, or no column that names the group\n  columns: {found}\n  hint: name the columns as in the empty spreadsheet (--template); if the cells were not separated, give the separator with --separator (\";\", \",\", tab or \"|\"), or save the sheet as .xlsx"
    )]
    NoHeadings { found: String },
    #[error(
        "it has too many merged ranges and hidden rows\n  hint: copy the rows with the notes to a new file, without formatting"
    )]
    TooManyMerged,
    #[error("it has more than {} rows\n  hint: split it into several files", ROW_LIMIT)]
    TooManyRows,
    #[error("it has no sheet `{name}`\n  sheets: {known}")]
    NoSheet { name: String, known: String },
    #[error("it has no rows")]
    Empty,
    #[error(
        "it has no column with the texts of the notes, such as `Nosto`, `Lyft` or `Note`\n  columns: {found}"
    )]
    NoTextColumn { found: String },
    #[error("two columns could be the {}: {names}\n  hint: give the wrong one another heading", column.as_str())]
    TwoColumns { column: Column, names: String },
    #[error(
        "the column `{heading}` may say which notes are secret, but it cannot be interpreted: nothing was imported\n  hint: name it `Salassa`, `Sekretess` or `Secret` and write kyllä, ja or yes in the rows of secret notes; if it means something else, rename or remove it"
    )]
    UnclearSecrecy { heading: String },
    #[error(
        "row {row}: the column `{heading}` says `{value}`, but its heading does not say that it is about secrecy: nothing was imported\n  hint: name it `Salassa`, `Sekretess` or `Secret`; if it means something else, remove it"
    )]
    SecretCell { heading: String, row: usize, value: String },
    #[error(
        "row {row}: `{value}` calls the note secret, but the note is not marked as secret: nothing was imported\n  hint: in a column `Salassa`, `Sekretess` or `Secret`, write kyllä, ja or yes in its row; if it is public, write ei, nej or no there, and remove the word if the note begins with it"
    )]
    Unmarked { row: usize, value: String },
    #[error(
        "row {heading}: `{value}` may mean that the rows below it are secret, but the note in row {row} is not marked as secret: nothing was imported\n  hint: in a column `Salassa`, `Sekretess` or `Secret`, write kyllä, ja or yes in the rows of secret notes and ei, nej or no in all others"
    )]
    UnderSecret { heading: usize, value: String, row: usize },
    #[error(
        "the sheet is named `{name}`, but the note in row {row} is not marked as secret: nothing was imported\n  hint: in a column `Salassa`, `Sekretess` or `Secret`, write kyllä, ja or yes in the rows of secret notes and ei, nej or no in all others"
    )]
    SecretSheet { name: String, row: usize },
    #[error(
        "row {row} is above the headings and seems to be a note (`{value}`): nothing was imported\n  hint: move it below the headings, or remove it"
    )]
    NoteAbove { row: usize, value: String },
    #[error(
        "only the sheet `{read}` would be read, but other sheets are not empty: nothing was imported\n  sheets: {names}\n  hint: name the sheet to read with --sheet; if several contain notes, import them one at a time"
    )]
    OtherSheets { read: String, names: String },
    #[error("the draft of a session cannot be written as JSON")]
    Json(#[from] serde_json::Error),
    #[error("the draft of a session is not a record")]
    Draft(#[from] RecordError),
    #[error("the empty spreadsheet cannot be created")]
    Template(#[source] Box<rust_xlsxwriter::XlsxError>),
}

/// Notes of one group or forum, each with its row number.
struct SessionNotes<'a> {
    sitting: PlannedSession<'a>,
    notes: Vec<(usize, Note)>,
    /// Index of each note, secret or not, to find repetitions.
    known: HashMap<String, usize>,
}

/// The key by which repeated notes are found, secret or not.
fn key(note: &Note) -> String {
    let topic = note.topic.as_ref().map(|topic| same_words(topic.as_str()));
    let place = (&note.priority, note.areas(), &note.sector, &note.municipality);
    let same = (place, topic, same_words(note.text.as_str()));
    serde_json::to_string(&same).unwrap_or_default()
}

/// Imports every row that can be imported.
///
/// # Errors
/// Fails if the bytes are not a spreadsheet; if the column of texts is missing, or a column
/// may mark secrecy and is not understood; if something calls a note secret that is not
/// marked so; and if there may be notes that are not read. A row that cannot be imported is
/// not an error but listed in the report.
pub fn import(
    bytes: &[u8],
    reading: &ImportOptions<'_>,
    texts: &RoundTexts<'_>,
    locale: &Locale,
) -> Result<Import, ImportError> {
    let language = texts.own.language;
    // the parser of workbooks may panic on a damaged file
    let sheet = guarded(|| input::read(bytes, reading.sheet, reading.separator, language))
        .unwrap_or_else(|cause| Err(ImportError::Unreadable { source: cause.into() }))?;
    let words = ColumnNames::new(locale);
    let header = heading_row::header(&sheet.rows, &words);
    let (header, body) = if input::is_workbook(bytes) { header? } else { told_apart(header)? };
    let choices = Choices::new(texts, locale);
    let hidden = header.places().filter(|(_, at)| sheet.hides(*at));
    let mut report = ImportReport {
        columns: header.found(),
        ignored_columns: header.ignored(body),
        hidden_columns: hidden.map(|(_, at)| header.name(at)).collect(),
        other_sheets: unmarked_secrets::other_sheets(&sheet.others, &words),
        rows: body.len(),
        ..ImportReport::default()
    };
    if reading.sheet.is_none() && !report.other_sheets.is_empty() {
        let (read, names) =
            (sheet.name.as_deref().unwrap_or_default(), report.other_sheets.join(", "));
        return Err(ImportError::OtherSheets { read: shown(read), names });
    }
    let mut over = SecrecyContext::new(&sheet, &header, &choices, &mut report)?;
    let merged = merged_cells::texts(body, &header);
    let mut all: BTreeMap<GroupOrForum, SessionNotes<'_>> = BTreeMap::new();
    for row in body {
        if row.hidden && reading.hidden {
            report.hidden_rows.push(row.number);
        }
        if let Some(first) = merged.continued.get(&row.number) {
            report.continued.push(RepeatedRow { row: row.number, first: *first });
            continue;
        }
        let taken = match row::take(row, &header, &choices, &merged, reading) {
            Ok(taken) => taken,
            Err(refusal) => {
                over.read_subheading(row, &header);
                report.refused.push(refusal);
                continue;
            }
        };
        over.check_note(row, &header, &taken.note)?;
        report.dropped_places += usize::from(taken.drops_place);
        let sitting = taken.sitting;
        let own = all.entry(taken.who).or_insert_with(|| SessionNotes {
            sitting,
            notes: Vec::new(),
            known: HashMap::new(),
        });
        // if a note occurs both open and secret, it is secret
        let key = key(&taken.note);
        match own.known.get(&key).copied() {
            Some(at) => {
                let (first, note) = &mut own.notes[at];
                note.secret |= taken.note.secret;
                report.repeated.push(RepeatedRow { row: row.number, first: *first });
            }
            None => {
                own.known.insert(key, own.notes.len());
                own.notes.push((row.number, taken.note));
            }
        }
    }
    let mut drafts = Vec::new();
    for SessionNotes { sitting, notes, .. } in all.into_values() {
        let notes = notes.into_iter().map(|(_, note)| note).collect();
        drafts.push(draft::draft(texts.own, &sitting, notes)?);
    }
    Ok(Import { drafts, report })
}

/// The header of a CSV file, unless its separator may be wrong: a single column of texts
/// does not tell the group of a note.
fn told_apart(
    header: Result<(Header, &[SheetRow]), ImportError>,
) -> Result<(Header, &[SheetRow]), ImportError> {
    match header {
        Err(ImportError::NoTextColumn { found }) => Err(ImportError::NoHeadings { found }),
        Ok((header, _)) if header.is_alone() => {
            let found = header.found().into_iter().map(|(_, heading)| heading);
            Err(ImportError::NoHeadings { found: found.collect::<Vec<_>>().join(", ") })
        }
        other => other,
    }
}

impl<'a> RoundTexts<'a> {
    /// The round in each language, its own first.
    fn all(&self) -> impl Iterator<Item = &'a Round> {
        std::iter::once(self.own).chain(self.others.iter().copied())
    }
}

/// Wraps the error of a parser.
fn unreadable(source: impl Error + Send + Sync + 'static) -> ImportError {
    ImportError::Unreadable { source: Box::new(source) }
}
