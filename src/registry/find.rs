//! Searches for versions by what a registry clerk knows of them. Every filter is backed by
//! an index, so that a search takes as long in a large registry as in a small one.

use rusqlite::types::Value;

use super::index::{self, Index, IndexError, SHORTEST_SEARCH, phrase};
use super::log::LogEntry;
use super::{Registry, RegistryError};
use crate::model::Date;

/// Search criteria; fields that are `None` or false match everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Kind of document, for example `memo`.
    pub kind: Option<String>,
    /// Id of the round.
    pub round: Option<String>,
    pub municipality: Option<String>,
    pub case_number: Option<String>,
    /// Part of the title, in any case.
    pub text: Option<String>,
    /// First and last date of the document.
    pub from: Option<Date>,
    pub to: Option<Date>,
    /// Without versions that were replaced.
    pub in_force: bool,
    /// Retention ends before this day.
    pub retention_before: Option<Date>,
    /// The web copy must be removed by this day.
    pub web_until: Option<Date>,
    /// There is a web copy, and the version that replaced this one has none.
    pub web_left_behind: bool,
    /// The web copy was withdrawn, and no later version has a web copy.
    pub web_withdrawn: bool,
    /// Maximum number of results; all if `None`.
    pub most: Option<usize>,
}

/// A version in a list of results.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct VersionRow {
    pub number: String,
    pub document: String,
    pub version: u16,
    pub kind: String,
    pub title: String,
    /// Date of the document.
    pub date: Date,
    /// Day of registration.
    pub registered: Date,
    pub case_number: Option<String>,
    pub round: Option<String>,
    pub publicity: String,
    pub retention_ends: Option<Date>,
    /// Register number of the version that replaced this one.
    pub replaced_by: Option<String>,
    /// Day on which the web copy must be removed.
    pub web_remove_on: Option<Date>,
    /// Whether there is a web copy.
    pub web: bool,
    /// Whether the web copy was withdrawn, since it contains what is secret now.
    pub web_withdrawn: bool,
    /// Whether it contains what became secret since it was issued.
    pub secret_now: bool,
}

/// Results of a search, the latest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FoundVersions {
    pub rows: Vec<VersionRow>,
    /// Whether there are more results than requested.
    pub more: bool,
}

impl Index {
    /// Versions that match a filter, the latest registered first.
    ///
    /// # Errors
    /// Fails if the index cannot be read.
    pub fn find(&self, filter: &Filter) -> Result<FoundVersions, IndexError> {
        let (conditions, mut values) = conditions(filter);
        // the rows of a municipality are ordered by its own table
        let from = if filter.municipality.is_some() {
            "place CROSS JOIN issue ON issue.id = place.issue"
        } else {
            "issue"
        };
        let order = if filter.municipality.is_some() { "place.issue" } else { "issue.id" };
        let limit =
            filter.most.map_or(-1, |most| i64::try_from(most.saturating_add(1)).unwrap_or(-1));
        values.push(Value::Integer(limit));
        let condition =
            if conditions.is_empty() { "1".to_owned() } else { conditions.join(" AND ") };
        let sql =
            format!("{ROW} FROM {from} {JOINS} WHERE {condition} ORDER BY {order} DESC LIMIT ?");
        let mut rows: Vec<VersionRow> = self.sqlite((|| {
            let mut statement = self.db().prepare(&sql)?;
            let rows = statement.query_map(rusqlite::params_from_iter(values), read)?;
            rows.collect()
        })())?;
        let more = filter.most.is_some_and(|most| rows.len() > most);
        if let Some(most) = filter.most {
            rows.truncate(most);
        }
        Ok(FoundVersions { rows, more })
    }

    /// All municipalities that versions concern, in order.
    ///
    /// # Errors
    /// Fails if the index cannot be read.
    pub fn municipalities(&self) -> Result<Vec<String>, IndexError> {
        self.sqlite((|| {
            let sql = "SELECT DISTINCT municipality FROM place ORDER BY municipality";
            let mut statement = self.db().prepare_cached(sql)?;
            let rows = statement.query_map([], |row| row.get(0))?;
            rows.collect()
        })())
    }

