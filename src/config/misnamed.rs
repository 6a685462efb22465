//! Settings files that were meant and are not there: under another name, or
//! empty. Knows names and sizes, and no setting.

use std::path::Path;

use super::{ConfigError, FILE};
use crate::fs;

/// Names with an ending that was mistyped.
const MISTYPED: [&str; 3] = ["kirjuri.tml", "kirjuri.tolm", "kirjuri.tom"];

/// How names of copies go on, as file managers make them.
const COPIES: [&str; 6] = [" (", " - kopio", " - kopia", " - copy", " kopio", " copy"];

/// Endings of settings that are there to be copied, not to be read.
const MODELS: [&str; 4] = [".example", ".sample", ".dist", ".malli"];

/// Makes sure that no file beside the place of the settings file was meant to be
/// it: without its `[registry]`, final documents would be made unregistered.
pub(super) fn none_near(place: &Path) -> Result<(), ConfigError> {
    let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty());
    let inside = fs::read_folder(folder.unwrap_or(Path::new(".")))?;
    let names = inside.iter().filter_map(|found| found.path.file_name());
    let mut names = names.map(|name| name.to_string_lossy().into_owned());
    match names.find(|name| is_near(name)) {
        Some(name) => Err(ConfigError::Misnamed { path: place.with_file_name(name) }),
        None => Ok(()),
    }
}

/// True for a text without any setting and any comment.
pub(super) fn is_empty(text: &str) -> bool {
    text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').is_empty()
}

/// True for `Kirjuri.toml`, `kirjuri.toml.txt`, `kirjuri (1).toml` and the like.
fn is_near(name: &str) -> bool {
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
    fn names_that_were_meant_to_be_that_of_the_settings_are_known() {
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
            assert!(is_near(name), "{name}");
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
            assert!(!is_near(name), "{name}");
        }
    }

    #[test]
    fn a_text_without_anything_is_empty() {
        assert!(is_empty("") && is_empty(" \r\n\n") && is_empty("\u{feff}\n"));
        assert!(!is_empty("# nothing is registered here\n") && !is_empty("workers = 1"));
    }
}
