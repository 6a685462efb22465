//! `render`: one document, to look at.

use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};

use super::terminal::{answer, line};
use super::workspace::Workspace;
use super::{Status, draw};
use crate::cli::{Global, RenderArgs, RenderFormat};
use crate::document::{self, Document};
use crate::fs;
use crate::intake::{self, Memory};
use crate::model::Problem;
use crate::pipeline::{Checked, examine, job, ready, typeset_problems};

/// Pixels to the point: 144 dpi.
const SCALE: f64 = 2.0;

/// Makes the document as it would be issued now, whatever the state of the
/// others.
pub fn run(global: &Global, args: &RenderArgs) -> anyhow::Result<Status> {
    let workspace = Workspace::open(global)?;
    let design = &workspace.design;
    let intake = intake::scan(&workspace.settings.records, &mut Memory::default())?;
    let checked = examine(intake, design);
    let document = find(&args.id, &checked, &workspace)?;
    let id = document.id(design.locales.of(document.language));
    let refuse = |problems: &[Problem]| {
        draw::print(problems, &workspace.locale);
        Status::Refused
    };
    let ready = match ready(&document, &checked.set, design, workspace.options()) {
        Ok(ready) => ready,
        Err(problem) => {
            draw::print(&checked.problems, &workspace.locale);
            return Ok(refuse(&problem.map(|p| *p).into_iter().collect::<Vec<_>>()));
        }
    };
    let job = job(&id, &ready);
    let folder = args.to.clone().unwrap_or_else(|| PathBuf::from("."));
    match args.format {
        RenderFormat::Typ if args.to.is_none() => answer(&ready.typst)?,
        RenderFormat::Typ => write(&folder.join(format!("{id}.typ")), ready.typst.as_bytes())?,
        RenderFormat::Pdf => {
            let pdf = match design.engine.pdf(&job) {
                Ok(pdf) => pdf,
                Err(error) => {
                    return Ok(refuse(&typeset_problems(&error, &document, &ready, design)));
                }
            };
            write(&folder.join(format!("{id}.pdf")), &pdf.bytes)?;
        }
        RenderFormat::Png => {
            let pages = match design.engine.looks(&job, SCALE) {
                Ok(pages) => pages,
                Err(error) => {
                    return Ok(refuse(&typeset_problems(&error, &document, &ready, design)));
                }
            };
            let width = pages.len().to_string().len();
            for (index, page) in pages.iter().enumerate() {
                write(&folder.join(format!("{id}-{:0width$}.png", index + 1)), &page.png()?)?;
            }
        }
    }
    Ok(Status::Well)
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    fs::write_atomic(path, bytes)?;
    line(&path.display().to_string());
    Ok(())
}

/// The document with this name, or the one of the record with this id.
fn find(id: &str, checked: &Checked, workspace: &Workspace) -> anyhow::Result<Document> {
    let documents = document::documents(&checked.set, workspace.settings.bilingual);
    let name = |document: &Document| document.id(workspace.design.locales.of(document.language));
    let named = documents.iter().find(|document| name(document).as_str() == id);
    let belongs = |document: &&Document| {
        let round = document.sums_up.as_ref().is_some_and(|round| round.as_str() == id);
        round || document.source.as_str() == id
    };
    let of_record: Vec<&Document> = documents.iter().filter(belongs).collect();
    match (named, of_record.as_slice()) {
        (Some(document), _) => Ok(document.clone()),
        (None, [document]) => Ok((*document).clone()),
        (None, []) => {
            draw::print(&checked.problems, &workspace.locale);
            let known: Vec<String> = documents.iter().map(|d| name(d).to_string()).collect();
            Err(anyhow!(
                "no record or document is called `{id}`\n  documents: {}",
                known.join(", ")
            ))
        }
        (None, several) => {
            let names: Vec<String> = several.iter().map(|d| name(d).to_string()).collect();
            bail!("the record `{id}` has several documents; name one: {}", names.join(", "))
        }
    }
}
