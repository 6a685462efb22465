//! Locates a field of a record in its JSON text; finds repeated fields and lists that are
//! too long.

use std::collections::HashSet;
use std::ops::Range;

use jsonc_parser::ast::{ObjectPropName, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use unicode_normalization::char::is_combining_mark;

use crate::model::limits::{LIST_LIMIT, least, list_limit};
use crate::model::text::{composed, is_line_break};

/// A parsed JSON text, for several lookups.
pub struct Places<'a> {
    text: &'a str,
    /// None when the text is not JSON.
    tree: Option<Value<'a>>,
}

impl<'a> Places<'a> {
    /// Parses a text.
    pub fn of(text: &'a str) -> Self {
        let ast = parse_to_ast(text, &CollectOptions::default(), &ParseOptions::default());
        Self { text, tree: ast.ok().and_then(|ast| ast.value) }
    }

    /// Byte range of the value at a field path such as `notes[3].text`; of the nearest
    /// enclosing value when the field does not exist. `None` when the text is not JSON.
    pub fn span_of(&self, field: &str) -> Option<Range<usize>> {
        let mut value = self.tree.as_ref()?;
        for step in steps(field) {
            match child(value, step) {
                Some(next) => value = next,
                None => return Some(opening(value)),
            }
        }
        Some(if field.is_empty() { opening(value) } else { trim(value) })
    }

    /// Byte range of a part of the text at a field path; `within` counts bytes of the
    /// decoded text.
    pub fn span_within(&self, field: &str, within: &Range<usize>) -> Option<Range<usize>> {
        let span = self.span_of(field)?;
        let literal = self.text.get(span.clone())?;
        if !literal.starts_with('"') {
            return Some(span);
        }
        let at = |wanted: usize| Some(span.start + 1 + raw_offset(&literal[1..], wanted)?);
        let found = at(within.start)?..at(within.end)?;
        Some(if found.is_empty() { span } else { found })
    }

    /// Byte range of the name of a field in the object at `parent`.
    pub fn span_of_name(&self, parent: &str, name: &str) -> Option<Range<usize>> {
        let mut value = self.tree.as_ref()?;
        for step in steps(parent) {
            value = child(value, step)?;
        }
        let Value::Object(object) = value else { return None };
        let mut properties = object.properties.iter();
        let found = properties.find(|property| property.name.as_str() == name)?;
        Some(range_of(&found.name))
    }

    /// Fields that occur twice in an object: field path, and range of the second name.
    pub fn repeated_names(&self) -> Vec<(String, Range<usize>)> {
        let mut found = Vec::new();
        if let Some(value) = &self.tree {
            repeated_in(value, String::new(), &mut found);
        }
        found
    }
}

/// [`Places::span_of`] for a single lookup.
pub fn span_of(text: &str, field: &str) -> Option<Range<usize>> {
    Places::of(text).span_of(field)
}

/// Position of a byte of a decoded JSON string in its literal, without the opening
/// quotation mark. Bytes are counted as in normalised text: every line break is one,
/// letters are composed.
fn raw_offset(literal: &str, wanted: usize) -> Option<usize> {
    let (mut decoded, mut chars) = (0, literal.char_indices().peekable());
    // a letter with its combining marks so far
    let mut letter = String::new();
    while let Some((at, c)) = chars.next() {
        let (mut half, quote) = (false, c == '"');
        let c = match c {
            '\\' => match chars.next()?.1 {
                'u' => {
                    let code: String = chars.by_ref().take(4).map(|(_, c)| c).collect();
                    let code = u32::from_str_radix(&code, 16).ok()?;
                    half = (0xD800..=0xDFFF).contains(&code);
                    if half { ' ' } else { char::from_u32(code)? }
                }
                'n' => '\n',
                'r' => '\r',
                _ => 'x',
            },
            c => c,
        };
        if is_combining_mark(c) && !letter.is_empty() {
            letter.push(c);
            continue;
        }
        decoded += composed(&letter).len();
        letter.clear();
        if decoded >= wanted {
            return Some(at);
        }
        if quote {
            return None;
        }
        let next = literal[at..].strip_prefix("\\r").map(|rest| rest.starts_with("\\n"));
        match c {
            // each half of a surrogate pair counts for two of the four bytes
            _ if half => decoded += 2,
            '\r' if next == Some(true) => {}
            c if is_line_break(c) => decoded += 1,
            c => letter.push(c),
        }
    }
    decoded += composed(&letter).len();
    (decoded >= wanted).then_some(literal.len())
}

fn repeated_in(value: &Value<'_>, path: String, found: &mut Vec<(String, Range<usize>)>) {
    match value {
        Value::Object(object) => {
            let mut names = HashSet::new();
            for property in &object.properties {
                let name = property.name.as_str();
                let field = join(&path, name);
                if !names.insert(name) {
                    found.push((field.clone(), range_of(&property.name)));
                }
                repeated_in(&property.value, field, found);
            }
        }
        Value::Array(array) => {
            for (index, element) in array.elements.iter().enumerate() {
                repeated_in(element, format!("{path}[{index}]"), found);
            }
        }
        _ => {}
    }
}

/// Joins a path and a name: `notes` and `text` become `notes.text`.
pub fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// Field paths of the lists that are longer than [`most_of`] allows, with that limit.
pub fn long_lists(text: &str) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    if longest_list(text) > least()
        && let Ok(value) = serde_json::from_str(text)
    {
        long_in(&value, String::new(), LIST_LIMIT, &mut found);
    }
    found
}

