//! Inserts into the index: log entries with their effects on numbers, versions, copies and
//! template sets.

use rusqlite::{Connection, params};

use super::{StoredVersion, head};
use crate::model::{Digest, Moment};
use crate::registry::log::{Event, LogEntry, LogEvent};
use crate::registry::metadata::{Copy, Metadata, Rendition};

/// Appends an event to the log.
pub(in crate::registry) fn append(
    db: &Connection,
    event: LogEvent,
    time: Moment,
) -> rusqlite::Result<LogEntry> {
    let entry = event.after(&head(db)?, time);
    insert_entry(db, &entry)?;
    Ok(entry)
}

/// Inserts an entry into the log and its effects into the other tables.
pub(in crate::registry) fn insert_entry(db: &Connection, entry: &LogEntry) -> rusqlite::Result<()> {
    let json = serde_json::to_string(entry).unwrap_or_default();
    db.prepare_cached(
        "INSERT INTO log (sequence, event, number, digest, entry) VALUES (?, ?, ?, ?, ?)",
    )?
    .execute(params![
        entry.sequence,
        entry.event.as_str(),
        entry.number,
        entry.digest.as_str(),
        json
    ])?;
    let Some(number) = &entry.number else { return Ok(()) };
    let detail = |name: &str| entry.detail.get(name).map(String::as_str).unwrap_or_default();
    match entry.event {
        Event::Reserved => {
            db.prepare_cached(
                "INSERT INTO reservation (number, series, position, day, document, version)
                 VALUES (?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                number,
                detail("series"),
                detail("position").parse::<u64>().unwrap_or_default(),
                detail("day"),
                entry.document,
                entry.version
            ])?;
            db.prepare_cached("INSERT INTO open (number) VALUES (?)")?.execute([number])?;
        }
        Event::Voided => {
            db.prepare_cached("INSERT INTO void (number, reason) VALUES (?, ?)")?
                .execute([number, detail("reason")])?;
            db.prepare_cached("DELETE FROM open WHERE number = ?")?.execute([number])?;
        }
        Event::Registered => {
            db.prepare_cached("DELETE FROM open WHERE number = ?")?.execute([number])?;
        }
        _ => {}
    }
    Ok(())
}

/// Inserts a version.
pub(in crate::registry) fn insert_issue(
    db: &Connection,
    metadata: &Metadata,
    placed: &StoredVersion,
) -> rusqlite::Result<()> {
    let Some(pdf) = metadata.archive_copy() else { return Ok(()) };
    db.prepare_cached(
        "INSERT INTO issue (number, document, version, object_version, kind, title, date, day,
         case_number, round, publicity, retention_ends, pages, record_id, record, pdf, file, metadata,
         inventory, content, replaces)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        metadata.number,
        metadata.document,
        metadata.version,
        placed.object_version,
        metadata.kind,
        metadata.title,
        metadata.date.to_string(),
        metadata.registered_on.to_string(),
        metadata.case_number,
        metadata.round,
        metadata.classification.publicity.as_str(),
        metadata.retention_ends.map(|date| date.to_string()),
        pdf.pages,
        metadata.source.id,
        metadata.source.digest.as_str(),
        pdf.digest.as_str(),
        pdf.file,
        placed.metadata.as_str(),
        placed.inventory,
        metadata.made_with.content.as_str(),
        metadata.replaces,
    ])?;
    let id = db.last_insert_rowid();
    db.prepare_cached("INSERT INTO search (rowid, title) VALUES (?, ?)")?
        .execute(params![id, metadata.title])?;
    for name in &metadata.municipalities {
        db.prepare_cached("INSERT INTO place (municipality, issue) VALUES (?, ?)")?
            .execute(params![name, id])?;
    }
    match metadata.rendition(Copy::Web) {
        Some(web) => insert_web(db, &metadata.number, web, placed),
        None => Ok(()),
    }
}

/// Inserts the web copy of a version.
pub(in crate::registry) fn insert_web(
    db: &Connection,
    number: &str,
    web: &Rendition,
    placed: &StoredVersion,
) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO web (number, object_version, pdf, file, pages, metadata, inventory, remove_on)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        number,
        placed.object_version,
        web.digest.as_str(),
        web.file,
        web.pages,
        placed.metadata.as_str(),
        placed.inventory,
        web.remove_on.map(|date| date.to_string()),
    ])?;
    Ok(())
}

/// Records that the log is archived up to this entry.
pub(in crate::registry) fn insert_archived(db: &Connection, sequence: u64) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT INTO archived (sequence) VALUES (?)")?.execute([sequence]).map(drop)
}

/// Records that a template set is archived.
pub(in crate::registry) fn insert_template_set(
    db: &Connection,
    digest: &Digest,
    object_version: u32,
) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT INTO template_set (digest, object_version) VALUES (?, ?)")?
        .execute(params![digest.as_str(), object_version])
        .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::index::Index;
    use std::path::Path;

    #[test]
    fn the_log_is_append_only() {
        let index = Index::open(Path::new(":memory:")).unwrap();
        let db = index.db();
        let event = LogEvent::of(Event::Reserved).about("1", "memo", 1);
        let event = event.with("series", "#").with("position", 1).with("day", "2026-01-01");
        append(db, event, Moment::EPOCH).unwrap();
        for (sql, said) in [
            ("UPDATE log SET entry = ''", "never changed"),
            ("DELETE FROM log", "never shortened"),
            ("INSERT INTO log SELECT 9, event, number, 'x', entry FROM log", "no gaps"),
            ("INSERT OR REPLACE INTO log SELECT * FROM log", "no gaps"),
            ("UPDATE reservation SET number = '2'", "never changed"),
            ("DELETE FROM reservation", "never taken back"),
            ("INSERT OR REPLACE INTO reservation SELECT * FROM reservation", "given once"),
        ] {
            let error = db.execute(sql, []).unwrap_err().to_string();
            assert!(error.contains(said), "{sql}: {error}");
        }
    }
}
