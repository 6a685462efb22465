//! Parser of paragraphs and lists. A line is a list item only where a list is clearly
//! meant: numbers must be consecutive, and a minus sign before a number is not a bullet.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::Parsed;
use super::inline::{inline, lone_stars};

/// Parses a text.
pub(super) fn parse(text: &str) -> Parsed<'_> {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split('\n') {
        let end = start + line.len();
        lines.push(SourceLine { start, end, indent: indent(line), literal: false });
        start = end + 1;
    }
    let mut parsed = Parsed::default();
    blocks(text, &mut lines, false, &mut parsed);
    parsed
}

#[derive(Clone, Copy)]
struct SourceLine {
    start: usize,
    end: usize,
    /// Column of the first character.
    indent: usize,
    /// Known not to be a list item.
    literal: bool,
}

impl SourceLine {
    fn of<'a>(&self, text: &'a str) -> &'a str {
        &text[self.start..self.end]
    }

    fn is_blank(&self, text: &str) -> bool {
        self.of(text).trim().is_empty()
    }

    /// Range of the line without surrounding spaces.
    fn trimmed(&self, text: &str) -> Range<usize> {
        let line = self.of(text);
        let start = self.start + line.len() - line.trim_start().len();
        start..start + line.trim().len()
    }
}

fn indent(line: &str) -> usize {
    let blank = line.chars().take_while(|c| matches!(c, ' ' | '\t'));
    blank.fold(0, |columns, c| if c == '\t' { columns / 4 * 4 + 4 } else { columns + 1 })
}

/// `tight`: for the paragraphs of an item whose list has no blank lines.
fn blocks<'a>(text: &'a str, lines: &mut [SourceLine], tight: bool, parsed: &mut Parsed<'a>) {
    let mut at = 0;
    while at < lines.len() {
        if lines[at].is_blank(text) {
            at += 1;
        } else if let Some(list) = list_at(text, lines, at) {
            at = list.end();
            write_list(text, lines, &list, parsed);
        } else {
            let start = at;
            at += 1;
            while at < lines.len()
                && !lines[at].is_blank(text)
                && list_at(text, lines, at).is_none()
            {
                at += 1;
            }
            paragraph(text, &lines[start..at], tight, parsed);
        }
    }
}

fn paragraph<'a>(text: &'a str, lines: &[SourceLine], tight: bool, parsed: &mut Parsed<'a>) {
    let all = match lines {
        [] => return,
        [first, ..] => first.trimmed(text).start..lines[lines.len() - 1].trimmed(text).end,
    };
    if !tight {
        parsed.push(Event::Start(Tag::Paragraph), all.clone());
    }
    let lone = lone_stars(text, lines.iter().map(|line| line.trimmed(text)));
    for (number, line) in lines.iter().enumerate() {
        let range = line.trimmed(text);
        if number > 0 {
            parsed.push(Event::HardBreak, lines[number - 1].end..range.start);
        }
        inline(text, range, lone, parsed);
    }
    if !tight {
        parsed.push(Event::End(TagEnd::Paragraph), all);
    }
}

/// A list; its items are ranges of lines.
struct List {
    items: Vec<Range<usize>>,
    /// The first number.
    first: Option<u64>,
}

impl List {
    fn end(&self) -> usize {
        self.items.last().map_or(0, |item| item.end)
    }
}

fn write_list<'a>(text: &'a str, lines: &mut [SourceLine], list: &List, parsed: &mut Parsed<'a>) {
    let start = lines[list.items[0].start].trimmed(text).start;
    let all = start..lines[list.end() - 1].end;
    let tight = !lines[list.items[0].start..list.end()].iter().any(|line| line.is_blank(text));
    parsed.push(Event::Start(Tag::List(list.first)), all.clone());
    for item in &list.items {
        let lines = &mut lines[item.clone()];
        let range = lines[0].trimmed(text).start..lines[lines.len() - 1].end;
        parsed.push(Event::Start(Tag::Item), range.clone());
        if let Some((marker, _)) = marker(text, &lines[0]) {
            lines[0].start += marker;
        }
        // "- 1. a" is one item, not a list in a list
        lines[0].literal = true;
        blocks(text, lines, tight, parsed);
        parsed.push(Event::End(TagEnd::Item), range);
    }
    parsed.push(Event::End(TagEnd::List(list.first.is_some())), all);
}

#[derive(Clone, Copy, PartialEq)]
enum ListMarker {
    Bullet(u8),
    Number(u64, u8),
}

impl ListMarker {
    /// True if both markers are of the same list.
    fn goes_with(self, other: Self) -> bool {
        match (self, other) {
            (Self::Bullet(a), Self::Bullet(b)) | (Self::Number(_, a), Self::Number(_, b)) => a == b,
            _ => false,
        }
    }