    /// The log entries of a register number.
    ///
    /// # Errors
    /// Fails if the index cannot be read.
    pub fn history(&self, number: &str) -> Result<Vec<LogEntry>, IndexError> {
        let sql = "SELECT entry FROM log WHERE number = ? ORDER BY sequence";
        let lines: Vec<String> = self.sqlite((|| {
            let mut statement = self.db().prepare_cached(sql)?;
            let rows = statement.query_map([number], |row| row.get(0))?;
            rows.collect()
        })())?;
        let entries = lines.iter().map(|line| {
            serde_json::from_str(line).map_err(|_| self.damaged(format!("the log entry `{line}`")))
        });
        entries.collect()
    }
}

/// SQL conditions of a filter with their values.
fn conditions(filter: &Filter) -> (Vec<&'static str>, Vec<Value>) {
    let (mut conditions, mut values) = (Vec::new(), Vec::new());
    let mut add = |condition: &'static str, value: Option<String>| {
        if let Some(value) = value {
            conditions.push(condition);
            values.push(Value::Text(value));
        }
    };
    let date = |date: Option<Date>| date.map(|date| date.to_string());
    add("issue.kind = ?", filter.kind.clone());
    add("issue.round = ?", filter.round.clone());
    add("place.municipality = ?", filter.municipality.clone());
    add("issue.case_number = ? COLLATE NOCASE", filter.case_number.clone());
    add("issue.date >= ?", date(filter.from));
    add("issue.date <= ?", date(filter.to));
    add("issue.retention_ends < ?", date(filter.retention_before));
    add("web.remove_on <= ?", date(filter.web_until));
    let text = filter.text.clone().filter(|text| !text.is_empty());
    let (long, short): (Option<String>, Option<String>) = match text {
        Some(text) if text.chars().count() >= SHORTEST_SEARCH => (Some(phrase(&text)), None),
        other => (None, other),
    };
    add("issue.id IN (SELECT rowid FROM search WHERE search MATCH ?)", long);
    add("instr(lower(issue.title), lower(?)) > 0", short);
    if filter.in_force {
        conditions.push("later.number IS NULL");
    }
    if filter.web_left_behind {
        conditions.push(
            "web.number IS NOT NULL AND later.number IS NOT NULL AND NOT EXISTS
             (SELECT 1 FROM web AS newer WHERE newer.number = later.number)",
        );
    }
    if filter.web_withdrawn {
        conditions.push(
            "web.number IS NOT NULL
             AND EXISTS (SELECT 1 FROM log WHERE log.number = web.number AND log.event = 'withdrawn')
             AND NOT EXISTS (SELECT 1 FROM issue AS newer JOIN web AS copy ON copy.number = newer.number
                 WHERE newer.document = issue.document AND newer.version > issue.version
                 AND NOT EXISTS (SELECT 1 FROM log
                     WHERE log.number = copy.number AND log.event = 'withdrawn'))",
        );
    }
    (conditions, values)
}

const ROW: &str = "SELECT issue.number, issue.document, issue.version, issue.kind, issue.title,
    issue.date, issue.day, issue.case_number, issue.round, issue.publicity, issue.retention_ends,
    later.number, web.remove_on, web.number IS NOT NULL,
    EXISTS (SELECT 1 FROM log WHERE log.number = web.number AND log.event = 'withdrawn'),
    EXISTS (SELECT 1 FROM log WHERE log.number = issue.number AND log.event = 'restricted')";

