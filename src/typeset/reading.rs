//! What a finished PDF says: all its text, wherever it stands. Reads the file
//! itself, not what it was made from, so that it can be held against that.

use lopdf::{Document, Object};

/// The texts of a PDF.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// Text of each page, in its order.
    pub pages: Vec<String>,
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
    let pages = document.get_pages();
    let pages = pages.keys().map(|page| document.extract_text(&[*page]));
    let mut reading = Reading { pages: pages.collect::<Result<_, _>>()?, ..Reading::default() };
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
        Object::String(..) => reading.others.extend(lopdf::decode_text_string(object).ok()),
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
