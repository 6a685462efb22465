//! Forges the index: removes and restores triggers, and adjusts the seal.

use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::chance::Chance;
use crate::objects::sha256;

/// Tables of the index.
const TABLES: [&str; 9] =
    ["log", "reservation", "open", "void", "issue", "web", "place", "template_set", "archived"];

const INDEX: &str = "registry.sqlite3";

/// Number of attempts for an edit that the tables reject.
const TRIES: usize = 60;

/// Edits the index; the tables and triggers are the same afterwards.
pub fn edit<T>(registry: &Path, work: impl FnOnce(&Connection) -> T) -> T {
    let db = Connection::open(registry.join(INDEX)).unwrap();
    db.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    let triggers = triggers(&db);
    for (name, _) in &triggers {
        db.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
    }
    let value = work(&db);
    for (_, sql) in &triggers {
        db.execute_batch(sql).unwrap();
    }
    db.close().map_err(|(_, error)| error).unwrap();
    seal(registry);
    value
}

fn triggers(db: &Connection) -> Vec<(String, String)> {
    let sql = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY rowid";
    let mut statement = db.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.collect::<rusqlite::Result<_>>().unwrap()
}

/// Adjusts the seal to the index.
pub fn seal(registry: &Path) {
    let digest = sha256(&std::fs::read(registry.join(INDEX)).unwrap());
    std::fs::write(registry.join("registry.sqlite3.sha256"), format!("{digest}  {INDEX}\n"))
        .unwrap();
}

/// A column of a table.
struct Column {
    name: String,
    integer: bool,
}

fn columns(db: &Connection, table: &str) -> Vec<Column> {
    let mut statement =
        db.prepare("SELECT name, type FROM pragma_table_info(?) ORDER BY cid").unwrap();
    let read = |row: &rusqlite::Row<'_>| {
        Ok(Column { name: row.get(0)?, integer: row.get::<_, String>(1)? == "INTEGER" })
    };
    let rows = statement.query_map([table], read).unwrap();
    rows.collect::<rusqlite::Result<_>>().unwrap()
}

type Row = Vec<Value>;

fn rows(db: &Connection, table: &str) -> Vec<Row> {
    let mut statement = db.prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2")).or_else(|_| {
        // a table with one column
        db.prepare(&format!("SELECT * FROM {table} ORDER BY 1"))
    });
    let statement = statement.as_mut().unwrap();
    let count = statement.column_count();
    let rows = statement.query_map([], |row| (0..count).map(|column| row.get(column)).collect());
    rows.unwrap().collect::<rusqlite::Result<_>>().unwrap()
}

/// All rows of a table, in any order.
fn dump(db: &Connection, table: &str) -> Vec<String> {
    let mut all: Vec<String> = rows(db, table).iter().map(|row| format!("{row:?}")).collect();
    all.sort();
    all
}

/// A condition that selects one row.
fn is_this(columns: &[Column]) -> String {
    let parts: Vec<String> = columns.iter().map(|column| format!("{} IS ?", column.name)).collect();
    parts.join(" AND ")
}

fn set(
    db: &Connection,
    table: &str,
    columns: &[Column],
    row: &Row,
    (column, value): (usize, &Value),
) -> rusqlite::Result<()> {
    let name = &columns[column].name;
    let sql = format!("UPDATE {table} SET {name} = ? WHERE {}", is_this(columns));
    let values = std::iter::once(value).chain(row);
    assert_eq!(db.execute(&sql, params_from_iter(values))?, 1, "{table}");
    Ok(())
}

/// A non-empty table, its columns and rows.
fn some_table(db: &Connection, chance: &mut Chance) -> (&'static str, Vec<Column>, Vec<Row>) {
    loop {
        let table = *chance.pick(&TABLES);
        let rows = rows(db, table);
        if !rows.is_empty() {
            return (table, columns(db, table), rows);
        }
    }
}

