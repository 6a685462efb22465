//! Markup of long texts: bullets, numbered lists, emphasis and links, where they are
//! clearly meant. Everything else is text and is printed as typed.

mod blocks;
mod inline;

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

/// Escapes the next character: it is text, whatever it would mean otherwise. A Unicode
/// noncharacter for internal use, which neither records nor documents contain; only
/// [`plain`] writes it.
pub const LITERAL: char = '\u{FDD0}';

/// The parsed events of a text.
#[derive(Default)]
struct Parsed<'a> {
    events: Vec<(Event<'a>, Range<usize>)>,
    /// The first construct that is not supported.
    refused: Option<&'static str>,
}

impl<'a> Parsed<'a> {
    fn push(&mut self, event: Event<'a>, range: Range<usize>) {
        self.events.push((event, range));
    }

    fn text(&mut self, text: &'a str, range: Range<usize>) {
        if !range.is_empty() {
            self.push(Event::Text(CowStr::Borrowed(&text[range.clone()])), range);
        }
    }
}

/// Parses a long text to CommonMark events. Every character that is not markup is in a text
/// event; a line break is a hard break.
pub fn parser(text: &str) -> impl Iterator<Item = Event<'_>> {
    located(text).map(|(event, _)| event)
}

/// As [`parser`], each event with its byte range in the text.
pub fn located(text: &str) -> impl Iterator<Item = (Event<'_>, Range<usize>)> {
    blocks::parse(text).events.into_iter()
}

/// A long text as it is printed: without markup, with bullets and numbers, line by line.
pub fn printed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut numbers: Vec<Option<u64>> = Vec::new();
    // the first paragraph of an item follows its marker
    let mut fresh = true;
    for (event, range) in located(text) {
        let ends = matches!(
            event,
            Event::HardBreak
                | Event::Start(Tag::Paragraph | Tag::List(_) | Tag::Item)
                | Event::End(TagEnd::Paragraph | TagEnd::List(_))
        );
        if ends && !fresh {
            out.push('\n');
            fresh = true;
        }
        match event {
            Event::Text(part) => {
                out.push_str(&part);
                fresh = false;
            }
            Event::Start(Tag::List(first)) => numbers.push(first),
            Event::End(TagEnd::List(_)) => _ = numbers.pop(),
            Event::Start(Tag::Item) => match numbers.last_mut() {
                Some(Some(number)) => {
                    let sign = if is_bracketed(&text[range]) { ')' } else { '.' };
                    out.push_str(&format!("{number}{sign} "));
                    *number += 1;
                }
                _ => out.push_str("• "),
            },
            _ => {}
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// True if the numbers of a list, or of an item, are written `1)`.
pub fn is_bracketed(list: &str) -> bool {
    let sign = list.trim_start().trim_start_matches(|c: char| c.is_ascii_digit());
    sign.starts_with(')')
}

/// Escapes plain text, such as a name, for use in long text: nothing in it is markup,
/// whatever precedes and follows it.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut begins, link) = (true, text.contains("]("));
    for c in text.trim_start().chars() {
        let marker = begins && (c.is_ascii_digit() || matches!(c, '-' | '*'));
        let sign = matches!(c, '*' | '_') || link && matches!(c, '[' | ']');
        if marker || sign {
            out.push(LITERAL);
        }
        out.push(c);
        begins = c == '\n' || begins && c.is_whitespace();
    }
    out
}

/// The characters that a CommonMark entity such as `&auml;` or `&#45;` stands for.
pub fn entity(name: &str) -> Option<String> {
    let inside = name.strip_prefix('&')?.strip_suffix(';')?;
    if !inside.chars().all(|c| c.is_ascii_alphanumeric() || c == '#') {
        return None;
    }
    let texts = pulldown_cmark::Parser::new(name).filter_map(|event| match event {
        Event::Text(text) => Some(text.into_string()),
        _ => None,
    });
    let said: String = texts.collect();
    (said != name && !said.is_empty()).then_some(said)
}

/// Maximum nesting of lists, emphasis and links.
const DEPTH: usize = 6;

/// Name of the first unsupported construct, which would be misread whether it is printed or
/// not.
pub fn forbidden(text: &str) -> Option<&'static str> {
    let parsed = blocks::parse(text);
    let mut depth = 0_usize;
    let too_deep = parsed.events.iter().any(|(event, _)| {
        match event {
            Event::Start(Tag::Paragraph | Tag::Item)
            | Event::End(TagEnd::Paragraph | TagEnd::Item) => {}
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > DEPTH
    });
    parsed.refused.or(too_deep.then_some("nesting"))
}

/// True for addresses that a document may link to.
pub fn is_web_address(address: &str) -> bool {
    ["https://", "http://", "mailto:"]
        .iter()
        .any(|scheme| address.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty()))
        && !address.contains(char::is_whitespace)
}

/// A reference to slides in a text: `{slides:goals}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlideReference<'a> {
    /// Byte range in the text.
    pub start: usize,
    pub end: usize,
    /// Grammatical form in the sentence: `name`, `on` or `to`.
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
mod tests;
#[cfg(test)]
mod typed;
