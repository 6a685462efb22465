//! `kirjuri init`: creates a workspace with settings, theme, schemas and two sample
//! records in the chosen language. Values that are not given are marked to be filled in.
//! Never overwrites a file.

mod answers;
mod municipalities;

use std::path::Path;

use self::answers::Answers;
use super::failure::Failure;
use super::terminal::print_line;
use super::{ExitStatus, schema, workspace};
use crate::bundle::Bundle;
use crate::cli::{Global, InitArgs};
use crate::config;
use crate::fs;
use crate::locale::Locale;
use crate::model::Language;

/// The files of a workspace in one language, with placeholders.
struct WorkspaceTexts {
    settings: &'static str,
    round: (&'static str, &'static str),
    session: (&'static str, &'static str),
    templates: &'static str,
}

const fn texts(language: Language) -> WorkspaceTexts {
    match language {
        Language::Fi => WorkspaceTexts {
            settings: include_str!("init/fi/kirjuri.toml"),
            round: ("kierros.json", include_str!("init/fi/round.json")),
            session: ("neuvottelu.json", include_str!("init/fi/session.json")),
            templates: include_str!("init/fi/templates.md"),
        },
        Language::Sv => WorkspaceTexts {
            settings: include_str!("init/sv/kirjuri.toml"),
            round: ("runda.json", include_str!("init/sv/round.json")),
            session: ("forhandling.json", include_str!("init/sv/session.json")),
            templates: include_str!("init/sv/templates.md"),
        },
        Language::En => WorkspaceTexts {
            settings: include_str!("init/en/kirjuri.toml"),
            round: ("round.json", include_str!("init/en/round.json")),
            session: ("session.json", include_str!("init/en/session.json")),
            templates: include_str!("init/en/templates.md"),
        },
    }
}

/// Creates the workspace.
pub fn run(global: &Global, args: &InitArgs) -> anyhow::Result<ExitStatus> {
    let folder = &args.dir;
    if fs::stamp(folder)?.is_some() && !fs::list(folder, |_| true)?.is_empty() {
        let folder = folder.display();
        return Err(Failure::new("init_not_empty").with("folder", folder).into());
    }
    // sample records inside the records folder of a workspace would become its records
    if global.config.is_some() || fs::stamp(Path::new(config::FILE))?.is_some() {
        config::resolve(&workspace::overrides(global))?.check_apart(folder, &[])?;
    }
    let locale = workspace::locale_without_settings(global)?;
    let answers = Answers::collect(args, &locale, global.quiet)?;
    let texts = texts(locale.language);
    let records = folder.join("records");
    let files = [
        (folder.join(config::FILE), answers.settings(texts.settings, &locale)),
        (records.join(texts.round.0), answers.record(texts.round.1, &locale)),
        (records.join(texts.session.0), answers.record(texts.session.1, &locale)),
        (folder.join("templates/README.md"), texts.templates.to_owned()),
    ];
    for (path, text) in files {
        fs::write_atomic(&path, text.as_bytes())?;
    }
    let bundle = Bundle::built_in();
    // the logo belongs to the authority of the sample
    let copied = |name: &str| args.all_templates && !["theme.json", "logo.svg"].contains(&name);
    for (name, bytes) in bundle.iter().filter(|(name, _)| copied(name)) {
        fs::write_atomic(&folder.join("templates").join(name), bytes)?;
    }
    let theme = answers.theme(bundle.text("theme.json")?, &locale);
    fs::write_atomic(&folder.join("templates/theme.json"), theme.as_bytes())?;
    schema::write(&folder.join("schemas"))?;
    fs::create_folder(&folder.join("output"))?;
    if !global.quiet {
        print_next_steps(folder, &locale);
    }
    Ok(ExitStatus::Success)
}

fn print_next_steps(folder: &Path, locale: &Locale) {
    let folder = folder.display().to_string();
    print_line(&locale.fill("ui.made_workspace", &[("folder", &folder)]));
    // the records management plan must always be filled in
    print_line(&locale.fill("ui.init.open", &[("folder", &folder)]));
}
