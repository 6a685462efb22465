//! Looking over an index: counts, single columns, and whether a search finds
//! what is there.

use rusqlite::params;

use super::{Index, IndexError};

/// Fewest characters that the index of titles can look for.
pub(in crate::registry) const SHORTEST_SEARCH: usize = 3;

/// A text as the index of titles looks for it.
pub(in crate::registry) fn phrase(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

impl Index {
    /// How many rows a table has.
    pub(in crate::registry) fn count(&self, table: &str) -> Result<usize, IndexError> {
        let sql = format!("SELECT count(*) FROM {table}");
        self.sqlite(self.db.query_row(&sql, [], |row| row.get(0)))
    }

    /// Numbers of the versions that a search for their titles does not find.
    pub(in crate::registry) fn titles_not_found(&self) -> Result<Vec<String>, IndexError> {
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

    /// The texts that a query gives.
    pub(in crate::registry) fn texts(&self, sql: &str) -> Result<Vec<String>, IndexError> {
        self.sqlite((|| {
            let mut statement = self.db.prepare(sql)?;
            let rows = statement.query_map([], |row| row.get(0))?;
            rows.collect()
        })())
    }
}
