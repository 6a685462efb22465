//! `schema`: the JSON Schemas of the records, made from the Rust types.

use std::path::Path;

use serde_json::{Map, Value};

use super::terminal::answer;
use super::{Status, workspace};
use crate::cli::{Global, SchemaArgs};
use crate::config;
use crate::fs;
use crate::model::Kind;

/// Prints one schema or all, or writes a file for each kind.
pub fn run(global: &Global, args: &SchemaArgs) -> anyhow::Result<Status> {
    if let Some(folder) = &args.write {
        config::resolve(&workspace::overrides(global))?.check_apart(folder, &[])?;
        write(folder)?;
        return Ok(Status::Well);
    }
    let chosen = Kind::ALL.into_iter().find(|kind| Some(kind.as_str()) == args.kind.as_deref());
    let value = match chosen {
        Some(kind) => kind.published_schema(),
        None => {
            let all = Kind::ALL.map(|kind| (kind.as_str().to_owned(), kind.published_schema()));
            Value::Object(Map::from_iter(all))
        }
    };
    answer(&serde_json::to_string_pretty(&value)?)?;
    Ok(Status::Well)
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