/// Length of the longest list in a JSON text, by a quick scan: nearly every record passes
/// it.
fn longest_list(text: &str) -> usize {
    let (mut longest, mut open, mut bytes) = (0, Vec::new(), text.bytes());
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => {
                while let Some(inner) = bytes.next() {
                    match inner {
                        b'\\' => _ = bytes.next(),
                        b'"' => break,
                        _ => {}
                    }
                }
            }
            b'[' => open.push(Some(1)),
            b'{' => open.push(None),
            b']' | b'}' => longest = longest.max(open.pop().flatten().unwrap_or(0)),
            b',' => {
                if let Some(Some(items)) = open.last_mut() {
                    *items += 1;
                }
            }
            _ => {}
        }
    }
    longest
}

fn long_in(value: &serde_json::Value, path: String, most: usize, found: &mut Vec<(String, usize)>) {
    match value {
        serde_json::Value::Object(fields) => {
            for (name, value) in fields {
                long_in(value, join(&path, name), list_limit(name), found);
            }
        }
        serde_json::Value::Array(items) if items.len() > most => found.push((path, most)),
        serde_json::Value::Array(items) => {
            for (at, value) in items.iter().enumerate() {
                long_in(value, format!("{path}[{at}]"), LIST_LIMIT, found);
            }
        }
        _ => {}
    }
}

#[derive(Clone, Copy)]
enum PathStep<'a> {
    Name(&'a str),
    Index(usize),
}

fn steps(field: &str) -> impl Iterator<Item = PathStep<'_>> {
    field.split('.').filter(|part| !part.is_empty()).flat_map(|part| {
        let (name, indexes) = part.split_once('[').unwrap_or((part, ""));
        let name = (!name.is_empty()).then_some(PathStep::Name(name));
        let indexes =
            indexes.split(['[', ']']).filter_map(|index| index.parse().ok().map(PathStep::Index));
        name.into_iter().chain(indexes)
    })
}

fn child<'a, 'b>(value: &'b Value<'a>, step: PathStep<'_>) -> Option<&'b Value<'a>> {
    match (value, step) {
        (Value::Object(object), PathStep::Name(name)) => object
            .properties
            .iter()
            .find(|property| property.name.as_str() == name)
            .map(|property| &property.value),
        (Value::Array(array), PathStep::Index(index)) => array.elements.get(index),
        _ => None,
    }
}

fn trim(value: &Value<'_>) -> Range<usize> {
    match value {
        Value::Object(_) | Value::Array(_) => opening(value),
        _ => value.range().start..value.range().end,
    }
}

/// The opening bracket of a list or object: the whole would be too long to show.
fn opening(value: &Value<'_>) -> Range<usize> {
    let range = value.range();
    match value {
        Value::Object(_) | Value::Array(_) => range.start..range.start + 1,
        _ => range.start..range.end,
    }
}

fn range_of(name: &ObjectPropName<'_>) -> Range<usize> {
    let range = name.range();
    range.start..range.end
}

/// Converts a JSON pointer to a field path: `/notes/3/text` becomes `notes[3].text`.
pub fn field_path(pointer: &str) -> String {
    let mut path = String::new();
    for part in pointer.split('/').skip(1) {
        let part = part.replace("~1", "/").replace("~0", "~");
        if part.bytes().all(|b| b.is_ascii_digit()) {
            path.push_str(&format!("[{part}]"));
        } else {
            path = join(&path, &part);
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"{"a": [{"b": "ä"}, {"b": 2, "c": 3, "b": 4}]}"#;

    #[test]
    fn finds_values_by_path() {
        assert_eq!(span_of(TEXT, "a[0].b").map(|span| &TEXT[span]), Some("\"ä\""));
        assert_eq!(span_of(TEXT, "a[1].c").map(|span| &TEXT[span]), Some("3"));
        assert_eq!(
            span_of(TEXT, "a[1].missing").map(|span| span.start),
            span_of(TEXT, "a[1]").map(|s| s.start)
        );
        assert_eq!(span_of("{", "a"), None);
    }

    #[test]
    fn finds_a_part_of_a_text_after_escapes() {
        let text = r#"{"a": "x\n\u00e4 \"söl\" 😀\ud83d\ude00 end"}"#;
        let decoded = "x\nä \"söl\" 😀😀 end";
        for part in ["x", "ä", "söl", "end"] {
            let at = decoded.find(part).unwrap();
            let span = Places::of(text).span_within("a", &(at..at + part.len())).unwrap();
            let found = &text[span];
            assert_eq!(found.replace("\\u00e4", "ä"), part);
        }
        assert_eq!(Places::of(text).span_within("a", &(0..500)), None);
    }

    #[test]
    fn finds_a_part_of_a_text_after_decomposed_letters() {
        let text = "{\"a\": \"a\u{308}a\u{301} C\\u030c end\"}";
        let kept = "äá Č end";
        for (part, raw) in [("ä", "a\u{308}"), ("Č", "C\\u030c"), ("end", "end")] {
            let at = kept.find(part).unwrap();
            let span = Places::of(text).span_within("a", &(at..at + part.len())).unwrap();
            assert_eq!(&text[span], raw);
        }
    }

    #[test]
    fn finds_repeated_names() {
        let found = Places::of(TEXT).repeated_names();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, "a[1].b");
        assert_eq!(&TEXT[found[0].1.clone()], "\"b\"");
    }
}
