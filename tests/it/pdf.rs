//! Reads finished PDFs: text by page, metadata, bookmarks, attachments.

use lopdf::{Dictionary, Document, Object};

pub struct Pdf {
    document: Document,
}

impl Pdf {
    pub fn open(bytes: &[u8]) -> Self {
        Self { document: Document::load_mem(bytes).expect("the PDF can be read") }
    }

    /// Text of each page, without spaces and hyphens, because words are broken at the
    /// ends of lines.
    pub fn pages(&self) -> Vec<String> {
        let pages = self.document.get_pages();
        pages.keys().map(|page| bare(&self.document.extract_text(&[*page]).unwrap())).collect()
    }

    /// Text of all pages, as `pages`.
    pub fn text(&self) -> String {
        self.pages().concat()
    }

    /// Text of all pages letter by letter, without spaces and invisible characters.
    pub fn letters(&self) -> String {
        letters(&self.copied())
    }

    /// Text of all pages as copied, with invisible characters.
    pub fn copied(&self) -> String {
        let pages: Vec<u32> = self.document.get_pages().into_keys().collect();
        self.document.extract_text(&pages).unwrap()
    }

    /// True when some page contains the text.
    pub fn says(&self, text: &str) -> bool {
        self.text().contains(&bare(text))
    }

    pub fn catalog(&self) -> &Dictionary {
        self.document.catalog().unwrap()
    }

    /// The XMP packet.
    pub fn metadata(&self) -> String {
        let stream = self.resolve(self.catalog().get(b"Metadata").unwrap()).as_stream().unwrap();
        String::from_utf8(plain(stream)).unwrap()
    }

    /// An entry of the document information dictionary.
    pub fn info(&self, key: &str) -> Option<String> {
        let info = self.resolve(self.document.trailer.get(b"Info").ok()?).as_dict().ok()?;
        lopdf::decode_text_string(self.resolve(info.get(key.as_bytes()).ok()?)).ok()
    }

    /// The document's language.
    pub fn language(&self) -> Option<String> {
        lopdf::decode_text_string(self.catalog().get(b"Lang").ok()?).ok()
    }

    /// True when the document is marked as tagged.
    pub fn is_tagged(&self) -> bool {
        let mark = self.catalog().get(b"MarkInfo").ok().map(|mark| self.resolve(mark));
        let marked = mark.and_then(|mark| mark.as_dict().ok()?.get(b"Marked").ok()?.as_bool().ok());
        marked == Some(true) && self.catalog().has(b"StructTreeRoot")
    }

    /// Titles of the bookmarks, depth first.
    pub fn bookmarks(&self) -> Vec<String> {
        let mut titles = Vec::new();
        if let Ok(outlines) = self.catalog().get(b"Outlines") {
            self.below(self.resolve(outlines).as_dict().unwrap(), &mut titles);
        }
        titles
    }

    fn below(&self, item: &Dictionary, titles: &mut Vec<String>) {
        let mut next = item.get(b"First").ok();
        while let Some(item) = next {
            let item = self.resolve(item).as_dict().unwrap();
            let title = self.resolve(item.get(b"Title").unwrap());
            titles.push(lopdf::decode_text_string(title).unwrap());
            self.below(item, titles);
            next = item.get(b"Next").ok();
        }
    }

    /// Name and bytes of every attachment.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        let specs = self.document.objects.values().filter_map(|object| object.as_dict().ok());
        specs.filter(|dict| dict.has(b"EF")).map(|spec| self.file(spec)).collect()
    }

    /// All strings and decompressed streams.
    pub fn everything(&self) -> Vec<u8> {
        let mut all = Vec::new();
        self.document.objects.values().for_each(|object| gather(object, &mut all));
        self.document.trailer.iter().for_each(|(_, object)| gather(object, &mut all));
        all
    }

    fn file(&self, spec: &Dictionary) -> (String, Vec<u8>) {
        let name = lopdf::decode_text_string(self.resolve(spec.get(b"UF").unwrap())).unwrap();
        let files = self.resolve(spec.get(b"EF").unwrap()).as_dict().unwrap();
        let file = files.get(b"UF").or_else(|_| files.get(b"F")).unwrap();
        (name, plain(self.resolve(file).as_stream().unwrap()))
    }

    fn resolve<'a>(&'a self, object: &'a Object) -> &'a Object {
        self.document.dereference(object).unwrap().1
    }
}

/// The strings of an object, raw and decoded, and its stream.
fn gather(object: &Object, all: &mut Vec<u8>) {
    match object {
        Object::String(bytes, _) => {
            all.extend(bytes);
            all.extend(lopdf::decode_text_string(object).unwrap_or_default().into_bytes());
        }
        Object::Name(name) => all.extend(name),
        Object::Array(objects) => objects.iter().for_each(|object| gather(object, all)),
        Object::Dictionary(dict) => dict.iter().for_each(|(_, object)| gather(object, all)),
        Object::Stream(stream) => {
            stream.dict.iter().for_each(|(_, object)| gather(object, all));
            all.extend(stream.decompressed_content().unwrap_or_else(|_| stream.content.clone()));
        }
        _ => {}
    }
    all.push(b'\n');
}

fn plain(stream: &lopdf::Stream) -> Vec<u8> {
    if stream.dict.has(b"Filter") {
        stream.decompressed_content().unwrap()
    } else {
        stream.content.clone()
    }
}

/// A text without characters that the typesetter may change: spaces, line breaks, hyphens
/// at line ends, break opportunities, forms of quotation marks.
pub fn bare(text: &str) -> String {
    let straight = |c| match c {
        '”' | '“' => '"',
        '’' | '‘' => '\'',
        other => other,
    };
    text.chars()
        .map(straight)
        .filter(|c| {
            !c.is_whitespace()
                && !matches!(c, '-' | '\u{ad}' | '\u{2010}' | '\u{2060}' | '\u{200b}')
        })
        .collect()
}

/// A text in the form of `Pdf::letters`.
pub fn letters(text: &str) -> String {
    let unseen = |c: &char| c.is_whitespace() || matches!(c, '\u{ad}' | '\u{2060}' | '\u{200b}');
    text.chars().filter(|c| !unseen(c)).collect()
}
