//! Reads the structure tree of a tagged PDF (ISO 32000-1, 14.7 and 14.8), as a screen
//! reader does.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object, ObjectId};

/// An element of the tree.
#[derive(Debug, Default)]
pub struct Tag {
    /// Its type, such as `H1`, `Table` or `TD`.
    pub kind: String,
    pub children: Vec<Tag>,
    /// Alternative text.
    pub alt: Option<String>,
    /// Scope of a header cell.
    pub scope: Option<String>,
    /// Name of a header cell, and the names of the header cells of a cell.
    pub id: Option<String>,
    pub headers: Vec<String>,
    /// Target of a link.
    pub address: Option<String>,
    /// Pages on which it has content, from 1.
    pub pages: Vec<usize>,
    /// Order of its own text among that of its children.
    parts: Vec<Part>,
}

#[derive(Debug)]
enum Part {
    Text(String),
    Child(usize),
}

impl Tag {
    /// Its text with that of its children, in reading order.
    pub fn text(&self) -> String {
        let part = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Child(at) => self.children[*at].text(),
        };
        self.parts.iter().map(part).collect()
    }

    /// Every element of a type, itself included, in reading order.
    pub fn all(&self, kind: &str) -> Vec<&Tag> {
        let mut found = Vec::new();
        self.visit(&mut |tag| {
            if tag.kind == kind {
                found.push(tag);
            }
        });
        found
    }

    pub fn visit<'a>(&'a self, look: &mut impl FnMut(&'a Tag)) {
        look(self);
        for child in &self.children {
            child.visit(look);
        }
    }
}

/// The tree of a PDF.
pub fn tags(bytes: &[u8]) -> Tag {
    let document = Document::load_mem(bytes).unwrap();
    let numbers: BTreeMap<ObjectId, usize> =
        document.get_pages().into_iter().map(|(number, id)| (id, number as usize)).collect();
    let texts = numbers.keys().map(|page| (*page, marked_texts(&document, *page))).collect();
    let reader = Reader { document: &document, numbers, texts };
    let root = document.catalog().unwrap().get(b"StructTreeRoot").unwrap();
    let root = reader.resolve(root).as_dict().unwrap();
    let mut tag = Tag { kind: "Root".into(), ..Tag::default() };
    reader.kids(root, None, &mut tag);
    tag
}

struct Reader<'a> {
    document: &'a Document,
    numbers: BTreeMap<ObjectId, usize>,
    /// Text by page and marked-content identifier.
    texts: BTreeMap<ObjectId, BTreeMap<i64, String>>,
}

