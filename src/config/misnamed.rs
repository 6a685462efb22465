//! Detects settings files with the wrong name or without content. Looks at names and
//! sizes only.

use std::path::Path;

use super::{ConfigError, FILE};
use crate::fs;

/// Names with a mistyped extension.
const MISTYPED: [&str; 3] = ["kirjuri.tml", "kirjuri.tolm", "kirjuri.tom"];

/// Suffixes of copies made by file managers.
const COPIES: [&str; 6] = [" (", " - kopio", " - kopia", " - copy", " kopio", " copy"];

/// Suffixes of example files, which are not settings.
const MODELS: [&str; 4] = [".example", ".sample", ".dist", ".malli"];

/// Refuses to run without settings next to a file that looks like misnamed settings:
/// without their `[registry]`, final documents would be created unregistered.
pub(super) fn refuse_misnamed(place: &Path) -> Result<(), ConfigError> {
    let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty());
    let inside = fs::read_folder(folder.unwrap_or(Path::new(".")))?;
    let names = inside.iter().filter_map(|found| found.path.file_name());
    let mut names = names.map(|name| name.to_string_lossy().into_owned());
    match names.find(|name| is_misnamed(name)) {
        Some(name) => Err(ConfigError::Misnamed { path: place.with_file_name(name) }),
        None => Ok(()),
    }
}

/// True for a text without any setting or comment.
pub(super) fn is_empty(text: &str) -> bool {
    text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').is_empty()
}

/// True for `Kirjuri.toml`, `kirjuri.toml.txt`, `kirjuri (1).toml` and the like.
fn is_misnamed(name: &str) -> bool {
    let name = name.trim().to_lowercase();
    let copy = name.strip_prefix("kirjuri").and_then(|rest| rest.strip_suffix(".toml"));
    name.starts_with(FILE) && !MODELS.iter().any(|end| name.ends_with(end))
        || MISTYPED.contains(&name.as_str())
        || copy.is_some_and(|rest| COPIES.iter().any(|copy| rest.starts_with(copy)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misnamed_settings_files_are_recognised() {
        for name in [
            "Kirjuri.toml",
            "KIRJURI.TOML",
            "kirjuri.toml.txt",
            "kirjuri.toml.toml",
            "kirjuri.toml.bak",
            "kirjuri.toml~",
            "kirjuri.toml ",
            "kirjuri (1).toml",
            "kirjuri - Kopio.toml",
            "kirjuri.tml",
        ] {
            assert!(is_misnamed(name), "{name}");
        }
        for name in [
            "records",
            "kirjuri",
            "kirjuri.service",
            "kirjuri-test.toml",
            "kirjuri.toml.example",
            "kirjuri.txt",
            "Cargo.toml",
            ".kirjuri.toml.swp",
        ] {
            assert!(!is_misnamed(name), "{name}");
        }
    }

    #[test]
    fn a_text_without_anything_is_empty() {
        assert!(is_empty("") && is_empty(" \r\n\n") && is_empty("\u{feff}\n"));
        assert!(!is_empty("# nothing is registered here\n") && !is_empty("workers = 1"));
    }
}