    fn runs_on(self, before: Self) -> bool {
        match (before, self) {
            (Self::Number(a, _), Self::Number(b, _)) => a + 1 == b,
            _ => true,
        }
    }
}

/// The marker at the beginning of a line, and the position of the content after it.
fn marker(text: &str, line: &SourceLine) -> Option<(usize, ListMarker)> {
    if line.literal {
        return None;
    }
    let line = line.of(text);
    let body = line.trim_start_matches([' ', '\t']);
    let digits = body.len() - body.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (sign, length) = match (digits, body.as_bytes().get(digits)?) {
        (0, sign @ (b'-' | b'*')) => (ListMarker::Bullet(*sign), 1),
        // years and 01 are not list numbers
        (1..=3, sign @ (b'.' | b')')) if digits == 1 || !body.starts_with('0') => {
            (ListMarker::Number(body[..digits].parse().ok()?, *sign), digits + 1)
        }
        _ => return None,
    };
    let rest = &body[length..];
    // a line of markers is a rule, not an item
    let says = rest.chars().any(|c| !c.is_whitespace() && !matches!(c, '-' | '*' | '_'));
    let blank = rest.starts_with([' ', '\t']);
    let content = line.len() - rest.trim_start().len();
    (blank && says).then_some((content, sign))
}

/// The list that begins in a line, if any. Marks lines that look like items but are not.
fn list_at(text: &str, lines: &mut [SourceLine], at: usize) -> Option<List> {
    let (_, first) = marker(text, &lines[at])?;
    let (mut items, mut last, mut runs_on) = (Vec::new(), first, true);
    let mut start = at;
    loop {
        let end = item_end(text, lines, start);
        items.push(start..end);
        let next = (end..lines.len()).find(|line| !lines[*line].is_blank(text));
        let Some(next) = next else { break };
        let Some((_, sign)) = marker(text, &lines[next]) else { break };
        let on = sign.runs_on(last);
        // after a blank line another list may begin
        if !sign.goes_with(first) || (!on && next > end) {
            break;
        }
        runs_on &= on;
        (last, start) = (sign, next);
    }
    let meant = match first {
        ListMarker::Bullet(b'-') => !are_minus_signs(text, lines, &items),
        ListMarker::Bullet(_) => true,
        ListMarker::Number(..) => runs_on && items.len() > 1,
    };
    if !meant {
        items.iter().for_each(|item| lines[item.start].literal = true);
        return None;
    }
    let first = match first {
        ListMarker::Number(number, _) => Some(number),
        ListMarker::Bullet(_) => None,
    };
    Some(List { items, first })
}

/// The end of an item: its lines are indented deeper than its marker.
fn item_end(text: &str, lines: &[SourceLine], start: usize) -> usize {
    let least = lines[start].indent + 2;
    let mut end = start + 1;
    while let Some(next) = (end..lines.len()).find(|line| !lines[*line].is_blank(text)) {
        if lines[next].indent < least {
            break;
        }
        end = next + 1;
    }
    end
}

/// True if the hyphens of a list may be minus signs: before amounts only, or next to a line
/// that begins with a plus sign.
fn are_minus_signs(text: &str, lines: &[SourceLine], items: &[Range<usize>]) -> bool {
    let mut amounts = items.iter().map(|item| {
        let line = &lines[item.start];
        marker(text, line).is_some_and(|(content, _)| is_amount(&line.of(text)[content..]))
    });
    let plus = |line: &SourceLine| line.of(text).trim_start().starts_with('+');
    let before = lines[..items[0].start].iter().rev().find(|line| !line.is_blank(text));
    let after =
        items.last().and_then(|item| lines[item.end..].iter().find(|line| !line.is_blank(text)));
    let beside = before.is_some_and(plus) || after.is_some_and(plus);
    if beside { amounts.any(|amount| amount) } else { amounts.all(|amount| amount) }
}

/// `3 prosenttia` or `0,5 %`, but not a year, date or time.
fn is_amount(text: &str) -> bool {
    let number = text.split(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ':')).next();
    let parts: Vec<&str> = number.unwrap_or_default().split(['.', ':']).collect();
    let below = |part: &str, limit: u32| part.parse::<u32>().is_ok_and(|number| number < limit);
    let other = match parts.as_slice() {
        [year] | [year, ""] => {
            year.len() == 4 && (year.starts_with("19") || year.starts_with("20"))
        }
        [hour, minute] => minute.len() == 2 && below(hour, 25) && below(minute, 60),
        [day, month, ..] => below(day, 32) && below(month, 13),
        [] => false,
    };
    text.starts_with(|c: char| c.is_ascii_digit()) && !other
}
