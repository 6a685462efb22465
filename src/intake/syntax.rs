//! Finds all recognisable faults of a text that is not JSON, with a lenient parser that
//! continues after a fault as if it had been corrected. An unrecognisable fault ends it,
//! and serde's error is used.

mod quoted;

use std::ops::Range;

/// A syntax fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxFault {
    /// The rule of the fault.
    pub rule: &'static str,
    /// The bytes to show.
    pub span: Range<usize>,
    /// The correction as edits, where it is certain.
    pub edits: Vec<(Range<usize>, String)>,
    /// Range of the name of the last field before it.
    pub name: Range<usize>,
}

/// Every independent fault in text order, and whether the whole text was read. Empty for
/// valid JSON.
pub fn faults(text: &str) -> (Vec<SyntaxFault>, bool) {
    let mut parser =
        LenientParser { text, at: 0, faults: Vec::new(), depth: 0, name: 0..0, line: None };
    let whole = parser.document().is_some();
    parser.faults.sort_by_key(|fault| fault.span.start);
    (parser.faults, whole)
}

/// Maximum nesting; serde's own limit is 128.
const MAX_DEPTH: usize = 120;
/// Maximum number of faults: more than a record of maximum size can have, because nothing
/// is fixed unless the text is read to its end.
const MAX_FAULTS: usize = 200_000;

/// Quotation marks that are not JSON, opening and closing.
const QUOTES: [char; 10] = ['”', '“', '„', '‟', '\'', '’', '‘', '‚', '«', '»'];

struct LenientParser<'a> {
    text: &'a str,
    at: usize,
    faults: Vec<SyntaxFault>,
    depth: usize,
    /// Range of the name of the last field.
    name: Range<usize>,
    /// End of the last line searched, and its last straight quotation mark.
    line: Option<(usize, Option<usize>)>,
}

