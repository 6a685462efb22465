//! What a finished PDF says: all its text, wherever it stands. Reads the file
//! itself, not what it was made from, so that it can be held against that.

mod runs;
mod structure;

use lopdf::{Document, Object};

use runs::Run;

/// The texts of a PDF.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// Text of each page as it stands there, headers and footers included.
    pub pages: Vec<String>,
    /// The text of the document in the order in which it is read, across pages,
    /// cells and columns, without headers and footers: number of the page, from
    /// 0, and what stands there.
    pub flow: Vec<(usize, String)>,
    /// Every other text: metadata, bookmarks, alternative texts, links, names.
    pub others: Vec<String>,
    /// Whether files travel in it.
    pub attachments: bool,
}

/// A PDF cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the PDF cannot be read: {0}")]
pub struct ReadingError(#[from] lopdf::Error);

/// Reads a PDF.
///
/// # Errors
/// When it is damaged, or a page has no text that could be read.
pub fn read(bytes: &[u8]) -> Result<Reading, ReadingError> {
    let document = Document::load_mem(bytes)?;
    let mut reading = Reading::default();
    let mut runs: Vec<Run> = Vec::new();
    let pages = document.get_pages();
    for (at, page) in pages.values().enumerate() {
        let (shown, others) = runs::of_page(&document, *page, at)?;
        reading.pages.push(runs::joined(shown.iter().map(|run| (run, run.text.as_str()))));
        reading.others.extend(others);
        runs.extend(shown);
    }
    let pages: Vec<lopdf::ObjectId> = pages.into_values().collect();
    reading.flow = structure::flow(&document, &pages, &runs);
    for object in document.objects.values() {
        gather(object, &mut reading);
    }
    for (_, value) in document.trailer.iter() {
        gather(value, &mut reading);
    }
    Ok(reading)
}

fn gather(object: &Object, reading: &mut Reading) {
    match object {
        Object::String(bytes, _) => reading.others.push(text_of(object, bytes)),
        Object::Array(items) => items.iter().for_each(|item| gather(item, reading)),
        Object::Dictionary(fields) => fields.iter().for_each(|(name, value)| {
            reading.attachments |= name == b"EmbeddedFiles" || name == b"EF";
            gather(value, reading);
        }),
        Object::Stream(stream) => {
            stream.dict.iter().for_each(|(_, value)| gather(value, reading));
            let metadata = stream.dict.get(b"Type").and_then(Object::as_name);
            if matches!(metadata, Ok(b"Metadata")) {
                let plain =
                    stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
                reading.others.push(String::from_utf8_lossy(&plain).into_owned());
            }
        }
        _ => {}
    }
}

/// A text string; one that is none, as what it may be.
fn text_of(object: &Object, bytes: &[u8]) -> String {
    let text = lopdf::decode_text_string(object);
    text.unwrap_or_else(|_| String::from_utf8_lossy(bytes).into_owned())
}
