//! `init`: a new workspace with configuration, theme, schemas and two sample
//! records. Never writes over anything.

use std::path::Path;

use anyhow::{Context, bail};

use super::terminal::line;
use super::workspace::Workspace;
use super::{Status, schema};
use crate::bundle::Bundle;
use crate::cli::{Global, InitArgs};
use crate::config;
use crate::fs;

const FILES: [(&str, &str); 4] = [
    (config::FILE, include_str!("init/kirjuri.toml")),
    ("records/kierros.json", include_str!("init/kierros.json")),
    ("records/neuvottelu.json", include_str!("init/neuvottelu.json")),
    ("templates/README.md", include_str!("init/templates.md")),
];

/// Makes the workspace.
pub fn run(global: &Global, args: &InitArgs) -> anyhow::Result<Status> {
    let folder = &args.dir;
    if fs::stamp(folder)?.is_some() && !fs::list(folder, |_| true)?.is_empty() {
        bail!("the folder `{}` is not empty\n  hint: name a new folder", folder.display());
    }
    for (name, text) in FILES {
        fs::write_atomic(&folder.join(name), text.as_bytes())?;
    }
    let bundle = Bundle::built_in();
    let own = |name: &str| args.all_templates || ["theme.json", "logo.svg"].contains(&name);
    for (name, bytes) in bundle.iter().filter(|(name, _)| own(name)) {
        fs::write_atomic(&folder.join("templates").join(name), bytes)?;
    }
    schema::write(&folder.join("schemas")).context("the schemas cannot be written")?;
    fs::create_folder(&folder.join("output"))?;
    if !global.quiet {
        say(folder, global)?;
    }
    Ok(Status::Well)
}

fn say(folder: &Path, global: &Global) -> anyhow::Result<()> {
    let global = Global { config: Some(folder.join(config::FILE)), ..global.clone() };
    let locale = Workspace::open(&global)?.locale;
    line(&locale.fill("ui.made_workspace", &[("folder", &folder.display().to_string())]));
    Ok(())
}