impl<'a> LenientParser<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// Adds a fault; `None` once there are too many.
    fn fault(
        &mut self,
        rule: &'static str,
        span: Range<usize>,
        edits: Vec<(Range<usize>, String)>,
    ) -> Option<()> {
        self.faults.push(SyntaxFault { rule, span, edits, name: self.name.clone() });
        (self.faults.len() < MAX_FAULTS).then_some(())
    }

    fn document(&mut self) -> Option<()> {
        self.space()?;
        self.value()?;
        self.space()?;
        self.rest().is_empty().then_some(())
    }

    /// Skips white space and comments.
    fn space(&mut self) -> Option<()> {
        loop {
            while self.peek().is_some_and(|c| " \t\r\n".contains(c)) {
                self.take();
            }
            let start = self.at;
            if let Some(c) =
                self.peek().filter(|c| c.is_whitespace() || *c == '\u{feff}' || *c == '\u{200b}')
            {
                // no-break spaces and similar, as from word processors
                let end = start + c.len_utf8();
                self.fault("json-space", start..end, vec![(start..end, " ".into())])?;
                self.at = end;
                continue;
            }
            let length = if self.rest().starts_with("//") || self.rest().starts_with('#') {
                self.rest().find('\n').unwrap_or(self.rest().len())
            } else if self.rest().starts_with("/*") {
                self.rest().find("*/")? + 2
            } else {
                return Some(());
            };
            let span = start..start + length;
            self.fault("json-comment", span.clone(), vec![(span, String::new())])?;
            self.at += length;
        }
    }

    fn value(&mut self) -> Option<()> {
        match self.peek()? {
            '{' => self.nested(Self::object),
            '[' => self.nested(Self::array),
            '"' => self.string(),
            c if QUOTES.contains(&c) => self.string_in_other_marks(),
            c if c == '-' || c == '+' || c == '.' || c.is_ascii_digit() => self.number(),
            c if c.is_alphabetic() => self.word(),
            _ => None,
        }
    }

    fn nested(&mut self, inside: fn(&mut Self) -> Option<()>) -> Option<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        self.take();
        inside(self)?;
        self.depth -= 1;
        Some(())
    }

    fn object(&mut self) -> Option<()> {
        loop {
            self.space()?;
            if self.peek()? == '}' {
                self.take();
                return Some(());
            }
            let start = self.at;
            self.name()?;
            let end = self.at;
            let marks = |c: char| c == '"' || QUOTES.contains(&c);
            let name = &self.text[start..end];
            let bare = name.trim_start_matches(marks);
            let from = end - bare.len();
            self.name = from..from + bare.trim_end_matches(marks).len();
            self.space()?;
            match self.peek()? {
                ':' => _ = self.take(),
                '=' => {
                    let span = self.at..self.at + 1;
                    self.fault("json-missing-colon", span.clone(), vec![(span, ":".into())])?;
                    self.take();
                }
                c if starts_value(c) => {
                    self.fault(
                        "json-missing-colon",
                        self.at..self.at + c.len_utf8(),
                        vec![(end..end, ":".into())],
                    )?;
                }
                _ => return None,
            }
            self.space()?;
            self.value()?;
            if self.separator('}')? {
                return Some(());
            }
        }
    }

    fn array(&mut self) -> Option<()> {
        loop {
            self.space()?;
            if self.peek()? == ']' {
                self.take();
                return Some(());
            }
            self.value()?;
            if self.separator(']')? {
                return Some(());
            }
        }
    }

    /// Reads what follows a value; true when the bracket closes.
    fn separator(&mut self, close: char) -> Option<bool> {
        let end = self.at;
        self.space()?;
        let c = self.peek()?;
        if c == close {
            self.take();
            return Some(true);
        }
        if c == ';' {
            let span = self.at..self.at + 1;
            self.fault("json-missing-comma", span.clone(), vec![(span, ",".into())])?;
            self.take();
        } else if c != ',' {
            // a comma is missing only where a valid next item begins
            let follows = match close {
                '}' => c == '"' || QUOTES.contains(&c) || self.starts_name(),
                _ => starts_value(c),
            };
            if !follows {
                return None;
            }
            self.fault(
                "json-missing-comma",
                self.at..self.at + c.len_utf8(),
                vec![(end..end, ",".into())],
            )?;
            return Some(false);
        } else {
            self.take();
        }
        let comma = self.at - 1;
        loop {
            self.space()?;
            match self.peek()? {
                c if c == close => {
                    self.fault(
                        "json-trailing-comma",
                        comma..comma + 1,
                        vec![(comma..comma + 1, String::new())],
                    )?;
                    self.take();
                    return Some(true);
                }
                ',' => {
                    let span = self.at..self.at + 1;
                    self.fault("json-comma-twice", span.clone(), vec![(span, String::new())])?;
                    self.take();
                }
                _ => return Some(false),
            }
        }
    }

    /// True for a bare word followed by a colon.
    fn starts_name(&self) -> bool {
        let word: usize = self.rest().chars().take_while(|c| is_name(*c)).map(char::len_utf8).sum();
        word > 0 && self.rest()[word..].trim_start().starts_with(':')
    }

    fn name(&mut self) -> Option<()> {
        match self.peek()? {
            '"' => self.string(),
            c if QUOTES.contains(&c) => self.string_in_other_marks(),
            _ if self.starts_name() => {
                let start = self.at;
                while self.peek().is_some_and(is_name) {
                    self.take();
                }
                let name = &self.text[start..self.at];
                let quoted = format!("\"{name}\"");
                self.fault("json-name-bare", start..self.at, vec![(start..self.at, quoted)])
            }
            _ => None,
        }
    }

    fn number(&mut self) -> Option<()> {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_alphanumeric() || "+-.,:/".contains(c)) {
            // a comma is not part of a number
            if self.peek() == Some(',') {
                return self.end_number(start);
            }
            self.take();
        }
        self.end_number(start)
    }

    fn end_number(&mut self, start: usize) -> Option<()> {
        let text = &self.text[start..self.at];
        // the end may be missing
        if self.rest().is_empty() {
            return None;
        }
        if serde_json::from_str::<serde_json::Number>(text).is_ok() {
            return Some(());
        }
        let span = start..self.at;
        // 007, 13.00 and 27.11.2026 are texts without quotation marks
        let edit = vec![(span.clone(), format!("\"{text}\""))];
        self.fault("json-value-bare", span, edit)
    }

    fn word(&mut self) -> Option<()> {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_alphanumeric() || "-_".contains(c)) {
            self.take();
        }
        let word = &self.text[start..self.at];
        let written = match word {
            "true" | "false" | "null" => return Some(()),
            "True" | "TRUE" | "False" | "FALSE" | "Null" | "NULL" => word.to_lowercase(),
            "None" | "undefined" => "null".to_owned(),
            // a word without quotation marks; the end of several words is unknown
            _ if self.closes_line() && !self.rest().is_empty() => format!("\"{word}\""),
            _ => return None,
        };
        let span = start..self.at;
        self.fault("json-value-bare", span.clone(), vec![(span, written)])
    }

    /// True when only a comma or closing bracket follows on the line.
    fn closes_line(&self) -> bool {
        let next = self.rest().trim_start_matches([' ', '\t']);
        next.is_empty() || next.starts_with([',', '}', ']', '\n', '\r'])
    }
}

fn starts_value(c: char) -> bool {
    c == '"'
        || c == '{'
        || c == '['
        || c == '-'
        || c.is_ascii_digit()
        || c.is_alphabetic()
        || QUOTES.contains(&c)
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '-' || c == '$'
}

/// The rule for a fault at a byte that the lenient parser did not recognise.
pub fn fault(text: &str, at: usize) -> &'static str {
    let mut ahead = text[at..].chars();
    let (found, next) = (ahead.next().unwrap_or(' '), ahead.next().unwrap_or(' '));
    let before = text[..at].trim_end().chars().next_back().unwrap_or(' ');
    match (before, found) {
        _ if is_whole(&text[..at]) => "json-two-values",
        (',', '}' | ']') => "json-trailing-comma",
        (_, '/') => "json-comment",
        (_, c) if QUOTES.contains(&c) => "json-quotes",
        ('"' | '}' | ']' | '0'..='9' | 'e' | 'l', '"' | '{' | '[') => "json-missing-comma",
        _ if next == '\n' || next == '\r' => "json-line-break",
        _ => "json-syntax",
    }
}

/// True when a text is a complete JSON value.
fn is_whole(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

#[cfg(test)]
mod tests;
