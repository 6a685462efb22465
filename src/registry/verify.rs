//! Verifies the registry: reads everything, changes nothing. What cannot be read is a
//! finding, too.

use std::collections::BTreeSet;
use std::path::Path;

use rusqlite::types::Value;

use super::export_intent;
use super::extra_files;
use super::finding::{FindingKind, IntegrityFinding};
use super::index::{Index, IndexError};
use super::log::{LogEntry, LogHead};
use super::ocfl::Store;
use super::replay::replay;
use super::structure;
use super::{HEAD, INDEX, LOCK, ROOT, SEAL, STAGING, UNSEALED, head_line, is_older, seal};
use crate::fs;

/// Result of a verification.
#[derive(Debug, Default)]
pub struct VerifyReport {
    pub findings: Vec<IntegrityFinding>,
    /// Issued versions.
    pub versions: usize,
    /// Files in the storage root.
    pub files: usize,
    /// Entries of the log.
    pub entries: u64,
    /// Open reservations.
    pub open: usize,
    /// True if the registry was not closed and not used since: then the unused parts of the
    /// index file cannot be compared with anything.
    pub unsealed: bool,
}

/// Tables that can be rebuilt from the files, with the order of their rows.
const TABLES: [(&str, &str); 10] = [
    ("log", "sequence"),
    ("reservation", "rowid"),
    ("open", "number"),
    ("void", "number"),
    ("issue", "id"),
    ("web", "number"),
    ("place", "municipality, issue"),
    ("template_set", "digest"),
    ("archived", "sequence"),
    ("vocabulary", "term"),
];

/// Verifies the registry in a folder. `checkpoint` is where the log once ended, according
/// to a checkpoint kept elsewhere.
pub fn verify_registry(folder: &Path, checkpoint: Option<&LogHead>) -> VerifyReport {
    let mut all = VerifyReport::default();
    let mut findings = Vec::new();
    all.unsealed = check_seal(folder, &mut findings);
    check_folder(folder, all.unsealed, &mut findings);
    let store = Store::new(folder.join(ROOT), folder.join(STAGING));
    let replayed = replay(&store, &mut findings);
    all.files = replayed.files;
    let path = folder.join(INDEX);
    let compared = Index::open_read_only(&path).and_then(|index| {
        check_sqlite(&index, &mut findings)?;
        let archived = replayed.entries.keys().next_back().copied().unwrap_or_default();
        let tail = index.entries_after(archived)?;
        let mut rebuilt = Index::open(Path::new(":memory:"))?;
        replayed.apply(&mut rebuilt, &tail, &mut findings)?;
        compare(&index, &rebuilt, &mut findings)?;
        extra_files::check_replaced_indexes(folder, &rebuilt, &mut findings)?;
        (all.versions, all.open) = (index.count("issue")?, index.count("open")?);
        let head = index.head()?;
        check_head_file(folder, &index, all.unsealed, &mut findings)?;
        Ok((head.clone(), index.entry(checkpoint.map_or(0, |head| head.sequence))))
    });
    match compared {
        Ok((head, at_checkpoint)) => {
            all.entries = head.sequence;
            if let Some(checkpoint) = checkpoint {
                findings.extend(checkpoint_finding(checkpoint, at_checkpoint));
            }
        }
        Err(error) => {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            let cause = cause.unwrap_or_else(|| error.to_string());
            findings.push(IntegrityFinding::at(FindingKind::Unchecked, &path).because(cause));
        }
    }
    // a file shared by several versions is reported once
    let mut named = BTreeSet::new();
    findings.retain(|f| named.insert((f.kind, f.place.clone(), f.detail.clone())));
    all.findings = findings;
    all
}

/// Checks that the folder contains nothing but the registry's own files, and nothing
/// unfinished if it was closed.
fn check_folder(folder: &Path, unsealed: bool, findings: &mut Vec<IntegrityFinding>) {
    let inside = match fs::read_folder(folder) {
        Ok(inside) => inside,
        Err(error) => {
            let cause = error.source.to_string();
            return findings
                .push(IntegrityFinding::at(FindingKind::Unchecked, folder).because(cause));
        }
    };
    let waits = |path: &Path| matches!(fs::stamp(path), Ok(Some(stamp)) if stamp.size > 0);
    for found in inside {
        let name = found.path.file_name().unwrap_or_default().to_string_lossy();
        let belongs = match &*name {
            INDEX | SEAL | HEAD | LOCK => found.regular,
            ROOT => found.folder,
            STAGING => found.folder && unsealed,
            export_intent::FILE => found.regular && is_intent(&found.path),
            // SQLite's helper files of an index in use
            "registry.sqlite3-wal" => found.regular && (unsealed || !waits(&found.path)),
            "registry.sqlite3-shm" => found.regular,
            // its content is checked separately
            "lost+found" if found.folder => {
                extra_files::check_lost_and_found(folder, findings);
                true
            }
            other => found.folder && extra_files::is_replaced_index(other),
        };
        if !belongs {
            findings.push(IntegrityFinding::at(FindingKind::Stray, &found.path));
        }
    }
}

