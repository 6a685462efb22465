//! Which names stand for records: the one list that the scan and the watcher
//! use. Folders in which a system or a disk keeps what was deleted are left out
//! in [`crate::fs::list_lenient`]. Knows no content.

use std::path::Path;

/// True for the files that are records: `*.json`, no backups or temporaries.
pub fn is_record_file(path: &Path) -> bool {
    // a name that is not UTF-8, as from an old archive, must not hide a record
    let name = name_of(path);
    ends_with(name, b".json") && !is_set_aside(name)
}

/// True for files that are no records and were probably meant to be: a name
/// such as `session.json.txt`, which Windows shows as `session.json`.
pub fn resembles_record(path: &Path) -> bool {
    let name = name_of(path);
    !is_set_aside(name) && !ends_with(name, b".json") && stem(name).is_some()
}

/// True for the files that the intake says something of.
pub fn is_looked_at(path: &Path) -> bool {
    is_record_file(path) || resembles_record(path)
}

/// True for files without an ending, or with that of a plain text: only what is
/// in them tells whether they were meant to be records.
pub fn may_be_record(path: &Path) -> bool {
    let name = name_of(path);
    let plain = match split(name) {
        Some((_, ending)) => is_plain(ending),
        None => !name.is_empty(),
    };
    plain && !is_set_aside(name) && !is_looked_at(path)
}

fn is_plain(ending: &[u8]) -> bool {
    ending.eq_ignore_ascii_case(b"txt") || ending.eq_ignore_ascii_case(b"text")
}

/// The name that the file of a record should have instead.
pub fn proper_name(path: &Path) -> String {
    let name = name_of(path);
    let plain = || split(name).filter(|(_, ending)| is_plain(ending)).map(|(front, _)| front);
    let stem = stem(name).or_else(plain).unwrap_or(name);
    let stem = String::from_utf8_lossy(stem).into_owned();
    format!("{}.json", stem.trim())
}

/// What programs add behind `.json`.
const ADDED: &[&str] = &["txt", "text", "doc", "docx", "odt", "rtf", "htm", "html", "xml", "md"];

/// Endings that `.json` is mistyped or mistaken for.
const MISTYPED: &[&str] =
    &["jsn", "josn", "jsno", "jons", "jso", "jsom", "jason", "jsonn", "json5", "jsonc", "jsonl"];

/// The name without the ending that should be `.json`; `None` for a name that
/// resembles no record's.
fn stem(name: &[u8]) -> Option<&[u8]> {
    // "x.json " and "x.json." come from other systems
    let trimmed = name.trim_ascii_end();
    let trimmed = trimmed.strip_suffix(b".").unwrap_or(trimmed);
    let (front, ending) = split(trimmed)?;
    let is_one_of =
        |list: &[&str]| list.iter().any(|one| ending.eq_ignore_ascii_case(one.as_bytes()));
    if trimmed.len() < name.len() && ending.eq_ignore_ascii_case(b"json") {
        return Some(front);
    }
    if is_one_of(MISTYPED) {
        return Some(front);
    }
    if is_one_of(ADDED) && ends_with(front, b".json") {
        return Some(&front[..front.len() - b".json".len()]);
    }
    None
}

/// A name in front of its last dot and behind it.
fn split(name: &[u8]) -> Option<(&[u8], &[u8])> {
    let dot = name.iter().rposition(|byte| *byte == b'.').filter(|dot| *dot > 0)?;
    Some((&name[..dot], &name[dot + 1..]))
}

fn name_of(path: &Path) -> &[u8] {
    path.file_name().map(|name| name.as_encoded_bytes()).unwrap_or_default()
}

fn ends_with(name: &[u8], ending: &[u8]) -> bool {
    let start = name.len().checked_sub(ending.len());
    start.is_some_and(|start| name[start..].eq_ignore_ascii_case(ending))
}

/// Hidden files, lock files of office programs (`~$x`, `.~lock.x#`), backups and
/// autosaves (`~x`, `#x#`).
fn is_set_aside(name: &[u8]) -> bool {
    matches!(name.first(), Some(b'.' | b'~' | b'#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_end_with_json() {
        for name in ["a.json", "A.JSON", "joutsa (1).json", "ä.json", "x - Kopio.json"] {
            assert!(is_record_file(Path::new(name)), "{name}");
            assert!(!resembles_record(Path::new(name)), "{name}");
        }
        for name in [
            ".a.json",
            "~$a.json",
            "~a.json",
            "#a.json#",
            ".~lock.a.json#",
            "a.json~",
            "a.json.bak",
            "a.json.tmp",
            "a.json.part",
            "json",
            ".json",
            "a.pdf",
            "readme.txt",
            "a.docx",
        ] {
            assert!(!is_looked_at(Path::new(name)), "{name}");
        }
    }

    #[test]
    fn what_was_meant_to_be_a_record_is_told() {
        for (name, proper) in [
            ("joutsa.json.txt", "joutsa.json"),
            ("Joutsa.JSON.TXT", "Joutsa.json"),
            ("joutsa.json.docx", "joutsa.json"),
            ("joutsa.jsn", "joutsa.json"),
            ("joutsa.josn", "joutsa.json"),
            ("joutsa.json5", "joutsa.json"),
            ("joutsa.json ", "joutsa.json"),
            ("joutsa.json.", "joutsa.json"),
        ] {
            assert!(resembles_record(Path::new(name)), "{name}");
            assert!(!is_record_file(Path::new(name)), "{name}");
            assert_eq!(proper_name(Path::new(name)), proper);
        }
        for (name, proper) in [("joutsa", "joutsa.json"), ("joutsa.TXT", "joutsa.json")] {
            assert!(may_be_record(Path::new(name)), "{name}");
            assert_eq!(proper_name(Path::new(name)), proper);
        }
        for name in ["a.json", "a.json.txt", "a.jsn", "a.pdf", ".a", "~a.txt", "a.json.bak"] {
            assert!(!may_be_record(Path::new(name)), "{name}");
        }
        for name in ["~$joutsa.json.txt", ".joutsa.jsn"] {
            assert!(!is_looked_at(Path::new(name)), "{name}");
        }
    }
}
