//! Generated pages of the handbook are up to date. `KIRJURI_WRITE_DOCS=1` regenerates
//! them.

use kirjuri::bundle::Bundle;
use kirjuri::check::rules_markdown;
use kirjuri::locale::Locale;
use kirjuri::model::Language;

use crate::desk::home;

/// Text after this line is generated; text before it is written by hand.
const GENERATED: &str = "<!-- generated from the table of rules; see tests/it/reference.rs -->\n";

#[test]
fn the_page_of_rules_is_that_of_the_table() {
    let path = home().join("docs/reference/rules.md");
    let page = std::fs::read_to_string(&path).unwrap_or_default();
    let written = page.split_once(GENERATED).map_or(page.as_str(), |(written, _)| written);
    let locale = Locale::load(&Bundle::built_in(), Language::En).unwrap();
    let wanted =
        format!("{}\n\n{GENERATED}\n{}\n", written.trim_end(), rules_markdown(&locale).trim_end());
    if std::env::var_os("KIRJURI_WRITE_DOCS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, wanted).unwrap();
        return;
    }
    assert_eq!(page, wanted, "KIRJURI_WRITE_DOCS=1 writes the page anew");
}
