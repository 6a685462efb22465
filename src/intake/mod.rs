//! Reads record files into a record set: lists the records folder, parses each file once
//! and reports the faults. Every id belongs to one file; other rules about several
//! records are checks.

mod decode;
mod diagnose;
mod file_names;
mod guess;
mod locate;
mod schema;
mod suggestions;
mod syntax;
mod unsupported_forms;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::fs::{self, EntryKind, FsError, Stamp};
use crate::model::guard::guarded;
use crate::model::{Id, Kind, Place, Problem, Record, RecordSet, Refused, Source};

pub use diagnose::{MOST as MOST_FAULTS, renamed_to};
pub use file_names::{is_record_file, is_scanned};
pub use guess::{date_in, language_in};
pub use locate::{Places, span_of};

/// Largest record file, in bytes.
pub const FILE_LIMIT: u64 = 4 * 1024 * 1024;

/// Result of a scan.
#[derive(Debug, Clone, Default)]
pub struct Intake {
    pub set: RecordSet,
    /// Problems of single files, and of ids that two files claim.
    pub problems: Vec<Problem>,
    /// Number of files that count as records.
    pub files: usize,
}

/// Results of the last scan, so that unchanged files are not read again.
#[derive(Debug, Default)]
pub struct Memory {
    files: BTreeMap<PathBuf, (Stamp, FileOutcome)>,
}

#[derive(Debug, Clone)]
enum FileOutcome {
    Record(Source),
    Refused(Refused, Vec<Problem>),
    /// Not a record, but worth a problem.
    Noted(Problem),
    /// Not a record.
    Ignored,
}

/// Reads every record under `root`. Files that did not change since the last scan with
/// `memory` are not read again.
///
/// # Errors
/// When the folder cannot be listed. A file that cannot be read, or a subfolder that
/// cannot be listed, is a problem, not an error.
pub fn scan(root: &Path, memory: &mut Memory) -> Result<Intake, FsError> {
    let wanted = |path: &Path| is_scanned(path) || file_names::may_be_record(path);
    let mut entries = fs::list_lenient(root, wanted)?;
    entries.retain(|entry| match entry.kind {
        EntryKind::Aside => fs::contains_any(&entry.path, is_scanned),
        EntryKind::Other => is_scanned(&entry.path),
        _ => true,
    });
    let mut files = BTreeMap::new();
    for entry in entries {
        let same = |stamp: &Stamp| *stamp == entry.stamp && *stamp != Stamp::NEVER;
        let known = memory.files.remove(&entry.path).filter(|(stamp, _)| same(stamp));
        let result = known.unwrap_or_else(|| {
            let outcome = match entry.kind {
                EntryKind::File if file_names::may_be_record(&entry.path) => {
                    check_content(&entry.path)
                }
                EntryKind::File if !is_record_file(&entry.path) => misnamed(&entry.path),
                EntryKind::File => read_file(&entry.path),
                EntryKind::FolderLink => unread(&entry.path, "folder-link"),
                EntryKind::ClosedFolder => closed(&entry.path),
                EntryKind::Aside => skipped_folder(&entry.path),
                EntryKind::Other => unread(&entry.path, "file-irregular"),
            };
            // an unreadable file may be readable next time
            let passing = |problem: &Problem| {
                problem.rule == "file-unreadable" || problem.rule == "folder-unreadable"
            };
            let again = matches!(&outcome, FileOutcome::Refused(_, all) if all.iter().any(passing));
            (if again { Stamp::NEVER } else { entry.stamp }, outcome)
        });
        files.insert(entry.path, result);
    }
    memory.files = files;
    Ok(collect(memory.files.values().map(|(_, outcome)| outcome)))
}

/// Reads these files only.
pub fn take_files(paths: &[PathBuf]) -> Intake {
    let outcomes: Vec<FileOutcome> = paths.iter().map(|path| read_file(path)).collect();
    collect(outcomes.iter())
}

/// Parses a record from the bytes of the file `path`.
///
/// # Errors
/// All faults, in text order.
pub fn parse(path: &Path, bytes: &[u8]) -> Result<Source, Vec<Problem>> {
    let text = decode::decode(path, bytes).map_err(|problem| vec![*problem])?;
    match Record::read(&text) {
        Ok(read) => {
            // serde refuses repeated fields, but a JSON value loses them
            if read.taken_apart && !Places::of(&text).repeated_names().is_empty() {
                return Err(diagnose::repeated(path, &text));
            }
            let too_long = diagnose::too_long(path, &text);
            if !too_long.is_empty() {
                return Err(too_long);
            }
            let translations = read.others.into_iter().map(Arc::new).collect();
            Ok(Source { file: path.to_owned(), text, record: Arc::new(read.own), translations })
        }
        Err(error) => Err(diagnose::diagnose(path, &text, &error)),
    }
}

