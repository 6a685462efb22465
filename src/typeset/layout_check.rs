//! Layout checks on the pages of a typeset document: every text is inside the
//! margins and its cell, does not overlap another text, and is large enough. The
//! limits are those that the design library declares under `<kirjuri-areas>`.
//! Knows nothing of content.

use serde::{Deserialize, Serialize};
use typst::foundations::{Content, Dict, Label, Output, Value};
use typst::introspection::{Introspector as _, MetadataElem};
use typst::layout::{Abs, Frame, FrameItem, Point, Transform};
use typst::utils::PicoStr;
use typst::visualize::Geometry;
use typst_layout::{Page, PagedDocument};

/// A text on a page that is out of place or too small.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayoutDefect {
    /// Page, from 1.
    pub page: usize,
    pub kind: LayoutDefectKind,
    /// The text, or its beginning.
    pub text: String,
}

/// What is wrong with a text on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum LayoutDefectKind {
    /// It extends into the page's margins.
    Outside,
    /// It overlaps another text.
    Overlap,
    /// It extends out of its cell or box.
    Spill,
    /// It is smaller than the kind of document allows.
    Small,
}

/// How far a text may be out of place before it is visible, in points.
const TOLERANCE: f64 = 0.8;

/// Most defects reported of one document: one mistake often repeats.
const MOST: usize = 20;

/// The layout defects of a document.
pub fn defects(document: &PagedDocument) -> Vec<LayoutDefect> {
    let areas = Areas::declared(document);
    let dense = dense_pages(document);
    let mut defects = Vec::new();
    for (index, page) in document.pages().iter().enumerate() {
        let mut layout = PageLayout::default();
        layout.walk(&page.frame, Transform::identity());
        let least = if dense.contains(&(index + 1)) { areas.dense_least } else { areas.least };
        layout.check(index + 1, page, &areas, least, &mut defects);
        if defects.len() >= MOST {
            break;
        }
    }
    defects.truncate(MOST);
    defects
}

/// The text of a page in the order of typesetting, line by line.
pub fn page_text(page: &Page) -> String {
    let mut layout = PageLayout::default();
    layout.walk(&page.frame, Transform::identity());
    let mut text = String::new();
    let mut last: Option<&PlacedText> = None;
    for run in &layout.texts {
        let same_line = |before: &PlacedText| (before.ink.bottom - run.ink.bottom).abs() < 1.0;
        let gap = |before: &PlacedText| run.ink.left - before.ink.right > 0.1 * run.size;
        match last {
            Some(before) if same_line(before) && gap(before) => text.push(' '),
            Some(before) if same_line(before) => {}
            Some(_) => text.push('\n'),
            None => {}
        }
        text.push_str(run.text.trim_end());
        last = Some(run);
    }
    text
}

/// The areas of a page where text may stand, in points from its edges.
struct Areas {
    side: f64,
    top: f64,
    bottom: f64,
    /// Where the body of the page ends and its footer begins.
    body_bottom: f64,
    foot_top: f64,
    /// Smallest size of text, and that on pages with a full matrix.
    least: f64,
    dense_least: f64,
}

impl Areas {
    fn declared(document: &PagedDocument) -> Self {
        let found = query(document, "kirjuri-areas");
        let dict = found.first().and_then(metadata);
        let length = |key: &str, default: f64| match dict.as_ref().and_then(|d| d.get(key).ok()) {
            Some(Value::Length(length)) => length.abs.to_pt(),
            _ => default,
        };
        Self {
            side: length("side", 8.0),
            top: length("top", 8.0),
            bottom: length("bottom", 8.0),
            body_bottom: length("body-bottom", 8.0),
            foot_top: length("foot-top", 8.0),
            least: length("least", 6.0),
            dense_least: length("dense-least", 6.0),
        }
    }
}

/// Pages with slides that contain a matrix: their text may be smaller.
fn dense_pages(document: &PagedDocument) -> Vec<usize> {
    let page = |content: &Content| {
        let location = content.location()?;
        document.introspector().page(location).map(std::num::NonZero::get)
    };
    let is_dense = |content: &&Content| {
        metadata(content).is_some_and(|d| matches!(d.get("dense"), Ok(Value::Bool(true))))
    };
    let (starts, ends) = (query(document, "slide-start"), query(document, "slide-end"));
    let pairs = starts.iter().zip(&ends).filter(|(start, _)| is_dense(start));
    pairs
        .flat_map(|(start, end)| {
            let from = page(start).unwrap_or(0);
            from..=page(end).unwrap_or(from)
        })
        .collect()
}

fn query(document: &PagedDocument, label: &str) -> Vec<Content> {
    let Some(label) = Label::new(PicoStr::intern(label)) else { return Vec::new() };
    let selector = typst::foundations::Selector::Label(label);
    Output::introspector(document).query(&selector).into_iter().collect()
}

