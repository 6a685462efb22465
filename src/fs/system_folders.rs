//! Recognizes folders that operating systems, file servers and archivers create: recycle
//! bins, snapshots and thumbnails, never current files.

use std::path::Path;

use unicode_normalization::UnicodeNormalization;

/// Names of system folders, in lower case. Those that begin with a dot are skipped as
/// hidden folders.
const NAMES: &[&str] = &[
    // recycle bins: Windows in its languages, Samba, QNAP, Synology, macOS
    "$recycle.bin",
    "recycler",
    "recycled",
    "#recycle",
    "@recycle",
    "roskakori",
    "papperskorg",
    "papperskorgen",
    "recycle bin",
    "trash",
    "#trash",
    "network trash folder",
    // snapshots: NetApp, QNAP, Synology
    "~snapshot",
    "#snapshot",
    "@snapshot",
    "@recently-snapshot",
    "@sharesnap",
    // indexes, thumbnails and extended attributes
    "@eadir",
    "__macosx",
    "system volume information",
    "lost+found",
    // temporary files, and parts of programs
    "@tmp",
    "temporary items",
    "node_modules",
];

/// Prefixes of such names, in lower case: previous versions in Windows, and what it found
/// on a damaged disk.
const BEGINNINGS: &[&str] = &["@gmt-", "found.0"];

/// True for a system folder, regardless of letter case.
pub(super) fn is_system_folder(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.nfc().collect::<String>().to_lowercase();
    NAMES.contains(&name.as_str()) || BEGINNINGS.iter().any(|beginning| name.starts_with(beginning))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn system_folders_are_recognized() {
        for name in [
            "#recycle",
            "$RECYCLE.BIN",
            "~snapshot",
            "@eaDir",
            "__MACOSX",
            "System Volume Information",
            "lost+found",
            "@Recycle",
            "@Recently-Snapshot",
            "@GMT-2025.10.01-05.00.00",
            "RECYCLER",
            "FOUND.000",
            "Roskakori",
            "ROSKAKORI",
            "Papperskorg",
            "Papperskorgen",
            "Recycle Bin",
            "Trash",
            "@tmp",
            "#snapshot",
            "node_modules",
        ] {
            assert!(is_system_folder(Path::new(name)), "{name}");
        }
        for name in [
            "2025",
            "recycling",
            "Roskakorit",
            "Conflicts",
            "tmp",
            "found",
            "#2025",
            "$arkisto",
            "~vanhat",
            "@kunnat",
        ] {
            assert!(!is_system_folder(Path::new(name)), "{name}");
        }
    }
}