/// Tries variants of an edit until one changes the content of a table.
fn until_changed(
    db: &Connection,
    chance: &mut Chance,
    mut work: impl FnMut(&mut Chance) -> Option<(&'static str, String)>,
) -> Option<String> {
    let before: Vec<Vec<String>> = TABLES.iter().map(|table| dump(db, table)).collect();
    for _ in 0..TRIES {
        db.execute_batch("SAVEPOINT edit").unwrap();
        let done = work(chance);
        let changed = TABLES.iter().zip(&before).any(|(table, old)| dump(db, table) != *old);
        if let (Some((table, what)), true) = (done, changed) {
            db.execute_batch("RELEASE edit").unwrap();
            return Some(format!("{table}: {what}"));
        }
        db.execute_batch("ROLLBACK TO edit; RELEASE edit").unwrap();
    }
    None
}

/// Another value of the same type.
fn other(value: &Value, column: &Column, chance: &mut Chance) -> Value {
    match value {
        Value::Integer(number) => Value::Integer(number + 1 + chance.below(3) as i64),
        Value::Text(text) => match chance.below(4) {
            0 => Value::Text(String::new()),
            1 => Value::Text(format!("{text} ")),
            2 => Value::Text(format!("x{text}")),
            _ => Value::Null,
        },
        _ if column.integer => Value::Integer(1),
        _ => Value::Text("x".into()),
    }
}

/// Changes one value of one row.
pub fn update(db: &Connection, chance: &mut Chance) -> Option<String> {
    until_changed(db, chance, |chance| {
        let (table, columns, rows) = some_table(db, chance);
        let (row, at) = (chance.pick(&rows), chance.below(columns.len()));
        let value = other(&row[at], &columns[at], chance);
        set(db, table, &columns, row, (at, &value)).ok()?;
        Some((table, format!("{} of {row:?} becomes {value:?}", columns[at].name)))
    })
}

/// Deletes a row.
pub fn delete(db: &Connection, chance: &mut Chance) -> Option<String> {
    until_changed(db, chance, |chance| {
        let (table, columns, rows) = some_table(db, chance);
        let row = chance.pick(&rows);
        let sql = format!("DELETE FROM {table} WHERE {}", is_this(&columns));
        db.execute(&sql, params_from_iter(row)).ok()?;
        Some((table, format!("without {row:?}")))
    })
}

/// Swaps one value of two rows.
pub fn swap(db: &Connection, chance: &mut Chance) -> Option<String> {
    until_changed(db, chance, |chance| {
        let (table, columns, rows) = some_table(db, chance);
        let (first, second) = (chance.pick(&rows).clone(), chance.pick(&rows).clone());
        let at = chance.below(columns.len());
        let between = match columns[at].integer {
            true => Value::Integer(-1),
            false => Value::Text("between".into()),
        };
        let mut moved = first.clone();
        moved[at] = between.clone();
        set(db, table, &columns, &first, (at, &between)).ok()?;
        (first != second).then_some(())?;
        set(db, table, &columns, &second, (at, &first[at])).ok()?;
        set(db, table, &columns, &moved, (at, &second[at])).ok()?;
        Some((table, format!("{} of {first:?} and {second:?} swapped", columns[at].name)))
    })
}

/// Adds a copy of a row with changes.
pub fn insert(db: &Connection, chance: &mut Chance) -> Option<String> {
    until_changed(db, chance, |chance| {
        let (table, columns, rows) = some_table(db, chance);
        let like = chance.pick(&rows);
        let forged: Row = (0..columns.len())
            .map(|at| match &like[at] {
                Value::Text(text) => Value::Text(format!("{text}{}", chance.below(10))),
                Value::Integer(_) => {
                    let most = rows.iter().filter_map(|row| match row[at] {
                        Value::Integer(number) => Some(number),
                        _ => None,
                    });
                    Value::Integer(most.max().unwrap_or_default() + 1)
                }
                other => other.clone(),
            })
            .collect();
        let marks = vec!["?"; columns.len()].join(", ");
        let sql = format!("INSERT INTO {table} VALUES ({marks})");
        db.execute(&sql, params_from_iter(&forged)).ok()?;
        Some((table, format!("with {forged:?}")))
    })
}