const JOINS: &str = "LEFT JOIN issue AS later ON later.replaces = issue.number
    LEFT JOIN web ON web.number = issue.number";

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<VersionRow> {
    let maybe_date = |column| match row.get_ref(column)? {
        rusqlite::types::ValueRef::Null => Ok(None),
        _ => index::date(row, column).map(Some),
    };
    Ok(VersionRow {
        number: row.get(0)?,
        document: row.get(1)?,
        version: row.get(2)?,
        kind: row.get(3)?,
        title: row.get(4)?,
        date: index::date(row, 5)?,
        registered: index::date(row, 6)?,
        case_number: row.get(7)?,
        round: row.get(8)?,
        publicity: row.get(9)?,
        retention_ends: maybe_date(10)?,
        replaced_by: row.get(11)?,
        web_remove_on: maybe_date(12)?,
        web: row.get(13)?,
        web_withdrawn: row.get(14)?,
        secret_now: row.get(15)?,
    })
}

/// Read access to the registry, alongside a writer.
pub struct RegistryReader {
    index: Index,
    store: super::ocfl::Store,
}

impl RegistryReader {
    /// Opens the registry in a folder for reading.
    ///
    /// # Errors
    /// Fails if there is none, or it cannot be read.
    pub fn open(folder: &std::path::Path) -> Result<Self, RegistryError> {
        let path = folder.join(super::INDEX);
        // SQLite creates helper files next to an index that is only read, too
        crate::fs::refuse_links(folder, &path)?;
        let store = super::ocfl::Store::new(folder.join(super::ROOT), folder.join(super::STAGING));
        if crate::fs::stamp(&path)?.is_none() {
            let folder = folder.to_owned();
            return Err(match crate::fs::is_folder(store.root()) {
                true => RegistryError::NoIndex { folder },
                false => RegistryError::Absent { folder },
            });
        }
        Ok(Self { index: Index::open_read_only(&path)?, store })
    }

    /// A registry that there is not yet: nothing is in it.
    ///
    /// # Errors
    /// When SQLite cannot make an index in memory.
    pub fn empty(folder: &std::path::Path) -> Result<Self, RegistryError> {
        let store = super::ocfl::Store::new(folder.join(super::ROOT), folder.join(super::STAGING));
        Ok(Self { index: Index::empty(&folder.join(super::INDEX))?, store })
    }

    /// Whether there is an index in a folder: then it is that of a registry.
    pub fn has_index(folder: &std::path::Path) -> bool {
        matches!(crate::fs::stamp(&folder.join(super::INDEX)), Ok(Some(_)))
    }

    /// The index.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// The archived files.
    pub fn archive(&self) -> super::Archive<'_> {
        super::Archive { store: &self.store }
    }

    /// Every issued version, in the order of registration.
    ///
    /// # Errors
    /// Fails if the index cannot be read.
    pub fn all(&self) -> Result<Vec<super::Issue>, RegistryError> {
        Ok(self.index.all()?)
    }

    /// All versions of the document with this name or register number, ignoring case, the
    /// first one first.
    ///
    /// # Errors
    /// Fails if the index cannot be read.
    pub fn versions(&self, id: &str) -> Result<Vec<super::Issue>, RegistryError> {
        let own = self.index.versions(id)?;
        if !own.is_empty() {
            return Ok(own);
        }
        // names are lower case, and numbers match regardless of case
        let small = id.to_lowercase();
        let own = self.index.versions(&small)?;
        if !own.is_empty() {
            return Ok(own);
        }
        let issue = match self.index.by_number(id)? {
            None => match self.index.number_ignoring_case(id)? {
                Some(number) => self.index.by_number(&number)?,
                None => None,
            },
            found => found,
        };
        if let Some(issue) = issue {
            return Ok(self.index.versions(&issue.document)?);
        }
        // the id of a record stands for its document, if it has only one
        let documents = self.index.documents_of(&small)?;
        match documents.as_slice() {
            [only] => Ok(self.index.versions(only)?),
            _ => Ok(Vec::new()),
        }
    }
}

impl Registry {
    /// The index.
    pub fn index(&self) -> &Index {
        &self.index
    }
}