/// Whether a file is a valid export intent.
fn is_intent(path: &Path) -> bool {
    let bytes = fs::read(path, structure::LIMIT).ok().flatten();
    bytes.is_some_and(|bytes| export_intent::parse(&bytes).is_some())
}

/// Checks that the archived log ends where the head file says.
fn check_head_file(
    folder: &Path,
    index: &Index,
    unsealed: bool,
    findings: &mut Vec<IntegrityFinding>,
) -> Result<(), IndexError> {
    let path = folder.join(HEAD);
    if unsealed {
        if is_older(folder, index).unwrap_or(true) {
            findings.push(IntegrityFinding::at(FindingKind::IndexChanged, &path));
        }
        return Ok(());
    }
    let head = index.head_at(index.archived_sequence()?)?.unwrap_or_else(LogHead::none);
    if let Some(bytes) = structure::read(&path, findings)
        && bytes != head_line(&head).as_bytes()
    {
        findings.push(IntegrityFinding::at(FindingKind::IndexChanged, &path));
    }
    Ok(())
}

/// Compares the index file with its seal; returns true if it is not sealed.
fn check_seal(folder: &Path, findings: &mut Vec<IntegrityFinding>) -> bool {
    let Some(said) = structure::read(&folder.join(SEAL), findings) else { return false };
    if said == UNSEALED.as_bytes() {
        return true;
    }
    let path = folder.join(INDEX);
    if let Some(bytes) = structure::read(&path, findings)
        && seal(&bytes).as_bytes() != said
    {
        findings.push(IntegrityFinding::at(FindingKind::IndexChanged, &path));
    }
    false
}

/// SQLite's integrity check, and a check of the numbers.
fn check_sqlite(index: &Index, findings: &mut Vec<IntegrityFinding>) -> Result<(), IndexError> {
    let said: String =
        index.sqlite(index.db().query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)))?;
    if said != "ok" {
        findings.push(IntegrityFinding::of(FindingKind::IndexChanged, INDEX).because(said));
    }
    let gaps = "SELECT series FROM reservation GROUP BY series
                HAVING count(*) <> max(position) OR min(position) <> 1";
    let lost = "SELECT number FROM reservation WHERE number NOT IN
                (SELECT number FROM issue UNION ALL SELECT number FROM void
                 UNION ALL SELECT number FROM open)";
    for sql in [gaps, lost] {
        let found = index.query_texts(sql)?.into_iter();
        findings.extend(found.map(|place| IntegrityFinding::of(FindingKind::NumbersLost, place)));
    }
    let unfound = index.unsearchable_titles()?.into_iter();
    findings.extend(unfound.map(|place| IntegrityFinding::of(FindingKind::IndexDiffers, place)));
    Ok(())
}

/// Compares the rows, tables and triggers of two indexes.
fn compare(
    index: &Index,
    rebuilt: &Index,
    findings: &mut Vec<IntegrityFinding>,
) -> Result<(), IndexError> {
    if index.schema()? != rebuilt.schema()? {
        findings.push(IntegrityFinding::of(FindingKind::IndexDiffers, "sqlite_schema"));
    }
    for (table, order) in TABLES {
        let (own, other) = (rows(index, table, order)?, rows(rebuilt, table, order)?);
        if own == other {
            continue;
        }
        let sets: [BTreeSet<&Vec<String>>; 2] = [&own, &other].map(|rows| rows.iter().collect());
        let differing = sets[0].difference(&sets[1]).next();
        let differing = differing.or_else(|| sets[1].difference(&sets[0]).next());
        let row = differing.map(|row| row.join(", ")).unwrap_or_default();
        findings.push(IntegrityFinding::of(FindingKind::IndexDiffers, table).because(row));
    }
    Ok(())
}

fn rows(index: &Index, table: &str, order: &str) -> Result<Vec<Vec<String>>, IndexError> {
    index.sqlite((|| {
        let sql = format!("SELECT * FROM {table} ORDER BY {order}");
        let mut statement = index.db().prepare(&sql)?;
        let columns = statement.column_count();
        let rows = statement.query_map([], |row| {
            (0..columns).map(|column| Ok(shown(&row.get(column)?))).collect()
        })?;
        rows.collect()
    })())
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "–".into(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => format!("`{text}`"),
        Value::Blob(bytes) => format!("{bytes:?}"),
    }
}

/// A finding unless the log has the checkpoint's entry, unchanged.
fn checkpoint_finding(
    checkpoint: &LogHead,
    found: Result<Option<LogEntry>, IndexError>,
) -> Option<IntegrityFinding> {
    let same = match &found {
        Ok(Some(entry)) => entry.head() == *checkpoint,
        Ok(None) => *checkpoint == LogHead::none(),
        Err(_) => false,
    };
    let place = checkpoint.sequence.to_string();
    (!same).then(|| {
        IntegrityFinding::of(FindingKind::Checkpoint, place).because(checkpoint.digest.as_str())
    })
}
