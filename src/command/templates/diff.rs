//! `kirjuri templates diff`: compares the documents of two template sets and writes page
//! images, text differences and an HTML index.

use std::path::Path;

use handlebars::Handlebars;
use serde_json::{Value, json};

use super::check::defect_text;
use crate::bundle::Bundle;
use crate::cli::{Global, TemplatesDiffArgs};
use crate::command::failure::Failure;
use crate::command::terminal::print_line;
use crate::command::workspace::{Workspace, now};
use crate::command::{ExitStatus, problem_output};
use crate::fs;
use crate::locale::Locale;
use crate::model::Problem;
use crate::pipeline::{Design, check_records};
use crate::template_tools::{Change, ChangedPage, Compared, compare};

/// HTML template of the index.
const INDEX: &str = include_str!("diff.html.hbs");

/// Compares the documents, writes the differences and prints a summary.
pub fn run(global: &Global, args: &TemplatesDiffArgs) -> anyhow::Result<ExitStatus> {
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
        print_line(&locale.fill("ui.templates.same", &[("path", &args.new.display().to_string())]));
        return Ok(ExitStatus::Success);
    }
    let (old, new) = (old.unnamed(), new.unnamed());
    let checked = check_records(intake, &new, workspace.settings.check_options(now().day()));
    let diffs =
        compare(&checked, &old, &new, options, |compared| describe(compared, &args.to, &locale));
    let diffs = diffs.into_iter().collect::<anyhow::Result<Vec<DocumentDiff>>>()?;
    print_summary(&diffs, &args.to, &locale)
}

fn open(folder: &Path) -> anyhow::Result<Design> {
    if !fs::is_folder(folder) {
        return Err(Failure::new("no_folder").at(folder).into());
    }
    let unusable = || Failure::new("templates_at").at(folder);
    let bundle = Bundle::load(folder).map_err(|error| unusable().caused_by(error))?;
    Ok(Design::new(bundle).map_err(|error| unusable().caused_by(error))?)
}

/// Result of comparing one document.
#[derive(Default)]
struct DocumentDiff {
    line: Option<String>,
    /// Entry of a changed document in the index.
    shown: Option<Value>,
    problems: Vec<Problem>,
    broken: bool,
    /// The new layout has a defect that the old one does not have.
    defective: bool,
}

/// Describes a comparison, and writes its images and text.
fn describe(compared: Compared, to: &Path, locale: &Locale) -> anyhow::Result<DocumentDiff> {
    let name = compared.document.as_str();
    let message = |key: &str| Some(locale.fill(key, &[("document", name)]));
    Ok(match compared.outcome {
        Change::None => DocumentDiff::default(),
        Change::NotMade => {
            DocumentDiff { line: message("ui.templates.not_made"), ..DocumentDiff::default() }
        }
        Change::Mended => {
            DocumentDiff { line: message("ui.templates.mended"), ..DocumentDiff::default() }
        }
        Change::Broken(problems) => DocumentDiff {
            line: message("ui.templates.broken"),
            problems,
            broken: true,
            ..DocumentDiff::default()
        },
        Change::Pages { of, pages, text, defects } => {
            let numbers: Vec<String> = pages.iter().map(number).collect();
            let (numbers, of) = (numbers.join(", "), of.to_string());
            let values = [("document", name), ("pages", &*numbers), ("of", &*of)];
            let line = locale.fill("ui.templates.changes", &values);
            let shown = Some(write_pages(name, &line, &pages, &text, to)?);
            let defects = defects.iter().map(|defect| {
                let what = defect_text(defect, locale);
                locale.fill("ui.templates.defect", &[("document", name), ("what", &what)])
            });
            let lines = std::iter::once(line).chain(defects.clone()).collect::<Vec<_>>();
            let defective = defects.len() > 0;
            DocumentDiff {
                line: Some(lines.join("\n")),
                shown,
                defective,
                ..DocumentDiff::default()
            }
        }
    })
}

/// Prints the results in document order, and writes the index.
fn print_summary(diffs: &[DocumentDiff], to: &Path, locale: &Locale) -> anyhow::Result<ExitStatus> {
    for diff in diffs {
        diff.line.iter().for_each(|text| print_line(text));
        problem_output::print(&diff.problems, locale);
    }
    let shown: Vec<&Value> = diffs.iter().filter_map(|diff| diff.shown.as_ref()).collect();
    let broken = diffs.iter().filter(|diff| diff.broken).count();
    let defective = diffs.iter().filter(|diff| diff.defective).count();
    let counts = [diffs.len(), shown.len(), broken, defective].map(|n| n.to_string());
    let names = ["all", "changed", "broken", "defective"];
    let values: Vec<(&str, &str)> = names.into_iter().zip(counts.iter().map(|n| &**n)).collect();
    let closing = locale.fill("ui.templates.compared", &values);
    print_line(&closing);
    // an index of an earlier run must not remain when nothing differs any more
    if !shown.is_empty() || fs::stamp(&to.join("index.html"))?.is_some() {
        write_index(&shown, &closing, to, locale)?;
    }
    Ok(if broken + defective == 0 { ExitStatus::Success } else { ExitStatus::Refused })
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
    print_line(&locale.fill("ui.templates.see", &[("path", &index.display().to_string())]));
    Ok(())
}

/// Number of a page; new pages are marked with +, removed ones with −.
fn number(page: &ChangedPage) -> String {
    match (page.old, page.new) {
        (None, Some(new)) => format!("+{new}"),
        (Some(old), None) => format!("−{old}"),
        (_, new) => new.unwrap_or_default().to_string(),
    }
}

/// Writes the images and the text difference of one document; returns its index entry.
fn write_pages(
    name: &str,
    summary: &str,
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
    Ok(json!({ "name": name, "told": summary, "pictures": pictures, "text": text }))
}
