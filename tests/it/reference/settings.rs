//! The page of settings is written by hand: it has every key that `kirjuri.toml` may have, no
//! other, and the right defaults.

use std::collections::BTreeSet;

use kirjuri::config::{self, ConfigError, Overrides, Settings};

use super::path;
use crate::desk::Desk;

/// Kinds of documents; their keys are those of `registry.all`.
const KINDS: [&str; 6] = ["memo", "proposal", "extract", "summary", "plan", "measures"];

/// The least that lets every default be written.
const REGISTRY: &str = r#"
registry.number = "{year}-{number}"
registry.checker = "Registry office"
registry.all.retention.years = 10
registry.all.retention.reason = "plan"
"#;
const OFFICE: &str = r#"
[[check.office]]
title = "director"
name = "Ada"
"#;

/// The rows of the page's tables: keys, and what stands in the column of defaults.
fn rows() -> Vec<(Vec<String>, String)> {
    let page = std::fs::read_to_string(path("settings.md")).unwrap();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
    let rows = rows.map(|row| {
        let mut cells = row.split(" | ");
        let keys = cells.next().unwrap().split('`').step_by(2).filter(|key| !key.is_empty());
        (keys.map(str::to_owned).collect(), cells.next().unwrap().to_owned())
    });
    rows.collect()
}

fn resolve(desk: &Desk, settings: &str) -> Result<Settings, ConfigError> {
    desk.write("kirjuri.toml", settings);
    let config = Some(desk.path("kirjuri.toml"));
    config::resolve(&Overrides { config, ..Overrides::default() })
}

/// The keys below a table, as the message about an unknown key names them; none below a value.
fn below(desk: &Desk, table: &str) -> Vec<String> {
    let heads = match table {
        "" => vec![String::new()],
        table => vec![format!("[{table}]\n"), format!("[[{table}]]\n")],
    };
    let expected = |head: String| match resolve(desk, &format!("{head}no-such-key = 1\n")) {
        Err(ConfigError::Toml { error, .. }) => {
            let message = error.message().strip_prefix("unknown field `no-such-key`, ")?;
            Some(message.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>())
        }
        _ => None,
    };
    let keys = heads.into_iter().find_map(expected).unwrap_or_default();
    let full = |key| if table.is_empty() { key } else { format!("{table}.{key}") };
    keys.into_iter().map(full).collect()
}

/// Every key that has a value of its own.
fn keys(desk: &Desk, table: &str) -> BTreeSet<String> {
    let below = below(desk, table);
    if below.is_empty() {
        return BTreeSet::from([table.to_owned()]);
    }
    below.iter().flat_map(|key| keys(desk, key)).collect()
}

#[test]
fn the_page_of_settings_has_every_key_and_no_other() {
    let desk = Desk::empty();
    let mut known = keys(&desk, "");
    assert!(known.len() > 40, "{known:?}");
    for kind in KINDS.map(|kind| format!("registry.{kind}")) {
        let (own, others) = known.into_iter().partition(|key| key.starts_with(&format!("{kind}.")));
        known = others;
        let all = known.iter().filter_map(|key| key.strip_prefix("registry.all"));
        let all: BTreeSet<String> = all.map(|key| format!("{kind}{key}")).collect();
        assert_eq!(all, own);
        known.insert(kind);
    }
    let named: Vec<String> = rows().into_iter().flat_map(|(keys, _)| keys).collect();
    assert_eq!(named.iter().cloned().collect::<BTreeSet<_>>(), known);
    assert_eq!(named.len(), known.len(), "a key stands in two rows");
}

#[test]
fn the_page_of_settings_has_the_right_defaults() {
    let desk = Desk::empty();
    let (mut settings, mut office) = (REGISTRY.to_owned(), OFFICE.to_owned());
    let mut written = 0;
    for (keys, default) in rows() {
        let value = default.strip_prefix('`').and_then(|default| default.strip_suffix('`'));
        for (key, value) in keys.iter().zip(value) {
            match key.strip_prefix("check.office.") {
                Some(key) => office += &format!("{key} = {value}\n"),
                None => settings += &format!("{key} = {value}\n"),
            }
            written += 1;
        }
    }
    assert!(written >= 15, "{settings}{office}");
    let left_out = resolve(&desk, &format!("{REGISTRY}{OFFICE}")).unwrap();
    assert_eq!(resolve(&desk, &(settings + &office)).unwrap(), left_out);
}
