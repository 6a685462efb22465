//! The index of the registry in SQLite: what was reserved, issued and logged. A transaction
//! here is what issues a version. Everything in the index can be rebuilt from the files.

mod error;
mod insert;
mod queries;
mod rows;

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, params};

use super::log::{LogEntry, LogHead};
use crate::model::{Date, Digest, Publicity};

pub use error::IndexError;
use rows::{ISSUE, read_issue};

pub(super) use insert::{
    append, insert_archived, insert_entry, insert_issue, insert_template_set, insert_web,
};
pub(super) use queries::{SHORTEST_SEARCH, phrase};
pub(super) use rows::{date, digest};

/// Version of the database schema.
const SCHEMA_VERSION: i64 = 1;

/// Append-only tables; triggers refuse anything else. The exception is `open`, which holds
/// the few open reservations.
const TABLES: &str = include_str!("tables.sql");

/// The index.
#[derive(Debug)]
pub struct Index {
    db: Connection,
    path: PathBuf,
}

/// An open reservation of a register number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reservation {
    pub number: String,
    /// Registration date that the document prints.
    pub day: Date,
    pub document: String,
    pub version: u16,
}

/// An issued version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    pub number: String,
    pub document: String,
    pub version: u16,
    /// Version of the OCFL object that holds its files.
    pub object_version: u32,
    pub day: Date,
    pub pages: usize,
    /// Digest of the record.
    pub record: Digest,
    /// Digest of the archive copy.
    pub pdf: Digest,
    pub file: String,
    /// Digest of the sidecar.
    pub metadata: Digest,
    /// Digest of the object's inventory when the version was stored.
    pub inventory: String,
    /// Digest of everything that it was made from.
    pub content: Digest,
    /// Publicity now, if the log says that the version became secret.
    pub restricted: Option<Publicity>,
    /// The web copy, if there is one.
    pub web: Option<Web>,
}

/// A web copy of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Web {
    pub object_version: u32,
    pub pdf: Digest,
    pub file: String,
    pub pages: usize,
    /// Digest of the sidecar that lists it.
    pub metadata: Digest,
    /// Whether the log says that it is withdrawn.
    pub withdrawn: bool,
}

/// Where the files of a version are stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredVersion {
    pub object_version: u32,
    /// SHA-512 of the object's inventory.
    pub inventory: String,
    /// SHA-256 of the sidecar.
    pub metadata: Digest,
}