/// An entry that may be a record but is not read.
fn unread(path: &Path, rule: &'static str) -> FileOutcome {
    let place = Place { file: path.to_owned(), ..Place::default() };
    let refused = Refused { file: path.to_owned(), ..Refused::default() };
    FileOutcome::Refused(refused, vec![Problem::error(rule, place)])
}

/// A file that is not read because of its name.
fn misnamed(path: &Path) -> FileOutcome {
    let place = Place { file: path.to_owned(), ..Place::default() };
    let problem = Problem::warning("file-misnamed", place);
    FileOutcome::Noted(problem.with("name", file_names::proper_name(path)))
}

/// A file without the name of a record, whose content may be one.
fn check_content(path: &Path) -> FileOutcome {
    let is_record = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        let object = text.trim_start_matches('\u{FEFF}').trim_start().starts_with('{');
        object && guess(path, bytes).kind.is_some()
    };
    match fs::read(path, FILE_LIMIT) {
        Ok(Some(bytes)) if is_record(&bytes) => misnamed(path),
        _ => FileOutcome::Ignored,
    }
}

/// A recycle bin or similar folder that contains possible records.
fn skipped_folder(path: &Path) -> FileOutcome {
    let place = Place { file: path.to_owned(), ..Place::default() };
    FileOutcome::Noted(Problem::hint("folder-passed-over", place))
}

/// A folder that cannot be listed and may contain any records.
fn closed(path: &Path) -> FileOutcome {
    let place = Place { file: path.to_owned(), ..Place::default() };
    // when it can be listed by now, the next scan reads it
    let cause =
        fs::list_failure(path).map_or_else(String::new, |failure| failure.source.to_string());
    let problem = Problem::error("folder-unreadable", place).with("cause", cause);
    FileOutcome::Refused(Refused { file: path.to_owned(), ..Refused::default() }, vec![problem])
}

fn read_file(path: &Path) -> FileOutcome {
    let place = || Place { file: path.to_owned(), ..Place::default() };
    let unreadable = |problem| {
        let refused = Refused { file: path.to_owned(), ..Refused::default() };
        FileOutcome::Refused(refused, vec![problem])
    };
    let bytes = match fs::read(path, FILE_LIMIT) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => {
            let limit = FILE_LIMIT / 1024 / 1024;
            return unreadable(Problem::error("file-too-large", place()).with("limit", limit));
        }
        Err(failure) => {
            return unreadable(
                Problem::error("file-unreadable", place()).with("cause", failure.source),
            );
        }
    };
    match guarded(|| parse(path, &bytes)) {
        Ok(Ok(source)) => FileOutcome::Record(source),
        Ok(Err(problems)) => FileOutcome::Refused(guess(path, &bytes), problems),
        Err(cause) => {
            let problem = Problem::error("rule-failed", place()).with("rules", "intake");
            FileOutcome::Refused(guess(path, &bytes), vec![problem.with("cause", cause)])
        }
    }
}

/// Collects the results; an id that two files claim refuses both.
fn collect<'a>(outcomes: impl Iterator<Item = &'a FileOutcome>) -> Intake {
    let (mut files, mut problems, mut refused) = (0, Vec::new(), Vec::new());
    let mut by_id: BTreeMap<Id, Vec<Source>> = BTreeMap::new();
    for outcome in outcomes {
        files += usize::from(!matches!(outcome, FileOutcome::Noted(_) | FileOutcome::Ignored));
        match outcome {
            FileOutcome::Ignored => {}
            FileOutcome::Noted(problem) => problems.push(problem.clone()),
            FileOutcome::Record(source) => {
                by_id.entry(source.record.id().clone()).or_default().push(source.clone());
            }
            FileOutcome::Refused(file, found) => {
                refused.push(file.clone());
                problems.extend(found.iter().cloned());
            }
        }
    }
    let mut records = Vec::new();
    for (id, mut sources) in by_id {
        if sources.len() == 1 {
            records.append(&mut sources);
            continue;
        }
        for source in &sources {
            problems.push(claimed_twice(&id, source, &sources));
            let (file, kind) = (source.file.clone(), Some(source.record.kind()));
            refused.push(Refused { file, id: Some(id.clone()), kind, round: None });
        }
    }
    Intake { set: RecordSet::new(records, refused), problems, files }
}