impl Reader<'_> {
    fn resolve<'b>(&'b self, object: &'b Object) -> &'b Object {
        self.document.dereference(object).unwrap().1
    }

    fn element(&self, dict: &Dictionary, page: Option<ObjectId>) -> Tag {
        let text = |key: &[u8]| {
            dict.get(key).ok().map(|value| lopdf::decode_text_string(self.resolve(value)).unwrap())
        };
        let kind = self.resolve(dict.get(b"S").unwrap()).as_name().unwrap();
        let mut tag = Tag {
            kind: String::from_utf8_lossy(kind).into_owned(),
            alt: text(b"Alt"),
            id: text(b"ID"),
            ..Tag::default()
        };
        self.attributes(dict, &mut tag);
        self.kids(dict, page, &mut tag);
        tag
    }

    fn attributes(&self, dict: &Dictionary, tag: &mut Tag) {
        let Ok(attributes) = dict.get(b"A").map(|a| self.resolve(a)) else { return };
        let list = match attributes {
            Object::Array(list) => list.iter().collect(),
            one => vec![one],
        };
        for attribute in list.into_iter().filter_map(|a| self.resolve(a).as_dict().ok()) {
            if let Ok(scope) = attribute.get(b"Scope").and_then(Object::as_name) {
                tag.scope = Some(String::from_utf8_lossy(scope).into_owned());
            }
            if let Ok(headers) = attribute.get(b"Headers").and_then(Object::as_array) {
                let names = headers.iter().map(|h| lopdf::decode_text_string(h).unwrap());
                tag.headers = names.collect();
            }
        }
    }

    fn kids(&self, dict: &Dictionary, page: Option<ObjectId>, tag: &mut Tag) {
        let page = dict.get(b"Pg").ok().and_then(|pg| pg.as_reference().ok()).or(page);
        let kids = match dict.get(b"K").map(|kids| self.resolve(kids)) {
            Ok(Object::Array(kids)) => kids.iter().collect(),
            Ok(one) => vec![one],
            Err(_) => Vec::new(),
        };
        for kid in kids {
            match self.resolve(kid) {
                Object::Integer(mark) => self.content(page, *mark, tag),
                Object::Dictionary(kid) if kid.has(b"MCID") => {
                    let own = kid.get(b"Pg").ok().and_then(|pg| pg.as_reference().ok());
                    self.content(own.or(page), kid.get(b"MCID").unwrap().as_i64().unwrap(), tag);
                }
                Object::Dictionary(kid) if kid.has(b"S") => {
                    tag.parts.push(Part::Child(tag.children.len()));
                    let child = self.element(kid, page);
                    tag.pages.extend(&child.pages);
                    tag.children.push(child);
                }
                // a reference to an annotation
                Object::Dictionary(kid) if kid.has(b"Obj") => {
                    tag.address = self.address(kid.get(b"Obj").unwrap()).or(tag.address.take());
                }
                _ => {}
            }
        }
    }

    fn address(&self, annotation: &Object) -> Option<String> {
        let action = self.resolve(annotation).as_dict().ok()?.get(b"A").ok()?;
        let address = self.resolve(action).as_dict().ok()?.get(b"URI").ok()?;
        Some(String::from_utf8_lossy(self.resolve(address).as_str().ok()?).into_owned())
    }

    fn content(&self, page: Option<ObjectId>, mark: i64, tag: &mut Tag) {
        let page = page.unwrap();
        let text = self.texts[&page].get(&mark).cloned().unwrap_or_default();
        tag.parts.push(Part::Text(text));
        tag.pages.push(self.numbers[&page]);
    }
}

/// Identifier of content in no element: artifacts, such as headers and footers.
const ARTIFACT: i64 = -1;

/// Text of artifacts, run by run.
pub fn artifacts(bytes: &[u8]) -> Vec<String> {
    let document = Document::load_mem(bytes).unwrap();
    let pages = document.get_pages().into_values();
    let texts = pages.filter_map(|page| marked_texts(&document, page).remove(&ARTIFACT));
    texts.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// Text of each marked content of a page.
fn marked_texts(document: &Document, page: ObjectId) -> BTreeMap<i64, String> {
    let fonts = document.get_page_fonts(page).unwrap();
    let content = document.get_and_decode_page_content(page).unwrap();
    let mut texts: BTreeMap<i64, String> = BTreeMap::new();
    let (mut marks, mut font) = (Vec::<Option<i64>>::new(), None);
    for operation in &content.operations {
        match operation.operator.as_str() {
            "BDC" | "BMC" => {
                let properties = operation.operands.get(1).and_then(|o| o.as_dict().ok());
                let own = properties.and_then(|p| p.get(b"MCID").ok()?.as_i64().ok());
                // a span inside marked content belongs to it
                marks.push(own.or(marks.last().copied().flatten()));
            }
            "EMC" => {
                marks.pop();
            }
            "Tf" => {
                let name = operation.operands[0].as_name().unwrap();
                font = fonts.get(name).map(|font| font.get_font_encoding(document).unwrap());
            }
            "Tj" | "TJ" | "'" | "\"" => {
                let Some(encoding) = &font else { continue };
                let mark = marks.last().copied().flatten().unwrap_or(ARTIFACT);
                let text = texts.entry(mark).or_default();
                if mark == ARTIFACT {
                    text.push('\n');
                }
                for operand in &operation.operands {
                    let pieces = match operand {
                        Object::Array(pieces) => pieces.iter().collect(),
                        one => vec![one],
                    };
                    for bytes in pieces.into_iter().filter_map(|piece| piece.as_str().ok()) {
                        text.push_str(&Document::decode_text(encoding, bytes).unwrap());
                    }
                }
            }
            _ => {}
        }
    }
    texts
}
