//! Recognises record files by name, for the scan and the watcher. Folders of deleted
//! files are skipped in [`crate::fs::survey`].

use std::path::Path;

/// True for record files: `*.json`, except backups and temporary files.
pub fn is_record_file(path: &Path) -> bool {
    // the name of a record may not be UTF-8, as from an old archive
    let name = name_of(path);
    ends_with(name, b".json") && !is_temporary(name)
}

/// True for files that are probably records with a wrong name, such as
/// `session.json.txt`, which Windows shows as `session.json`.
pub fn resembles_record(path: &Path) -> bool {
    let name = name_of(path);
    !is_temporary(name) && !ends_with(name, b".json") && stem(name).is_some()
}

/// True for files that a scan reads or reports.
pub fn is_scanned(path: &Path) -> bool {
    is_record_file(path) || resembles_record(path)
}

/// True for text files and files without an extension: only their content shows whether
/// they are records.
pub fn may_be_record(path: &Path) -> bool {
    let name = name_of(path);
    let plain = match split(name) {
        Some((_, ending)) => is_plain(ending),
        None => !name.is_empty(),
    };
    plain && !is_temporary(name) && !is_scanned(path)
}

fn is_plain(ending: &[u8]) -> bool {
    ending.eq_ignore_ascii_case(b"txt") || ending.eq_ignore_ascii_case(b"text")
}

/// The correct name of a misnamed record file.
pub fn proper_name(path: &Path) -> String {
    let name = name_of(path);
    let plain = || split(name).filter(|(_, ending)| is_plain(ending)).map(|(front, _)| front);
    let stem = stem(name).or_else(plain).unwrap_or(name);
    let stem = String::from_utf8_lossy(stem).into_owned();
    format!("{}.json", stem.trim())
}

/// Extensions that programs append to `.json`.
const ADDED: &[&str] = &["txt", "text", "doc", "docx", "odt", "rtf", "htm", "html", "xml", "md"];

/// Mistyped or similar extensions.
const MISTYPED: &[&str] =
    &["jsn", "josn", "jsno", "jons", "jso", "jsom", "jason", "jsonn", "json5", "jsonc", "jsonl"];

/// The name without its wrong extension; `None` for a name that does not resemble that of
/// a record.
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

/// Splits a name at its last dot.
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
fn is_temporary(name: &[u8]) -> bool {
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
            assert!(!is_scanned(Path::new(name)), "{name}");
        }
    }

    #[test]
    fn misnamed_records_are_recognised() {
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
            assert!(!is_scanned(Path::new(name)), "{name}");
        }
    }
}
