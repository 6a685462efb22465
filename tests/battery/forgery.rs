//! Consistent forgeries: the index adjusted to the files, the log chain rewritten.

use std::collections::BTreeMap;
use std::path::Path;

use kirjuri::registry::log::{self, Event, LogEntry, LogHead};
use rusqlite::{Connection, OpenFlags, params};

use crate::database;
use crate::objects::{self, Object, pretty, sha256};

const METADATA: &str = "metadata.json";

/// Adjusts the index to the files, apart from the log.
pub fn tell_index(registry: &Path) {
    let documents = objects::documents(registry);
    database::edit(registry, |db| documents.iter().for_each(|object| tell(db, object)));
}

fn tell(db: &Connection, object: &Object) {
    for version in 1..=object.versions() {
        let Some(path) = object.place(version, METADATA) else { continue };
        let bytes = object.bytes(&path);
        let Ok(metadata) = serde_json::from_slice::<serde_json::Value>(&bytes) else { continue };
        let pdf = |copy: &str| {
            let renditions = metadata["renditions"].as_array().unwrap().iter();
            let found = renditions.into_iter().find(|one| one["copy"] == copy);
            found.and_then(|one| one["digest"].as_str()).unwrap_or_default().to_owned()
        };
        for (table, copy) in [("issue", "archive"), ("web", "web")] {
            let sql = format!(
                "UPDATE {table} SET inventory = ?, metadata = ?, pdf = ?
                 WHERE number = ? AND object_version = ?"
            );
            let number = metadata["number"].as_str();
            let (inventory, digest) = (object.inventory_digest(version), sha256(&bytes));
            db.execute(&sql, params![inventory, digest, pdf(copy), number, version]).unwrap();
        }
    }
}

/// Replaces a file of a document, and adjusts every sidecar of the object.
pub fn replace_and_say(object: &mut Object, content: &str, bytes: &[u8]) {
    object.replace(content, bytes);
    let digest = sha256(bytes);
    for version in 1..=object.versions() {
        let path = object.place(version, METADATA).unwrap();
        let mut metadata: serde_json::Value = serde_json::from_slice(&object.bytes(&path)).unwrap();
        for list in ["renditions", "files"] {
            for one in metadata[list].as_array_mut().unwrap() {
                let file = one["file"].as_str().unwrap().to_owned();
                if object.place(version, &file).as_deref() == Some(content) {
                    one["digest"] = digest.clone().into();
                    one["bytes"] = bytes.len().into();
                }
            }
        }
        object.replace(&path, &pretty(&metadata));
    }
    object.save();
}

/// Changes log entries, and rewrites the chain in the index only.
pub fn rewrite_index_log(registry: &Path, change: impl FnMut(&mut LogEntry)) {
    let entries = rewritten(&entries(registry), change);
    database::edit(registry, |db| write_log(db, &entries));
}

/// Changes log entries, and rewrites the chain in the index and the files: undetectable
/// without other data.
pub fn rewrite_everything(registry: &Path, change: impl FnMut(&mut LogEntry)) {
    let entries = rewritten(&entries(registry), change);
    for mut object in objects::all(registry) {
        let mut changed = false;
        for version in 1..=object.versions() {
            let Some(path) = object.place(version, log::FILE) else { continue };
            let own = log::read(&object.bytes(&path)).unwrap();
            let new: Vec<LogEntry> =
                own.iter().map(|entry| entries[&entry.sequence].clone()).collect();
            if own != new {
                object.replace(&path, log::lines(&new).as_bytes());
                changed = true;
            }
        }
        if changed {
            object.save();
        }
    }
    database::edit(registry, |db| write_log(db, &entries));
    tell_index(registry);
    if let Some((sequence, last)) = entries.last_key_value() {
        let line = format!("{sequence} {}\n", last.digest);
        std::fs::write(registry.join("registry.head"), line).unwrap();
    }
}

/// The log in the index.
pub fn entries(registry: &Path) -> Vec<LogEntry> {
    let path = registry.join("registry.sqlite3");
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let mut statement = db.prepare("SELECT entry FROM log ORDER BY sequence").unwrap();
    let lines = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
    lines.map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect()
}

fn rewritten(
    entries: &[LogEntry],
    mut change: impl FnMut(&mut LogEntry),
) -> BTreeMap<u64, LogEntry> {
    let mut head = LogHead::none();
    let chain = entries.iter().map(|old| {
        let mut entry = old.clone();
        change(&mut entry);
        entry.previous = head.digest.clone();
        entry.digest = entry.own_digest();
        head = entry.head();
        (entry.sequence, entry)
    });
    chain.collect()
}

fn write_log(db: &Connection, entries: &BTreeMap<u64, LogEntry>) {
    for (sequence, entry) in entries {
        let json = serde_json::to_string(entry).unwrap();
        let sql = "UPDATE log SET digest = ?, entry = ? WHERE sequence = ?";
        db.execute(sql, params![entry.digest.as_str(), json, sequence]).unwrap();
    }
}

/// Adjusts the registration entries of a document to its sidecars.
pub fn register_anew(object: &Object) -> impl FnMut(&mut LogEntry) {
    let mut said: BTreeMap<(String, bool), (String, String)> = BTreeMap::new();
    for version in 1..=object.versions() {
        let bytes = object.bytes(&object.place(version, METADATA).unwrap());
        let metadata: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        let number = metadata["number"].as_str().unwrap().to_owned();
        let web = said.contains_key(&(number.clone(), false));
        let copy = if web { "web" } else { "archive" };
        let mut renditions = metadata["renditions"].as_array().unwrap().iter();
        let pdf = renditions.find(|one| one["copy"] == copy).unwrap()["digest"].as_str().unwrap();
        said.insert((number, web), (sha256(&bytes), pdf.to_owned()));
    }
    move |entry| {
        let key = (entry.number.clone().unwrap_or_default(), entry.detail.contains_key("copy"));
        if let (Event::Registered, Some((metadata, pdf))) = (entry.event, said.get(&key)) {
            entry.detail.insert("metadata".into(), metadata.clone());
            entry.detail.insert("pdf".into(), pdf.clone());
        }
    }
}
