//! Lenient parser: strings in straight or typographic quotation marks.

use super::{LenientParser, QUOTES, is_name};

/// Rule for an invalid escape sequence.
const BACKSLASH: &str = "json-backslash";
/// Rule for a control character inside a string.
const CONTROL: &str = "json-control";

impl LenientParser<'_> {
    pub(super) fn string(&mut self) -> Option<()> {
        let start = self.at;
        self.take();
        loop {
            let at = self.at;
            match self.take() {
                None => return None,
                Some('"') => return Some(()),
                Some('\\') => {
                    let escaped = self.take()?;
                    let hex = self
                        .rest()
                        .get(..4)
                        .is_some_and(|code| code.bytes().all(|b| b.is_ascii_hexdigit()));
                    match escaped {
                        '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' => {}
                        'u' if hex => self.at += 4,
                        // a path such as C:\temp, or a lone backslash
                        _ => {
                            let edit = vec![(at..at + 1, "\\\\".to_owned())];
                            self.fault(BACKSLASH, at..self.at, edit)?;
                        }
                    }
                }
                Some('\n' | '\r') => {
                    let end = self.text[at..].find('\n').map_or(self.text.len(), |end| at + end);
                    return self.broken(start, at, end);
                }
                Some('”') if self.closes_here() && !self.mark_follows() => {
                    // opened by a straight mark, closed by a typographic one
                    let edit = vec![(at..self.at, "\"".to_owned())];
                    return self.fault("json-quotes", at..self.at, edit);
                }
                Some(c) if c < ' ' => {
                    let written = match c {
                        '\t' => "\\t".to_owned(),
                        c => format!("\\u{:04x}", c as u32),
                    };
                    self.fault(CONTROL, at..self.at, vec![(at..self.at, written)])?;
                }
                Some(_) => {}
            }
        }
    }

    /// True when a straight mark follows on the line. The result is cached, because a
    /// file may be one long line.
    fn mark_follows(&mut self) -> bool {
        let known = self.line.filter(|(end, _)| self.at <= *end);
        let (end, last) = known.unwrap_or_else(|| {
            let end = self.rest().find('\n').map_or(self.text.len(), |end| self.at + end);
            (end, self.text[self.at..end].rfind('"').map(|mark| self.at + mark))
        });
        self.line = Some((end, last));
        last.is_some_and(|mark| mark >= self.at)
    }

    /// A line that ends inside a string: the string continues, or its closing mark is
    /// missing.
    fn broken(&mut self, start: usize, at: usize, line_end: usize) -> Option<()> {
        let end = self.text[..at].trim_end_matches('\r').len();
        let line = self.text[start + 1..end].trim_end();
        let next = self.text[line_end..].trim_start();
        // the next line begins with a field or a bracket: the closing mark is missing
        let field = next.starts_with('"')
            && next[1..]
                .split_once('"')
                .is_some_and(|(_, rest)| rest.trim_start().starts_with(':'));
        let closes = next.starts_with(['}', ']']);
        if field || closes {
            let value = line.trim_end_matches(',');
            let place = start + 1 + value.len();
            self.at = place;
            let edit = vec![(place..place, "\"".to_owned())];
            return self.fault("json-quote-missing", start..place.max(start + 1), edit);
        }
        // the string continues; how to join the lines is unknown
        self.fault("json-line-break", at..at + 1, Vec::new())?;
        let inside = self.rest();
        let close = inside.find('"')?;
        let upto = &inside[..close];
        // only across few lines, and not into another field
        if upto.matches('\n').count() > 20 || upto.contains(['{', '}', '[', ']']) {
            return None;
        }
        self.at += close + 1;
        Some(())
    }

    /// True when the following text can follow a string.
    fn closes_here(&self) -> bool {
        let next = self.rest().trim_start();
        next.is_empty() || next.starts_with([',', '}', ']', ':'])
    }

    /// True when the following text can follow a string and is not part of it, as in ”she
    /// said ”yes”, and left”.
    fn ends_text(&self) -> bool {
        let next = self.rest().trim_start();
        let Some(behind) = next.strip_prefix(',') else { return self.closes_here() };
        let behind = behind.trim_start();
        let end = behind.trim_start_matches(is_name);
        end.len() == behind.len() || !end.starts_with(' ') || {
            let end = end.trim_start();
            end.is_empty() || end.starts_with([':', ',', '}', ']', '='])
        }
    }

    /// True at the end of a line, where a string must end.
    fn ends_line(&self) -> bool {
        self.rest().trim_start_matches([' ', '\t', '\r']).starts_with('\n')
    }

    /// A string in quotation marks that are not JSON.
    pub(super) fn string_in_other_marks(&mut self) -> Option<()> {
        let start = self.at;
        let open = self.take()?;
        let inside = self.at;
        let single = "'’‘‚".contains(open);
        loop {
            let at = self.at;
            match self.take()? {
                '\n' => return None,
                '\\' => _ = self.take()?,
                c if (c == '"' || QUOTES.contains(&c) && single == "'’‘‚".contains(c))
                    && (self.ends_text() || self.ends_line()) =>
                {
                    let text = &self.text[inside..at];
                    let mut edits = vec![(start..inside, "\"".to_owned())];
                    let straight = text.match_indices('"').map(|(place, _)| inside + place);
                    edits.extend(straight.map(|place| (place..place, "\\".to_owned())));
                    edits.push((at..self.at, "\"".to_owned()));
                    return self.fault("json-quotes", start..inside, edits);
                }
                _ => {}
            }
        }
    }
}
