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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Bundle;
    use crate::typeset::{Archival, Engine, Job};

    fn reading(body: &str) -> Reading {
        let source = format!(
            "#set document(title: \"T\", date: datetime(year: 2025, month: 1, day: 1))\n\
             #set text(font: \"Source Sans 3\", lang: \"fi\", size: 10pt, hyphenate: true)\n\
             #set page(width: 9cm, height: 5cm, margin: 1cm, header: [YLÄTUNNISTE], \
             footer: [ALATUNNISTE])\n= T\n{body}"
        );
        let job = Job { source: &source, attachment: None, ident: "t", archival: Archival::A2a };
        read(&Engine::new(&Bundle::built_in()).unwrap().pdf(&job).unwrap().bytes).unwrap()
    }

    fn flow(read: &Reading) -> String {
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
    fn words_are_whole_though_lines_break_them_and_marks_stand_in_them() {
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
