//! Reading order of a tagged PDF: its text in the order of its structure tree
//! (ISO 32000-1, 14.7), as a screen reader reads it.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::runs::{TextRun, between};

/// Elements inside a line; all others begin a new line.
const INLINE: &[&[u8]] = &[
    b"Span",
    b"Em",
    b"Strong",
    b"Link",
    b"Annot",
    b"Quote",
    b"Reference",
    b"Code",
    b"Formula",
    b"BibEntry",
    b"Ruby",
    b"Warichu",
];
/// Deepest nesting that is followed.
const DEPTH: usize = 256;

struct StructureReader<'a> {
    document: &'a Document,
    pages: &'a [ObjectId],
    /// Runs by page and mark.
    marked: BTreeMap<(usize, i64), Vec<&'a TextRun>>,
    seen: BTreeSet<ObjectId>,
    last: Option<&'a TextRun>,
    /// Whether the next run begins a new block.
    breaks: bool,
    flow: Vec<(usize, String)>,
}

/// The text in reading order, in pieces with their page numbers. Text that the
/// structure does not contain follows at the end, in page order.
pub fn flow(document: &Document, pages: &[ObjectId], runs: &[TextRun]) -> Vec<(usize, String)> {
    let mut reader = StructureReader {
        document,
        pages,
        marked: BTreeMap::new(),
        seen: BTreeSet::new(),
        last: None,
        breaks: false,
        flow: Vec::new(),
    };
    for run in runs.iter().filter(|run| !run.artifact) {
        if let Some(mark) = run.mark {
            reader.marked.entry((run.page, mark)).or_default().push(run);
        }
    }
    let root =
        document.catalog().and_then(|catalog| catalog.get_deref(b"StructTreeRoot", document));
    if let Ok(root) = root.and_then(Object::as_dict)
        && let Ok(kids) = root.get(b"K")
    {
        reader.kids(kids, None, DEPTH);
    }
    reader.breaks = true;
    let left: BTreeSet<(usize, i64)> = reader.marked.keys().copied().collect();
    for run in runs.iter().filter(|run| !run.artifact) {
        if run.mark.is_none_or(|mark| left.contains(&(run.page, mark))) {
            reader.put(run);
        }
    }
    reader.flow
}

impl<'a> StructureReader<'a> {
    fn kids(&mut self, kids: &'a Object, page: Option<usize>, depth: usize) {
        if depth == 0 {
            return;
        }
        if let Object::Reference(id) = kids {
            // an element occurs once in the tree
            let is_element = self.document.get_dictionary(*id).is_ok();
            if is_element && !self.seen.insert(*id) {
                return;
            }
        }
        let Ok((_, kids)) = self.document.dereference(kids) else { return };
        match kids {
            Object::Array(all) => all.iter().for_each(|kid| self.kids(kid, page, depth - 1)),
            Object::Integer(mark) => self.content(page, *mark),
            Object::Dictionary(kid) => self.element(kid, page, depth - 1),
            _ => {}
        }
    }

    fn element(&mut self, element: &'a Dictionary, page: Option<usize>, depth: usize) {
        let own = element.get(b"Pg").and_then(Object::as_reference).ok();
        let page = own.and_then(|id| self.pages.iter().position(|page| *page == id)).or(page);
        if let Ok(mark) = element.get(b"MCID").and_then(Object::as_i64) {
            self.content(page, mark);
        }
        let Ok(name) = element.get(b"S").and_then(Object::as_name) else { return };
        let block = !INLINE.contains(&name);
        self.breaks |= block;
        if let Ok(kids) = element.get(b"K") {
            self.kids(kids, page, depth);
        }
        self.breaks |= block;
    }

    fn content(&mut self, page: Option<usize>, mark: i64) {
        let runs = page.and_then(|page| self.marked.remove(&(page, mark)));
        runs.into_iter().flatten().for_each(|run| self.put(run));
    }

    fn put(&mut self, run: &'a TextRun) {
        let separator = match self.last {
            Some(_) if std::mem::take(&mut self.breaks) => "\n\n",
            Some(last) => between(last, run),
            None => "",
        };
        self.breaks = false;
        let text = run.actual.as_deref().unwrap_or(&run.text);
        match self.flow.last_mut().filter(|(page, _)| *page == run.page) {
            Some((_, piece)) => piece.extend([separator, text]),
            None => self.flow.push((run.page, format!("{separator}{text}"))),
        }
        self.last = Some(run);
    }
}
