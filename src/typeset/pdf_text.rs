//! Text extraction from a finished PDF: text on pages, metadata, bookmarks and
//! alternative texts. Reads the file itself, so that it can be compared with
//! the records it was made from.

mod runs;
mod structure;

use lopdf::{Document, Object};

use runs::TextRun;

/// The texts of a PDF.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PdfText {
    /// Text of each page, including headers and footers.
    pub pages: Vec<String>,
    /// Text of the document in reading order, across pages, cells and columns,
    /// without headers and footers: the page, from 0, and its text.
    pub flow: Vec<(usize, String)>,
    /// Every other text: metadata, bookmarks, alternative texts, links, names.
    pub others: Vec<String>,
    /// Whether files are attached.
    pub attachments: bool,
}

/// A PDF cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the PDF cannot be read: {0}")]
pub struct PdfTextError(#[from] lopdf::Error);

/// Extracts the text of a PDF.
///
/// # Errors
/// When it is damaged, or the text of a page cannot be decoded.
pub fn read(bytes: &[u8]) -> Result<PdfText, PdfTextError> {
    let document = Document::load_mem(bytes)?;
    let mut text = PdfText::default();
    let mut runs: Vec<TextRun> = Vec::new();
    let pages = document.get_pages();
    for (at, page) in pages.values().enumerate() {
        let (shown, others) = runs::of_page(&document, *page, at)?;
        text.pages.push(runs::joined(shown.iter().map(|run| (run, run.text.as_str()))));
        text.others.extend(others);
        runs.extend(shown);
    }
    let pages: Vec<lopdf::ObjectId> = pages.into_values().collect();
    text.flow = structure::flow(&document, &pages, &runs);
    for object in document.objects.values() {
        collect(object, &mut text);
    }
    for (_, value) in document.trailer.iter() {
        collect(value, &mut text);
    }
    Ok(text)
}

fn collect(object: &Object, text: &mut PdfText) {
    match object {
        Object::String(bytes, _) => text.others.push(text_of(object, bytes)),
        Object::Array(items) => items.iter().for_each(|item| collect(item, text)),
        Object::Dictionary(fields) => fields.iter().for_each(|(name, value)| {
            text.attachments |= name == b"EmbeddedFiles" || name == b"EF";
            collect(value, text);
        }),
        Object::Stream(stream) => {
            stream.dict.iter().for_each(|(_, value)| collect(value, text));
            let metadata = stream.dict.get(b"Type").and_then(Object::as_name);
            if matches!(metadata, Ok(b"Metadata")) {
                let plain =
                    stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
                text.others.push(String::from_utf8_lossy(&plain).into_owned());
            }
        }
        _ => {}
    }
}

/// A text string, decoded as UTF-8 if it is not in an encoding for text strings.
fn text_of(object: &Object, bytes: &[u8]) -> String {
    let text = lopdf::decode_text_string(object);
    text.unwrap_or_else(|_| String::from_utf8_lossy(bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Bundle;
    use crate::typeset::{Archival, Engine, Job};

    fn reading(body: &str) -> PdfText {
        let source = format!(
            "#set document(title: \"T\", date: datetime(year: 2025, month: 1, day: 1))\n\
             #set text(font: \"Source Sans 3\", lang: \"fi\", size: 10pt, hyphenate: true)\n\
             #set page(width: 9cm, height: 5cm, margin: 1cm, header: [YLÄTUNNISTE], \
             footer: [ALATUNNISTE])\n= T\n{body}"
        );
        let job = Job { source: &source, attachment: None, ident: "t", archival: Archival::A2a };
        read(&Engine::new(&Bundle::built_in()).unwrap().pdf(&job).unwrap().bytes).unwrap()
    }

    fn flow(read: &PdfText) -> String {
        let text: String = read.flow.iter().map(|(_, text)| text.as_str()).collect();
        text.replace("\u{ad}\n", "").split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn text_goes_on_over_pages_without_headers() {
        let words: Vec<String> = (0..400).map(|at| format!("sana{at}")).collect();
        let read = reading(&words.join(" "));
        assert!(read.pages.len() > 5);
        assert_eq!(flow(&read), format!("T {}", words.join(" ")));
        assert!(read.pages.iter().all(|page| page.contains("YLÄTUNNISTE")));
        let pages: Vec<usize> = read.flow.iter().map(|(page, _)| *page).collect();
        assert_eq!(pages, (0..read.pages.len()).collect::<Vec<_>>());
    }

    #[test]
    fn words_are_whole_across_line_breaks_and_markup() {
        let body = "elinvoimaisuusneuvottelukuntien työllisyyspalvelujärjestämislain \
                    kansainvälistymisstrategia Meikäläi#strong[nen] #link(\"https://a.example/b%20c\")[lin]kki \
                    viimei#emph[nen]";
        let read = reading(body);
        for word in [
            "elinvoimaisuusneuvottelukuntien",
            "työllisyyspalvelujärjestämislain",
            "kansainvälistymisstrategia",
            "Meikäläinen",
            "linkki",
            "viimeinen",
        ] {
            assert!(flow(&read).contains(word), "{word}: {}", flow(&read));
        }
        assert!(read.others.iter().any(|text| text == "https://a.example/b%20c"));
    }

    #[test]
    fn cells_and_columns_are_read_one_after_the_other() {
        let long =
            |name: &str| (0..60).map(|at| format!("{name}{at}")).collect::<Vec<_>>().join(" ");
        let (one, other) = (long("yksi"), long("kaksi"));
        let body = format!("#table(columns: 2, table.header([Eka], [Toka]), [{one}], [{other}])");
        let read = reading(&body);
        assert!(read.pages.len() > 2);
        assert!(flow(&read).contains(&one) && flow(&read).contains(&other), "{}", flow(&read));
    }
}
