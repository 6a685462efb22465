//! Conversion of rows to values.

use rusqlite::Row;

use super::{Issue, Web};
use crate::model::{Date, Digest, Publicity};

pub(super) const ISSUE: &str =
    "SELECT issue.number, issue.document, issue.version, issue.object_version,
    issue.day, issue.pages, issue.record, issue.pdf, issue.file, issue.metadata, issue.inventory,
    issue.content, web.object_version, web.pdf, web.file, web.pages, web.metadata,
    EXISTS (SELECT 1 FROM log WHERE log.number = web.number AND log.event = 'withdrawn'),
    (SELECT json_extract(log.entry, '$.detail.publicity') FROM log
        WHERE log.number = issue.number AND log.event = 'restricted'
        ORDER BY log.sequence DESC LIMIT 1)
    FROM issue LEFT JOIN web ON web.number = issue.number";

pub(super) fn read_issue(row: &Row<'_>) -> rusqlite::Result<Issue> {
    let web = match row.get::<_, Option<u32>>(12)? {
        Some(object_version) => Some(Web {
            object_version,
            pdf: digest(row, 13)?,
            file: file(row, 14)?,
            pages: row.get(15)?,
            metadata: digest(row, 16)?,
            withdrawn: row.get(17)?,
        }),
        None => None,
    };
    Ok(Issue {
        number: row.get(0)?,
        document: row.get(1)?,
        version: row.get(2)?,
        object_version: row.get(3)?,
        day: date(row, 4)?,
        pages: row.get(5)?,
        record: digest(row, 6)?,
        pdf: digest(row, 7)?,
        file: file(row, 8)?,
        metadata: digest(row, 9)?,
        inventory: row.get(10)?,
        content: digest(row, 11)?,
        restricted: publicity(row, 18)?,
        web,
    })
}

fn publicity(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Publicity>> {
    let word: Option<String> = row.get(column)?;
    let all = [Publicity::Public, Publicity::PartlySecret, Publicity::Secret];
    let meant = |word: String| all.into_iter().find(|publicity| publicity.as_str() == word);
    word.map(|word| meant(word).ok_or_else(|| malformed(column))).transpose()
}

fn malformed(column: usize) -> rusqlite::Error {
    let text = rusqlite::types::Type::Text;
    rusqlite::Error::FromSqlConversionFailure(column, text, "malformed value".into())
}

/// A plain file name: it becomes part of a path.
fn file(row: &Row<'_>, column: usize) -> rusqlite::Result<String> {
    let name: String = row.get(column)?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let fits = !name.starts_with('.') && !name.is_empty() && name.chars().all(plain);
    if fits { Ok(name) } else { Err(malformed(column)) }
}

pub(in crate::registry) fn date(row: &Row<'_>, column: usize) -> rusqlite::Result<Date> {
    Date::parse(&row.get::<_, String>(column)?).ok_or_else(|| malformed(column))
}

pub(in crate::registry) fn digest(row: &Row<'_>, column: usize) -> rusqlite::Result<Digest> {
    Digest::parse(&row.get::<_, String>(column)?).ok_or_else(|| malformed(column))
}
