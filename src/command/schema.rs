//! `kirjuri schema`: prints or writes the JSON Schemas of the records, generated from the
//! Rust types.

use std::path::Path;

use serde_json::{Map, Value};

use super::terminal::print_result;
use super::{ExitStatus, workspace};
use crate::cli::{Global, SchemaArgs};
use crate::config;
use crate::fs;
use crate::model::Kind;

/// Prints one schema or all, or writes a file for each kind.
pub fn run(global: &Global, args: &SchemaArgs) -> anyhow::Result<ExitStatus> {
    if let Some(folder) = &args.write {
        config::resolve(&workspace::overrides(global))?.check_apart(folder, &[])?;
        write(folder)?;
        return Ok(ExitStatus::Success);
    }
    let chosen = Kind::ALL.into_iter().find(|kind| Some(kind.as_str()) == args.kind.as_deref());
    let value = match chosen {
        Some(kind) => kind.published_schema(),
        None => {
            let all = Kind::ALL.map(|kind| (kind.as_str().to_owned(), kind.published_schema()));
            Value::Object(Map::from_iter(all))
        }
    };
    print_result(&serde_json::to_string_pretty(&value)?)?;
    Ok(ExitStatus::Success)
}

/// Writes `<kind>.schema.json` for each kind.
pub fn write(folder: &Path) -> anyhow::Result<()> {
    for kind in Kind::ALL {
        let path = folder.join(format!("{}.schema.json", kind.as_str()));
        let text = serde_json::to_string_pretty(&kind.published_schema())? + "\n";
        fs::write_atomic(&path, text.as_bytes())?;
    }
    Ok(())
}