fn metadata(content: &Content) -> Option<Dict> {
    let element = content.to_packed::<MetadataElem>()?;
    match &element.value {
        Value::Dict(dict) => Some(dict.clone()),
        _ => None,
    }
}

/// A rectangle in points, y downwards.
#[derive(Debug, Clone, Copy)]
struct Rect {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Rect {
    fn new(origin: Point, width: Abs, height: Abs) -> Self {
        let (x, y) = (origin.x.to_pt(), origin.y.to_pt());
        Self { left: x, top: y, right: x + width.to_pt(), bottom: y + height.to_pt() }
    }

    fn touches(&self, other: &Rect) -> bool {
        let across = self.right.min(other.right) - self.left.max(other.left);
        let along = self.bottom.min(other.bottom) - self.top.max(other.top);
        across > TOLERANCE && along > TOLERANCE
    }
}

/// A run of text with its place on a page.
struct PlacedText {
    /// From the top of its capitals to below its descenders.
    ink: Rect,
    size: f64,
    text: String,
}

/// The elements of a page that are checked.
#[derive(Default)]
struct PageLayout {
    texts: Vec<PlacedText>,
    boxes: Vec<Rect>,
    /// Vertical lines, as between the columns of a table.
    rules: Vec<Rect>,
    images: Vec<Rect>,
}

impl PageLayout {
    fn walk(&mut self, frame: &Frame, to_page: Transform) {
        for (position, item) in frame.items() {
            let at = position.transform(to_page);
            match item {
                FrameItem::Group(group) => {
                    let inner = to_page
                        .pre_concat(Transform::translate(position.x, position.y))
                        .pre_concat(group.transform);
                    self.walk(&group.frame, inner);
                }
                FrameItem::Text(text) if !text.text.trim().is_empty() => {
                    let size = text.size.to_pt();
                    let origin = Point::new(at.x, at.y - text.size * 0.68);
                    // a space at the end of a line has no width
                    let trailing = text.text.len() - text.text.trim_end().len();
                    let end = text.text.len() - trailing;
                    let inked = text.glyphs.iter().filter(|g| g.range().start < end);
                    let width = inked.map(|g| g.x_advance).sum::<typst::layout::Em>();
                    let ink = Rect::new(origin, width.at(text.size), text.size * 0.88);
                    self.texts.push(PlacedText { ink, size, text: text.text.to_string() });
                }
                FrameItem::Shape(shape, _) => self.shape(at, &shape.geometry, shape.fill.is_some()),
                FrameItem::Image(_, size, _) => {
                    self.images.push(Rect::new(at, size.x, size.y));
                }
                _ => {}
            }
        }
    }

    fn shape(&mut self, at: Point, geometry: &Geometry, filled: bool) {
        match geometry {
            Geometry::Line(to) if to.x.to_pt().abs() < 0.1 && to.y.to_pt().abs() > 2.0 => {
                let top = if to.y.to_pt() < 0.0 { at.y + to.y } else { at.y };
                self.rules.push(Rect::new(Point::new(at.x, top), Abs::zero(), to.y.abs()));
            }
            Geometry::Rect(size) if filled => self.boxes.push(Rect::new(at, size.x, size.y)),
            _ => {}
        }
    }

    fn check(
        &self,
        number: usize,
        page: &Page,
        areas: &Areas,
        least: f64,
        defects: &mut Vec<LayoutDefect>,
    ) {
        let (width, height) = (page.frame.width().to_pt(), page.frame.height().to_pt());
        let mut report = |kind, text: &str| {
            // a lone punctuation mark or hyphen is displaced by the word beside it,
            // which is reported
            if !text.contains(char::is_alphanumeric) {
                return;
            }
            let letters = text.trim().chars().filter(|c| *c != '\u{ad}');
            let text: String = letters.take(60).collect();
            let defect = LayoutDefect { page: number, kind, text };
            if !defects.contains(&defect) {
                defects.push(defect);
            }
        };
        for run in &self.texts {
            let ink = &run.ink;
            let in_width =
                ink.left >= areas.side - TOLERANCE && ink.right <= width - areas.side + TOLERANCE;
            let in_height =
                ink.top >= areas.top - TOLERANCE && ink.bottom <= height - areas.bottom + TOLERANCE;
            // nothing stands between the body and the footer; the descenders of the
            // last line are below the edge of the body
            let in_body = ink.bottom <= height - areas.body_bottom + 0.3 * run.size;
            let in_foot = ink.top >= height - areas.foot_top - TOLERANCE;
            if !(in_width && in_height && (in_body || in_foot)) {
                report(LayoutDefectKind::Outside, &run.text);
            }
            if run.size < least - 0.05 {
                report(LayoutDefectKind::Small, &run.text);
            }
            if self.spills(ink) {
                report(LayoutDefectKind::Spill, &run.text);
            }
        }
        for image in &self.images {
            if image.left < -TOLERANCE || image.right > width + TOLERANCE {
                report(LayoutDefectKind::Outside, "image");
            }
        }
        for text in self.overlaps() {
            report(LayoutDefectKind::Overlap, text);
        }
    }

