//! From a spreadsheet with one note a row to drafts of session records, and the
//! empty spreadsheet to fill in. Pure: bytes in, drafts and a report out. Knows
//! the round, and no other record but the one that a draft would repeat.

mod choices;
mod columns;
mod draft;
mod prose;
mod report;
mod rows;
mod separated;
mod sheet;
mod template;

use std::collections::{BTreeMap, HashMap};
use std::error::Error;

use crate::locale::Locale;
use crate::model::guard::guarded;
use crate::model::session::Note;
use crate::model::{RecordError, Round};
use choices::{Choices, Gathering, Sitting};
use columns::Words;

pub use columns::Column;
pub use draft::{Addition, Draft, addition};
pub use report::{Reason, Refusal, Repeat, Report, shown};
pub use template::template;

/// Largest spreadsheet, in bytes.
pub const FILE_LIMIT: u64 = 32 * 1024 * 1024;

/// Most rows of a spreadsheet that hold anything.
pub const ROW_LIMIT: usize = 10_000;

/// A round with its texts in every language that it is in.
#[derive(Debug, Clone)]
pub struct RoundTexts<'a> {
    /// In its own language, which is that of the drafts.
    pub own: &'a Round,
    /// In those that it is also in.
    pub others: Vec<&'a Round>,
}

/// What came of a spreadsheet.
#[derive(Debug, Clone)]
pub struct Import {
    /// A draft for each group or forum that has notes.
    pub drafts: Vec<Draft>,
    pub report: Report,
}

/// A spreadsheet cannot be used at all.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error(
        "it cannot be read as a spreadsheet\n  hint: open it in a spreadsheet program and save it anew as .xlsx, without a password"
    )]
    Unreadable { source: Box<dyn Error + Send + Sync> },
    #[error(
        "it is in the form of Excel 97-2003, or has a password\n  hint: open it in a spreadsheet program and save it as .xlsx, without a password"
    )]
    OldForm,
    #[error("it unpacks to more than {} MiB", sheet::UNPACKED_LIMIT / 1024 / 1024)]
    Unpacked,
    #[error(
        "it is not UTF-8 text\n  hint: save it in the spreadsheet program as `CSV UTF-8`, or as .xlsx"
    )]
    Encoding,
    #[error(
        "line {line}: a quotation mark opens a cell and none closes it, so it cannot be seen where the rows end\n  hint: close it, or save the sheet as .xlsx"
    )]
    OpenQuote { line: usize },
    #[error("it has more than {} rows\n  hint: share them out to several files", ROW_LIMIT)]
    TooManyRows,
    #[error("it has no sheet `{name}`\n  sheets: {known}")]
    NoSheet { name: String, known: String },
    #[error("it holds no rows")]
    Empty,
    #[error(
        "it has no column with the texts of the notes, such as `Nosto`, `Lyft` or `Note`\n  columns: {found}"
    )]
    NoTextColumn { found: String },
    #[error("two columns could be the {}: {names}\n  hint: give the one that is not another heading", column.as_str())]
    TwoColumns { column: Column, names: String },
    #[error("the draft of a session cannot be written as JSON")]
    Json(#[from] serde_json::Error),
    #[error("the draft of a session is no record")]
    Draft(#[from] RecordError),
    #[error("the empty spreadsheet cannot be made")]
    Template(#[source] Box<rust_xlsxwriter::XlsxError>),
}

/// Notes of one group or forum, each with the number of its row.
struct Gathered<'a> {
    sitting: Sitting<'a>,
    notes: Vec<(usize, Note)>,
    /// Where each note stands, secret or not, so that repetitions are found.
    known: HashMap<String, usize>,
}

/// What is the same of two notes that say the same.
fn key(note: &Note) -> String {
    serde_json::to_string(note).unwrap_or_default()
}

/// Takes every row that can be taken. `sheet` names the sheet of a workbook,
/// the first one when it is left out.
///
/// # Errors
/// When the bytes are no spreadsheet, or have no column of texts. A row that
/// cannot be taken is no error but stands in the report.
pub fn import(
    bytes: &[u8],
    sheet: Option<&str>,
    texts: &RoundTexts<'_>,
    locale: &Locale,
) -> Result<Import, ImportError> {
    // the reader of spreadsheets may fail over a damaged file
    let rows = guarded(|| sheet::rows(bytes, sheet))
        .unwrap_or_else(|cause| Err(ImportError::Unreadable { source: cause.into() }))?;
    let (header, body) = columns::header(&rows, &Words::new(locale))?;
    let choices = Choices::new(texts, locale);
    let mut report = Report {
        columns: header.taken(),
        left_out: header.left_out(body),
        rows: body.len(),
        ..Report::default()
    };
    let mut all: BTreeMap<Gathering, Gathered<'_>> = BTreeMap::new();
    for row in body {
        let taken = match rows::take(row, &header, &choices) {
            Ok(taken) => taken,
            Err(refusal) => {
                report.refused.push(refusal);
                continue;
            }
        };
        report.beside += usize::from(taken.beside);
        let sitting = taken.sitting;
        let own = all.entry(taken.who).or_insert_with(|| Gathered {
            sitting,
            notes: Vec::new(),
            known: HashMap::new(),
        });
        // of the same note, open and secret, the secret one is meant
        let open = Note { secret: false, ..taken.note.clone() };
        match own.known.get(&key(&open)).copied() {
            Some(at) => {
                let (first, note) = &mut own.notes[at];
                note.secret |= taken.note.secret;
                report.repeated.push(Repeat { row: row.number, first: *first });
            }
            None => {
                own.known.insert(key(&open), own.notes.len());
                own.notes.push((row.number, taken.note));
            }
        }
    }
    let mut drafts = Vec::new();
    for Gathered { sitting, notes, .. } in all.into_values() {
        let notes = notes.into_iter().map(|(_, note)| note).collect();
        drafts.push(draft::draft(texts.own, &sitting, notes)?);
    }
    Ok(Import { drafts, report })
}

impl<'a> RoundTexts<'a> {
    /// The round in each language, its own first.
    fn all(&self) -> impl Iterator<Item = &'a Round> {
        std::iter::once(self.own).chain(self.others.iter().copied())
    }
}

/// What another crate says of a file that it cannot read.
fn unreadable(source: impl Error + Send + Sync + 'static) -> ImportError {
    ImportError::Unreadable { source: Box::new(source) }
}
