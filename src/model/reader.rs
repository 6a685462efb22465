//! Text as a reader sees it: without markup, and the same however it was typed. Each
//! character keeps its position in the typed text.

mod alike;
mod fold;

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::markup;
pub use alike::skeleton;

/// A text as its reader sees it; each character keeps its position in the typed text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    signs: Vec<Sign>,
}

/// A character with its byte range in the typed text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sign {
    pub c: char,
    start: u32,
    end: u32,
}

/// A folded word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub text: String,
    /// Byte range in the typed text.
    pub place: Range<usize>,
}

impl Seen {
    /// A text that is shown as typed: one line, or the text of a PDF.
    pub fn typed(text: &str) -> Self {
        let mut seen = Self::default();
        seen.push(text, 0);
        seen
    }

    /// The printed form of a long text.
    pub fn printed(text: &str) -> Self {
        let mut seen = Self::default();
        for (event, range) in markup::located(text) {
            match event {
                Event::Text(part) | Event::Code(part) if text[range.clone()] == *part => {
                    seen.push(&part, range.start);
                }
                // an entity, or a text with other marks around it
                Event::Text(part)
                | Event::Code(part)
                | Event::Html(part)
                | Event::InlineHtml(part) => {
                    seen.signs.extend(part.chars().map(|c| Sign::new(c, &range)));
                }
                Event::SoftBreak | Event::HardBreak => seen.signs.push(Sign::new('\n', &range)),
                Event::Start(Tag::Paragraph | Tag::Item | Tag::Heading { .. })
                | Event::End(TagEnd::Item) => {
                    seen.signs.push(Sign::new('\n', &(range.start..range.start)));
                }
                _ => {}
            }
        }
        seen
    }

    /// A text of a record as its reader sees it.
    pub fn of(text: &str, long: bool) -> Self {
        if long { Self::printed(text) } else { Self::typed(text) }
    }

    fn push(&mut self, text: &str, from: usize) {
        let place = |at: usize, c: char| from + at..from + at + c.len_utf8();
        self.signs.extend(text.char_indices().map(|(at, c)| Sign::new(c, &place(at, c))));
    }

    /// Folds the text for comparison: entities and percent-encoding decoded, invisible
    /// characters removed, letters without case and marks, look-alikes of other scripts as
    /// Latin letters, digits of all scripts as 0–9, one hyphen, one apostrophe.
    #[must_use]
    pub fn folded(&self) -> Self {
        Self { signs: fold::folded(&self.signs) }
    }

    /// The characters with their positions.
    pub fn signs(&self) -> &[Sign] {
        &self.signs
    }

    /// The characters without positions.
    pub fn text(&self) -> String {
        self.signs.iter().map(|sign| sign.c).collect()
    }

    /// Byte range of some of the characters in the typed text.
    pub fn place(&self, signs: Range<usize>) -> Range<usize> {
        let signs = self.signs.get(signs).unwrap_or_default();
        let start = signs.iter().map(|sign| sign.start).min().unwrap_or_default();
        let end = signs.iter().map(|sign| sign.end).max().unwrap_or_default();
        start as usize..end as usize
    }

    /// The words of a folded text.
    pub fn words(&self) -> Vec<Word> {
        let mut words = Vec::new();
        let mut start = None;
        for at in 0..=self.signs.len() {
            let inside = self.signs.get(at).is_some_and(|sign| sign.c.is_alphanumeric());
            match (start, inside) {
                (None, true) => start = Some(at),
                (Some(from), false) => {
                    let text = self.signs[from..at].iter().map(|sign| sign.c).collect();
                    words.push(Word { text, place: self.place(from..at) });
                    start = None;
                }
                _ => {}
            }
        }
        words
    }
}

impl Sign {
    fn new(c: char, place: &Range<usize>) -> Self {
        // texts of records and PDFs are far shorter than 4 GiB
        let within = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self { c, start: within(place.start), end: within(place.end) }
    }

    /// The same position with another character.
    fn with(self, c: char) -> Self {
        Self { c, ..self }
    }

    /// Byte range in the typed text.
    pub fn place(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Targets of the links in a long text.
pub fn link_targets(text: &str) -> Vec<String> {
    let links = markup::parser(text).filter_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. }) => Some(dest_url.into_string()),
        _ => None,
    });
    links.collect()
}

/// The folded words of a text.
pub fn words(text: &str, long: bool) -> Vec<String> {
    let words = Seen::of(text, long).folded().words();
    words.into_iter().map(|word| word.text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> String {
        let folded = Seen::printed(text).folded();
        folded.words().into_iter().map(|w| w.text).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn one_text_is_one_however_it_was_typed() {
        for text in [
            "Äänekosken perhe",
            "A\u{308}a\u{308}nekosken perhe",
            "*Äänekosken* **perhe**",
            "[Äänekosken](https://a.example/x) perhe",
            "&Auml;&#228;nekosken perhe",
            "Ääne\u{ad}kosken\u{a0}perhe",
            "Ä\u{200b}änekosken\u{2003}perhe\u{fe0f}",
            "ÄÄNEKOSKEN PERHE",
            "%C3%84%C3%A4nekosken%20perhe",
            "%25C3%2584%25C3%25A4nekosken perhe",
            "\u{1d400}\u{308}änekosken perhe",
            "Äänekosken\nperhe",
            // Cyrillic and Greek letters, and wide ones
            "\u{c4}\u{e4}n\u{435}k\u{43e}sk\u{435}n \u{440}\u{435}rh\u{435}",
            "ÄÄNEK\u{39f}SKEN \u{3a1}ERHE",
            "Äänekosken \u{ff50}\u{ff45}\u{ff52}\u{ff48}\u{ff45}",
        ] {
            assert_eq!(seen(text), "aanekosken perhe", "{text}");
        }
        assert_eq!(seen("ﬁnni ﬂora ﬀ Straße"), "finni flora ff strasse");
    }

    #[test]
    fn places_are_those_of_what_was_typed() {
        let text = "Yksi &auml; **kaksi** [kolme](https://a.example) A\u{308}lä";
        let words = Seen::printed(text).folded().words();
        let typed: Vec<&str> = words.iter().map(|word| &text[word.place.clone()]).collect();
        assert_eq!(typed, ["Yksi", "&auml;", "kaksi", "kolme", "A\u{308}lä"]);
    }

    #[test]
    fn targets_of_links_are_told() {
        assert_eq!(link_targets("a [b](https://c.example/d%20e) f"), ["https://c.example/d%20e"]);
    }
}
