//! Further queries of the index: counts, single columns, consistency of the search.

use std::collections::BTreeSet;
use std::path::Path;

use rusqlite::{Connection, OpenFlags, OptionalExtension, params};

use super::rows::{ISSUE, read_issue};
use super::{Index, IndexError, Issue, SCHEMA_VERSION, TABLES};
use crate::model::{Digest, Moment};
use crate::registry::log::LogHead;

/// Fewest characters that the title index can search for.
pub(in crate::registry) const SHORTEST_SEARCH: usize = 3;

/// Quotes a text for the title index.
pub(in crate::registry) fn phrase(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

impl Index {
    /// An index with nothing in it, in memory: what a registry begins with.
    ///
    /// # Errors
    /// When SQLite cannot make it.
    pub fn empty(path: &Path) -> Result<Self, IndexError> {
        let sqlite = |source| IndexError::Sqlite { path: path.to_owned(), source };
        let db = Connection::open_in_memory().map_err(sqlite)?;
        let index = Self { db, path: path.to_owned() };
        index.batch(&format!("{TABLES} PRAGMA user_version = {SCHEMA_VERSION};"))?;
        Ok(index)
    }

    /// Every version of these rounds, and of none.
    ///
    /// # Errors
    /// Fails if the index cannot be read.
    pub fn of_rounds(&self, rounds: &BTreeSet<String>) -> Result<Vec<Issue>, IndexError> {
        self.sqlite((|| {
            let places = vec!["?"; rounds.len()].join(", ");
            let wanted = format!("issue.round IS NULL OR issue.round IN ({places})");
            let mut statement =
                self.db().prepare(&format!("{ISSUE} WHERE {wanted} ORDER BY issue.id"))?;
            let rows = statement.query_map(rusqlite::params_from_iter(rounds), read_issue)?;
            rows.collect()
        })())
    }

    /// Enables the write-ahead log (WAL).
    ///
    /// # Errors
    /// Fails if the disk refuses: SQLite then silently keeps its previous journal mode.
    pub(super) fn enable_wal(&self) -> Result<(), IndexError> {
        let mode = self.db.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0));
        let path = || self.path.clone();
        let mode: String = mode.map_err(|source| IndexError::Sqlite { path: path(), source })?;
        match mode.as_str() {
            "wal" | "memory" => Ok(()),
            _ => Err(IndexError::Journal { path: path(), mode }),
        }
    }

    /// Ensures that the file itself records WAL mode: after a disk error only this
    /// connection may believe it.
    ///
    /// # Errors
    /// Fails if it does not.
    pub(super) fn ensure_wal_on_disk(&self) -> Result<(), IndexError> {
        if self.path == Path::new(":memory:") {
            return Ok(());
        }
        let sqlite = |source| IndexError::Sqlite { path: self.path.clone(), source };
        let other = Connection::open_with_flags(&self.path, OpenFlags::SQLITE_OPEN_READ_ONLY);
        let mode = other.and_then(|db| db.query_row("PRAGMA journal_mode", [], |row| row.get(0)));
        let mode: String = mode.map_err(sqlite)?;
        let path = self.path.clone();
        if mode == "wal" { Ok(()) } else { Err(IndexError::Journal { path, mode }) }
    }

    /// The head of the log at an entry; the empty head for 0.
    ///
    /// # Errors
    /// Fails if the index cannot be read.
    pub fn head_at(&self, sequence: u64) -> Result<Option<LogHead>, IndexError> {
        if sequence == 0 {
            return Ok(Some(LogHead::none()));
        }
        Ok(self.entry(sequence)?.map(|entry| entry.head()))
    }

    /// The latest object version of a document in the index; 0 if there is none.
    ///
    /// # Errors
    /// Fails if the index cannot be read.
    pub fn object_version(&self, document: &str) -> Result<u32, IndexError> {
        let sql =
            "SELECT coalesce(max(issue.object_version), 0), coalesce(max(web.object_version), 0)
                   FROM issue LEFT JOIN web ON web.number = issue.number WHERE document = ?";
        let both = |row: &rusqlite::Row<'_>| Ok((row.get::<_, u32>(0)?, row.get::<_, u32>(1)?));
        let (issue, web) =
            self.sqlite((|| self.db.prepare_cached(sql)?.query_row([document], both))())?;
        Ok(issue.max(web))
    }

    /// The latest object version of every document.
    ///
    /// # Errors
    /// Fails if the index cannot be read.
    pub(in crate::registry) fn object_versions(&self) -> Result<Vec<(String, u32)>, IndexError> {
        let sql = "SELECT document, max(max(issue.object_version, coalesce(web.object_version, 0)))
                   FROM issue LEFT JOIN web USING (number) GROUP BY document";
        self.sqlite((|| {
            let mut statement = self.db.prepare_cached(sql)?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect()
        })())
    }

    /// The documents that were issued last.
    pub(in crate::registry) fn last_documents(&self, most: u64) -> Result<Vec<String>, IndexError> {
        self.query_texts(&format!("SELECT document FROM issue ORDER BY id DESC LIMIT {most}"))
    }

    /// First and last entry of the latest archived log segments.
    pub(in crate::registry) fn last_segments(
        &self,
        most: u64,
    ) -> Result<Vec<(u64, u64)>, IndexError> {
        let sql = "SELECT coalesce((SELECT max(earlier.sequence) FROM archived AS earlier
                       WHERE earlier.sequence < piece.sequence), 0) + 1, piece.sequence
                   FROM archived AS piece ORDER BY piece.sequence DESC LIMIT ?";
        self.sqlite((|| {
            let mut statement = self.db.prepare(sql)?;
            let rows = statement.query_map([most], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect()
        })())
    }

    /// The object version of the latest template set; 0 if there is none.
    pub(in crate::registry) fn last_template_set(&self) -> Result<u32, IndexError> {
        let sql = "SELECT coalesce(max(object_version), 0) FROM template_set";
        self.sqlite(self.db.query_row(sql, [], |row| row.get(0)))
    }

    /// Digests of all issued PDFs, including web copies.
    ///
    /// # Errors
    /// Fails if the index cannot be read.
    pub fn pdfs(&self) -> Result<BTreeSet<String>, IndexError> {
        let all = self.query_texts("SELECT pdf FROM issue UNION SELECT pdf FROM web")?;
        Ok(all.into_iter().collect())
    }

    /// Whether a number is reserved for this version of a document.
    ///
    /// # Errors
    /// Fails if the index cannot be read.
    pub fn is_open(&self, number: &str, document: &str, version: u16) -> Result<bool, IndexError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM open JOIN reservation USING (number)
                   WHERE number = ? AND document = ? AND version = ?)";
        self.sqlite((|| {
            let mut statement = self.db.prepare_cached(sql)?;
            statement.query_row(params![number, document, version], |row| row.get(0))
        })())
    }

    /// The register number that equals this one except for letter case; the latest if there
    /// are several.
    ///
    /// # Errors
    /// Fails if the index cannot be read.
    pub fn number_ignoring_case(&self, typed: &str) -> Result<Option<String>, IndexError> {
        let wanted = typed.trim().to_lowercase();
        let found = || -> rusqlite::Result<Option<String>> {
            let sql = "SELECT number FROM issue ORDER BY id DESC";
            let mut statement = self.db.prepare_cached(sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let number: String = row.get(0)?;
                if number.to_lowercase() == wanted {
                    return Ok(Some(number));
                }
            }
            Ok(None)
        };
        self.sqlite(found())
    }

    /// Names of the documents of a record.
    ///
    /// # Errors
    /// Fails if the index cannot be read.
    pub fn documents_of(&self, record: &str) -> Result<Vec<String>, IndexError> {
        let sql = "SELECT DISTINCT document FROM issue WHERE record_id = ? ORDER BY document";
        self.sqlite((|| {
            let mut statement = self.db.prepare_cached(sql)?;
            let rows = statement.query_map([record], |row| row.get(0))?;
            rows.collect()
        })())
    }

    /// Whether a version was made from a record with this digest.
    ///
    /// # Errors
    /// Fails if the index cannot be read.
    pub fn knows_record(&self, record: &str, digest: &Digest) -> Result<bool, IndexError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM issue WHERE record_id = ? AND record = ?)";
        self.sqlite(self.db.query_row(sql, params![record, digest.as_str()], |row| row.get(0)))
    }

    /// Time of the latest reservation.
    ///
    /// # Errors
    /// Fails if the index cannot be read.
    pub fn last_number_given(&self) -> Result<Option<Moment>, IndexError> {
        let sql = "SELECT sequence FROM log WHERE number =
                   (SELECT number FROM reservation ORDER BY rowid DESC LIMIT 1)
                   ORDER BY sequence LIMIT 1";
        let sequence: Option<u64> = self.sqlite((|| {
            self.db.prepare_cached(sql)?.query_row([], |row| row.get(0)).optional()
        })())?;
        let entry = sequence.map(|sequence| self.entry(sequence)).transpose()?.flatten();
        Ok(entry.map(|entry| entry.time))
    }

    /// Whether a number was ever reserved.
    ///
    /// # Errors
    /// Fails if the index cannot be read.
    pub fn is_number_used(&self, number: &str) -> Result<bool, IndexError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM reservation WHERE number = ?)";
        self.sqlite((|| self.db.prepare_cached(sql)?.query_row([number], |row| row.get(0)))())
    }

    /// The next position of a series.
    ///
    /// # Errors
    /// Fails if the index cannot be read.
    pub fn position_after(&self, series: &str) -> Result<u64, IndexError> {
        self.sqlite(Self::next_position(&self.db, series))
    }

    /// Number of rows of a table.
    pub(in crate::registry) fn count(&self, table: &str) -> Result<usize, IndexError> {
        let sql = format!("SELECT count(*) FROM {table}");
        self.sqlite(self.db.query_row(&sql, [], |row| row.get(0)))
    }

    /// Numbers of the versions that a search for their title does not find.
    pub(in crate::registry) fn unsearchable_titles(&self) -> Result<Vec<String>, IndexError> {
        self.sqlite((|| {
            let mut all = self.db.prepare("SELECT id, number, title FROM issue ORDER BY id")?;
            let mut search =
                self.db.prepare("SELECT 1 FROM search WHERE search MATCH ? AND rowid = ?")?;
            let mut unfound = Vec::new();
            let mut rows = all.query([])?;
            while let Some(row) = rows.next()? {
                let (id, number, title): (i64, String, String) =
                    (row.get(0)?, row.get(1)?, row.get(2)?);
                let searchable = title.chars().count() >= SHORTEST_SEARCH;
                if searchable && !search.exists(params![phrase(&title), id])? {
                    unfound.push(number);
                }
            }
            Ok(unfound)
        })())
    }

    /// The definitions of all tables, indexes and triggers, in a fixed order.
    pub(in crate::registry) fn schema(&self) -> Result<Vec<String>, IndexError> {
        self.query_texts(
            "SELECT name || ': ' || coalesce(sql, '') FROM sqlite_schema ORDER BY name, type",
        )
    }

    /// Runs a query that returns texts.
    pub(in crate::registry) fn query_texts(&self, sql: &str) -> Result<Vec<String>, IndexError> {
        self.sqlite((|| {
            let mut statement = self.db.prepare(sql)?;
            let rows = statement.query_map([], |row| row.get(0))?;
            rows.collect()
        })())
    }
}
