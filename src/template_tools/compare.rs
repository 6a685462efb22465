//! What a change of templates does to the documents of the records: which pages
//! differ, and how. Writes nothing.

use similar::{Algorithm, DiffOp, TextDiff, capture_diff_slices};

use crate::document::{self, Document, DocumentId};
use crate::model::{Digest, Problem};
use crate::parallel;
use crate::pipeline::{BuildContext, Checked, Design, Options};
use crate::typeset::{LayoutDefect, PageImage, PageImages, TypesetError, side_by_side};

/// Pixels to the point: 108 dpi, at which small type can be read.
const SCALE: f64 = 1.5;

/// What became of one document.
#[derive(Debug)]
pub struct Compared {
    /// Its name.
    pub document: DocumentId,
    /// How it changes.
    pub outcome: Change,
}

/// How a document changes.
#[derive(Debug)]
pub enum Change {
    /// It images the same.
    None,
    /// Some of its pages do not.
    Pages {
        /// How many pages there are with the new templates.
        of: usize,
        pages: Vec<ChangedPage>,
        /// Unified diff of the text.
        text: String,
        /// Texts that only now are not where they should be.
        defects: Vec<LayoutDefect>,
    },
    /// The new templates fail over it.
    Broken(Vec<Problem>),
    /// The old templates failed over it, the new ones do not.
    Mended,
    /// Its records have mistakes: it is made with neither.
    NotMade,
}

/// A page that is new, gone, or images different.
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
/// the pages. Each result goes through `tell` as soon as it is there, so that
/// the pictures of many documents are never held at once.
pub fn compare<T: Send>(
    checked: &Checked,
    old: &Design,
    new: &Design,
    options: Options,
    tell: impl Fn(Compared) -> T + Sync,
) -> Vec<T> {
    let documents = document::documents(&checked.set, options.bilingual);
    parallel::map(documents, options.workers, |document| {
        let id = document.id(new.locales.of(document.language));
        let outcome = match checked.blocked(&document) {
            Some(_) => Change::NotMade,
            None => compare_document(&document, checked, old, new, options),
        };
        tell(Compared { document: id, outcome })
    })
}

/// Digests of a document's pages, or why there are none.
pub type Pages = Result<Vec<Digest>, Vec<Problem>>;

/// How every page of every document images, as a digest. Documents whose records
/// have mistakes are left out.
pub fn page_digests(
    checked: &Checked,
    design: &Design,
    options: Options,
) -> Vec<(DocumentId, Pages)> {
    let mut documents = document::documents(&checked.set, options.bilingual);
    documents.retain(|document| checked.blocked(document).is_none());
    parallel::map(documents, options.workers, |document| {
        let id = document.id(design.locales.of(document.language));
        let images = images(&document, checked, design, options, 1.0);
        (id, images.map(|images| images.pages.iter().map(PageImage::digest).collect()))
    })
}

fn compare_document(
    document: &Document,
    checked: &Checked,
    old: &Design,
    new: &Design,
    options: Options,
) -> Change {
    let same_source = || {
        let records = &checked.set;
        let render = |design| BuildContext { records, design, options }.render(document);
        matches!((render(old), render(new)), (Ok(old), Ok(new)) if old.digest == new.digest)
    };
    if same_source() {
        return Change::None;
    }
    let after = match images(document, checked, new, options, SCALE) {
        Ok(after) => after,
        Err(problems) => return Change::Broken(problems),
    };
    let Ok(before) = images(document, checked, old, options, SCALE) else { return Change::Mended };
    // a text outside the page shows in no picture
    let new_flaw = |defect: &LayoutDefect| !before.defects.contains(defect);
    let defects: Vec<LayoutDefect> =
        after.defects.iter().filter(|defect| new_flaw(defect)).cloned().collect();
    let of = after.pages.len();
    // a page too large to draw has no picture
    let pages = changed_pages(&before.pages, &after.pages).unwrap_or_default();
    if pages.is_empty() && defects.is_empty() {
        return Change::None;
    }
    Change::Pages { of, pages, text: text_diff(&before.pages, &after.pages), defects }
}

fn images(
    document: &Document,
    checked: &Checked,
    design: &Design,
    options: Options,
    scale: f64,
) -> Result<PageImages, Vec<Problem>> {
    let context = BuildContext { records: &checked.set, design, options };
    let source = context.render(document);
    let source = source.map_err(|failure| failure.problem().into_iter().collect::<Vec<_>>())?;
    context.page_images(document, &context.id(document), &source, scale)
}

/// Pages are matched by their images, so that a page which only moved counts as
/// the same.
fn changed_pages(old: &[PageImage], new: &[PageImage]) -> Result<Vec<ChangedPage>, TypesetError> {
    let digests = |images: &[PageImage]| images.iter().map(PageImage::digest).collect::<Vec<_>>();
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

fn text_diff(old: &[PageImage], new: &[PageImage]) -> String {
    let text = |images: &[PageImage]| {
        let pages = images.iter().map(|look| look.text.as_str());
        pages.collect::<Vec<_>>().join("\n") + "\n"
    };
    let (old, new) = (text(old), text(new));
    TextDiff::from_lines(&old, &new).unified_diff().context_radius(2).to_string()
}
