//! The part of CommonMark that records may use: paragraphs, lists, emphasis
//! and links. Says what is outside it; what it looks like is not known here.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// Parser of long text: plain CommonMark, no extensions.
pub fn parser(text: &str) -> Parser<'_> {
    Parser::new_ext(text, Options::empty())
}

/// Plain text as CommonMark that says just this: a backslash before every ASCII
/// punctuation character.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.trim_start().chars() {
        if c.is_ascii_punctuation() {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// The characters that an entity such as `&auml;` or `&#45;` stands for in CommonMark.
pub fn entity(name: &str) -> Option<String> {
    let inside = name.strip_prefix('&')?.strip_suffix(';')?;
    if !inside.chars().all(|c| c.is_ascii_alphanumeric() || c == '#') {
        return None;
    }
    let texts = Parser::new_ext(name, Options::empty()).filter_map(|event| match event {
        Event::Text(text) => Some(text.into_string()),
        _ => None,
    });
    let said: String = texts.collect();
    (said != name && !said.is_empty()).then_some(said)
}

/// Deepest nesting of lists, emphasis and links.
const DEPTH: usize = 6;

/// Name of the first construct that is outside the accepted part.
pub fn forbidden(text: &str) -> Option<&'static str> {
    // "[label]: word" is taken for the target of a link, and shows nowhere
    let parsed = parser(text);
    let mut targets = parsed.reference_definitions().iter();
    if targets.any(|(_, target)| !is_web_address(&target.dest)) {
        return Some("definition");
    }
    let mut depth = 0_usize;
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
            Tag::Paragraph | Tag::Item => None,
            _ => {
                depth += 1;
                (depth > DEPTH).then_some("nesting")
            }
        },
        Event::End(tag) => {
            if !matches!(tag, TagEnd::Paragraph | TagEnd::Item) {
                depth = depth.saturating_sub(1);
            }
            None
        }
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
    fn plain_text_says_just_itself() {
        for text in
            ["# a", "1. b", "2025. vuosi", "`c` <b>d</b>", "- e", "*f* [g](h) \\i", "> j", "    k"]
        {
            let events: Vec<Event<'_>> = parser(text).collect();
            assert!(!events.is_empty());
            let escaped = plain(text);
            let mut said = String::new();
            for event in parser(&escaped) {
                match event {
                    Event::Text(part) => said.push_str(&part),
                    Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph) => {}
                    other => panic!("{text}: {other:?}"),
                }
            }
            assert_eq!(said, text.trim_start());
        }
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
            ("- - - - - - - - liian syvä", "nesting"),
        ] {
            assert_eq!(forbidden(text), Some(name), "{text}");
        }
    }
}