impl Index {
    /// Opens an index for writing and creates it if there is none. The file system must be
    /// local: the index keeps a write-ahead log.
    ///
    /// # Errors
    /// Fails if the index cannot be used, or has another schema version.
    pub fn open(path: &Path) -> Result<Self, IndexError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let index = Self::connect(path, flags)?;
        index.enable_wal()?;
        index.batch(
            "PRAGMA synchronous = FULL;
             PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF;",
        )?;
        if index.schema_version()? == 0 {
            index.ensure_wal_on_disk()?;
            index.batch(&format!(
                "BEGIN IMMEDIATE; {TABLES} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"
            ))?;
        }
        index.with_known_schema()
    }

    /// Whether an index is empty, without any tables.
    pub fn is_blank(path: &Path) -> bool {
        Self::connect_immutable(path)
            .and_then(|index| index.schema_version())
            .is_ok_and(|form| form == 0)
    }

    /// Opens an index for reading, alongside a writer or on a read-only medium.
    ///
    /// # Errors
    /// Fails if there is none, or it cannot be read.
    pub fn open_read_only(path: &Path) -> Result<Self, IndexError> {
        // with write access SQLite removes its own helper files afterwards
        let beside = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let looked = Self::connect(path, beside).and_then(|index| {
            index.batch("PRAGMA query_only = ON")?;
            index.with_known_schema()
        });
        match looked {
            Err(IndexError::Sqlite { .. }) => Self::connect_immutable(path)?.with_known_schema(),
            other => other,
        }
    }

    /// Opens an index without a writer, and leaves its folder unchanged.
    ///
    /// # Errors
    /// Fails if it cannot be read, or has another schema version.
    pub(super) fn open_immutable(path: &Path) -> Result<Self, IndexError> {
        Self::connect_immutable(path)?.with_known_schema()
    }

    /// Connects to an index where nothing can be written.
    fn connect_immutable(path: &Path) -> Result<Self, IndexError> {
        let waits = path.with_extension("sqlite3-wal");
        if matches!(crate::fs::stamp(&waits), Ok(Some(stamp)) if stamp.size > 0) {
            let what = "part of it is in its write-ahead log, which cannot be used here";
            return Err(IndexError::Damaged { path: path.to_owned(), what: what.into() });
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_URI;
        let escaped = path.to_string_lossy().replace('%', "%25").replace('?', "%3f");
        let uri = PathBuf::from(format!("file:{}?immutable=1", escaped.replace('#', "%23")));
        Self::connect(&uri, flags).map(|index| Self { path: path.to_owned(), ..index })
    }

    fn connect(path: &Path, flags: OpenFlags) -> Result<Self, IndexError> {
        let sqlite = |source| IndexError::Sqlite { path: path.to_owned(), source };
        let db = Connection::open_with_flags(path, flags).map_err(sqlite)?;
        db.busy_timeout(std::time::Duration::from_secs(10)).map_err(sqlite)?;
        db.set_prepared_statement_cache_capacity(64);
        Ok(Self { db, path: path.to_owned() })
    }

    fn with_known_schema(self) -> Result<Self, IndexError> {
        match self.schema_version()? {
            SCHEMA_VERSION => Ok(self),
            found => Err(IndexError::SchemaVersion { path: self.path, found }),
        }
    }

    fn schema_version(&self) -> Result<i64, IndexError> {
        self.sqlite(self.db.pragma_query_value(None, "user_version", |row| row.get(0)))
    }

    fn batch(&self, sql: &str) -> Result<(), IndexError> {
        self.sqlite(self.db.execute_batch(sql))
    }

    pub(super) fn sqlite<T>(&self, result: rusqlite::Result<T>) -> Result<T, IndexError> {
        result.map_err(|source| IndexError::Sqlite { path: self.path.clone(), source })
    }

    /// The connection, for the other parts of the registry.
    pub(super) fn db(&self) -> &Connection {
        &self.db
    }

    pub(super) fn damaged(&self, what: impl Into<String>) -> IndexError {
        IndexError::Damaged { path: self.path.clone(), what: what.into() }
    }

    /// Runs `work` in a transaction.
    pub(super) fn transaction<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, IndexError> {
        let path = self.path.clone();
        let result = (|| {
            let transaction =
                self.db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            let value = work(&transaction)?;
            transaction.commit()?;
            Ok(value)
        })();
        result.map_err(|source| IndexError::Sqlite { path, source })
    }

    /// Closes the index: all data is in one file then.
    ///
    /// # Errors
    /// Fails if it cannot be written.
    pub fn close(self) -> Result<(), IndexError> {
        let Self { db, path } = self;
        db.close().map_err(|(_, source)| IndexError::Sqlite { path, source })
    }

    /// The end of the log.
    ///
    /// # Errors
    /// Fails if the index cannot be read.
    pub fn head(&self) -> Result<LogHead, IndexError> {
        self.sqlite(head(&self.db))
    }

    /// Entries of the log after a sequence number.
    ///
    /// # Errors
    /// Fails if the index cannot be read.
    pub fn entries_after(&self, sequence: u64) -> Result<Vec<LogEntry>, IndexError> {
        let mut entries = Vec::new();
        let rows = self.sqlite((|| {
            let mut statement = self
                .db
                .prepare_cached("SELECT entry FROM log WHERE sequence > ? ORDER BY sequence")?;
            let rows = statement.query_map([sequence], |row| row.get::<_, String>(0))?;
            rows.collect::<rusqlite::Result<Vec<String>>>()
        })())?;
        for row in rows {
            let entry = serde_json::from_str(&row);
            entries.push(entry.map_err(|_| self.damaged(format!("the log entry `{row}`")))?);
        }
        Ok(entries)
    }

    /// One entry of the log.
    ///
    /// # Errors
    /// Fails if the index cannot be read.
    pub fn entry(&self, sequence: u64) -> Result<Option<LogEntry>, IndexError> {
        let sql = "SELECT entry FROM log WHERE sequence = ?";
        let line: Option<String> = self.sqlite((|| {
            self.db.prepare_cached(sql)?.query_row([sequence], |row| row.get(0)).optional()
        })())?;
        let read = |line: String| {
            let damaged = || self.damaged(format!("the log entry `{line}`"));
            serde_json::from_str(&line).map_err(|_| damaged())
        };
        line.map(read).transpose()
    }

    /// The last log entry that is archived in the files.
    ///
    /// # Errors
    /// Fails if the index cannot be read.
    pub fn archived_sequence(&self) -> Result<u64, IndexError> {
        let sql = "SELECT coalesce(max(sequence), 0) FROM archived";
        self.sqlite(self.db.query_row(sql, [], |row| row.get(0)))
    }

    /// The open reservations.
    ///
    /// # Errors
    /// Fails if the index cannot be read.
    pub fn open_reservations(&self) -> Result<Vec<Reservation>, IndexError> {
        self.sqlite((|| {
            let mut statement = self.db.prepare_cached(
                "SELECT number, day, document, version FROM open CROSS JOIN reservation USING (number)
                 ORDER BY reservation.rowid",
            )?;
            let rows = statement.query_map([], |row| {
                Ok(Reservation {
                    number: row.get(0)?,
                    day: date(row, 1)?,
                    document: row.get(2)?,
                    version: row.get(3)?,
                })
            })?;
            rows.collect()
        })())
    }

    /// The latest version of a document.
    ///
    /// # Errors
    /// Fails if the index cannot be read.
    pub fn latest(&self, document: &str) -> Result<Option<Issue>, IndexError> {
        self.issue(
            "WHERE issue.document = ?1 ORDER BY issue.version DESC LIMIT 1",
            params![document],
        )
    }

    /// A version by its register number.
    ///
    /// # Errors
    /// Fails if the index cannot be read.
    pub fn by_number(&self, number: &str) -> Result<Option<Issue>, IndexError> {
        self.issue("WHERE issue.number = ?1", params![number])
    }

    fn issue(
        &self,
        condition: &str,
        values: &[&dyn rusqlite::ToSql],
    ) -> Result<Option<Issue>, IndexError> {
        let sql = format!("{ISSUE} {condition}");
        self.sqlite((|| self.db.prepare_cached(&sql)?.query_row(values, read_issue).optional())())
    }

    /// The versions in force of the documents of a kind that belong to a record.
    ///
    /// # Errors
    /// Fails if the index cannot be read.
    pub fn of_record(&self, record: &str, kind: &str) -> Result<Vec<Issue>, IndexError> {
        let sql = format!(
            "{ISSUE} LEFT JOIN issue AS later ON later.replaces = issue.number
             WHERE issue.record_id = ?1 AND issue.kind = ?2 AND later.number IS NULL"
        );
        self.sqlite((|| {
            let mut statement = self.db.prepare_cached(&sql)?;
            let rows = statement.query_map([record, kind], read_issue)?;
            rows.collect()
        })())
    }

    /// All versions of a document, the first one first.
    ///
    /// # Errors
    /// Fails if the index cannot be read.
    pub fn versions(&self, document: &str) -> Result<Vec<Issue>, IndexError> {
        let sql = format!("{ISSUE} WHERE issue.document = ?1 ORDER BY issue.version");
        self.sqlite((|| {
            let mut statement = self.db.prepare_cached(&sql)?;
            let rows = statement.query_map([document], read_issue)?;
            rows.collect()
        })())
    }

    /// All versions, in the order of registration.
    ///
    /// # Errors
    /// Fails if the index cannot be read.
    pub fn all(&self) -> Result<Vec<Issue>, IndexError> {
        let sql = format!("{ISSUE} ORDER BY issue.id");
        self.sqlite((|| {
            let mut statement = self.db.prepare(&sql)?;
            let rows = statement.query_map([], read_issue)?;
            rows.collect()
        })())
    }

    /// The object version of an archived template set.
    ///
    /// # Errors
    /// Fails if the index cannot be read.
    pub fn template_set(&self, digest: &Digest) -> Result<Option<u32>, IndexError> {
        let sql = "SELECT object_version FROM template_set WHERE digest = ?";
        self.sqlite(self.db.query_row(sql, [digest.as_str()], |row| row.get(0)).optional())
    }

    /// The next position of a series.
    pub(super) fn next_position(transaction: &Connection, series: &str) -> rusqlite::Result<u64> {
        let sql = "SELECT coalesce(max(position), 0) + 1 FROM reservation WHERE series = ?";
        transaction.prepare_cached(sql)?.query_row([series], |row| row.get(0))
    }
}

pub(super) fn head(db: &Connection) -> rusqlite::Result<LogHead> {
    let sql = "SELECT sequence, digest FROM log ORDER BY sequence DESC LIMIT 1";
    let read =
        |row: &rusqlite::Row<'_>| Ok(LogHead { sequence: row.get(0)?, digest: digest(row, 1)? });
    let head = db.prepare_cached(sql)?.query_row([], read).optional()?;
    Ok(head.unwrap_or_else(LogHead::none))
}
