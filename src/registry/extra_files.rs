//! Checks the extra files in the registry's folder: `lost+found`, and indexes that
//! `recover` replaced. Nothing else may be there.

use std::collections::BTreeMap;
use std::path::Path;

use super::finding::{FindingKind, IntegrityFinding};
use super::index::{Index, IndexError};
use super::log::{Event, LogEntry};
use super::recover::{PARTS, REPLACED};
use super::{INDEX, OLD_INDEX, structure};
use crate::fs;
use crate::model::Digest;

/// Where a file system puts what it finds when it is repaired.
const LOST_AND_FOUND: &str = "lost+found";

/// Checks a `lost+found`: it belongs to the file system if the registry is on a disk of its
/// own, and is empty unless the disk was repaired.
pub(super) fn check_lost_and_found(folder: &Path, findings: &mut Vec<IntegrityFinding>) {
    let path = folder.join(LOST_AND_FOUND);
    // readable by its owner only, which is the system
    let own = fs::is_mounted(folder) && fs::is_owned_by_system(&path);
    match fs::read_folder(&path) {
        _ if !own => findings.push(IntegrityFinding::at(FindingKind::Stray, &path)),
        Ok(inside) => {
            findings.extend(
                inside.iter().map(|found| IntegrityFinding::at(FindingKind::Stray, &found.path)),
            );
        }
        Err(_) => {}
    }
}

/// Whether a folder has the name of a replaced index.
pub(super) fn is_replaced_index(name: &str) -> bool {
    number(name).is_some()
}

fn number(name: &str) -> Option<u32> {
    let number = name.strip_prefix(OLD_INDEX)?;
    // only one spelling is valid
    number.parse().ok().filter(|parsed: &u32| parsed.to_string() == number)
}

/// Checks the replaced indexes. The log names the files of each with their digests, except
/// of those that an earlier version of the program replaced: such an index must be intact,
/// and its log a prefix of this one.
pub(super) fn check_replaced_indexes(
    folder: &Path,
    rebuilt: &Index,
    findings: &mut Vec<IntegrityFinding>,
) -> Result<(), IndexError> {
    let listed_files = listed_files(rebuilt)?;
    let first = listed_files.keys().filter_map(|name| number(name)).min().unwrap_or(u32::MAX);
    let inside = fs::read_folder(folder).unwrap_or_default();
    for found in inside.iter().filter(|found| found.folder) {
        let name = found.path.file_name().unwrap_or_default().to_string_lossy();
        let Some(number) = number(&name) else { continue };
        match listed_files.get(&*name) {
            Some(files) => check_listed_files(&found.path, files, findings),
            // since the log names them, they are numbered consecutively
            None if number < first && is_earlier(&found.path, rebuilt) => {}
            None => findings.push(IntegrityFinding::at(FindingKind::Stray, &found.path)),
        }
    }
    Ok(())
}

/// The files of each folder with their digests, as the log has them.
fn listed_files(rebuilt: &Index) -> Result<BTreeMap<String, BTreeMap<String, String>>, IndexError> {
    let sql = format!("SELECT entry FROM log WHERE event = '{}'", Event::Recovered.as_str());
    let lines = rebuilt.query_texts(&sql)?;
    let entries = lines.iter().filter_map(|line| serde_json::from_str::<LogEntry>(line).ok());
    let named = entries.filter_map(|entry| {
        let mut detail = entry.detail;
        let folder = detail.remove(REPLACED)?;
        Some((folder, detail.into_iter().filter(|(name, _)| PARTS.contains(&&**name)).collect()))
    });
    Ok(named.collect())
}

/// Checks that the folder contains exactly these files, unchanged.
fn check_listed_files(
    folder: &Path,
    files: &BTreeMap<String, String>,
    findings: &mut Vec<IntegrityFinding>,
) {
    for found in fs::read_folder(folder).unwrap_or_default() {
        let name = found.path.file_name().unwrap_or_default().to_string_lossy();
        if !found.regular || !files.contains_key(&*name) {
            findings.push(IntegrityFinding::at(FindingKind::Stray, &found.path));
        }
    }
    for (name, digest) in files {
        let path = folder.join(name);
        match structure::read(&path, findings) {
            Some(bytes) if Digest::of(&bytes).as_str() != digest => {
                findings.push(IntegrityFinding::at(FindingKind::Damaged, &path));
            }
            _ => {}
        }
    }
}

/// Whether a folder contains nothing but an earlier state of this index.
fn is_earlier(folder: &Path, rebuilt: &Index) -> bool {
    let inside = fs::read_folder(folder).unwrap_or_default();
    let fits = |found: &fs::FolderItem| {
        let name = found.path.file_name().unwrap_or_default().to_string_lossy();
        let empty = || matches!(fs::stamp(&found.path), Ok(Some(stamp)) if stamp.size == 0);
        found.regular && (name == INDEX || (PARTS.contains(&&*name) && empty()))
    };
    inside.iter().all(fits)
        && Index::open_immutable(&folder.join(INDEX))
            .is_ok_and(|old| continues(&old, rebuilt).is_ok_and(|is| is))
}

/// Whether the log of an index continues in another, and both have the same schema.
fn continues(old: &Index, rebuilt: &Index) -> Result<bool, IndexError> {
    let head = old.head()?;
    let whole: String =
        old.sqlite(old.db().query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)))?;
    Ok(whole == "ok"
        && old.schema()? == rebuilt.schema()?
        && rebuilt.head_at(head.sequence)? == Some(head))
}