    /// Whether a text crosses the line beside its cell or extends out of the
    /// filled box in which it begins.
    fn spills(&self, ink: &Rect) -> bool {
        let middle = (ink.top + ink.bottom) / 2.0;
        let level = |rect: &Rect| rect.top <= middle && middle <= rect.bottom;
        let crossed = self.rules.iter().any(|rule| {
            level(rule) && ink.left + TOLERANCE < rule.left && rule.left < ink.right - TOLERANCE
        });
        let begins_in = |rect: &&Rect| {
            level(rect) && rect.left <= ink.left + TOLERANCE && ink.left < rect.right
        };
        let left =
            self.boxes.iter().filter(begins_in).any(|rect| ink.right > rect.right + TOLERANCE);
        crossed || left
    }

    /// Texts that overlap another one.
    fn overlaps(&self) -> Vec<&str> {
        // without ascenders and descenders, since lines may be set close
        let core = |run: &PlacedText| Rect {
            top: run.ink.top + 0.2 * run.size,
            bottom: run.ink.bottom - 0.2 * run.size,
            ..run.ink
        };
        let mut order: Vec<(Rect, &PlacedText)> =
            self.texts.iter().map(|run| (core(run), run)).collect();
        order.sort_by(|(a, _), (b, _)| a.top.total_cmp(&b.top));
        let mut found = Vec::new();
        for (index, (rect, _)) in order.iter().enumerate() {
            let below = order[index + 1..].iter().take_while(|(next, _)| next.top < rect.bottom);
            found.extend(
                below.filter(|(next, _)| rect.touches(next)).map(|(_, run)| run.text.as_str()),
            );
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Bundle;
    use crate::typeset::{Archival, Engine, Job};

    /// The defects of a page of 200 by 100 points with margins of 20.
    fn defects(body: &str) -> Vec<(LayoutDefectKind, String)> {
        let areas = "side: 20pt, top: 20pt, bottom: 5pt, body-bottom: 20pt, foot-top: 15pt, \
            least: 10pt, dense-least: 8pt";
        let source = format!(
            "#set document(title: \"T\", date: datetime(year: 2025, month: 1, day: 1))\n\
             #set text(font: \"Source Sans 3\", size: 10pt)\n\
             #set page(width: 200pt, height: 100pt, margin: 20pt)\n\
             #[#metadata(({areas}))<kirjuri-areas>]\n= T\n{body}"
        );
        let engine = Engine::new(&Bundle::built_in()).unwrap();
        let job = Job { source: &source, attachment: None, ident: "t", archival: Archival::A2a };
        let pdf = engine.pdf(&job).unwrap();
        pdf.defects.into_iter().map(|defect| (defect.kind, defect.text)).collect()
    }

    fn defect(kind: LayoutDefectKind, text: &str) -> Vec<(LayoutDefectKind, String)> {
        vec![(kind, text.to_owned())]
    }

    #[test]
    fn each_kind_of_defect_is_found_and_nothing_else() {
        assert_eq!(defects("Fits."), []);
        assert_eq!(defects("#place(dx: 140pt)[Wide]"), defect(LayoutDefectKind::Outside, "Wide"));
        assert_eq!(defects("#place(dy: 50pt)[Deep]"), defect(LayoutDefectKind::Outside, "Deep"));
        assert_eq!(
            defects("#place(dx: 9pt)[Over]Under"),
            defect(LayoutDefectKind::Overlap, "Under")
        );
        assert_eq!(defects("#text(size: 9pt)[Small]"), defect(LayoutDefectKind::Small, "Small"));
        let cell = "#block(width: 30pt, fill: luma(90%), box(width: 99pt)[Longword])";
        assert_eq!(defects(cell), defect(LayoutDefectKind::Spill, "Longword"));
        let ruled = "#place(dx: 20pt, line(angle: 90deg, length: 20pt))#box[Crossing]";
        assert_eq!(defects(ruled), defect(LayoutDefectKind::Spill, "Crossing"));
    }

    #[test]
    fn a_page_with_a_matrix_may_be_set_smaller() {
        let page = |dense: &str| {
            defects(&format!(
                "#[#metadata((dense: {dense}))<slide-start>]#text(size: 9pt)[Small]\
                 #[#metadata((key: 1))<slide-end>]"
            ))
        };
        assert_eq!(page("true"), []);
        assert_eq!(page("false"), defect(LayoutDefectKind::Small, "Small"));
    }

    #[test]
    fn a_repeated_mistake_is_reported_a_limited_number_of_times() {
        let many = (0..40).map(|n| format!("#place(dx: 150pt)[Wide{n}]")).collect::<String>();
        assert_eq!(defects(&many).len(), MOST);
    }
}
