//! `templates diff`: what a changed templates folder would do to the documents,
//! as pictures side by side, differences of text, and a page that shows all.

use std::path::Path;

use anyhow::{Context, bail};
use handlebars::Handlebars;
use serde_json::{Value, json};

use crate::bundle::Bundle;
use crate::cli::{Global, TemplatesDiffArgs};
use crate::command::terminal::line;
use crate::command::workspace::Workspace;
use crate::command::{Status, draw};
use crate::fs;
use crate::intake::{self, Memory};
use crate::locale::Locale;
use crate::pipeline::{Change, ChangedPage, Compared, Design, compare, examine};

/// The page that shows all differences.
const INDEX: &str = include_str!("diff.html.hbs");

/// Compares, writes and says which documents change.
pub fn run(global: &Global, args: &TemplatesDiffArgs) -> anyhow::Result<Status> {
    let workspace = Workspace::open(global)?;
    if fs::stamp(&args.new)?.is_none() {
        bail!("there is no folder `{}`", args.new.display());
    }
    let options = workspace.options();
    let intake = intake::scan(&workspace.settings.records, &mut Memory::default())?;
    let old = match &args.old {
        Some(built_in) if built_in == Path::new("built-in") => Design::new(Bundle::built_in())?,
        Some(folder) => open(folder)?,
        None => workspace.design,
    };
    let (old, new) = (old.unnamed(), open(&args.new)?.unnamed());
    let checked = examine(intake, &new);
    let compared = compare(&checked, &old, &new, options);
    report(&compared, &args.to, &workspace.locale)
}

fn open(folder: &Path) -> anyhow::Result<Design> {
    let unusable = || format!("the templates `{}` cannot be used", folder.display());
    let bundle = Bundle::load(folder).with_context(unusable)?;
    Design::new(bundle).with_context(unusable)
}

fn report(compared: &[Compared], to: &Path, locale: &Locale) -> anyhow::Result<Status> {
    let (mut shown, mut broken) = (Vec::new(), 0);
    for Compared { document, outcome } in compared {
        let name = document.as_str();
        match outcome {
            Change::None => {}
            Change::NotMade => {
                line(&locale.fill("ui.templates.not_made", &[("document", name)]));
            }
            Change::Broken(problems) => {
                broken += 1;
                line(&locale.fill("ui.templates.broken", &[("document", name)]));
                draw::print(problems, locale);
            }
            Change::Pages { of, pages, text } => {
                let numbers: Vec<String> = pages.iter().map(number).collect();
                let values =
                    [("document", name), ("pages", &*numbers.join(", ")), ("of", &*of.to_string())];
                let told = locale.fill("ui.templates.changes", &values);
                line(&told);
                shown.push(show(name, &told, pages, text, to)?);
            }
        }
    }
    let [all, changed, bad] = [compared.len(), shown.len(), broken].map(|n| n.to_string());
    let values = [("all", &*all), ("changed", &*changed), ("broken", &*bad)];
    let closing = locale.fill("ui.templates.compared", &values);
    line(&closing);
    if !shown.is_empty() {
        let index = to.join("index.html");
        let page = json!({
            "language": locale.language.code(), "title": locale.label("ui.templates.title"),
            "closing": closing, "documents": shown, "old": locale.label("ui.templates.old"),
            "new": locale.label("ui.templates.new"), "text": locale.label("ui.templates.text"),
        });
        let html = Handlebars::new().render_template(INDEX, &page)?;
        fs::write_atomic(&index, html.as_bytes())?;
        line(&locale.fill("ui.templates.see", &[("path", &index.display().to_string())]));
    }
    Ok(if broken == 0 { Status::Well } else { Status::Refused })
}

/// Number of a page, new or gone ones marked with + and −.
fn number(page: &ChangedPage) -> String {
    match (page.old, page.new) {
        (None, Some(new)) => format!("+{new}"),
        (Some(old), None) => format!("−{old}"),
        (_, new) => new.unwrap_or_default().to_string(),
    }
}

/// Writes the pictures and the text of one document; what the index needs.
fn show(
    name: &str,
    told: &str,
    pages: &[ChangedPage],
    text: &str,
    to: &Path,
) -> anyhow::Result<Value> {
    let mut pictures = Vec::new();
    for page in pages {
        let mark = match (page.old, page.new) {
            (_, Some(new)) => format!("{new:02}"),
            (old, None) => format!("{:02}-gone", old.unwrap_or_default()),
        };
        let file = format!("{name}-{mark}.png");
        fs::write_atomic(&to.join(&file), &page.picture)?;
        pictures.push(json!({ "file": file, "number": number(page) }));
    }
    if !text.is_empty() {
        fs::write_atomic(&to.join(format!("{name}.diff")), text.as_bytes())?;
    }
    Ok(json!({ "name": name, "told": told, "pictures": pictures, "text": text }))
}
