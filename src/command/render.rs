//! `kirjuri render`: creates one document for preview.

use std::path::{Path, PathBuf};

use super::failure::Failure;
use super::terminal::{print_line, print_result};
use super::workspace::Workspace;
use super::{ExitStatus, problem_output};
use crate::cli::{Global, RenderArgs, RenderFormat};
use crate::document::{self, Document};
use crate::fs;
use crate::model::Problem;
use crate::pipeline::{BuildContext, Checked, check_records};

/// Pixels per point: 144 dpi.
const SCALE: f64 = 2.0;

/// Creates the document, or the documents of the record, as they would be issued now,
/// whatever the state of the others.
pub fn run(global: &Global, args: &RenderArgs) -> anyhow::Result<ExitStatus> {
    let workspace = Workspace::open(global)?;
    let intake = workspace.scan()?;
    let checked = check_records(intake, &workspace.design, workspace.check_options());
    let documents = find(args, &checked, &workspace)?;
    let mut status = ExitStatus::Success;
    for document in &documents {
        let problems = make(document, args, &checked, &workspace)?;
        if let Some(problems) = problems {
            problem_output::print(&problems, &workspace.locale);
            status = ExitStatus::Refused;
        }
    }
    Ok(status)
}

/// Creates one document; returns its problems when it cannot be created.
fn make(
    document: &Document,
    args: &RenderArgs,
    checked: &Checked,
    workspace: &Workspace,
) -> anyhow::Result<Option<Vec<Problem>>> {
    let (design, options) = (&workspace.design, workspace.options());
    let context = BuildContext { records: &checked.set, design, options };
    let id = context.id(document);
    let source = match context.render(document) {
        Ok(source) => source,
        Err(failure) => {
            let own = failure.problem();
            return Ok(Some(checked.problems.iter().cloned().chain(own).collect()));
        }
    };
    let folder = args.to.clone().unwrap_or_else(|| PathBuf::from("."));
    if !is_on_screen(args) {
        // a PDF without a register number must not replace an issued one
        workspace.settings.check_apart(&folder, &[])?;
    }
    match args.format {
        RenderFormat::Typ if is_on_screen(args) => print_result(&source.typst)?,
        RenderFormat::Typ => write(&folder.join(format!("{id}.typ")), source.typst.as_bytes())?,
        RenderFormat::Pdf => match context.typeset(document, &id, &source) {
            Ok(pdf) => write(&folder.join(format!("{id}.pdf")), &pdf.bytes)?,
            Err(problems) => return Ok(Some(problems)),
        },
        RenderFormat::Png => {
            let pages = match context.page_images(document, &id, &source, SCALE) {
                Ok(images) => images.pages,
                Err(problems) => return Ok(Some(problems)),
            };
            let width = pages.len().to_string().len();
            for (index, page) in pages.iter().enumerate() {
                write(&folder.join(format!("{id}-{:0width$}.png", index + 1)), &page.png()?)?;
            }
        }
    }
    Ok(None)
}

/// True when the source goes to standard output.
fn is_on_screen(args: &RenderArgs) -> bool {
    args.format == RenderFormat::Typ && args.to.is_none()
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    fs::write_atomic(path, bytes)?;
    print_line(&path.display().to_string());
    Ok(())
}

/// The document with this name, or those of the record with this id.
fn find(
    args: &RenderArgs,
    checked: &Checked,
    workspace: &Workspace,
) -> anyhow::Result<Vec<Document>> {
    let id = args.id.as_str();
    let documents = document::documents(&checked.set, workspace.settings.bilingual);
    let name = |document: &Document| document.id(workspace.design.locales.of(document.language));
    if let Some(named) = documents.iter().find(|document| name(document).as_str() == id) {
        return Ok(vec![named.clone()]);
    }
    let belongs = |document: &&Document| {
        let round = document.sums_up.as_ref().is_some_and(|round| round.as_str() == id);
        round || document.source.as_str() == id
    };
    let of_record: Vec<Document> = documents.iter().filter(belongs).cloned().collect();
    let names = |documents: &[Document]| {
        documents.iter().map(|document| name(document).to_string()).collect::<Vec<_>>().join(", ")
    };
    match of_record.len() {
        0 => {
            problem_output::print(&checked.problems, &workspace.locale);
            let known = names(&documents);
            Err(Failure::new("document_unknown").with("id", id).with("known", known).into())
        }
        2.. if is_on_screen(args) => {
            let names = names(&of_record);
            Err(Failure::new("documents_several").with("id", id).with("known", names).into())
        }
        _ => Ok(of_record),
    }
}