fn claimed_twice(id: &Id, source: &Source, all: &[Source]) -> Problem {
    let others: Vec<String> = all
        .iter()
        .filter(|other| other.file != source.file)
        .map(|other| format!("`{}`", other.file.display()))
        .collect();
    let place = Place {
        file: source.file.clone(),
        field: "id".into(),
        span: span_of(&source.text, "id"),
        text: Some(source.text.clone()),
        ..Place::default()
    };
    Problem::error("id-twice", place).with("id", id).with("other", others.join(", "))
}

/// Guesses id, kind and round of a refused file from its text, without parsing, because
/// the text may be truncated.
fn guess(path: &Path, bytes: &[u8]) -> Refused {
    let text = String::from_utf8_lossy(bytes);
    let value_of = |name: &str| {
        // the name may first occur as a value, as in `"kind": "round"`
        let quoted = format!("\"{name}\"");
        text.match_indices(&quoted).find_map(|(at, _)| {
            let rest = text[at + quoted.len()..].trim_start().strip_prefix(':')?;
            Some(rest.trim_start().strip_prefix('"')?.split('"').next()?.to_owned())
        })
    };
    let id_of = |name: &str| Id::parse(&value_of(name)?);
    let kind = value_of("kind").and_then(|word| Kind::ALL.into_iter().find(|k| k.as_str() == word));
    Refused { file: path.to_owned(), id: id_of("id"), kind, round: id_of("round") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deleted_files_and_other_files_are_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "{").unwrap();
        };
        for name in [
            "#recycle",
            "$RECYCLE.BIN/S-1-5-21",
            "~snapshot/daily.0",
            "2025/@eaDir/x",
            "__MACOSX",
            ".snapshot",
            ".snapshots/1",
            ".Trash-1000/files",
            "System Volume Information",
            "lost+found",
            "@Recycle",
            "@Recently-Snapshot/a",
            ".zfs/snapshot",
            "Roskakori",
            "Papperskorgen/2025",
            ".stversions",
            ".git/objects",
            "2025/node_modules/x",
        ] {
            put(&format!("{name}/deleted.json"));
        }
        for name in ["~$a.json", ".~lock.a.json#", "._a.json", "2025/a.json", "a.json.txt"] {
            put(name);
        }
        // a recycle bin without records is not reported
        put("trash/picture.png");
        put("README");
        for name in ["b", "c.txt"] {
            std::fs::write(folder.path().join(name), "\u{FEFF}{ \"kind\": \"round\"").unwrap();
        }
        let intake = scan(folder.path(), &mut Memory::default()).unwrap();
        let found: Vec<(String, &str)> = intake
            .problems
            .iter()
            .map(|problem| {
                let name = problem.place.file.strip_prefix(folder.path()).unwrap();
                (name.display().to_string(), problem.rule)
            })
            .collect();
        let found: Vec<(&str, &str)> = found.iter().map(|(file, rule)| (&**file, *rule)).collect();
        let (bins, found): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|(_, rule)| *rule == "folder-passed-over");
        let misnamed = ["a.json.txt", "b", "c.txt"].map(|name| (name, "file-misnamed"));
        assert_eq!(found, [[("2025/a.json", "json-cut")].as_slice(), misnamed.as_slice()].concat());
        let mut bins: Vec<&str> = bins.into_iter().map(|(folder, _)| folder).collect();
        bins.sort_unstable();
        assert_eq!(
            bins,
            [
                "#recycle",
                "$RECYCLE.BIN",
                ".Trash-1000",
                ".git",
                ".snapshot",
                ".snapshots",
                ".stversions",
                ".zfs",
                "2025/@eaDir",
                "2025/node_modules",
                "@Recently-Snapshot",
                "@Recycle",
                "Papperskorgen",
                "Roskakori",
                "System Volume Information",
                "__MACOSX",
                "lost+found",
                "~snapshot",
            ]
        );
        assert_eq!(intake.files, 1, "other files are not counted");
        assert_eq!(intake.set.refused().len(), 1, "other files are not refused");
    }
}
