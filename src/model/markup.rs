//! The part of CommonMark that records may use: paragraphs, lists, emphasis
//! and links. Says what is outside it; what it looks like is not known here.

use pulldown_cmark::{Event, Options, Parser, Tag};

/// Parser of long text: plain CommonMark, no extensions.
pub fn parser(text: &str) -> Parser<'_> {
    Parser::new_ext(text, Options::empty())
}

/// Name of the first construct that is outside the accepted part.
pub fn forbidden(text: &str) -> Option<&'static str> {
    parser(text).find_map(|event| match event {
        Event::Html(_) | Event::InlineHtml(_) => Some("html"),
        Event::Code(_) => Some("code"),
        Event::Rule => Some("rule"),
        Event::Start(tag) => match tag {
            Tag::Heading { .. } => Some("heading"),
            Tag::BlockQuote(_) => Some("quote"),
            Tag::CodeBlock(_) => Some("code"),
            Tag::HtmlBlock => Some("html"),
            Tag::Image { .. } => Some("image"),
            Tag::Link { dest_url, .. } if !is_web_address(&dest_url) => Some("link"),
            _ => None,
        },
        _ => None,
    })
}

/// True for the addresses that a document may link to.
pub fn is_web_address(address: &str) -> bool {
    ["https://", "http://", "mailto:"]
        .iter()
        .any(|scheme| address.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty()))
        && !address.contains(char::is_whitespace)
}

/// A reference to slides inside a text: `{slides:goals}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlideReference<'a> {
    /// Byte range in the text.
    pub start: usize,
    pub end: usize,
    /// Which form of the word stands in the sentence: `name`, `on` or `to`.
    pub form: &'static str,
    pub key: &'a str,
}

/// Forms of a reference: `{slides:x}` names the slides, `{on-slides:x}` says
/// "on the slides", `{to-slides:x}` says "onto the slides".
const FORMS: [(&str, &str); 3] =
    [("{slides:", "name"), ("{on-slides:", "on"), ("{to-slides:", "to")];

/// The first reference in a text.
pub fn next_reference(text: &str) -> Option<SlideReference<'_>> {
    let (start, opening, form) = FORMS
        .iter()
        .filter_map(|(opening, form)| Some((text.find(opening)?, *opening, *form)))
        .min_by_key(|(start, ..)| *start)?;
    let inside = &text[start + opening.len()..];
    let close = inside.find('}')?;
    let end = start + opening.len() + close + 1;
    Some(SlideReference { start, end, form, key: &inside[..close] })
}

/// Keys of all references in a text.
pub fn slide_references(text: &str) -> Vec<&str> {
    let mut keys = Vec::new();
    let mut rest = text;
    while let Some(reference) = next_reference(rest) {
        keys.push(reference.key);
        rest = &rest[reference.end..];
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_found_in_all_forms() {
        assert_eq!(slide_references("{on-slides:a} {x} {slides:b} {slides:"), ["a", "b"]);
    }

    #[test]
    fn accepts_what_documents_have() {
        for text in [
            "Kappale.\n\nToinen *painotus* ja **vahva**.",
            "- yksi\n- kaksi\n  - alakohta",
            "1. yksi\n2. kaksi",
            "[THL](https://thl.fi/aiheet) ja mailto [posti](mailto:a@b.example)",
            "rivi  \nvaihto, 5 < 6 & 7 > 3",
        ] {
            assert_eq!(forbidden(text), None, "{text}");
        }
    }

    #[test]
    fn names_what_they_do_not_have() {
        for (text, name) in [
            ("# Otsikko", "heading"),
            ("> lainaus", "quote"),
            ("    koodi", "code"),
            ("`koodi`", "code"),
            ("<script>", "html"),
            ("a <b>c</b>", "html"),
            ("![kuva](https://a.example/x.png)", "image"),
            ("[x](javascript:alert)", "link"),
            ("[x](file:///etc/passwd)", "link"),
            ("a\n\n---\n\nb", "rule"),
        ] {
            assert_eq!(forbidden(text), Some(name), "{text}");
        }
    }
}
