//! Generated pages of the reference. Each page of `docs/reference/` has a part written by hand,
//! a marker line, and a part that is generated from the program.

mod commands;
mod records;
mod settings;

use std::path::PathBuf;

use kirjuri::bundle::Bundle;
use kirjuri::check::rules_markdown;
use kirjuri::locale::Locale;
use kirjuri::model::Language;

use crate::desk::home;

const MARKER: &str = "<!-- generated below this line; see tests/README.md -->";

#[test]
fn the_page_of_rules_is_generated_from_their_table() {
    let locale = Locale::load(&Bundle::built_in(), Language::En).unwrap();
    compare("rules.md", &rules_markdown(&locale));
}

fn path(page: &str) -> PathBuf {
    home().join("docs/reference").join(page)
}

/// Compares the generated part of a page, or writes it when `KIRJURI_WRITE_DOCS` is set.
fn compare(page: &str, generated: &str) {
    let now = std::fs::read_to_string(path(page)).unwrap_or_default();
    let by_hand = now.split(MARKER).next().unwrap().trim_end();
    let wanted = format!("{by_hand}\n\n{MARKER}\n\n{}\n", generated.trim_end());
    if std::env::var_os("KIRJURI_WRITE_DOCS").is_some() {
        std::fs::write(path(page), wanted).unwrap();
        return;
    }
    let changed = wanted.lines().find(|line| !now.lines().any(|now| now == *line));
    assert!(
        now == wanted,
        "docs/reference/{page} is out of date{}\n\
         KIRJURI_WRITE_DOCS=1 cargo test --release --test it -- reference:: writes it",
        changed.map_or_else(String::new, |line| format!(", for example:\n{line}"))
    );
}

/// A table in Markdown.
fn table<const N: usize>(
    columns: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let row = |cells: [String; N]| format!("| {} |\n", cells.join(" | "));
    let head = row(columns.map(str::to_owned)) + &row([(); N].map(|()| "---".to_owned()));
    let cell = |text: String| one_line(&text).replace('|', "\\|");
    head + &rows.into_iter().map(|cells| row(cells.map(cell))).collect::<String>()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn code(words: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let words = words.into_iter().map(|word| format!("`{}`", word.as_ref()));
    words.collect::<Vec<_>>().join(", ")
}
