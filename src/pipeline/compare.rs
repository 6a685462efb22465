//! What a change of templates does to the documents of the records: which pages
//! differ, and how. Writes nothing.

use similar::{Algorithm, DiffOp, TextDiff, capture_diff_slices};

use super::crew::each;
use super::{Checked, Design, Options, job, ready, typeset_problems};
use crate::document::{self, Document, DocumentId};
use crate::model::{Digest, Problem};
use crate::typeset::{Look, TypesetError, side_by_side};

/// Pixels to the point: 108 dpi, at which small type can be read.
const SCALE: f64 = 1.5;

/// What became of one document.
#[derive(Debug)]
pub struct Compared {
    pub document: DocumentId,
    pub outcome: Change,
}

/// How a document changes.
#[derive(Debug)]
pub enum Change {
    /// It looks the same.
    None,
    Pages {
        /// How many pages there are with the new templates.
        of: usize,
        pages: Vec<ChangedPage>,
        /// Unified diff of the text.
        text: String,
    },
    /// The new templates fail over it.
    Broken(Vec<Problem>),
    /// It cannot be made with the old templates either.
    NotMade,
}

/// A page that is new, gone, or looks different.
#[derive(Debug)]
pub struct ChangedPage {
    /// Its number with the old templates, from 1.
    pub old: Option<usize>,
    /// Its number with the new ones.
    pub new: Option<usize>,
    /// PNG of both side by side.
    pub picture: Vec<u8>,
}

/// Makes every document of the records with old and new templates and compares
/// the pages.
pub fn compare(checked: &Checked, old: &Design, new: &Design, options: Options) -> Vec<Compared> {
    let documents = document::documents(&checked.set, options.bilingual);
    each(documents, options.workers, |document| {
        let id = document.id(new.locales.of(document.language));
        let outcome = compare_one(&document, checked, old, new, options);
        Compared { document: id, outcome }
    })
}

/// Digests of a document's pages, or why there are none.
pub type Pages = Result<Vec<Digest>, Vec<Problem>>;

/// How every page of every document looks, as a digest.
pub fn page_digests(
    checked: &Checked,
    design: &Design,
    options: Options,
) -> Vec<(DocumentId, Pages)> {
    let documents = document::documents(&checked.set, options.bilingual);
    each(documents, options.workers, |document| {
        let id = document.id(design.locales.of(document.language));
        let looks = looks(&document, checked, design, options, 1.0);
        (id, looks.map(|looks| looks.iter().map(Look::digest).collect()))
    })
}

fn compare_one(
    document: &Document,
    checked: &Checked,
    old: &Design,
    new: &Design,
    options: Options,
) -> Change {
    let same_source = || {
        let [old, new] = [old, new].map(|design| ready(document, &checked.set, design, options));
        matches!((old, new), (Ok(old), Ok(new)) if old.made_from == new.made_from)
    };
    if same_source() {
        return Change::None;
    }
    let Ok(before) = looks(document, checked, old, options, SCALE) else { return Change::NotMade };
    match looks(document, checked, new, options, SCALE) {
        Err(problems) => Change::Broken(problems),
        Ok(after) => match changed_pages(&before, &after) {
            Ok(pages) if pages.is_empty() => Change::None,
            Ok(pages) => Change::Pages { of: after.len(), pages, text: text_diff(&before, &after) },
            Err(error) => Change::Broken(vec![
                Problem::error("typeset-failed", crate::model::Place::default())
                    .with("cause", error)
                    .with("where", "")
                    .with("hints", ""),
            ]),
        },
    }
}

fn looks(
    document: &Document,
    checked: &Checked,
    design: &Design,
    options: Options,
    scale: f64,
) -> Result<Vec<Look>, Vec<Problem>> {
    let id = document.id(design.locales.of(document.language));
    let ready = ready(document, &checked.set, design, options)
        .map_err(|problem| problem.into_iter().map(|p| *p).collect::<Vec<_>>())?;
    let looks = design.engine.looks(&job(&id, &ready), scale);
    looks.map_err(|error| typeset_problems(&error, document, &ready, design))
}

/// Pages are matched by their looks, so that a page which only moved counts as
/// the same.
fn changed_pages(old: &[Look], new: &[Look]) -> Result<Vec<ChangedPage>, TypesetError> {
    let digests = |looks: &[Look]| looks.iter().map(Look::digest).collect::<Vec<_>>();
    let mut pages = Vec::new();
    for step in capture_diff_slices(Algorithm::Myers, &digests(old), &digests(new)) {
        if matches!(step, DiffOp::Equal { .. }) {
            continue;
        }
        let (before, after) = (step.old_range(), step.new_range());
        for offset in 0..before.len().max(after.len()) {
            let [from, to] = [&before, &after].map(|range| range.clone().nth(offset));
            let picture =
                side_by_side(from.and_then(|at| old.get(at)), to.and_then(|at| new.get(at)))?;
            let number = |at: usize| at + 1;
            pages.push(ChangedPage { old: from.map(number), new: to.map(number), picture });
        }
    }
    Ok(pages)
}

fn text_diff(old: &[Look], new: &[Look]) -> String {
    let text = |looks: &[Look]| {
        let pages = looks.iter().map(|look| look.text.as_str());
        pages.collect::<Vec<_>>().join("\n") + "\n"
    };
    let (old, new) = (text(old), text(new));
    TextDiff::from_lines(&old, &new).unified_diff().context_radius(2).to_string()
}
