//! `templates diff`: what a changed templates folder would do to the documents,
//! as pictures side by side, differences of text, and a page that shows all.

use std::path::Path;

use handlebars::Handlebars;
use serde_json::{Value, json};

use super::check::defect_text;
use crate::bundle::Bundle;
use crate::cli::{Global, TemplatesDiffArgs};
use crate::command::failure::Failure;
use crate::command::terminal::line;
use crate::command::workspace::{Workspace, now};
use crate::command::{Status, draw};
use crate::fs;
use crate::locale::Locale;
use crate::model::Problem;
use crate::pipeline::{Design, check_records};
use crate::template_tools::{Change, ChangedPage, Compared, compare};

/// The page that shows all differences.
const INDEX: &str = include_str!("diff.html.hbs");

/// Compares, writes and says which documents change.
pub fn run(global: &Global, args: &TemplatesDiffArgs) -> anyhow::Result<Status> {
    let workspace = Workspace::open(global)?;
    let (locale, options) = (workspace.locale.clone(), workspace.options());
    workspace.settings.check_apart(&args.to, &[&args.new])?;
    let intake = workspace.scan()?;
    let old = match &args.old {
        Some(built_in) if built_in == Path::new("built-in") => Design::new(Bundle::built_in())?,
        Some(folder) => open(folder)?,
        None => workspace.design,
    };
    let new = open(&args.new)?;
    if old.bundle.digest() == new.bundle.digest() {
        line(&locale.fill("ui.templates.same", &[("path", &args.new.display().to_string())]));
        return Ok(Status::Well);
    }
    let (old, new) = (old.unnamed(), new.unnamed());
    let checked = check_records(intake, &new, workspace.settings.check_options(now().day()));
    let told = compare(&checked, &old, &new, options, |compared| tell(compared, &args.to, &locale));
    let told = told.into_iter().collect::<anyhow::Result<Vec<Told>>>()?;
    close(&told, &args.to, &locale)
}

fn open(folder: &Path) -> anyhow::Result<Design> {
    if !fs::is_folder(folder) {
        return Err(Failure::new("no_folder").at(folder).into());
    }
    let unusable = || Failure::new("templates_at").at(folder);
    let bundle = Bundle::load(folder).map_err(|error| unusable().over(error))?;
    Ok(Design::new(bundle).map_err(|error| unusable().over(error))?)
}

/// What is said of one document.
#[derive(Default)]
struct Told {
    line: Option<String>,
    /// What the index shows of a changed document.
    shown: Option<Value>,
    problems: Vec<Problem>,
    broken: bool,
    /// A text is not where it should be any more.
    defective: bool,
}

/// Puts a result into words, and writes its pictures and text.
fn tell(compared: Compared, to: &Path, locale: &Locale) -> anyhow::Result<Told> {
    let name = compared.document.as_str();
    let say = |key: &str| Some(locale.fill(key, &[("document", name)]));
    Ok(match compared.outcome {
        Change::None => Told::default(),
        Change::NotMade => Told { line: say("ui.templates.not_made"), ..Told::default() },
        Change::Mended => Told { line: say("ui.templates.mended"), ..Told::default() },
        Change::Broken(problems) => {
            Told { line: say("ui.templates.broken"), problems, broken: true, ..Told::default() }
        }
        Change::Pages { of, pages, text, defects } => {
            let numbers: Vec<String> = pages.iter().map(number).collect();
            let (numbers, of) = (numbers.join(", "), of.to_string());
            let values = [("document", name), ("pages", &*numbers), ("of", &*of)];
            let line = locale.fill("ui.templates.changes", &values);
            let shown = Some(show(name, &line, &pages, &text, to)?);
            let defects = defects.iter().map(|defect| {
                let what = defect_text(defect, locale);
                locale.fill("ui.templates.defect", &[("document", name), ("what", &what)])
            });
            let lines = std::iter::once(line).chain(defects.clone()).collect::<Vec<_>>();
            let defective = defects.len() > 0;
            Told { line: Some(lines.join("\n")), shown, defective, ..Told::default() }
        }
    })
}

/// Says everything in the order of the documents, and writes the index.
fn close(told: &[Told], to: &Path, locale: &Locale) -> anyhow::Result<Status> {
    for told in told {
        told.line.iter().for_each(|text| line(text));
        draw::print(&told.problems, locale);
    }
    let shown: Vec<&Value> = told.iter().filter_map(|told| told.shown.as_ref()).collect();
    let broken = told.iter().filter(|told| told.broken).count();
    let defective = told.iter().filter(|told| told.defective).count();
    let counts = [told.len(), shown.len(), broken, defective].map(|n| n.to_string());
    let names = ["all", "changed", "broken", "defective"];
    let values: Vec<(&str, &str)> = names.into_iter().zip(counts.iter().map(|n| &**n)).collect();
    let closing = locale.fill("ui.templates.compared", &values);
    line(&closing);
    // an index of an earlier run must not stay when nothing changes any more
    if !shown.is_empty() || fs::stamp(&to.join("index.html"))?.is_some() {
        write_index(&shown, &closing, to, locale)?;
    }
    Ok(if broken + defective == 0 { Status::Well } else { Status::Refused })
}

fn write_index(shown: &[&Value], closing: &str, to: &Path, locale: &Locale) -> anyhow::Result<()> {
    let index = to.join("index.html");
    let word = |key: &str| locale.label(key);
    let page = json!({
        "language": locale.language.code(), "title": word("ui.templates.title"), "closing": closing,
        "documents": shown, "old": word("ui.templates.old"), "new": word("ui.templates.new"), "text": word("ui.templates.text"),
    });
    let html = Handlebars::new().render_template(INDEX, &page)?;
    fs::write_atomic(&index, html.as_bytes())?;
    line(&locale.fill("ui.templates.see", &[("path", &index.display().to_string())]));
    Ok(())
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
